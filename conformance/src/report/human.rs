//! The report for a terminal: the gravest first, and each failure argues its case.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use startline_parser::notation;

use super::measured::{cost_lines, limit_lines, segment_lines};
use super::{Redactor, Report, count, counts, judged_percent, level, needs, order, time};
use crate::calibrate::Calibration;
use crate::judge::Verdict;
use crate::judge::lint::Finding;
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::runner::{Audit, CheckResult, CutShort};

/// How much is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Every check, not only what is worth a look.
    pub verbose: bool,
}

/// More lines of an exchange than this are left out.
const LINES_MOST: usize = 16;
/// More characters of a line than this are left out.
const WIDTH_MOST: usize = 160;

/// The report as text with colours, which the caller takes out where they are not wanted.
#[must_use]
pub fn human(report: &Report<'_>, style: Style) -> String {
    let mut text = String::new();
    for audit in report.audits {
        Page { text: &mut text, redactor: Redactor::new(&audit.secrets), report, style }.audit(audit);
    }
    text
}

struct Page<'p> {
    text: &'p mut String,
    redactor: Redactor,
    report: &'p Report<'p>,
    style: Style,
}

impl Page<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    fn audit(&mut self, audit: &Audit) {
        self.heading(audit);
        let mut findings: Vec<&CheckResult> =
            audit.results.iter().filter(|result| result.judgement.verdict.is_finding()).collect();
        findings.sort_by_key(|result| {
            let (impact, level, rule, id) = order(result);
            (impact, result.judgement.verdict != Verdict::Fail, level, rule, id)
        });
        // One cause often breaks a rule in many ways: the first is shown whole, the others by name.
        let mut rest = &findings[..];
        while let Some(first) = rest.first() {
            let alike = |other: &&&CheckResult| {
                other.check.rule == first.check.rule && other.judgement.verdict == first.judgement.verdict
            };
            let count = rest.iter().take_while(alike).count();
            if self.style.verbose {
                rest[..count].iter().for_each(|result| self.case(audit, result));
            } else {
                self.case(audit, first);
                self.alike(&rest[1..count]);
            }
            rest = &rest[count..];
        }
        let mut lint: Vec<&Finding> = audit.lint.iter().collect();
        lint.sort_by_key(|finding| (finding.rule.impact, finding.rule.id));
        for finding in lint {
            self.lint(finding);
        }
        self.notes(audit);
        self.unjudged(audit);
        if self.style.verbose {
            for result in audit.results.iter().filter(|result| result.judgement.verdict == Verdict::Pass) {
                let why = self.redactor.text(&result.judgement.why);
                self.line(format!("{}  {}: {why}", tag(Verdict::Pass), result.check.id));
            }
        }
        self.section("limits", limit_lines(audit));
        let segments = segment_lines(audit, &self.redactor);
        self.section("segments", segments);
        self.needs(audit);
        self.summary(audit);
    }

    fn section(&mut self, name: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.line(format!("{}{name}{}", BOLD.render(), BOLD.render_reset()));
        for line in lines {
            self.line(format!("  {}", escape(&line)));
        }
        self.line("");
    }

    fn heading(&mut self, audit: &Audit) {
        let url = self.redactor.text(&audit.url);
        self.line(format!("{}{url}{} at {}", BOLD.render(), BOLD.render_reset(), audit.address));
        match &audit.calibration {
            Ok(known) => {
                let server = known
                    .server
                    .as_deref()
                    .map_or("no Server field".to_owned(), |server| format!("Server: {}", self.redactor.text(server)));
                let has = |yes: bool, what: &str| format!("{}{what}", if yes { "" } else { "no " });
                self.line(format!(
                    "  {server}; {}, {}, {}; canary told {}; {} at once; answers in {}, quiet period {}",
                    has(known.keep_alive, "keep-alive"),
                    has(known.pipelining, "pipelining"),
                    has(known.echoes, "echo"),
                    known.canary.words(),
                    count(known.capacity, "exchange"),
                    time(known.latency),
                    time(known.patience.quiet),
                ));
                self.resources(known);
                if let Err(problem) = &known.ordinary {
                    let problem = escape(&self.redactor.text(problem));
                    self.line(format!("  an ordinary client cannot talk to it: {problem}"));
                }
            }
            Err(problem) => {
                let problem = escape(&self.redactor.text(problem));
                self.line(format!("  {}could not be judged{}: {problem}", BOLD.render(), BOLD.render_reset()));
            }
        }
        self.line("");
    }

    /// What each path can be judged on, where there is more to say of one than that it answers.
    fn resources(&mut self, known: &Calibration) {
        for resource in &known.resources {
            let met: Vec<&str> =
                Need::ALL.into_iter().filter(|need| need.is_met_by(resource)).map(Need::word).collect();
            if met.is_empty() && known.resources.len() == 1 {
                continue;
            }
            let status = resource.status.map_or("no answer".to_owned(), |status| status.to_string());
            let has = if met.is_empty() { "nothing to judge by".to_owned() } else { met.join(", ") };
            let path = escape(&self.redactor.text(&resource.path));
            self.line(format!("  {path} ({status}): {has}"));
        }
    }

    fn case(&mut self, audit: &Audit, result: &CheckResult) {
        let rule = result.check.rule;
        self.line(format!(
            "{}  {}{}{}  {}",
            tag(result.judgement.verdict),
            BOLD.render(),
            result.check.id,
            BOLD.render_reset(),
            result.check.title,
        ));
        self.line(format!("  rule      {} ({} impact): {}", rule.id, rule.impact.word(), rule.summary()));
        self.line(format!("  text      RFC {} section {}, {}", rule.rfc, rule.section, level(rule).word()));
        let why = escape(&self.redactor.text(&result.judgement.why));
        self.line(format!("  happened  {why}"));
        self.line(format!("  expected  {}", result.judgement.expected));
        for observation in &result.exchanges {
            self.exchange(observation);
        }
        if !result.confirmed.is_empty() {
            let words: Vec<&str> = result.confirmed.iter().map(|verdict| verdict.word()).collect();
            self.line(format!("  repeated  {}: {}", count(words.len(), "more time"), words.join(", ")));
        }
        let repeat = self.redactor.text(&self.report.repeat.concat());
        let url = self.redactor.text(&audit.url);
        self.line(format!("  again     startline audit {url}{repeat} --only {}", result.check.id));
        self.line("");
    }

    /// Further findings of the same rule with the same verdict.
    fn alike(&mut self, results: &[&CheckResult]) {
        if results.is_empty() {
            return;
        }
        let variants = match results.len() {
            1 => "so does 1 more variant".to_owned(),
            more => format!("so do {more} more variants"),
        };
        self.line(format!("  {variants} of it (--only ID, or --verbose, shows each):"));
        for result in results {
            let why = escape(&self.redactor.text(&result.judgement.why));
            self.line(format!("    {:<44} {why}", result.check.id));
        }
        self.line("");
    }

    fn exchange(&mut self, observation: &Observation) {
        let name = match observation.purpose {
            Purpose::Check => "check",
            Purpose::Control => "control",
            Purpose::Canary => "in flight",
            Purpose::Confirm => "again",
        };
        let sent = observation.octets_sent();
        self.octets(&format!("{name} sent"), &sent, '>');
        self.octets("came back", &observation.octets(), '<');
        if observation.omitted > 0 {
            self.line(format!("      ... and {} not kept", count(observation.omitted, "octet")));
        }
        self.line(format!("            {} after {}", escape(&observation.ended.words()), time(observation.ended_at)));
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

    fn lint(&mut self, finding: &Finding) {
        let rule = finding.rule;
        self.line(format!(
            "{}  {}lint-{}{}  {}",
            tag(finding.verdict()),
            BOLD.render(),
            rule.id,
            BOLD.render_reset(),
            rule.summary()
        ));
        self.line(format!(
            "  text      RFC {} section {}, {} for senders",
            rule.rfc,
            rule.section,
            finding.level().word()
        ));
        let why = escape(&self.redactor.text(&finding.why()));
        self.line(format!("  happened  {why}"));
        self.exchange(&finding.example);
        self.line("");
    }

    fn notes(&mut self, audit: &Audit) {
        let mut notes: Vec<&CheckResult> =
            audit.results.iter().filter(|result| result.judgement.verdict == Verdict::Note).collect();
        notes.sort_by_key(|result| order(result));
        for result in &notes {
            let why = escape(&self.redactor.text(&result.judgement.why));
            self.line(format!("{}  {}: {why}", tag(Verdict::Note), result.check.id));
        }
        if !notes.is_empty() {
            self.line("");
        }
    }

    /// What could not be judged, by reason.
    fn unjudged(&mut self, audit: &Audit) {
        let mut reasons: BTreeMap<(Verdict, String), Vec<&str>> = BTreeMap::new();
        let is_plain =
            |result: &&CheckResult| !result.judgement.verdict.is_judged() && result.judgement.needs.is_none();
        for result in audit.results.iter().filter(is_plain) {
            let reason = (result.judgement.verdict, result.judgement.why.clone());
            reasons.entry(reason).or_default().push(&result.check.id);
        }
        for ((verdict, why), ids) in &reasons {
            let why = escape(&self.redactor.text(why));
            let most = if self.style.verbose { ids.len() } else { 6 };
            let more = ids.len().saturating_sub(most);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.line(format!("{}  {why}: {}{more}", tag(*verdict), ids[..ids.len().min(most)].join(", ")));
        }
        if !reasons.is_empty() {
            self.line("");
        }
    }

    /// What could not be judged, and what would make it judgeable.
    fn needs(&mut self, audit: &Audit) {
        let needs = needs(audit);
        for (need, results) in &needs {
            let most = if self.style.verbose { results.len() } else { 6 };
            let ids: Vec<&str> = results.iter().take(most).map(|result| result.check.id.as_str()).collect();
            let more = results.len().saturating_sub(most);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.line(format!("{}  for want of {}", tag(Verdict::NotJudged), need.remedy()));
            self.line(format!("            {}{more}", ids.join(", ")));
        }
        if !needs.is_empty() {
            self.line("");
        }
    }

    fn summary(&mut self, audit: &Audit) {
        let parts: Vec<String> = counts(audit)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| format!("{count} {verdict}"))
            .collect();
        let cut = match audit.cut_short {
            Some(CutShort::Deadline) => "; cut short by the deadline",
            Some(CutShort::Interrupted) => "; interrupted",
            None => "",
        };
        self.line(format!(
            "{}{} in {}{}: {} ({:.0} % judged, {} linted{cut})",
            BOLD.render(),
            count(audit.results.len(), "check"),
            time(audit.took),
            BOLD.render_reset(),
            parts.join(", "),
            judged_percent(audit),
            count(audit.responses, "response"),
        ));
        if audit.cost.checks > 0 {
            cost_lines(&audit.cost).into_iter().for_each(|line| self.line(format!("  {line}")));
        }
        self.line("");
    }
}

pub(super) const BOLD: Ansi = Ansi::new().bold();
pub(super) const DIM: Ansi = Ansi::new().dimmed();

pub(super) fn tag(verdict: Verdict) -> String {
    let colour = match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Note => AnsiColor::Cyan,
        Verdict::Fail | Verdict::Error => AnsiColor::Red,
        Verdict::Warn | Verdict::Unstable => AnsiColor::Yellow,
        Verdict::Masked | Verdict::NotJudged => AnsiColor::White,
    };
    let style = colour.on_default().bold();
    format!("{}{:<10}{}", style.render(), verdict.word().to_uppercase(), style.render_reset())
}

/// Octets as lines of printable ASCII, each with its line end made visible.
pub(super) fn visible_lines(octets: &[u8]) -> Vec<String> {
    octets
        .split_inclusive(|&octet| octet == b'\n')
        .map(|line| {
            let text = notation::encode(line);
            match text.char_indices().nth(WIDTH_MOST) {
                Some((cut, _)) => format!("{} ... {} more octets", &text[..cut], line.len().saturating_sub(WIDTH_MOST)),
                None => text,
            }
        })
        .collect()
}

/// Text that may hold words of others, without what could move a cursor.
pub(super) fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let shown: Vec<char> = if c.is_control() || !(c.is_ascii() || c.is_alphanumeric()) {
                c.escape_default().collect()
            } else {
                vec![c]
            };
            shown
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_target_sends_reaches_the_terminal_raw() {
        let hostile = b"HTTP/1.1 200 \x1b[2J\x9b31m\r\nX: \xe2\x80\xae\x07\r\n";
        for line in visible_lines(hostile) {
            assert!(line.bytes().all(|octet| (0x20..0x7f).contains(&octet)), "{line:?}");
        }
        assert_eq!(escape("a\u{1b}[2J\u{202e}"), "a\\u{1b}[2J\\u{202e}");
    }

    #[test]
    fn long_lines_are_cut() {
        let lines = visible_lines(&vec![b'a'; 1000]);
        assert!(lines[0].ends_with("840 more octets"), "{}", lines[0]);
    }
}
