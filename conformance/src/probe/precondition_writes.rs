//! Preconditions of PUT and DELETE (RFC 9110 sections 13.1 and 13.2): whether the method was performed, and what was
//! answered.
//!
//! A resource is created below the directory of a given path (or, for some, only a name that nothing has), read, written
//! with a precondition that is true or false for certain, read again, and deleted. A precondition that is false has to
//! leave everything as it was and is answered with 412; one that is true, or to be ignored, changes nothing about a
//! request that works.
//!
//! It cannot cry wolf: what is judged is what GET gave before and after, on a name that nobody else knows. A refusal
//! with another status may have another reason, so that it is never a failure.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::field::tag::EntityTag;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::wire::Values;

/// What stands at the path before.
const FIRST: &str = "the first content, startline\\\n";
/// What the check brings.
const SECOND: &str = "the other content, startline\\\n";

/// What a precondition comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// It is true, or to be ignored.
    Performed,
    /// It is false.
    Refused,
}

/// One request with a precondition.
#[derive(Debug, Clone, Copy)]
struct Case {
    /// Whether something stands at the path.
    exists: bool,
    method: &'static str,
    /// Field lines in the notation of checks.
    fields: &'static str,
    wants: Wants,
}

macro_rules! cases {
    ($($probe:ident = $name:literal, $about:literal, $exists:literal, $method:literal, $fields:literal, $wants:ident;)+) => {$(
        pub(super) static $probe: Probe = Probe {
            name: $name,
            about: $about,
            run: |check, context| {
                Box::pin(async move {
                    const CASE: Case =
                        Case { exists: $exists, method: $method, fields: $fields, wants: Wants::$wants };
                    run(level(check.rule), context, &CASE).await
                })
            },
        };
    )+};
}

cases! {
    PUT_IF_MATCH_SAME = "put-if-match-same", "writes with If-Match and the tag that there is", true, "PUT", "If-Match: {etag}\n", Performed;
    PUT_IF_MATCH_ANY = "put-if-match-any", "writes with If-Match and *", true, "PUT", "If-Match: *\n", Performed;
    PUT_IF_MATCH_OTHER = "put-if-match-other", "writes with If-Match and another tag", true, "PUT", "If-Match: \"startline-{token}\"\n", Refused;
    PUT_IF_MATCH_WEAK = "put-if-match-weak", "writes with If-Match and the tag that there is, marked as weak", true, "PUT", "If-Match: {etag:weak}\n", Refused;
    PUT_IF_MATCH_ANY_NEW = "put-if-match-any-new", "writes with If-Match and * where nothing is", false, "PUT", "If-Match: *\n", Refused;
    PUT_IF_NONE_MATCH_ANY = "put-if-none-match-any", "writes with If-None-Match and * where something is", true, "PUT", "If-None-Match: *\n", Refused;
    PUT_IF_NONE_MATCH_SAME = "put-if-none-match-same", "writes with If-None-Match and the tag that there is", true, "PUT", "If-None-Match: {etag}\n", Refused;
    PUT_IF_NONE_MATCH_OTHER = "put-if-none-match-other", "writes with If-None-Match and another tag", true, "PUT", "If-None-Match: \"startline-{token}\"\n", Performed;
    PUT_IF_NONE_MATCH_ANY_NEW = "put-if-none-match-any-new", "writes with If-None-Match and * where nothing is", false, "PUT", "If-None-Match: *\n", Performed;
    PUT_IF_MODIFIED_SINCE = "put-if-modified-since", "writes with If-Modified-Since and a date that is to come", true, "PUT", "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\n", Performed;
    PUT_IF_UNMODIFIED_SINCE_SAME = "put-if-unmodified-since-same", "writes with If-Unmodified-Since and the date of Last-Modified", true, "PUT", "If-Unmodified-Since: {last_modified}\n", Performed;
    PUT_IF_UNMODIFIED_SINCE_EARLIER = "put-if-unmodified-since-earlier", "writes with If-Unmodified-Since and an earlier date", true, "PUT", "If-Unmodified-Since: {last_modified:-86400}\n", Refused;
    DELETE_IF_MATCH_SAME = "delete-if-match-same", "deletes with If-Match and the tag that there is", true, "DELETE", "If-Match: {etag}\n", Performed;
    DELETE_IF_MATCH_OTHER = "delete-if-match-other", "deletes with If-Match and another tag", true, "DELETE", "If-Match: \"startline-{token}\"\n", Refused;
    DELETE_IF_NONE_MATCH_ANY = "delete-if-none-match-any", "deletes with If-None-Match and *", true, "DELETE", "If-None-Match: *\n", Refused;
    DELETE_IF_UNMODIFIED_SINCE_EARLIER = "delete-if-unmodified-since-earlier", "deletes with If-Unmodified-Since and an earlier date", true, "DELETE", "If-Unmodified-Since: {last_modified:-86400}\n", Refused;
}

async fn run(level: Level, context: &Context, case: &Case) -> (Judgement, Vec<Observation>) {
    let path = match context.writable().await {
        Ok(path) => path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let mut values = Values { path, etag: None, last_modified: None, ..talk::values(context) };
    let get = request("GET", "", "");
    if case.exists {
        say(context, Purpose::Control, &request("PUT", "", FIRST), &values).await;
    }
    let before = say(context, Purpose::Control, &get, &values).await;
    if let Some(answer) = talk::complete(&before) {
        let text = |name: &str| answer.field(name).map(|value| String::from_utf8_lossy(value).into_owned());
        values.etag = text("etag").filter(|tag| EntityTag::parse(tag.as_bytes()).is_some());
        values.last_modified = text("last-modified");
    }
    if let Err(judgement) = can_be_asked(case, &before, &values) {
        if case.exists {
            say(context, Purpose::Control, &request("DELETE", "", ""), &values).await;
        }
        return (judgement, vec![before]);
    }
    let content = if case.method == "PUT" { SECOND } else { "" };
    let check = say(context, Purpose::Check, &request(case.method, case.fields, content), &values).await;
    let after = say(context, Purpose::Control, &get, &values).await;
    let judgement = judge(level, case, &check, &after);
    say(context, Purpose::Control, &request("DELETE", "", ""), &values).await;
    (judgement, vec![before, check, after])
}

fn request(method: &str, fields: &str, content: &str) -> String {
    // The notation writes an octet more at the end of its lines, so that the length is that of the octets.
    let length = startline_parser::notation::decode(content).map_or(0, |octets| octets.len());
    let framing = if content.is_empty() {
        String::new()
    } else {
        format!("Content-Type: text/plain\nContent-Length: {length}\n")
    };
    format!("{method} {{path}} HTTP/1.1\nHost: {{host}}\n{fields}{framing}\n{content}")
}

async fn say(context: &Context, purpose: Purpose, text: &str, values: &Values) -> Observation {
    let octets = context.octets(text, values);
    let method = text.split(' ').next().unwrap_or_default();
    let mut exchange = context.open(purpose, &[method]).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// Whether what stands at the path is what was put there, with the validators that the case speaks of.
fn can_be_asked(case: &Case, before: &Observation, values: &Values) -> Result<(), Judgement> {
    let answer = talk::complete(before);
    let is_as_put =
        if case.exists { state(answer.as_ref()) == State::First } else { state(answer.as_ref()) == State::Nothing };
    if !is_as_put {
        let got = talk::words(answer.as_ref(), before);
        return Err(Judgement::not_judged(format!("GET before the write was {got}, and not as it had been put")));
    }
    // A weak tag matches nothing in If-Match, and any tag does elsewhere.
    let is_strong = values.etag.as_deref().is_some_and(|tag| !tag.starts_with("W/"));
    if case.fields.contains("If-Match: {etag}") && !is_strong {
        return Err(Judgement::not_judged("what PUT creates here has no strong ETag when it is read at once"));
    }
    if (case.fields.contains("{etag") || case.fields.contains("startline-")) && values.etag.is_none() {
        return Err(Judgement::not_judged("what PUT creates here has no ETag"));
    }
    if case.fields.contains("{last_modified") && values.last_modified.is_none() {
        return Err(Judgement::not_judged("what PUT creates here has no Last-Modified"));
    }
    Ok(())
}

/// What GET shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    First,
    Second,
    Nothing,
    Unknown,
}

fn state(answer: Option<&Answer>) -> State {
    let Some(answer) = answer else { return State::Unknown };
    let is = |content: &str| startline_parser::notation::decode(content).is_ok_and(|octets| octets == answer.content);
    match answer.status {
        Some(404 | 410) => State::Nothing,
        Some(200) if is(FIRST) => State::First,
        Some(200) if is(SECOND) => State::Second,
        _ => State::Unknown,
    }
}

fn judge(level: Level, case: &Case, check: &Observation, after: &Observation) -> Judgement {
    let expected = match case.wants {
        Wants::Performed => "the method performed, as without the precondition",
        Wants::Refused => "412, and everything as it was",
    };
    let Some(answer) = talk::complete(check) else {
        return Judgement::not_judged(format!("{} was not answered ({})", case.method, check.ended.words()));
    };
    let now = state(talk::complete(after).as_ref());
    let was = if case.exists { State::First } else { State::Nothing };
    let meant = if case.method == "PUT" { State::Second } else { State::Nothing };
    let got = talk::words(Some(&answer), check);
    let is_success = answer.status.is_some_and(|status| status / 100 == 2);
    let say = |verdict, what: &str| Judgement::new(verdict, format!("{got}, and GET shows that {what}"), expected);
    if now != was && now != meant {
        return Judgement::not_judged(format!("{got}, and what GET shows afterwards is neither old nor new"));
    }
    match case.wants {
        Wants::Performed if now == meant && is_success => say(Verdict::Pass, "it was performed"),
        Wants::Performed if now == was && matches!(answer.status, Some(412 | 304)) => {
            say(broken(level), "it was not performed")
        }
        Wants::Performed if now == meant => say(broken(level), "it was performed"),
        Wants::Performed => Judgement::not_judged(format!("{got}: a refusal for another reason, as it seems")),
        Wants::Refused if now == meant => say(broken(level), "it was performed"),
        Wants::Refused if answer.status == Some(412) => say(Verdict::Pass, "nothing was changed"),
        Wants::Refused if is_success || answer.status == Some(304) => say(broken(level), "nothing was changed"),
        Wants::Refused => say(Verdict::Warn, "nothing was changed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, status, turn};

    const REFUSED: Case =
        Case { exists: true, method: "PUT", fields: "If-Match: \"startline-a\"\n", wants: Wants::Refused };
    const PERFORMED: Case = Case { wants: Wants::Performed, ..REFUSED };
    const DELETED: Case = Case { method: "DELETE", ..REFUSED };

    fn shows(content: &str) -> Observation {
        let length = startline_parser::notation::decode(content).unwrap().len();
        turn(GET, &format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{content}"), Ended::Answered)
    }

    fn verdict(case: &Case, with: u16, after: &Observation) -> Verdict {
        let check = turn("PUT / HTTP/1.1\nHost: h\n\n", &status(with), Ended::Answered);
        judge(Level::Must, case, &check, after).verdict
    }

    #[test]
    fn a_false_condition_leaves_everything_as_it_was() {
        let gone = turn(GET, &status(404), Ended::Answered);
        assert_eq!(verdict(&REFUSED, 412, &shows(FIRST)), Verdict::Pass);
        assert_eq!(verdict(&REFUSED, 412, &shows(SECOND)), Verdict::Fail);
        assert_eq!(verdict(&REFUSED, 201, &shows(SECOND)), Verdict::Fail);
        assert_eq!(verdict(&REFUSED, 200, &shows(FIRST)), Verdict::Fail);
        assert_eq!(verdict(&REFUSED, 304, &shows(FIRST)), Verdict::Fail);
        assert_eq!(verdict(&REFUSED, 409, &shows(FIRST)), Verdict::Warn);
        assert_eq!(verdict(&REFUSED, 412, &shows("something else")), Verdict::NotJudged);
        assert_eq!(verdict(&DELETED, 412, &gone), Verdict::Fail);
        assert_eq!(verdict(&DELETED, 412, &shows(FIRST)), Verdict::Pass);
    }

    #[test]
    fn a_true_condition_changes_nothing_about_the_method() {
        assert_eq!(verdict(&PERFORMED, 204, &shows(SECOND)), Verdict::Pass);
        assert_eq!(verdict(&PERFORMED, 412, &shows(FIRST)), Verdict::Fail);
        assert_eq!(verdict(&PERFORMED, 412, &shows(SECOND)), Verdict::Fail);
        assert_eq!(verdict(&PERFORMED, 403, &shows(FIRST)), Verdict::NotJudged);
        assert_eq!(verdict(&PERFORMED, 204, &shows(FIRST)), Verdict::NotJudged);
    }

    #[test]
    fn only_what_was_put_with_its_validators_is_judged() {
        let asked = |case: &Case, before: &Observation, values: &Values| can_be_asked(case, before, values).is_ok();
        let none = Values { etag: None, last_modified: None, ..Values::sample() };
        let weak = Values { etag: Some("W/\"a\"".to_owned()), ..none.clone() };
        assert!(asked(&REFUSED, &shows(FIRST), &Values::sample()));
        assert!(!asked(&REFUSED, &shows(SECOND), &Values::sample()));
        assert!(!asked(&REFUSED, &shows(FIRST), &none) && asked(&REFUSED, &shows(FIRST), &weak));
        let same = Case { fields: "If-Match: {etag}\n", ..REFUSED };
        assert!(!asked(&same, &shows(FIRST), &weak) && asked(&same, &shows(FIRST), &Values::sample()));
        let any = Case { fields: "If-None-Match: *\n", ..REFUSED };
        assert!(asked(&any, &shows(FIRST), &none));
        let dated = Case { fields: "If-Unmodified-Since: {last_modified}\n", ..REFUSED };
        assert!(!asked(&dated, &shows(FIRST), &none) && asked(&dated, &shows(FIRST), &Values::sample()));
    }
}
