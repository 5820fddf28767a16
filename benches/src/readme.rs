//! The README's tables and pictures, which are made from `figures.json` and from the cases of [`laxity`].

use std::fs;

use anyhow::{Context as _, Result};

use crate::figures::{self, Figures};
use crate::{laxity, plot, report};

/// What makes them anew.
pub const COMMAND: &str = "cargo run -p startline-benches --bin ratios -- --readme";

/// The files beside the README, with what they should hold, the README first.
///
/// # Errors
/// Figures or a README that cannot be read, and a README without the markers.
pub fn files() -> Result<Vec<(&'static str, String)>> {
    let figures = Figures::load()?;
    let readme = fs::read_to_string(figures::path("README.md")).context("cannot read README.md")?;
    Ok(vec![
        ("README.md", filled(&readme, &sections(&figures))?),
        ("ratios.svg", plot::ratios(&figures)?),
        ("curves.svg", plot::curves(&figures)?),
    ])
}

/// Writes those files.
///
/// # Errors
/// As [`files`], and files that cannot be written.
pub fn write() -> Result<()> {
    for (name, text) in files()? {
        fs::write(figures::path(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

fn sections(figures: &Figures) -> [(&'static str, String); 5] {
    [
        ("provenance", report::provenance(figures)),
        ("ratios", report::times_and_ratios(&figures.peers)),
        ("pieces", report::times(&figures.pieces)),
        ("curves", report::fits(&figures.curves)),
        ("laxity", laxity::table()),
    ]
}

/// Puts each section between its markers.
fn filled(readme: &str, sections: &[(&str, String)]) -> Result<String> {
    let mut text = readme.to_owned();
    for (name, section) in sections {
        let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
        let from = text.find(&begin).with_context(|| format!("no {begin:?} in README.md"))? + begin.len();
        let to = text[from..].find(&end).with_context(|| format!("no {end:?} in README.md"))? + from;
        text.replace_range(from..to, &format!("\n{section}\n"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_pictures_are_fresh() {
        for (name, text) in files().unwrap() {
            let there = fs::read_to_string(figures::path(name)).unwrap_or_default();
            assert!(there == text, "benches/{name} is stale: `{COMMAND}` makes it anew");
        }
    }

    #[test]
    fn a_section_stands_between_its_markers() {
        let readme = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n";
        let new = filled(readme, &[("x", "new\n".to_owned())]).unwrap();
        assert_eq!(new, "a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n");
        assert!(filled("", &[("x", String::new())]).is_err());
    }
}
