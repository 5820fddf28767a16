//! A page as a list of blocks, and the two ways to write it: for a terminal and as Markdown.
//!
//! Prose is written in the little of Markdown that both understand: `code`, `**strong**` and `[links](to)`. On a terminal
//! code stays as it is, and the others lose their signs.

use std::fmt::Write as _;

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Title(String),
    Section(String),
    Subsection(String),
    /// One or more paragraphs.
    Prose(String),
    Items(Vec<String>),
    /// Octets in the notation of checks, or commands.
    Code(String),
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
}

/// A text as code within prose.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// For a terminal.
pub(super) fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        let is_heading = |block: &Block| matches!(block, Block::Title(_) | Block::Section(_) | Block::Subsection(_));
        // What is said before octets stands right above them.
        let is_apart = !is_heading(block) && !matches!(block, Block::Code(_));
        if is_apart && at > 0 && !is_heading(&blocks[at - 1]) {
            out.push('\n');
        }
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Title(title) => writeln!(out, "{}", title.replace('`', "")),
            Block::Section(title) => writeln!(out, "\n{}", title.replace('`', "")),
            Block::Subsection(title) => writeln!(out, "\n  {}", title.replace('`', "")),
            Block::Prose(prose) => write!(out, "{}", indented("  ", "", &plain(prose))),
            Block::Items(items) => {
                write!(out, "{}", items.iter().map(|item| indented("    ", "- ", &plain(item))).collect::<String>())
            }
            Block::Code(lines) => write!(out, "{}", indented("  | ", "", lines)),
            Block::Table { head, rows } => write!(out, "{}", columns(head, rows)),
        };
    }
    out
}

/// As Markdown.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = match block {
            Block::Title(title) => writeln!(out, "# {title}"),
            Block::Section(title) => writeln!(out, "## {title}"),
            Block::Subsection(title) => writeln!(out, "### {title}"),
            Block::Prose(prose) => writeln!(out, "{}", prose.trim_end()),
            Block::Items(items) => {
                write!(
                    out,
                    "{}",
                    items.iter().map(|item| format!("- {}\n", item.replace('\n', "\n  "))).collect::<String>()
                )
            }
            Block::Code(lines) => {
                let fence = if lines.contains("```") { "~~~~" } else { "```" };
                writeln!(out, "{fence}text\n{}\n{fence}", lines.strip_suffix('\n').unwrap_or(lines))
            }
            Block::Table { head, rows } => {
                let row = |cells: &[String]| {
                    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
                    format!("| {} |\n", cells.join(" | "))
                };
                let rule = format!("|{}\n", "---|".repeat(head.len()));
                write!(out, "{}{rule}{}", row(head), rows.iter().map(|cells| row(cells)).collect::<String>())
            }
        };
    }
    out
}

fn columns(head: &[String], rows: &[Vec<String>]) -> String {
    let cell = |row: &[String], at: usize| row.get(at).map(|cell| plain(cell)).unwrap_or_default();
    let width = |at: usize| {
        rows.iter().map(Vec::as_slice).chain([head]).map(|row| cell(row, at).chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &[String]| {
        let cells: Vec<String> =
            widths.iter().enumerate().map(|(at, width)| format!("{:<width$}", cell(row, at))).collect();
        format!("  {}\n", cells.join("  ").trim_end())
    };
    std::iter::once(head).chain(rows.iter().map(Vec::as_slice)).map(line).collect()
}

/// Every line with `margin` in front, and `mark` in front of the first.
fn indented(margin: &str, mark: &str, text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let line = |(at, line): (usize, &str)| {
        let mark = if at == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
        format!("{}\n", format!("{margin}{mark}{line}").trim_end())
    };
    text.split('\n').enumerate().map(line).collect()
}

/// Prose without the signs of links and of strong words; code keeps its signs.
fn plain(prose: &str) -> String {
    let mut out = String::new();
    for (at, part) in prose.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let mut rest = &part.replace("**", "")[..];
        while let Some((before, after)) = rest.split_once('[') {
            out.push_str(before);
            let link = after.split_once("](").and_then(|(text, rest)| Some((text, rest.split_once(')')?.1)));
            match link {
                Some((text, after)) => {
                    out.push_str(text);
                    rest = after;
                }
                None => {
                    out.push('[');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_in_two_ways() {
        let blocks = [
            Block::Title("`a`".to_owned()),
            Block::Prose("It **MUST**, says [RFC 1](http://a/b). `[x](y) **z**`".to_owned()),
            Block::Items(vec!["one".to_owned()]),
            Block::Code("GET /\n".to_owned()),
            Block::Table { head: vec!["k".into(), "v".into()], rows: vec![vec!["long".into(), "a|b".into()]] },
        ];
        assert_eq!(
            text(&blocks),
            "a\n  It MUST, says RFC 1. `[x](y) **z**`\n\n    - one\n  | GET /\n\n  k     v\n  long  a|b\n"
        );
        let expected = "# `a`\n\nIt **MUST**, says [RFC 1](http://a/b). `[x](y) **z**`\n\n- one\n\n```text\nGET /\n```\n\n\
                        | k | v |\n|---|---|\n| long | a\\|b |\n";
        assert_eq!(markdown(&blocks), expected);
    }

    #[test]
    fn code_may_hold_its_own_sign() {
        assert_eq!((code("a"), code("a`b")), ("`a`".to_owned(), "`` a`b ``".to_owned()));
    }
}
