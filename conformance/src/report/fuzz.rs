//! What a run of the fuzzer comes to, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::human::{BOLD, DIM, escape, tag, visible_lines};
use super::{count, level, time};
use crate::fuzz::campaign::{Run, Totals};
use crate::fuzz::finding::Finding;
use crate::judge::stream::What;

/// What goes with a run into its report.
#[derive(Debug, Clone, Copy)]
pub struct Fuzzed<'r> {
    /// The target's URL.
    pub target: &'r str,
    /// The seed.
    pub seed: u64,
    /// The name of the mix.
    pub mix: &'r str,
    /// The run.
    pub run: &'r Run,
    /// The folder of the run, if it has one.
    pub folder: Option<&'r Path>,
}

/// The report for a terminal.
#[must_use]
pub fn human(fuzzed: &Fuzzed<'_>) -> String {
    let mut text = String::new();
    for finding in &fuzzed.run.findings {
        text.push_str(&one(finding, fuzzed.folder));
    }
    text.push_str(&summary(fuzzed));
    text
}

/// One finding.
#[must_use]
pub fn one(finding: &Finding, folder: Option<&Path>) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!(
        "{}  {}{}{}  {}",
        tag(finding.verdict()),
        BOLD.render(),
        finding.id,
        BOLD.render_reset(),
        finding.what.words()
    ));
    for rule in finding.known_rules() {
        line(format!("  rule      {} ({} impact): {}", rule.id, rule.impact.word(), rule.summary()));
        let level = if finding.what == What::Response {
            rule.sender(crate::rule::On::Response).map_or(crate::rule::Level::None, |reaction| reaction.level)
        } else {
            level(rule)
        };
        line(format!("  text      RFC {} section {}, {}", rule.rfc, rule.section, level.word()));
    }
    line(format!("  happened  {}", escape(&finding.why)));
    if !finding.expected.is_empty() {
        line(format!("  expected  {}", escape(&finding.expected)));
    }
    for explained in &finding.explained {
        line(format!("  reading   {}", escape(explained)));
    }
    if let Ok(octets) = finding.octets() {
        line(format!("  message ({})", count(octets.len(), "octet")));
        octet_lines(&octets, '>').into_iter().for_each(&mut line);
    }
    if let Ok(octets) = startline_parser::notation::decode(&finding.received) {
        line(format!("  came back ({})", escape(&finding.ended)));
        octet_lines(&octets, '<').into_iter().for_each(&mut line);
    }
    if let Some(control) = &finding.control {
        line(format!("  control   got {}:", control.status));
        let octets = startline_parser::notation::decode(&control.message).unwrap_or_default();
        octet_lines(&octets, '>').into_iter().for_each(&mut line);
    }
    if finding.what != What::Response && finding.what != What::Down {
        line(format!("  seen      {}", finding.certainty()));
    }
    if let Some(folder) = folder {
        let file = folder.join("findings").join(&finding.id).join("finding.json");
        line(format!("  again     startline replay {}", file.display()));
    }
    text.push('\n');
    text
}

fn octet_lines(octets: &[u8], sign: char) -> Vec<String> {
    const LINES_MOST: usize = 14;
    let lines = visible_lines(octets);
    let more = lines.len().saturating_sub(LINES_MOST);
    let mut shown: Vec<String> = lines
        .into_iter()
        .take(LINES_MOST)
        .map(|line| format!("    {}{sign}{} {line}", DIM.render(), DIM.render_reset()))
        .collect();
    if more > 0 {
        shown.push(format!("    [{} more]", count(more, "line")));
    }
    shown
}

fn summary(fuzzed: &Fuzzed<'_>) -> String {
    let Run { totals, findings, .. } = fuzzed.run;
    let mut text = String::new();
    let number = |verdict: &str| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let _ = writeln!(
        text,
        "{}{}{}: {} fail, {} warn, {} note; {}",
        BOLD.render(),
        escape(fuzzed.target),
        BOLD.render_reset(),
        number("fail"),
        number("warn"),
        number("note"),
        progress(totals)
    );
    let reused = percent(totals.reused, totals.inputs);
    let _ = writeln!(
        text,
        "  {} of {} messages break a rule; {reused} of the inputs went over a connection that had carried others, after \
         {} it was closed, after {} nothing came",
        percent(totals.faulty, totals.messages),
        totals.messages,
        percent(totals.closed, totals.inputs),
        percent(totals.quiet, totals.inputs),
    );
    let _ = writeln!(
        text,
        "  {} kept because the target behaved in a new way; {} followed{}",
        count(usize::try_from(totals.kept).unwrap_or(usize::MAX), "input"),
        count(usize::try_from(totals.suspected).unwrap_or(usize::MAX), "suspicion"),
        dropped(totals),
    );
    let _ = writeln!(text, "  seed {}, mix {}", fuzzed.seed, fuzzed.mix);
    if fuzzed.run.is_down {
        text.push_str("  the target did not come back; the run ended there\n");
    }
    text
}

fn dropped(totals: &Totals) -> String {
    let mut reasons: Vec<String> = totals.dropped.iter().map(|(why, times)| format!("{times}: {why}")).collect();
    if totals.undecided > 0 {
        reasons.push(format!("{}: there was no time to decide", totals.undecided));
    }
    if reasons.is_empty() { String::new() } else { format!(", dropped {}", reasons.join("; ")) }
}

/// How far a run is, in a line.
#[must_use]
pub fn progress(totals: &Totals) -> String {
    format!(
        "{} inputs with {} messages judged in {} ({:.0} messages a second)",
        totals.inputs,
        totals.messages,
        time(totals.played),
        totals.rate()
    )
}

fn percent(part: u64, of: u64) -> String {
    format!("{} %", (part * 100).checked_div(of).unwrap_or(0))
}

#[derive(Serialize)]
struct Root<'r> {
    schema: u32,
    tool: Tool,
    target: &'r str,
    seed: u64,
    mix: &'r str,
    totals: &'r Totals,
    messages_per_second: f64,
    first_finding_at: Option<u64>,
    interrupted: bool,
    is_down: bool,
    findings: &'r [Finding],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// The report as JSON text.
#[must_use]
pub fn json(fuzzed: &Fuzzed<'_>) -> String {
    let run = fuzzed.run;
    let root = Root {
        schema: 1,
        tool: Tool { name: "startline", version: env!("CARGO_PKG_VERSION") },
        target: fuzzed.target,
        seed: fuzzed.seed,
        mix: fuzzed.mix,
        totals: &run.totals,
        messages_per_second: run.totals.rate(),
        first_finding_at: run.first_finding_at,
        interrupted: run.interrupted,
        is_down: run.is_down,
        findings: &run.findings,
    };
    // Every value is a string, a number or a list of them, so that nothing can fail.
    serde_json::to_string_pretty(&root).unwrap_or_default() + "\n"
}
