//! Tables in Markdown, with columns of even width so that they can be read in a terminal too, and how figures are written.

/// A table. The first column is set to the left, the others to the right; rows that are too short are filled with blanks.
#[must_use]
pub fn markdown<H: AsRef<str>, C: AsRef<str>>(header: &[H], rows: &[Vec<C>]) -> String {
    let cell = |row: &[C], at: usize| row.get(at).map_or(String::new(), |cell| cell.as_ref().to_owned());
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let longest = rows.iter().map(|row| cell(row, at).chars().count()).max().unwrap_or(0);
            longest.max(name.as_ref().chars().count()).max(3)
        })
        .collect();
    let line = |cells: Vec<String>| {
        let mut text = String::from("|");
        for (at, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
            text += &if at == 0 { format!(" {cell:<width$} |") } else { format!(" {cell:>width$} |") };
        }
        text + "\n"
    };
    let mut text = line(header.iter().map(|name| name.as_ref().to_owned()).collect());
    text += &line(
        widths
            .iter()
            .enumerate()
            .map(|(at, &width)| "-".repeat(width - usize::from(at > 0)) + &":"[..at.min(1)])
            .collect(),
    );
    for row in rows {
        text += &line((0..header.len()).map(|at| cell(row, at)).collect());
    }
    text
}

/// Three significant digits or whole nanoseconds, thousands set apart.
#[must_use]
pub fn grouped(figure: f64) -> String {
    if figure < 9.995 {
        return format!("{figure:.2}");
    }
    if figure < 99.95 {
        return format!("{figure:.1}");
    }
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_even_and_short_rows_are_filled() {
        let text = markdown(&["input", "ours"], &[vec!["a", "2.00"], vec!["b-longer-name"]]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[1], "| ------------- | ---: |");
        assert_eq!(lines[2], "| a             | 2.00 |");
        assert_eq!(lines[3], "| b-longer-name |      |");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(1.234), "1.23");
        assert_eq!(grouped(12.34), "12.3");
        assert_eq!(grouped(99.96), "100");
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(1_234_567.0), "1,234,567");
    }
}
