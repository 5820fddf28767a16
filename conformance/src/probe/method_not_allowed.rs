//! 405 against 501 (RFC 9110 section 9.1): a method that one resource allows, sent to one that does not.
//!
//! What is allowed is what Allow in the answers to OPTIONS says. 405 passes; 501 says that the server does not know the
//! method at all, which the other resource gives the lie. Whoever serves it, or refuses it for another reason, is noted.
//! Where no given path allows a method that another one does not, the check is not judged.
//!
//! It cannot cry wolf: both lists come from the server itself, and only methods are sent that change nothing by an empty
//! content.

use super::Probe;
use super::talk;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Resource;
use crate::rule::Level;

pub(super) static METHOD_NOT_ALLOWED: Probe = Probe {
    name: "method-not-allowed",
    about: "sends a method to a resource whose Allow leaves it out, while that of another resource has it",
    run: |check, context| {
        Box::pin(async move {
            let Some((method, path)) = choose(&context.calibration.resources) else {
                let why = "no path allows a method that another one does not: give more paths with --path";
                return (Judgement::not_judged(why), Vec::new());
            };
            let text = format!("{method} {path} HTTP/1.1\nHost: {{host}}\nContent-Length: 0\n\n");
            let seen = talk::ask(context, Purpose::Check, &text).await;
            (judge(level(check.rule), &seen), vec![seen])
        })
    },
};

/// A method, and a path whose resource does not allow it while another one does.
fn choose(resources: &[Resource]) -> Option<(&'static str, &str)> {
    let allows = |resource: &Resource, method: &str| resource.allow.iter().any(|allowed| allowed == method);
    ["POST", "PROPFIND", "SEARCH"].into_iter().find_map(|method| {
        let is_known = resources.iter().any(|resource| allows(resource, method));
        let is_closed =
            |resource: &&Resource| resource.status == Some(200) && allows(resource, "GET") && !allows(resource, method);
        is_known.then(|| resources.iter().find(is_closed)).flatten().map(|resource| (method, &resource.path[..]))
    })
}

fn judge(level: Level, seen: &Observation) -> Judgement {
    let answer = talk::first(seen);
    let why = talk::words(answer.as_ref(), seen);
    let verdict = match answer.and_then(|answer| answer.status) {
        Some(405) => Verdict::Pass,
        Some(501) => broken(level),
        Some(_) => Verdict::Note,
        None => return Judgement::not_judged(why),
    };
    Judgement::new(verdict, why, "405")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{status, turn};

    #[test]
    fn known_methods_get_405() {
        let of = |received: &str| {
            judge(Level::Should, &turn("POST / HTTP/1.1\nHost: h\n\n", received, Ended::Answered)).verdict
        };
        assert_eq!(of(&status(405)), Verdict::Pass);
        assert_eq!(of(&status(501)), Verdict::Warn);
        assert_eq!(of(&status(200)), Verdict::Note);
        assert_eq!(of(""), Verdict::NotJudged);
    }

    #[test]
    fn a_method_is_chosen_by_what_resources_allow() {
        use std::time::SystemTime;
        let resource = |path: &str, allow: &str| {
            let answer = |text: &str| {
                crate::answers::answers(&text.replace('\n', "\r\n").into_bytes(), &[b"GET".to_vec()], true).remove(0)
            };
            let got = answer("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
            let options = answer(&format!("HTTP/1.1 200 OK\nAllow: {allow}\nContent-Length: 0\n\n"));
            Resource::of(path, [Some(&got); 3], None, Some(&options), None, SystemTime::now())
        };
        let both = [resource("/a", "GET, POST"), resource("/b", "GET, HEAD")];
        assert_eq!(choose(&both), Some(("POST", "/b")));
        assert_eq!(choose(&both[..1]), None);
        assert_eq!(choose(&[resource("/a", "GET, POST"), resource("/b", "")]), None);
    }
}
