//! Reading check files: closed vocabulary, every mistake with file, line and column.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{Awaited, Check, Expect, Plan, StatusSet, Step, Tag, prove};
use crate::probe;
use crate::resource::Need;
use crate::rule::{self, Action, Kind, On, Role, Rule};
use crate::wire::Template;

/// Why a check file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, from 1; none where the file could not be read at all.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

impl std::error::Error for LoadError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    check: Vec<Spanned<RawCheck>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    id: Spanned<String>,
    rule: Spanned<String>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
    title: Spanned<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    control: Option<Spanned<RawControl>>,
    send: Option<Spanned<String>>,
    #[serde(default)]
    step: Vec<Spanned<RawStep>>,
    expect: Option<Spanned<RawExpect>>,
    probe: Option<Spanned<String>>,
    needs: Option<Spanned<Need>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawControl {
    replace: Option<String>,
    with: Option<String>,
    send: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    send: Option<Spanned<String>>,
    pause: Option<u64>,
    r#await: Option<Awaited>,
    shutdown: Option<bool>,
    reset: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExpect {
    #[serde(default)]
    status: Vec<Spanned<String>>,
    #[serde(default)]
    not_status: Vec<Spanned<String>>,
    #[serde(default)]
    when: Vec<Spanned<String>>,
    #[serde(default)]
    control: Vec<Spanned<String>>,
    #[serde(default)]
    as_control: bool,
    answers: Option<usize>,
    closed: Option<bool>,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    interim: Option<bool>,
    reason: String,
}

/// What a duty is compared with when the check does not say: the plainest request.
const PLAIN: &str = "GET {path} HTTP/1.1\nHost: {host}\n\n";

/// Reads every `*.toml` of a folder, by name.
///
/// # Errors
/// Every problem of every file; an empty folder is one.
pub fn load_dir(dir: &Path) -> Result<Vec<Check>, Vec<LoadError>> {
    let unreadable =
        |path: &Path, problem: String| vec![LoadError { file: path.display().to_string(), place: None, problem }];
    let entries =
        std::fs::read_dir(dir).map_err(|error| unreadable(dir, format!("cannot read the folder: {error}")))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(unreadable(dir, "there is no .toml file in the folder".to_owned()));
    }
    let (mut checks, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match std::fs::read_to_string(&path) {
            Ok(text) => match load_text(&path.display().to_string(), &text) {
                Ok(more) => checks.extend(more),
                Err(more) => errors.extend(more),
            },
            Err(error) => errors.extend(unreadable(&path, format!("cannot read the file: {error}"))),
        }
    }
    errors.extend(duplicates(&checks));
    if errors.is_empty() { Ok(checks) } else { Err(errors) }
}

/// Ids that occur twice.
pub(super) fn duplicates(checks: &[Check]) -> Vec<LoadError> {
    let twice = |at: usize| checks[..at].iter().find(|other| other.id == checks[at].id);
    (0..checks.len())
        .filter_map(|at| {
            twice(at).map(|other| LoadError {
                file: checks[at].file.clone(),
                place: None,
                problem: format!("check {} stands in {} already", checks[at].id, other.file),
            })
        })
        .collect()
}

/// Reads the text of one check file.
///
/// # Errors
/// Every problem found, with its place.
pub fn load_text(file: &str, text: &str) -> Result<Vec<Check>, Vec<LoadError>> {
    let source = Source { file, text };
    let raw: RawFile = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            return Err(vec![source.error(at, error.message().to_owned())]);
        }
    };
    let (mut checks, mut errors) = (Vec::new(), Vec::new());
    for raw in raw.check {
        let at = raw.span().start;
        match source.check(raw.into_inner(), at) {
            Ok(check) => checks.push(check),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(duplicates(&checks));
    if errors.is_empty() { Ok(checks) } else { Err(errors) }
}

#[derive(Clone, Copy)]
struct Source<'s> {
    file: &'s str,
    text: &'s str,
}

impl Source<'_> {
    fn error(&self, at: usize, problem: impl Into<String>) -> LoadError {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = before.iter().filter(|&&octet| octet == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|&&octet| octet != b'\n').count() + 1;
        LoadError { file: self.file.to_owned(), place: Some((line, column)), problem: problem.into() }
    }

    fn check(&self, raw: RawCheck, at: usize) -> Result<Check, LoadError> {
        let id = raw.id.get_ref().clone();
        let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || !id.bytes().all(kebab) || id.starts_with('-') || id.ends_with('-') {
            return Err(self.error(raw.id.span().start, format!("{id:?} is not kebab-case")));
        }
        let rule = self.rule(&raw.rule)?;
        let also = raw.also.iter().map(|id| self.rule(id)).collect::<Result<Vec<_>, _>>()?;
        if raw.title.get_ref().is_empty() || raw.title.get_ref().ends_with('.') {
            return Err(self.error(raw.title.span().start, "a title is a phrase without a full stop"));
        }
        let expect = raw.expect.as_ref().map(|expect| self.expect(expect.get_ref())).transpose()?;
        let needs = raw.needs.as_ref().map(|needs| *needs.get_ref());
        let expect = expect.map(|expect| with_control(expect, needs));
        let (plan, expect) = if let Some(name) = &raw.probe {
            if raw.send.is_some() || !raw.step.is_empty() || raw.control.is_some() || expect.is_some() {
                return Err(self.error(name.span().start, "a probe brings its own steps, control and expectation"));
            }
            let probe = probe::by_name(name.get_ref())
                .ok_or_else(|| self.error(name.span().start, format!("there is no probe {:?}", name.get_ref())))?;
            (Plan::Probe(probe), None)
        } else {
            (self.exchange(&raw, rule, at)?, expect)
        };
        self.needs(&raw, &plan, at)?;
        let is_judged_by_table =
            rule.reaction(Role::OriginServer, On::Request).is_some_and(|reaction| reaction.action != Action::Duty);
        if rule.kind == Kind::Duty && expect.is_none() && !matches!(plan, Plan::Probe(_)) && !is_judged_by_table {
            return Err(self.error(at, "a duty needs an expectation or a probe: the rule has no fault to judge by"));
        }
        let check = Check {
            id,
            rule,
            also,
            title: raw.title.into_inner(),
            role: Role::OriginServer,
            tags: raw.tags,
            plan,
            expect,
            needs: raw.needs.map(Spanned::into_inner),
            file: self.file.to_owned(),
        };
        prove::prove(&check).map_err(|problem| self.error(at, format!("check {}: {problem}", check.id)))?;
        Ok(check)
    }

    fn rule(&self, id: &Spanned<String>) -> Result<&'static Rule, LoadError> {
        rule::by_id(id.get_ref())
            .ok_or_else(|| self.error(id.span().start, format!("there is no rule {:?}", id.get_ref())))
    }

    /// An exchange that names what only some resources have is tried on such a resource, and on no other.
    fn needs(&self, raw: &RawCheck, plan: &Plan, at: usize) -> Result<(), LoadError> {
        let Plan::Exchange { steps, control } = plan else { return Ok(()) };
        let needs = raw.needs.as_ref().map(|needs| *needs.get_ref());
        if needs == Some(Need::Put) {
            return Err(self.error(at, "whether a resource can be written is found out by probes alone"));
        }
        for (placeholder, need, by) in [
            ("{etag}", Need::Etag, &[Need::Etag, Need::StrongEtag, Need::WeakEtag, Need::Validators][..]),
            ("{last_modified}", Need::LastModified, &[Need::LastModified, Need::Validators]),
            ("{authorization}", Need::Credentials, &[Need::Credentials]),
        ] {
            let has = |step: &Step| matches!(step, Step::Send(template) if template.needs(need));
            if steps.iter().chain(control).any(has) && !needs.is_some_and(|needs| by.contains(&needs)) {
                let words: Vec<String> = by.iter().map(|need| format!("{:?}", need.word())).collect();
                return Err(self.error(at, format!("{placeholder} wants `needs` = {}", words.join(" or "))));
            }
        }
        Ok(())
    }

    fn template(&self, text: &str, at: usize) -> Result<Template, LoadError> {
        Template::parse(text).map_err(|error| {
            let mut place = self.error(at, error.problem);
            // The text starts behind ''' and its newline; lines of the notation are lines of the file.
            if let Some((line, _)) = &mut place.place {
                *line += error.line;
            }
            place
        })
    }

    fn exchange(&self, raw: &RawCheck, rule: &Rule, at: usize) -> Result<Plan, LoadError> {
        let mut texts: Vec<(RawText, usize)> = Vec::new();
        match (&raw.send, raw.step.is_empty()) {
            (Some(send), true) => texts.push((RawText::Send(send.get_ref().clone()), send.span().start)),
            (None, false) => {
                for step in &raw.step {
                    texts.push((self.step(step)?, step.span().start));
                }
            }
            (Some(send), false) => {
                return Err(self.error(send.span().start, "either `send` or `[[check.step]]`, not both"));
            }
            (None, true) => return Err(self.error(at, "a check needs `send`, `[[check.step]]` or `probe`")),
        }
        let steps = self.steps(&texts)?;
        let control = match &raw.control {
            Some(control) => self.control(control, &texts)?,
            None if rule.kind == Kind::Duty => self.steps(&[(RawText::Send(PLAIN.to_owned()), at)])?,
            None => return Err(self.error(at, "a check of a fault or feature needs a `control` without it")),
        };
        Ok(Plan::Exchange { steps, control })
    }

    fn step(&self, step: &Spanned<RawStep>) -> Result<RawText, LoadError> {
        let raw = step.get_ref();
        let mut found = Vec::new();
        found.extend(raw.send.as_ref().map(|send| RawText::Send(send.get_ref().clone())));
        found.extend(raw.pause.map(|ms| RawText::Other(Step::Pause(Duration::from_millis(ms)))));
        found.extend(raw.r#await.map(|awaited| RawText::Other(Step::Await(awaited))));
        found.extend(raw.shutdown.filter(|&on| on).map(|_| RawText::Other(Step::Shutdown)));
        found.extend(raw.reset.filter(|&on| on).map(|_| RawText::Other(Step::Reset)));
        match found.pop() {
            Some(only) if found.is_empty() => Ok(only),
            _ => Err(self.error(step.span().start, "a step is one of send, pause, await, shutdown or reset")),
        }
    }

    fn control(&self, control: &Spanned<RawControl>, texts: &[(RawText, usize)]) -> Result<Vec<Step>, LoadError> {
        let at = control.span().start;
        let raw = control.get_ref();
        match (&raw.replace, &raw.with, &raw.send) {
            (None, None, Some(send)) => self.steps(&[(RawText::Send(send.get_ref().clone()), send.span().start)]),
            (Some(replace), Some(with), None) => {
                let count: usize = texts.iter().map(|(text, _)| text.occurrences(replace)).sum();
                if replace.is_empty() || count != 1 {
                    let problem =
                        format!("`replace` has to occur exactly once in what is sent, and occurs {count} times");
                    return Err(self.error(at, problem));
                }
                let replaced: Vec<_> = texts.iter().map(|(text, at)| (text.replaced(replace, with), *at)).collect();
                self.steps(&replaced)
            }
            _ => Err(self.error(at, "a control is either { replace, with } or { send }")),
        }
    }

    fn steps(&self, texts: &[(RawText, usize)]) -> Result<Vec<Step>, LoadError> {
        texts
            .iter()
            .map(|(text, at)| match text {
                RawText::Send(text) => self.template(text, *at).map(Step::Send),
                RawText::Other(step) => Ok(step.clone()),
            })
            .collect()
    }

    fn expect(&self, raw: &RawExpect) -> Result<Expect, LoadError> {
        let set = |texts: &[Spanned<String>]| {
            texts
                .iter()
                .map(|text| {
                    StatusSet::parse(text.get_ref())
                        .ok_or_else(|| self.error(text.span().start, "a status is like \"404\" or \"4xx\""))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Expect {
            status: set(&raw.status)?,
            not_status: set(&raw.not_status)?,
            when: set(&raw.when)?,
            control: set(&raw.control)?,
            as_control: raw.as_control,
            answers: raw.answers,
            closed: raw.closed,
            has: raw.has.clone(),
            lacks: raw.lacks.clone(),
            interim: raw.interim,
            reason: raw.reason.clone(),
        })
    }
}

/// What is tried on a resource that has something is judged only where the control still gets it.
fn with_control(mut expect: Expect, needs: Option<Need>) -> Expect {
    let is_served = |need| {
        use Need::{Content, Etag, LastModified, Ranges, StrongEtag, Validators, WeakEtag};
        matches!(need, Content | Etag | StrongEtag | WeakEtag | LastModified | Validators | Ranges)
    };
    if expect.control.is_empty() && needs.is_some_and(is_served) {
        expect.control.push(StatusSet::Class(2));
    }
    expect
}

/// A step before its text is turned into a template.
enum RawText {
    Send(String),
    Other(Step),
}

impl RawText {
    fn occurrences(&self, needle: &str) -> usize {
        match self {
            Self::Send(text) => text.matches(needle).count(),
            Self::Other(_) => 0,
        }
    }

    fn replaced(&self, from: &str, to: &str) -> Self {
        match self {
            Self::Send(text) => Self::Send(text.replacen(from, to, 1)),
            Self::Other(step) => Self::Other(step.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        load_text("x.toml", text).unwrap_err().into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n")
    }

    const GOOD: &str = r#"
[[check]]
id = "content-length-plus-sign"
rule = "content-length-invalid"
title = "a plus sign before the digits"
tags = ["intrusive"]
control = { replace = "+5", with = "5" }
send = '''
POST {path} HTTP/1.1
Host: {host}
Content-Length: +5

hello\
'''
"#;

    #[test]
    fn loads_a_check_and_its_control() {
        let checks = load_text("x.toml", GOOD).unwrap();
        let Plan::Exchange { steps, control } = &checks[0].plan else { panic!("an exchange") };
        let values = crate::wire::Values::sample();
        let sent = super::super::octets_of(steps, &values);
        assert!(sent.ends_with(b"Content-Length: +5\r\n\r\nhello"));
        assert!(super::super::octets_of(control, &values).ends_with(b"Content-Length: 5\r\n\r\nhello"));
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        for (from, to, told) in [
            ("rule = \"content-length-invalid\"", "rule = \"no-such-rule\"", "x.toml:4:8: there is no rule"),
            ("id = \"content-length-plus-sign\"", "id = \"Plus\"", "x.toml:3:6: \"Plus\" is not kebab-case"),
            ("title =", "titel =", "x.toml:5:1: unknown field `titel`"),
            ("+5\", with", "+6\", with", "has to occur exactly once"),
            ("Content-Length: +5", "Content-Length: 5", "has to occur exactly once"),
            ("with = \"5\"", "with = \"-5\"", "the control has faults: content-length-invalid"),
            ("Host: {host}", "Host: {hots}", "a placeholder that is none of"),
            ("[\"intrusive\"]", "[\"rude\"]", "unknown variant `rude`"),
            ("tags = [\"intrusive\"]", "", "has to be tagged intrusive"),
            ("POST {path}", "POST  {path}", "names the faults content-length-invalid"),
            ("hello\\\n", "hell\\\n", "the control is not complete"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let told_instead = refused(&GOOD.replacen(from, to, 1));
            assert!(told_instead.contains(told), "{to}: {told_instead}");
        }
    }

    #[test]
    fn a_check_can_need_a_resource() {
        let with = |fields: &str| GOOD.replace("Content-Length: +5\n", &format!("Content-Length: +5\n{fields}"));
        let needs = |text: String, need: &str| text.replace("title =", &format!("needs = \"{need}\"\ntitle ="));
        let checks = load_text("x.toml", &needs(with("If-Match: {etag}\n"), "strong-etag")).unwrap();
        assert_eq!(checks[0].needs, Some(Need::StrongEtag));
        for (text, told) in [
            (with("If-Match: {etag}\n"), "{etag} wants `needs` = \"etag\" or \"strong-etag\""),
            (needs(with("If-Modified-Since: {last_modified}\n"), "etag"), "{last_modified} wants"),
            (needs(with("Authorization: {authorization}\n"), "authentication"), "{authorization} wants"),
            (needs(GOOD.to_owned(), "put"), "by probes alone"),
            (needs(GOOD.to_owned(), "beauty"), "unknown variant `beauty`"),
        ] {
            assert!(refused(&text).contains(told), "{told}: {}", refused(&text));
        }
    }

    #[test]
    fn ids_occur_once() {
        assert!(refused(&format!("{GOOD}{GOOD}")).contains("stands in x.toml already"));
    }
}
