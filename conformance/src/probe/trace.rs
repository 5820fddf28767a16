//! TRACE (RFC 9110 section 9.3.8): where it is served, it shows the request, and no secrets of it.
//!
//! 200 with the field that was sent passes; another success does not keep the SHOULD. A request with Authorization and
//! Cookie of random values is reflected without them, or the SHOULD is not kept. A refusal (405 and 501 above all) passes:
//! every method but GET and HEAD is optional.
//!
//! It cannot cry wolf: the fields have random values, which stand in the content only if they were taken from the request.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::{Level, Rule};
use crate::target::token;

pub(super) static TRACE_REFLECTED: Probe = Probe {
    name: "trace-reflected",
    about: "sends TRACE with a field of a random value, which is to come back as content",
    run: |check, context| Box::pin(run(check.rule, context, false)),
};

pub(super) static TRACE_SENSITIVE: Probe = Probe {
    name: "trace-sensitive",
    about: "sends TRACE with made-up credentials and a cookie, which are not to come back",
    run: |check, context| Box::pin(run(check.rule, context, true)),
};

async fn run(rule: &'static Rule, context: &Context, is_about_secrets: bool) -> (Judgement, Vec<Observation>) {
    let (shown, secret) = (token(), token());
    let secrets = match is_about_secrets {
        true => format!("Authorization: Basic {secret}\nCookie: startline={secret}\n"),
        false => String::new(),
    };
    let text = format!("TRACE {{path}} HTTP/1.1\nHost: {{host}}\nStartline-Shown: {shown}\n{secrets}\n");
    let seen = talk::ask(context, Purpose::Check, &text).await;
    let judgement = judge(level(rule), &seen, &shown, is_about_secrets.then_some(&secret[..]));
    (judgement, vec![seen])
}

fn judge(level: Level, seen: &Observation, shown: &str, secret: Option<&str>) -> Judgement {
    let expected = if secret.is_some() { "the request without its secrets" } else { "200 with the request as content" };
    let Some(answer) = talk::complete(seen) else {
        return Judgement::not_judged(format!("TRACE was not answered ({})", seen.ended.words()));
    };
    let status = answer.status.unwrap_or(0);
    if status / 100 != 2 {
        let why = format!("not served here (answered with {status}), and need not be");
        return Judgement::new(Verdict::Pass, why, expected);
    }
    let has = |token: &str| answer.content.windows(token.len()).any(|window| window == token.as_bytes());
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match secret {
        Some(secret) if has(secret) => new(broken(level), "credentials or a cookie came back".to_owned()),
        Some(_) if !has(shown) => new(Verdict::Pass, "nothing of the request came back".to_owned()),
        Some(_) => new(Verdict::Pass, "the request came back without credentials and cookie".to_owned()),
        None if status == 200 && has(shown) => new(Verdict::Pass, "the request came back".to_owned()),
        None => new(broken(level), format!("answered with {status}, without the request")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::turn;

    fn of(status: u16, content: &str, secret: Option<&str>) -> Verdict {
        let received = format!("HTTP/1.1 {status} X\nContent-Length: {}\n\n{content}\\\n", content.len());
        let seen = turn("TRACE / HTTP/1.1\nHost: h\n\n", &received, Ended::Answered);
        judge(Level::Should, &seen, "shown", secret).verdict
    }

    #[test]
    fn what_comes_back() {
        assert_eq!(of(200, "Startline-Shown: shown", None), Verdict::Pass);
        assert_eq!(of(200, "hello", None), Verdict::Warn);
        assert_eq!(of(405, "no", None), Verdict::Pass);
        assert_eq!(of(200, "shown", Some("secret")), Verdict::Pass);
        assert_eq!(of(200, "shown secret", Some("secret")), Verdict::Warn);
        assert_eq!(of(200, "hello", Some("secret")), Verdict::Pass);
        assert_eq!(of(501, "no", Some("secret")), Verdict::Pass);
    }
}
