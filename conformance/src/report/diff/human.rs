//! For a terminal: the targets, a grid with a row for each disagreement, and then each of them argued.

use std::fmt::Write as _;

use super::super::human::{BOLD, DIM, escape, tag, visible_lines};
use super::super::{Redactor, count, level, time};
use super::{Compared, answer, met, words};
use crate::diff::case::Disagreement;
use crate::diff::compare::Degree;
use crate::diff::{Cell, Diff};
use crate::judge::Verdict;
use crate::rule::Rule;
use crate::runner::CutShort;

/// More disagreements are not argued, unless everything is asked for.
const ARGUED_MOST: usize = 20;
/// More lines of a stream are left out.
const LINES_MOST: usize = 16;
/// More names are left out.
const NAMES_MOST: usize = 5;
/// The widest label of a row, and the widest column.
const LABEL_MOST: usize = 40;
const COLUMN_MOST: usize = 24;

/// The report as text with colours, which the caller takes out where they are not wanted. Closes that break no rule are
/// counted, and shown only where `verbose` asks for everything.
#[must_use]
pub fn human(compared: &Compared<'_>, verbose: bool) -> String {
    let diff = compared.diff;
    let mut page = Page {
        text: String::new(),
        redactor: Redactor::new(&diff.secrets),
        letters: met(diff).into_iter().map(|(letter, _)| letter).collect(),
    };
    page.targets(diff);
    let shown: Vec<&Disagreement> = diff.disagreements.iter().filter(|case| verbose || case.counts()).collect();
    page.grid(&shown);
    let most = if verbose { shown.len() } else { ARGUED_MOST };
    for (at, case) in shown.iter().enumerate().take(most) {
        page.case(at + 1, case, compared.again, verbose);
    }
    if shown.len() > most {
        page.line(format!("{} stand in the grid alone; --verbose argues each", shown.len() - most));
        page.line("");
    }
    page.summary(compared, shown.len());
    page.text
}

struct Page {
    text: String,
    redactor: Redactor,
    letters: Vec<String>,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    fn targets(&mut self, diff: &Diff) {
        for (at, party) in diff.parties.iter().enumerate() {
            let url = self.redactor.text(&party.url);
            let told = match &party.calibration {
                Ok(known) => {
                    let server = known.server.as_deref().unwrap_or("no Server field");
                    let echo = if known.echoes { "echoes" } else { "no echo" };
                    let lost = if party.is_lost { "; had stopped answering at the end" } else { "" };
                    format!("{server}; {echo}; canary told {}{lost}", known.canary.words())
                }
                Err(problem) => format!("left out: {}", escape(&self.redactor.text(problem))),
            };
            let told = self.redactor.text(&told);
            self.line(format!("{}{}{}  {url}  {told}", BOLD.render(), super::letter(at), BOLD.render_reset()));
        }
        self.line("");
    }

    fn grid(&mut self, shown: &[&Disagreement]) {
        if shown.is_empty() {
            return;
        }
        let label_width = shown.iter().map(|case| label(case).chars().count()).max().unwrap_or(0).min(LABEL_MOST);
        let entries: Vec<Vec<String>> =
            shown.iter().map(|case| case.cells.iter().map(entry).collect::<Vec<String>>()).collect();
        let width_of = |column: usize| {
            entries.iter().filter_map(|row| row.get(column)).map(|entry| entry.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.letters.len()).map(|at| width_of(at).clamp(1, COLUMN_MOST)).collect();
        let mut degree = None;
        for (at, (case, row)) in shown.iter().zip(&entries).enumerate() {
            if degree != Some((case.degree, case.counts())) {
                degree = Some((case.degree, case.counts()));
                let columns: Vec<String> = self.letters.iter().zip(&widths).map(|(l, &w)| format!("{l:<w$}")).collect();
                let title = format!("{:<width$}", case.degree.words(), width = label_width + 6);
                let line = format!("{}{title}{}  {}", BOLD.render(), BOLD.render_reset(), columns.join("  "));
                self.line(line.trim_end());
            }
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(entry, &w)| format!("{:<w$}", cut(entry, w))).collect();
            let line = format!("{:>4}  {:<label_width$}  {}", at + 1, cut(&label(case), label_width), cells.join("  "));
            self.line(line.trim_end());
        }
        self.line(format!("{}      ! breaks a MUST   ~ breaks a SHOULD{}", DIM.render(), DIM.render_reset()));
        self.line("");
    }

    fn case(&mut self, number: usize, case: &Disagreement, again: Option<&str>, verbose: bool) {
        self.line(format!(
            "{}{number}  {}{} over {}",
            BOLD.render(),
            case.degree.words(),
            BOLD.render_reset(),
            label(case)
        ));
        for rule in &case.rules {
            self.line(format!("  rule      {}: {}", cite(rule), rule.summary()));
        }
        self.line(format!("  asked     {}", answer(case)));
        self.line(format!("  wrong     {}", self.wrong(case)));
        let sent = case.cells.first().map(|cell| cell.sent.clone()).unwrap_or_default();
        self.octets("sent", &sent, '>');
        for (letter, cell) in self.letters.clone().iter().zip(&case.cells) {
            let statuses = statuses(cell);
            let reads = cell.behaviour.as_ref().and_then(crate::diff::behaviour::Behaviour::reads);
            let reads = reads.filter(|_| case.degree == Degree::Reads || verbose);
            let reads = reads.map_or(String::new(), |reads| format!(", read as {}", self.redactor.text(&reads)));
            let blamed: Vec<&str> = cell.judged.blamed.iter().map(|rule| rule.id).collect();
            let about = match (cell.judged.verdict.is_finding(), blamed.is_empty()) {
                (true, true) => format!(": {}", cell.judged.what.words()),
                (true, false) => format!(": {} ({})", blamed.join(", "), cell.judged.what.words()),
                (false, _) => String::new(),
            };
            self.line(format!("  {letter:<3} {}  {}{statuses}{reads}{about}", tag(cell.judged.verdict), words(cell)));
            if verbose {
                let received = cell.received.clone();
                self.octets("      came back", &received, '<');
            }
        }
        if case.count > 1 {
            let mut names: Vec<String> = case.names.iter().take(NAMES_MOST).map(|name| escape(name)).collect();
            if case.count > names.len() {
                names.push(format!("and {} more", case.count - names.len()));
            }
            self.line(format!("  alike     {}: {}", count(case.count, "stream"), names.join(", ")));
        }
        if let (Some(again), Some(name)) = (again, case.names.first()) {
            self.line(format!("  again     {} --only {name}", self.redactor.text(again)));
        }
        self.line("");
    }

    /// Who is wrong, and by which sentence.
    fn wrong(&self, case: &Disagreement) -> String {
        let mut said: Vec<(Vec<&str>, String)> = Vec::new();
        for at in case.wrong() {
            let Some(letter) = self.letters.get(at) else { continue };
            let blamed = &case.cells[at].judged.blamed;
            let cited: Vec<String> = blamed.iter().map(|rule| cite(rule)).collect();
            let cited = if cited.is_empty() { "answers that no reading leads to".to_owned() } else { cited.join("; ") };
            match said.iter_mut().find(|(_, other)| *other == cited) {
                Some((letters, _)) => letters.push(letter),
                None => said.push((vec![letter], cited)),
            }
        }
        if said.is_empty() {
            let is_judged = |cell: &Cell| cell.behaviour.is_none() || cell.judged.verdict.is_judged();
            let all = case.cells.iter().all(is_judged);
            return if all { "nobody: all of these are permitted" } else { "not known: not all could be judged" }
                .to_owned();
        }
        let parts: Vec<String> =
            said.iter().map(|(letters, cited)| format!("{}: {cited}", letters.join(", "))).collect();
        parts.join("; and ")
    }

    fn octets(&mut self, label: &str, octets: &[u8], mark: char) {
        let shown = self.redactor.octets(octets);
        let lines = visible_lines(&shown);
        self.line(format!("  {label} ({})", count(octets.len(), "octet")));
        for line in lines.iter().take(LINES_MOST) {
            self.line(format!("    {}{mark}{} {line}", DIM.render(), DIM.render_reset()));
        }
        if lines.len() > LINES_MOST {
            self.line(format!("      ... {}", count(lines.len() - LINES_MOST, "more line")));
        }
    }

    fn summary(&mut self, compared: &Compared<'_>, shown: usize) {
        let diff = compared.diff;
        let hidden = diff.disagreements.iter().filter(|case| !case.counts()).count();
        let closes = match hidden {
            0 => String::new(),
            _ => format!("; {} only in when they close, as anybody may", count(hidden, "kind")),
        };
        let unstable = match diff.unstable {
            0 => String::new(),
            some => format!("; {some} without the same answer twice"),
        };
        let dropped = match diff.dropped {
            0 => String::new(),
            some => format!("; {some} more of too many kinds to tell"),
        };
        let cut = match diff.cut_short {
            Some(CutShort::Deadline) => "; cut short by the deadline",
            Some(CutShort::Interrupted) => "; interrupted",
            None => "",
        };
        let counted = diff.disagreements.iter().filter(|case| case.counts()).count();
        self.line(format!(
            "{}{} from {} in {}{}: {} agreed{closes}{unstable}{dropped}{cut}",
            BOLD.render(),
            count(diff.played, "stream"),
            escape(&self.redactor.text(compared.source)),
            time(diff.took),
            BOLD.render_reset(),
            diff.agreed,
        ));
        if counted > 0 || shown > 0 {
            let wrong = diff.disagreements.iter().filter(|case| case.counts() && case.wrong().next().is_some()).count();
            let permitted = counted - wrong;
            self.line(format!(
                "{}: {wrong} in which somebody is wrong, {permitted} in which nobody is",
                count(counted, "disagreement")
            ));
        } else if met(diff).len() > 1 && diff.played > 0 {
            self.line("no disagreement");
        }
        for skipped in &diff.skipped {
            let name = escape(&skipped.name);
            self.line(format!("passed over {name}: {}", escape(&skipped.why)));
        }
    }
}

/// A row's name: the rules that the stream breaks, or what it shows.
fn label(case: &Disagreement) -> String {
    let more = match case.rules.len() {
        0 | 1 => String::new(),
        some => format!(" +{}", some - 1),
    };
    match (case.rules.first(), case.is_faulty) {
        (Some(rule), true) => format!("{}{more}", rule.id),
        (Some(rule), false) => format!("valid: {}{more}", rule.id),
        (None, _) => "valid".to_owned(),
    }
}

fn cite(rule: &Rule) -> String {
    format!(
        "{} (RFC {} section {}, {}, {} impact)",
        rule.id,
        rule.rfc,
        rule.section,
        level(rule).word(),
        rule.impact.word()
    )
}

/// An entry of the grid.
fn entry(cell: &Cell) -> String {
    let mark = match cell.judged.verdict {
        _ if cell.behaviour.is_none() => "",
        Verdict::Fail => " !",
        Verdict::Warn => " ~",
        _ => "",
    };
    words(cell) + mark
}

fn statuses(cell: &Cell) -> String {
    let all: Vec<String> = cell
        .judged
        .statuses
        .iter()
        .map(|status| status.map_or("no status".to_owned(), |status| status.to_string()))
        .collect();
    let alone = if cell.is_alone { " by itself" } else { "" };
    if all.is_empty() { String::new() } else { format!(" [{}]{alone}", all.join(" ")) }
}

/// Text that fits, its end left out if need be; a mark at the end stays.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mark = text.strip_suffix(['!', '~']).map_or("", |rest| &text[rest.len()..]);
    let keep = width.saturating_sub(3 + mark.len());
    text.chars().take(keep).chain("..".chars()).chain(mark.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_keeps_its_mark() {
        assert_eq!(cut("served, waits !", 20), "served, waits !");
        assert_eq!(cut("served, waits for ever !", 12), "served, ..!");
        assert_eq!(cut("served, waits", 8), "serve..");
    }
}
