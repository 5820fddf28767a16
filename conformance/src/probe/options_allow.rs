//! OPTIONS tells what can be done (RFC 9110 section 9.3.7).
//!
//! OPTIONS for each given path. A 2xx has Allow, or another field that tells of something optional.
//!
//! It cannot cry wolf: any of a good many fields will do, and only answers that are successful are looked at.

use super::{Context, Probe, paths, talk};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static OPTIONS_ALLOW: Probe = Probe {
    name: "options-allow",
    about: "looks for Allow, or another field about what can be done, in the answers to OPTIONS",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let (mut judgements, mut exchanges) = (Vec::new(), Vec::new());
    for values in paths::values(context, |_| true) {
        let seen = paths::ask(context, Purpose::Check, "OPTIONS", "", &values).await;
        judgements.extend(judge(level, &seen));
        exchanges.push(seen);
    }
    (paths::worst(judgements, "OPTIONS is not answered with 2xx for any given path: give one with --path"), exchanges)
}

/// Whether a field, by its name in small letters, tells of something optional.
fn tells(name: &str) -> bool {
    name.starts_with("accept")
        || name.starts_with("access-control-")
        || matches!(name, "allow" | "dav" | "public" | "upgrade" | "vary" | "link" | "ms-author-via")
}

fn judge(level: Level, seen: &Observation) -> Option<Judgement> {
    let expected = "Allow, or another field that tells what can be done";
    let answer = talk::complete(seen)?;
    if answer.status.is_none_or(|status| status / 100 != 2) {
        return None;
    }
    let names = answer.fields.iter().map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase());
    Some(match names.into_iter().find(|name| tells(name)) {
        Some(name) => Judgement::new(
            Verdict::Pass,
            format!("there is {}", startline_parser::notation::encode(name.as_bytes())),
            expected,
        ),
        None => Judgement::new(
            broken(level),
            format!("{}, without any such field", talk::words(Some(&answer), seen)),
            expected,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{status, turn};

    #[test]
    fn successful_answers_only() {
        let verdict = |received: &str| {
            let seen = turn("OPTIONS / HTTP/1.1\nHost: h\n\n", received, Ended::Answered);
            judge(Level::Should, &seen).map(|judgement| judgement.verdict)
        };
        assert_eq!(verdict("HTTP/1.1 204 No\nALLOW: GET\n\n"), Some(Verdict::Pass));
        assert_eq!(verdict("HTTP/1.1 204 No\nAccess-Control-Allow-Methods: GET\n\n"), Some(Verdict::Pass));
        assert_eq!(verdict(&status(200)), Some(Verdict::Warn));
        assert_eq!(verdict(&status(405)), None);
    }
}
