//! Credentials (RFC 9110 sections 11.1, 11.4 and 3.3), on a resource that asks for them.
//!
//! Wrong and broken credentials are sent to a resource behind a challenge: 401 with a challenge passes. 400 and 431 about
//! what is no credentials by its syntax are noted, since the text speaks of credentials that are invalid, and does not say
//! what a broken field is; 2xx, 403, 5xx and silence do not keep the SHOULD. Where the credentials are known, the scheme is
//! written in other cases, and two requests share a connection, the second one without credentials.
//!
//! It cannot cry wolf: the resource was seen to ask for credentials, and where the right ones are needed they were seen to
//! open it; a connection that is closed after the first request is not judged. Passwords are slow to compare, and meant
//! to be: answers are waited for up to ten seconds. Nothing is guessed: no password is tried more than once.

use std::time::Duration;

use super::talk;
use super::{Context, Probe};
use crate::exchange::Patience;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::{Level, Rule};

macro_rules! probes {
    ($($static:ident = $name:literal, $about:literal, $value:expr;)*) => {
        $(pub(super) static $static: Probe = Probe {
            name: $name,
            about: $about,
            run: |check, context| {
                Box::pin(async move { wrong(check.rule, &patient(context), $value).await })
            },
        };)*
    };
}

probes! {
    CREDENTIALS_NONE = "credentials-none", "sends no credentials to a resource that asks for them", || None;
    CREDENTIALS_EMPTY = "credentials-empty", "sends an empty Authorization", || some("");
    CREDENTIALS_SCHEME_ALONE = "credentials-scheme-alone", "sends a scheme without credentials", || some("Basic");
    CREDENTIALS_SCHEME_UNKNOWN = "credentials-scheme-unknown", "sends credentials in a scheme that nobody knows",
        || some("Startline c3RhcnRsaW5l");
    CREDENTIALS_WITHOUT_COLON = "credentials-without-colon", "sends a user without a password", || some("Basic c3RhcnRsaW5l");
    CREDENTIALS_NOT_BASE64 = "credentials-not-base64", "sends octets that are no base64", || some("Basic ~~~");
    CREDENTIALS_WRONG = "credentials-wrong", "sends a user that there is hardly", || some("Basic c3RhcnRsaW5lLW5vYm9keTpub25l");
    CREDENTIALS_CONTROLS = "credentials-controls", "sends a user and a password of control characters in base64",
        || some("Basic AAECAwQ6AAECAw==");
    CREDENTIALS_LONG = "credentials-long", "sends a user and a password of 3,000 letters",
        || Some(format!("Basic {}", "YTphYWFh".repeat(500)));
    CREDENTIALS_PARAMETERS = "credentials-parameters", "sends parameters in place of credentials", || some("Basic a=b, c=\"d");
    CREDENTIALS_DIGEST = "credentials-digest", "sends a digest without most of its parameters",
        || some("Digest username=\"startline\"");
}

pub(super) static AUTH_SCHEME_UPPER: Probe = Probe {
    name: "auth-scheme-upper",
    about: "sends the right credentials, with the scheme in capitals",
    run: |check, context| Box::pin(async move { scheme(check.rule, &patient(context), "BASIC").await }),
};

pub(super) static AUTH_SCHEME_LOWER: Probe = Probe {
    name: "auth-scheme-lower",
    about: "sends the right credentials, with the scheme in small letters",
    run: |check, context| Box::pin(async move { scheme(check.rule, &patient(context), "basic").await }),
};

pub(super) static CONNECTION_NOT_IDENTITY: Probe = Probe {
    name: "connection-not-identity",
    about: "sends the right credentials, and on the same connection the same request without them",
    run: |check, context| Box::pin(async move { shared(check.rule, &patient(context)).await }),
};

/// The same surroundings, for a server that is slow to compare passwords.
fn patient(context: &Context) -> Context {
    let least = |wait: Duration| wait.max(Duration::from_secs(10));
    let patience = context.patience;
    let patience = Patience { quiet: least(patience.quiet), exchange: least(patience.exchange), ..patience };
    context.with_patience(patience)
}

fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn get(path: &str, authorization: Option<&str>) -> String {
    let line = match authorization {
        None => String::new(),
        Some("") => "Authorization:\n".to_owned(),
        Some(value) => format!("Authorization: {value}\n"),
    };
    format!("GET {path} HTTP/1.1\nHost: {{host}}\n{line}\n")
}

async fn wrong(rule: &'static Rule, context: &Context, value: fn() -> Option<String>) -> (Judgement, Vec<Observation>) {
    let path = match context.resource(Need::Authentication) {
        Ok(resource) => &resource.path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let text = get(path, value().as_deref());
    let seen = talk::ask(context, Purpose::Check, &text).await;
    let after = talk::ask(context, Purpose::Control, &get(path, None)).await;
    (judge_wrong(level(rule), &seen, &after), vec![seen, after])
}

fn judge_wrong(level: Level, seen: &Observation, after: &Observation) -> Judgement {
    let expected = "401 with a challenge";
    if talk::complete(after).and_then(|answer| answer.status) != Some(401) {
        return Judgement::not_judged("the resource does not ask for credentials after the check");
    }
    let answer = talk::first(seen);
    let why = talk::words(answer.as_ref(), seen);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match answer.as_ref().and_then(|answer| Some((answer.status?, answer.field("www-authenticate").is_some()))) {
        Some((401, true)) => new(Verdict::Pass, why),
        Some((401, false)) => new(broken(level), format!("{why}, without a challenge")),
        Some((400 | 431 | 429, _)) => new(Verdict::Note, why),
        _ => new(broken(level), why),
    }
}

/// A resource with what opens it: the token68.
fn opened(context: &Context) -> Result<(&str, String), Judgement> {
    let resource = context.resource(Need::Credentials)?;
    let credentials = context.target.credentials.as_ref().ok_or_else(|| Judgement::without(Need::Credentials))?;
    Ok((&resource.path, credentials.token68()))
}

async fn scheme(rule: &'static Rule, context: &Context, scheme: &str) -> (Judgement, Vec<Observation>) {
    let (path, token) = match opened(context) {
        Ok(opened) => opened,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let right = talk::ask(context, Purpose::Control, &get(path, Some(&format!("Basic {token}")))).await;
    let seen = talk::ask(context, Purpose::Check, &get(path, Some(&format!("{scheme} {token}")))).await;
    (judge_scheme(level(rule), &right, &seen), vec![right, seen])
}

fn judge_scheme(level: Level, right: &Observation, seen: &Observation) -> Judgement {
    let expected = "the answer that the scheme gets as it stands in the challenge";
    let status = |observation: &Observation| talk::complete(observation).and_then(|answer| answer.status);
    let Some(wanted) = status(right).filter(|status| status / 100 == 2) else {
        return Judgement::not_judged("the right credentials do not open the resource");
    };
    let why = talk::words(talk::first(seen).as_ref(), seen);
    Judgement::new(if status(seen) == Some(wanted) { Verdict::Pass } else { broken(level) }, why, expected)
}

async fn shared(rule: &'static Rule, context: &Context) -> (Judgement, Vec<Observation>) {
    let (path, token) = match opened(context) {
        Ok(opened) => opened,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let (known, unknown) = (get(path, Some(&format!("Basic {token}"))), get(path, None));
    let control = talk::ask(context, Purpose::Control, &unknown).await;
    let seen = talk::in_turn(context, Purpose::Check, &[&known, &unknown]).await;
    (judge_shared(level(rule), &control, &seen), vec![control, seen])
}

fn judge_shared(level: Level, control: &Observation, seen: &Observation) -> Judgement {
    let expected = "401 to the request without credentials";
    if talk::complete(control).and_then(|answer| answer.status) != Some(401) {
        return Judgement::not_judged(
            "on a connection of its own the request without credentials was not answered with 401",
        );
    }
    let finals = talk::finals(seen);
    let statuses: Vec<u16> = finals.iter().filter_map(|answer| answer.status).collect();
    match statuses[..] {
        [200..=299, second @ 200..=299, ..] => Judgement::new(
            broken(level),
            format!("answered with {second}, after somebody else's credentials"),
            expected,
        ),
        [200..=299, 401, ..] => Judgement::new(Verdict::Pass, "answered with 401", expected),
        [200..=299, second, ..] => Judgement::new(Verdict::Note, format!("answered with {second}"), expected),
        _ => Judgement::not_judged("no second answer came on the connection"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, status, turn, turns};

    const ASKED: &str = "HTTP/1.1 401 U\nWWW-Authenticate: Basic realm=\"a\"\nContent-Length: 2\n\nno\\\n";

    fn seen(received: &str) -> Observation {
        turn(GET, received, Ended::Answered)
    }

    #[test]
    fn wrong_credentials() {
        let of = |received: &str| judge_wrong(Level::Should, &seen(received), &seen(ASKED)).verdict;
        assert_eq!(of(ASKED), Verdict::Pass);
        for noted in [400, 431] {
            assert_eq!(of(&status(noted)), Verdict::Note);
        }
        for wrong in [200, 401, 403, 500] {
            assert_eq!(of(&status(wrong)), Verdict::Warn, "{wrong}");
        }
        assert_eq!(of(""), Verdict::Warn);
        let open = judge_wrong(Level::Should, &seen(&status(500)), &seen(&status(200)));
        assert_eq!(open.verdict, Verdict::NotJudged);
    }

    #[test]
    fn cases_of_the_scheme() {
        let of = |right, other| judge_scheme(Level::None, &seen(&status(right)), &seen(&status(other))).verdict;
        assert_eq!(of(200, 200), Verdict::Pass);
        assert_eq!(of(200, 401), Verdict::Note);
        assert_eq!(of(401, 401), Verdict::NotJudged);
    }

    #[test]
    fn two_users_of_a_connection() {
        let of = |second: &str| {
            let both = turns(&[(GET, &status(200)), (GET, second)], Ended::Answered);
            judge_shared(Level::MustNot, &seen(ASKED), &both).verdict
        };
        assert_eq!(of(ASKED), Verdict::Pass);
        assert_eq!(of(&status(200)), Verdict::Fail);
        assert_eq!(of(&status(404)), Verdict::Note);
        assert_eq!(of(""), Verdict::NotJudged);
    }
}
