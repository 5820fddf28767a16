//! Figures as tables.

use crate::figures::{Figures, Growth, MEASURE, Table};
use crate::table::{grouped, markdown};

/// A row for each input; `cell` gets the figure and that of [`MEASURE`].
fn rows(table: &Table, cell: impl Fn(f64, Option<f64>) -> String) -> Vec<Vec<String>> {
    let measure = table.column(MEASURE);
    table
        .rows
        .iter()
        .map(|row| {
            let of_measure = measure.and_then(|at| row.ns[at]);
            let cells = row.ns.iter().map(|ns| ns.map_or(String::new(), |ns| cell(ns, of_measure)));
            [row.input.clone()].into_iter().chain(cells).collect()
        })
        .collect()
}

fn header(table: &Table) -> Vec<&str> {
    ["input"].into_iter().chain(table.columns.iter().map(String::as_str)).collect()
}

/// Nanoseconds per message.
#[must_use]
pub fn times(table: &Table) -> String {
    markdown(&header(table), &rows(table, |ns, _| grouped(ns)))
}

/// How many times as fast as [`MEASURE`] each one is.
#[must_use]
pub fn ratios(table: &Table) -> String {
    let ratio = |ns, measure: Option<f64>| measure.map_or(String::new(), |measure| format!("{:.2}", measure / ns));
    markdown(&header(table), &rows(table, ratio))
}

/// Both in one table.
#[must_use]
pub fn times_and_ratios(table: &Table) -> String {
    let both = |ns, measure: Option<f64>| match measure {
        Some(measure) if measure.to_bits() != f64::to_bits(ns) => format!("{} ({:.2})", grouped(ns), measure / ns),
        _ => grouped(ns),
    };
    markdown(&header(table), &rows(table, both))
}

/// The straight line that comes closest to each curve, and how close.
#[must_use]
pub fn fits(curves: &[Growth]) -> String {
    let mut rows = Vec::new();
    for curve in curves {
        for line in &curve.lines {
            let fit = line.fit();
            let each = |point: Option<&(usize, f64)>| {
                let &(n, ns) = point.expect("a curve has points");
                let each = ns / n as f64;
                if each < 1.0 { format!("{each:.4}") } else { grouped(each) }
            };
            let intercept =
                if fit.intercept < 0.0 { format!("-{}", grouped(-fit.intercept)) } else { grouped(fit.intercept) };
            rows.push(vec![
                curve.id.clone(),
                line.name.clone(),
                format!("{:.4}", fit.slope),
                intercept,
                format!("{:.1} %", fit.worst * 100.0),
                each(line.points.first()),
                each(line.points.last()),
            ]);
        }
    }
    markdown(
        &[
            "curve",
            "reader",
            "slope, ns",
            "intercept, ns",
            "worst residual",
            "each at the smallest, ns",
            "each at the largest, ns",
        ],
        &rows,
    )
}

/// Where and with what a run was made, in one sentence.
#[must_use]
pub fn provenance(figures: &Figures) -> String {
    let versions: Vec<_> = figures.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!(
        "Of one run on {}: {} with {}, {} processors; rustc {}; {}; {}.\n",
        figures.date,
        figures.cpu,
        figures.features.join(", "),
        figures.cpus,
        figures.rustc.split(' ').next().unwrap_or_default(),
        figures.cc,
        versions.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Row;

    #[test]
    fn a_ratio_stands_where_there_are_figures() {
        let table = Table {
            columns: vec!["ours".to_owned(), MEASURE.to_owned()],
            rows: vec![
                Row { input: "a".to_owned(), ns: vec![Some(50.0), Some(100.0)] },
                Row { input: "b".to_owned(), ns: vec![None, Some(1.0)] },
            ],
        };
        let cells = |text: &str, line: usize| -> Vec<String> {
            text.lines().nth(line).unwrap().split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        assert_eq!(cells(&ratios(&table), 2), ["", "a", "2.00", "1.00", ""]);
        assert_eq!(cells(&ratios(&table), 3), ["", "b", "", "1.00", ""]);
        assert_eq!(cells(&times_and_ratios(&table), 2), ["", "a", "50.0 (2.00)", "100", ""]);
    }
}
