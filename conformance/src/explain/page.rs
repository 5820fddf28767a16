//! The page of a rule, part by part.

use startline_parser::notation;

use super::about_probe;
use super::block::{Block, code};
use super::duty::{bound, worth};
use super::incident::incidents;
use super::sample::{Answered, Sample, difference, in_response, sample};
use crate::check::{Check, Plan, Step, builtin};
use crate::judge::Verdict;
use crate::judge::exchange::answers_of;
use crate::observation::Observation;
use crate::reference::mutant::{self, Mutant};
use crate::report::{count, level};
use crate::rule::{Kind, On, Role, Rule};

/// More lines than this of an answer are left out.
const LINES_MOST: usize = 24;
/// More characters than this of a line are left out.
const WIDTH_MOST: usize = 180;
/// Prose of our own is broken into lines of this width.
const WRAP: usize = 116;

/// Everything about a rule; a check that is named comes first, and on its own.
pub(super) fn page(rule: &'static Rule, first: Option<&Check>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(check) = first {
        blocks.push(Block::Title(check.id.clone()));
        blocks.extend(self::check(check));
        if let Some(sample) = sample(check) {
            blocks.extend(shown(&sample.good));
            blocks.extend(sample.lenient.iter().chain(&sample.bad).flat_map(shown));
        }
        blocks.push(Block::Section(String::new()));
    }
    let of_rule = || builtin().iter().filter(|check| check.rule == rule);
    blocks.extend(head(rule));
    blocks.push(Block::Section("Whom it binds".to_owned()));
    blocks.push(Block::Items(bound(rule).iter().map(|item| wrap(item)).collect()));
    if let Some(worth) = worth(rule) {
        blocks.push(Block::Section("What the answer of an origin server is worth".to_owned()));
        blocks.push(worth);
    }
    if first.is_none() {
        blocks.extend(answers(rule, of_rule()));
    }
    blocks.extend(response(rule));
    blocks.extend(mutants(rule));
    let others: Vec<&Check> = of_rule().filter(|check| first.is_none_or(|first| first.id != check.id)).collect();
    blocks.push(Block::Section(match (first, others.len()) {
        (None, 0) => "Checks".to_owned(),
        (None, checks) => format!("Its {}", count(checks, "check")),
        (Some(_), checks) => format!("The rule has {} more", count(checks, "check")),
    }));
    if first.is_some() {
        blocks.push(Block::Items(others.iter().map(|check| format!("{}: {}", check.id, check.title)).collect()));
        return blocks;
    }
    if others.is_empty() {
        blocks.push(Block::Prose("No check of its own: it is looked for in every response that is met.".to_owned()));
    }
    // What a file of probes says is said once.
    let mut said: Vec<&str> = Vec::new();
    for check in others {
        blocks.push(Block::Subsection(code(&check.id)));
        blocks.extend(self::check(check).into_iter().filter(|block| match block {
            Block::Prose(prose) if about_of(check).is_some_and(|about| about == prose) => {
                let is_new = !said.contains(&about_of(check).unwrap_or_default());
                said.extend(about_of(check));
                is_new
            }
            _ => true,
        }));
        if let Some(sample) = sample(check) {
            let mut items = vec![verdict_line(&sample.good)];
            items.extend(sample.bad.as_ref().map(verdict_line));
            blocks.push(Block::Items(items));
        }
    }
    blocks
}

fn head(rule: &'static Rule) -> Vec<Block> {
    let kind = match rule.kind {
        Kind::Fault => "a fault",
        Kind::Feature => "a feature that recipients stumble over",
        _ => "a duty",
    };
    let word = match level(rule).word() {
        "none" => "no key word".to_owned(),
        word => format!("**{word}**"),
    };
    let binds = match rule.reaction(Role::OriginServer, On::Request) {
        Some(_) => format!("{word} for origin servers"),
        None => "looked for in responses".to_owned(),
    };
    let place = format!(
        "[RFC {rfc} section {section}](https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}); {kind}; {binds}; {} \
         impact.",
        rule.impact.word(),
        rfc = rule.rfc,
        section = rule.section
    );
    let why: Vec<&str> = rule.why().collect();
    let mut blocks = vec![
        Block::Title(code(rule.id)),
        Block::Prose(rule.summary().to_owned()),
        Block::Prose(wrap(&place)),
        Block::Section("Why it matters".to_owned()),
        Block::Prose(plain_links(&why.join("\n"))),
    ];
    for incident in incidents(rule) {
        blocks.push(Block::Prose(wrap(&format!("**{}.** {}", incident.name(), incident.story()))));
    }
    blocks
}

/// The first check of the rule, as the catalogue has them, that tells a right server from a wrong one.
fn answers<'c>(rule: &'static Rule, checks: impl Iterator<Item = &'c Check>) -> Vec<Block> {
    let mut blocks = vec![Block::Section("A good and a bad answer".to_owned())];
    let samples: Vec<_> = checks.filter_map(sample).collect();
    // The plainest: of this rule alone, found by its own mutant, and as grave as it gets.
    let grade = |sample: &Sample<'_>| {
        let bad = sample.bad.as_ref();
        let mutant = bad.and_then(|bad| bad.mutant);
        (
            bad.is_none(),
            mutant.is_none_or(|mutant| mutant.rule != rule),
            !sample.check.also.is_empty(),
            bad.is_some_and(|bad| bad.judgement.verdict != Verdict::Fail),
        )
    };
    let plainest = samples.iter().min_by_key(|sample| grade(sample));
    let Some(sample) = plainest else {
        if rule.sender(On::Response).is_some() && about(rule).is_none() {
            return Vec::new();
        }
        let told = "It takes a conversation to tell; what passes and what does not stands with the checks below.";
        blocks.push(Block::Prose(told.to_owned()));
        blocks.extend(differs(rule));
        return blocks;
    };
    blocks.push(Block::Prose(format!("To {}, which sends", code(&sample.check.id))));
    blocks.push(Block::Code(steps_of(sample.check)));
    blocks.extend(shown(&sample.good));
    blocks.extend(sample.lenient.iter().flat_map(shown));
    match &sample.bad {
        Some(bad) => blocks.extend(shown(bad)),
        None => blocks.push(Block::Prose("No answer to it is a finding.".to_owned())),
    }
    blocks
}

/// What a right and a wrong server do in a conversation that shows it.
fn differs(rule: &'static Rule) -> Vec<Block> {
    let Some(found) = difference(rule) else { return Vec::new() };
    let segment = |octets: &Vec<u8>| {
        if octets.is_empty() { "(close the sending side)\n".to_owned() } else { visible(octets) }
    };
    let sent: Vec<String> = found.sent.iter().map(segment).collect();
    let intro = if sent.len() > 1 { "For instance, to these, one after the other," } else { "For instance, to this" };
    let mut blocks = vec![Block::Prose(intro.to_owned())];
    blocks.extend(sent.into_iter().map(Block::Code));
    blocks.extend(received(&found.good, "a server that is right answers"));
    let wrong =
        format!("and one that is wrong ({}) answers", code(&format!("startline serve --fault {}", found.mutant)));
    blocks.extend(received(&found.bad, &wrong));
    blocks
}

fn about(rule: &Rule) -> Option<&'static str> {
    builtin().iter().filter(|check| check.rule == rule).find_map(about_of)
}

fn about_of(check: &Check) -> Option<&'static str> {
    match &check.plan {
        Plan::Probe(probe) => about_probe(probe.name),
        Plan::Exchange { .. } => None,
    }
}

/// Where responses can break the rule: one that does.
fn response(rule: &'static Rule) -> Vec<Block> {
    let Some(found) = in_response(rule) else { return Vec::new() };
    vec![
        Block::Section("In a response".to_owned()),
        Block::Prose("Every response that is met in an audit is held against this rule. To".to_owned()),
        Block::Code(visible(&found.bad.octets_sent())),
        Block::Prose("a server that keeps to it answers".to_owned()),
        Block::Code(visible(&found.good.octets())),
        Block::Prose(format!("and one that breaks it ({})", code(&found.mutant.to_string()))),
        Block::Code(visible(&found.bad.octets())),
        Block::Prose(format!("Verdict: {}.", code(found.verdict.word()))),
    ]
}

/// The servers with this fault on which the checks are tested.
fn mutants(rule: &'static Rule) -> Vec<Block> {
    let names = |mutants: &mut dyn Iterator<Item = &'static Mutant>| {
        let names: Vec<String> =
            mutants.filter(|mutant| mutant.rule == rule).map(|mutant| code(&mutant.to_string())).collect();
        names.join(", ")
    };
    let (wrong, lenient) = (names(&mut mutant::mutants()), names(&mut mutant::lenients()));
    let mut items = Vec::new();
    if !wrong.is_empty() {
        items.push(wrap(&format!("found by the checks of this rule: {wrong}")));
    }
    if !lenient.is_empty() {
        items.push(wrap(&format!("permitted, and left alone: {lenient}")));
    }
    if items.is_empty() {
        return Vec::new();
    }
    let intro = "`startline serve --fault NAME` runs a server with one of them; `startline self-test` tries them all.";
    vec![Block::Section("Servers to try it on".to_owned()), Block::Prose(intro.to_owned()), Block::Items(items)]
}

/// What a server answers, and what that is worth.
fn shown(answered: &Answered) -> Vec<Block> {
    let who = match answered.mutant {
        None => "A server that is right answers".to_owned(),
        Some(mutant) if mutant.is_lenient => {
            format!(
                "One that takes the leave that there is ({}) answers",
                code(&format!("startline serve --fault {mutant}"))
            )
        }
        Some(mutant) => format!("One that is wrong ({}) answers", code(&format!("startline serve --fault {mutant}"))),
    };
    let mut blocks = received(&answered.check, &who);
    if let Some(flight) = answered.flight.as_ref().filter(|_| answered.judgement.why.contains("in one flight")) {
        blocks.extend(received(flight, "The same with a further request behind it, in one segment, gets"));
    }
    let judgement = &answered.judgement;
    let expected = match judgement.expected.as_str() {
        "" => String::new(),
        sentence if sentence.ends_with(".)") => format!(" Expected: {sentence}"),
        words => format!(" Expected: {words}."),
    };
    blocks.push(Block::Prose(wrap(&format!(
        "Verdict: {}. {}.{expected}",
        code(judgement.verdict.word()),
        capital(&judgement.why)
    ))));
    blocks
}

fn received(observation: &Observation, intro: &str) -> Vec<Block> {
    let octets = observation.octets();
    let end = if observation.is_closed() || octets.is_empty() {
        format!(" ({})", observation.ended.words())
    } else {
        String::new()
    };
    if octets.is_empty() {
        return vec![Block::Prose(format!("{intro}: nothing{end}."))];
    }
    let cut = observation.before_canary.filter(|cut| *cut < octets.len()).unwrap_or(octets.len());
    let starts: Vec<usize> = answers_of(observation).iter().map(|answer| answer.start).collect();
    let part = |from: usize, to: usize| {
        let inner = starts.iter().copied().filter(|start| *start > from && *start < to);
        let cuts: Vec<usize> = std::iter::once(from).chain(inner).chain([to]).collect();
        Block::Code(cuts.windows(2).map(|pair| visible(&octets[pair[0]..pair[1]])).collect())
    };
    let mut blocks = vec![Block::Prose(format!("{intro}{end}")), part(0, cut)];
    if cut < octets.len() {
        blocks.push(Block::Prose("and to a further request on the same connection".to_owned()));
        blocks.push(part(cut, octets.len()));
    }
    blocks
}

fn verdict_line(answered: &Answered) -> String {
    let who = answered.mutant.map_or("a server that is right".to_owned(), |mutant| code(&mutant.to_string()));
    wrap(&format!("{who}: {}; {}", code(answered.judgement.verdict.word()), answered.judgement.why))
}

/// A check: its title, what it sends, its control, and what it expects.
fn check(check: &Check) -> Vec<Block> {
    let mut title = format!("{}.", capital(&check.title));
    if !check.also.is_empty() {
        let also: Vec<String> = check.also.iter().map(|rule| code(rule.id)).collect();
        title.push_str(&format!(" It comes with {}.", also.join(", ")));
    }
    if !check.tags.is_empty() {
        let tags: Vec<String> = check.tags.iter().map(|tag| format!("{tag:?}").to_lowercase()).collect();
        title.push_str(&format!(" Tagged {}.", tags.join(", ")));
    }
    let mut blocks = vec![Block::Prose(title)];
    match &check.plan {
        Plan::Exchange { steps, control } => {
            blocks.push(Block::Code(steps_text(steps)));
            blocks.extend(control_of(steps, control));
        }
        Plan::Probe(probe) => {
            blocks.push(Block::Prose(format!("A conversation: {}.", probe.about)));
            blocks.extend(about_probe(probe.name).map(|about| Block::Prose(about.to_owned())));
        }
    }
    if let Some(need) = check.needs {
        blocks.push(Block::Prose(wrap(&format!("Tried on {}.", need.remedy()))));
    }
    if let Some(expect) = &check.expect {
        blocks.push(Block::Prose(wrap(&format!("Expected: {}", expect.reason))));
    }
    blocks
}

/// The control by what differs, where that is a few words.
fn control_of(steps: &[Step], control: &[Step]) -> Vec<Block> {
    let (sent, other) = (steps_text(steps), steps_text(control));
    if sent == other {
        return vec![Block::Prose("Control: the same.".to_owned())];
    }
    let (sent, other): (Vec<&str>, Vec<&str>) = (sent.lines().collect(), other.lines().collect());
    let start = sent.iter().zip(&other).take_while(|(one, two)| one == two).count();
    let alike = sent[start..].iter().rev().zip(other[start..].iter().rev()).take_while(|(one, two)| one == two).count();
    let (mine, theirs) = (&sent[start..sent.len() - alike], &other[start..other.len() - alike]);
    let words = match (mine, theirs) {
        ([one], [two]) if !one.is_empty() && !two.is_empty() => {
            format!("Control: the same with {} in place of {}.", code(two), code(one))
        }
        ([one], []) if !one.is_empty() => format!("Control: the same without {}.", code(one)),
        ([], [two]) if !two.is_empty() => format!("Control: the same with {} as well.", code(two)),
        _ => {
            return vec![Block::Prose("Control:".to_owned()), Block::Code(format!("{}\n", other.join("\n")))];
        }
    };
    vec![Block::Prose(words)]
}

fn steps_of(check: &Check) -> String {
    match &check.plan {
        Plan::Exchange { steps, .. } => steps_text(steps),
        Plan::Probe(_) => String::new(),
    }
}

/// Steps in the notation of checks.
fn steps_text(steps: &[Step]) -> String {
    steps.iter().map(step_text).collect()
}

/// A step in the notation of checks, or in words.
pub(super) fn step_text(step: &Step) -> String {
    match step {
        Step::Send(template) => template.source().to_owned(),
        Step::Pause(time) => format!("(pause {} ms)\n", time.as_millis()),
        Step::Await(awaited) => format!("(await {awaited:?})\n").to_lowercase(),
        Step::Shutdown => "(close the sending side)\n".to_owned(),
        Step::Reset => "(reset)\n".to_owned(),
    }
}

/// Octets in the notation of checks, broken at each LF too, and not all of them if they are many.
fn visible(octets: &[u8]) -> String {
    let mut lines = Vec::new();
    for piece in octets.split_inclusive(|&octet| octet == b'\n') {
        let line = match piece {
            [line @ .., b'\r', b'\n'] => notation::encode(line),
            other => format!("{}\\", notation::encode(other)),
        };
        lines.push(match line.char_indices().nth(WIDTH_MOST) {
            Some((cut, _)) => format!("{}...", &line[..cut]),
            None => line,
        });
    }
    if lines.len() > LINES_MOST {
        let more = lines.len() - LINES_MOST;
        lines.truncate(LINES_MOST);
        lines.push(format!("... {} more", count(more, "line")));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Links of rustdoc lead nowhere here.
fn plain_links(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`")
}

/// Breaks prose of one line into lines.
fn wrap(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WRAP => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Template;

    #[test]
    fn octets_stay_what_they_are_when_they_are_shown() {
        let octets = b"HTTP/1.1 200 OK\r\n\r\nstartline-echo/1\nmethod: GET\nbody:\n\x00";
        assert_eq!(
            visible(octets),
            "HTTP/1.1 200 OK\n\nstartline-echo/1\\n\\\nmethod: GET\\n\\\nbody:\\n\\\n\\x00\\\n"
        );
        assert_eq!(notation::decode(&visible(octets)).unwrap(), octets);
        assert!(visible(&b"a\r\n".repeat(40)).ends_with("... 16 lines more\n"));
    }

    #[test]
    fn a_control_is_told_by_what_differs() {
        let send = |text: &str| [Step::Send(Template::parse(text).unwrap())];
        let told = |one: &str, two: &str| match &control_of(&send(one), &send(two))[..] {
            [Block::Prose(prose)] => prose.clone(),
            _ => String::new(),
        };
        assert_eq!(told("a\nb: +5\n\n", "a\nb: 5\n\n"), "Control: the same with `b: 5` in place of `b: +5`.");
        assert_eq!(told("a\nb\n\n", "a\n\n"), "Control: the same without `b`.");
        assert_eq!(told("a\n\n", "a\nb\n\n"), "Control: the same with `b` as well.");
        assert_eq!(told("a\n\n", "a\n\n"), "Control: the same.");
        assert_eq!(told("a\nb\nc\n", "d\ne\nf\n"), "");
    }
}
