//! Figures as pictures: SVG, which the README shows. Fonts are left to the viewer.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::figures::{Figures, Growth, MEASURE, Table};
use crate::table::grouped;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const FONT: &str = "sans-serif";
const MUTED: RGBColor = RGBColor(90, 90, 90);

/// startline in blues, httparse in black and greys, the others apart from each other and from these.
const COLOURS: [(&str, RGBColor); 12] = [
    ("startline", RGBColor(20, 90, 180)),
    ("startline, 16-octet pieces", RGBColor(120, 175, 230)),
    ("startline+check", RGBColor(120, 175, 230)),
    ("startline+init", RGBColor(175, 210, 240)),
    ("startline+portable", RGBColor(0, 150, 160)),
    ("startline+sse2", RGBColor(110, 205, 210)),
    ("httparse", RGBColor(40, 40, 40)),
    ("httparse+init", RGBColor(170, 170, 170)),
    ("ntex-httparse", RGBColor(235, 150, 40)),
    ("ntex-httparse-2.3", RGBColor(235, 150, 40)),
    ("milo", RGBColor(70, 150, 80)),
    ("picohttpparser", RGBColor(150, 80, 160)),
];

/// That of the name, or of what stands before its comma; whoever is not listed is red, so that it is seen.
fn colour(name: &str) -> RGBColor {
    let of = |name: &str| COLOURS.iter().find(|(listed, _)| *listed == name).map(|&(_, colour)| colour);
    of(name).or_else(|| of(name.split(", ").next()?)).unwrap_or(RED)
}

/// Bars: how many times as fast as httparse every peer is, input by input.
///
/// # Errors
/// What cannot be drawn.
pub fn ratios(figures: &Figures) -> Result<String> {
    drawn((1200, 560), |root| bars(root, &figures.peers, &subtitle(figures)))
}

/// The curves, a panel each.
///
/// # Errors
/// What cannot be drawn.
pub fn curves(figures: &Figures) -> Result<String> {
    drawn((1200, 900), |root| {
        let (head, rest) = root.split_vertically(48);
        title(&head, "Nanoseconds per head", &subtitle(figures))?;
        for (panel, curve) in rest.split_evenly((2, 2)).iter().zip(&figures.curves) {
            growth(panel, curve)?;
        }
        Ok(())
    })
}

fn subtitle(figures: &Figures) -> String {
    format!("{}, {}, {}", figures.date, figures.cpu, figures.features.join(", "))
}

fn drawn(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE).map_err(|error| anyhow!("{error}"))?;
        draw(&root)?;
        root.present().map_err(|error| anyhow!("{error}"))?;
    }
    Ok(svg)
}

fn title(area: &Area<'_>, text: &str, subtitle: &str) -> Result<()> {
    write(area, text, (16, 8), 19, &BLACK, HPos::Left)?;
    write(area, subtitle, (16, 31), 12, &MUTED, HPos::Left)
}

fn write(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, colour: &RGBColor, to: HPos) -> Result<()> {
    let style = (FONT, size).into_font().color(colour).pos(Pos::new(to, VPos::Top));
    area.draw(&Text::new(text.to_owned(), at, style)).map_err(|error| anyhow!("{error}"))
}

fn bars(root: &Area<'_>, table: &Table, subtitle: &str) -> Result<()> {
    title(root, "Times as fast as httparse", subtitle)?;
    let measure = table.column(MEASURE).ok_or_else(|| anyhow!("nobody measured {MEASURE}"))?;
    let shown: Vec<usize> =
        (0..table.columns.len()).filter(|&at| at != measure && table.columns[at] != "copy").collect();
    let ratio = |row: usize, at: usize| Some(table.rows[row].ns[measure]? / table.rows[row].ns[at]?);
    let all = || (0..table.rows.len()).flat_map(|row| shown.iter().filter_map(move |&at| ratio(row, at)));
    // Whole powers of two that leave room for every bar.
    let low = all().fold(0.5, f64::min).log2().floor().exp2();
    let high = all().fold(2.0, f64::max).log2().ceil().exp2();

    let mut x = 16;
    for &at in &shown {
        let name = &table.columns[at];
        let square = Rectangle::new([(x, 58), (x + 12, 70)], colour(name).filled());
        root.draw(&square).map_err(|error| anyhow!("{error}"))?;
        write(root, name, (x + 18, 57), 13, &BLACK, HPos::Left)?;
        x += 34 + 7 * i32::try_from(name.len())?;
    }

    let mut chart = ChartBuilder::on(root)
        .margin_top(84)
        .margin_left(14)
        .margin_right(16)
        .x_label_area_size(32)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..table.rows.len() as f64, (low..high).log_scale().base(2.0))
        .map_err(|error| anyhow!("{error}"))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(215, 215, 215))
        .y_desc("times as fast (each line twice the one below)")
        .y_labels(usize::try_from((high / low).log2() as i64 + 1)?)
        .y_label_formatter(&|ratio| if *ratio < 1.0 { format!("1/{:.0}", 1.0 / ratio) } else { format!("{ratio:.0}") })
        .label_style((FONT, 13))
        .axis_desc_style((FONT, 14))
        .draw()
        .map_err(|error| anyhow!("{error}"))?;
    let width = 0.84 / shown.len() as f64;
    for row in 0..table.rows.len() {
        let places = shown.iter().enumerate().filter_map(|(place, &at)| Some((place, at, ratio(row, at)?)));
        let bars = places.map(|(place, at, ratio)| {
            let left = row as f64 + 0.08 + width * place as f64;
            Rectangle::new([(left, 1.0), (left + width * 0.92, ratio)], colour(&table.columns[at]).filled())
        });
        chart.draw_series(bars).map_err(|error| anyhow!("{error}"))?;
    }
    let level = [(0.0, 1.0), (table.rows.len() as f64, 1.0)];
    chart.draw_series(LineSeries::new(level, BLACK.stroke_width(1))).map_err(|error| anyhow!("{error}"))?;
    for (at, row) in table.rows.iter().enumerate() {
        let (x, y) = chart.backend_coord(&(at as f64 + 0.5, low));
        write(root, &row.input, (x, y + 8), 13, &BLACK, HPos::Center)?;
    }
    Ok(())
}

fn growth(area: &Area<'_>, curve: &Growth) -> Result<()> {
    let points = || curve.lines.iter().flat_map(|line| line.points.iter().copied());
    let xs = (points().map(|point| point.0).min().unwrap_or(1), points().map(|point| point.0).max().unwrap_or(2));
    let ys = (
        points().map(|point| point.1).fold(f64::INFINITY, f64::min),
        points().map(|point| point.1).fold(1.0, f64::max),
    );
    let of_octets = curve.unit.starts_with("octets");
    let mut chart = ChartBuilder::on(area)
        .margin(14)
        .margin_right(28)
        .caption(panel_title(&curve.id), (FONT, 16))
        .x_label_area_size(44)
        .y_label_area_size(92)
        .build_cartesian_2d(
            (xs.0 as f64..xs.1 as f64 * 1.001).log_scale().base(if of_octets { 4.0 } else { 10.0 }),
            (10_f64.powf(ys.0.log10().floor())..10_f64.powf(ys.1.log10().ceil())).log_scale(),
        )
        .map_err(|error| anyhow!("{error}"))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_desc(format!("{} (log scale)", curve.unit))
        .y_desc("nanoseconds (log scale)")
        .x_labels(10)
        .x_label_formatter(&|n| if of_octets { octets(*n) } else { whole(*n) })
        .y_label_formatter(&|ns| whole(*ns))
        .label_style((FONT, 13))
        .axis_desc_style((FONT, 14))
        .draw()
        .map_err(|error| anyhow!("{error}"))?;
    for line in &curve.lines {
        let colour = colour(&line.name);
        let points = || line.points.iter().map(|&(n, ns)| (n as f64, ns));
        chart
            .draw_series(LineSeries::new(points(), colour.stroke_width(2)))
            .map_err(|error| anyhow!("{error}"))?
            .label(&line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        let dots = points().map(|point| Circle::new(point, 3, colour.filled()));
        chart.draw_series(dots).map_err(|error| anyhow!("{error}"))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .label_font((FONT, 13))
        .draw()
        .map_err(|error| anyhow!("{error}"))
}

fn panel_title(id: &str) -> &str {
    match id {
        "fields" => "Heads of more and more fields",
        "value" => "Heads with a longer and longer value",
        "pieces-fields" => "Heads of many fields, in pieces",
        "pieces-value" => "Heads with one long value, in pieces",
        other => other,
    }
}

fn whole(figure: f64) -> String {
    if figure < 99.5 { format!("{figure:.0}") } else { grouped(figure) }
}

fn octets(count: f64) -> String {
    match count {
        _ if count < 1024.0 => format!("{count:.0}"),
        _ if count < 1024.0 * 1024.0 => format!("{:.0} Ki", count / 1024.0),
        _ => format!("{:.0} Mi", count / 1024.0 / 1024.0),
    }
}
