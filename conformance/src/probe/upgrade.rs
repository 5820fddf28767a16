//! Switching to another protocol (RFC 9110 section 7.8).
//!
//! The requests go to the first given resource whose responses carry `Upgrade`, or to the known-good path if none does.
//! They offer what that resource advertises, `websocket` and `h2c`, with the fields that go with those. Where a probe
//! judges a switch, a control has to be answered with 101 first.
//!
//! They cannot cry wolf: a server may ignore any offer, so that an answer other than 101 breaks nothing, except in the
//! comparison of two spellings of which one is taken up. In HTTP/1.0 the answer has to be that to the same request
//! without the field, and a 101 is wrong whatever it names.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::answers::Answer;
use crate::check::{Awaited, Step};
use crate::judge::exchange::answers_of;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::Level;
use crate::target::token;

const CONNECTION: &str = "Connection: Upgrade, HTTP2-Settings\n";
const EXPECT: &str = "Expect: 100-continue\n";
const LENGTH: &str = "Content-Length: 5\n";

/// What the handshakes of both protocols ask for besides.
const HANDSHAKES: &str =
    "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: c3RhcnRsaW5lLXByb2JlIQ==\nHTTP2-Settings: AAMAAABkAAQAAP__\n";

pub(super) static UPGRADE_OFFERED: Probe = Probe {
    name: "upgrade-offered",
    about: "offers protocols, one that nobody has, and none; a 101 names none but those that were offered",
    run: |check, context| {
        Box::pin(async move {
            let unknown = format!("startline-{}", token());
            let mut tries = Vec::new();
            for offer in ["".to_owned(), unknown, offers(context)] {
                let check =
                    talk::ask(context, Purpose::Check, &request(context, "HTTP/1.1", CONNECTION, &offer, "")).await;
                tries.push((offer, check));
            }
            let control = talk::plain(context).await;
            let judgement = judge_offered(level(check.rule), &control, &tries);
            let exchanges = std::iter::once(control).chain(tries.into_iter().map(|(_, check)| check)).collect();
            (judgement, exchanges)
        })
    },
};

pub(super) static UPGRADE_CASE: Probe = Probe {
    name: "upgrade-case",
    about: "offers protocols that are taken up once more, with their names in the other case",
    run: |check, context| {
        Box::pin(async move {
            let offer = offers(context);
            let taken =
                talk::ask(context, Purpose::Control, &request(context, "HTTP/1.1", CONNECTION, &offer, "")).await;
            let other = request(context, "HTTP/1.1", CONNECTION, &swapped(&offer), "");
            let seen = talk::around(context, talk::ask(context, Purpose::Check, &other)).await;
            let judgement = judge_case(level(check.rule), &taken, &seen);
            (judgement, with(seen, taken))
        })
    },
};

pub(super) static UPGRADE_IN_HTTP10: Probe = Probe {
    name: "upgrade-in-http10",
    about: "offers protocols in HTTP/1.0, where Upgrade has to be ignored",
    run: |check, context| {
        Box::pin(async move {
            let offer = offers(context);
            let without = request(context, "HTTP/1.0", "", "", "");
            let without = talk::ask(context, Purpose::Control, &without).await;
            let with_offer = request(context, "HTTP/1.0", CONNECTION, &offer, "");
            let seen = talk::around(context, talk::ask(context, Purpose::Check, &with_offer)).await;
            let judgement = judge_http10(level(check.rule), &without, &seen);
            (judgement, with(seen, without))
        })
    },
};

pub(super) static UPGRADE_CONTINUE_FIRST: Probe = Probe {
    name: "upgrade-continue-first",
    about: "offers protocols and expects 100-continue; the 100 has to come before a 101",
    run: |check, context| {
        Box::pin(async move {
            let offer = offers(context);
            let head = |extra: &str| request(context, "HTTP/1.1", CONNECTION, &offer, extra);
            let whole = format!("{}hello\\\n", head(LENGTH));
            let taken = talk::ask(context, Purpose::Control, &whole).await;
            let held = async {
                let values = context.target.values();
                let mut exchange = context.open(Purpose::Check, &["GET"]).await;
                exchange.send(&context.octets(&head(&format!("{EXPECT}{LENGTH}")), &values), false).await;
                exchange.play(&[Step::Await(Awaited::Response)], &values).await;
                if exchange.finals() == 0 && exchange.is_open() {
                    exchange.send(b"hello", false).await;
                    exchange.answers(1).await;
                }
                exchange.finish()
            };
            let seen = talk::around(context, held).await;
            let judgement = judge_continue(level(check.rule), &taken, &seen);
            (judgement, with(seen, taken))
        })
    },
};

pub(super) static UPGRADE_IGNORED: Probe = Probe {
    name: "upgrade-ignored",
    about: "offers a protocol that nobody has",
    run: |_, context| {
        Box::pin(async move {
            let offer = format!("startline-{}/1, startline-{}", token(), token());
            let text = format!("GET {{path}} HTTP/1.1\nHost: {{host}}\n{CONNECTION}Upgrade: {offer}\n\n");
            let seen = talk::around(context, talk::ask(context, Purpose::Check, &text)).await;
            (judge_ignored(&seen), seen.exchanges())
        })
    },
};

pub(super) static UPGRADE_IGNORED_H2C: Probe = Probe {
    name: "upgrade-ignored-h2c",
    about: "offers h2c, which RFC 9113 has given up",
    run: |_, context| {
        Box::pin(async move {
            let text = format!("GET {{path}} HTTP/1.1\nHost: {{host}}\n{CONNECTION}Upgrade: h2c\n{HANDSHAKES}\n");
            let seen = talk::around(context, talk::ask(context, Purpose::Check, &text)).await;
            (judge_ignored(&seen), seen.exchanges())
        })
    },
};

pub(super) static UPGRADE_NOT_NAMED: Probe = Probe {
    name: "upgrade-not-named",
    about: "offers protocols that are taken up once more, without naming Upgrade in Connection",
    run: |_, context| {
        Box::pin(async move {
            let offer = offers(context);
            let taken =
                talk::ask(context, Purpose::Control, &request(context, "HTTP/1.1", CONNECTION, &offer, "")).await;
            let unnamed = request(context, "HTTP/1.1", "", &offer, "");
            let seen = talk::around(context, talk::ask(context, Purpose::Check, &unnamed)).await;
            let judgement = judge_not_named(&taken, &seen);
            (judgement, with(seen, taken))
        })
    },
};

fn with(seen: Seen, control: Observation) -> Vec<Observation> {
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, control);
    exchanges
}

/// What is offered: what the target advertises, and what servers are known to speak.
fn offers(context: &Context) -> String {
    let advertised = context.resource(Need::Upgrade).ok().and_then(|resource| resource.upgrade.clone());
    let common = "websocket, h2c".to_owned();
    advertised.filter(|names| is_plain(names)).map_or(common.clone(), |names| format!("{names}, {common}"))
}

/// Whether it can stand in a request as it is.
fn is_plain(names: &str) -> bool {
    !names.is_empty()
        && names.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._~!#$%&'*+^`|/, ".contains(&octet))
}

/// A GET with the offer, unless that is empty.
fn request(context: &Context, version: &str, connection: &str, offer: &str, extra: &str) -> String {
    let path = context.resource(Need::Upgrade).map_or("{path}", |resource| resource.path.as_str());
    let offer = if offer.is_empty() { String::new() } else { format!("Upgrade: {offer}\n{HANDSHAKES}") };
    format!("GET {path} {version}\nHost: {{host}}\n{connection}{offer}{extra}\n")
}

/// The names of protocols in the other case; their versions as they are.
fn swapped(offer: &str) -> String {
    let swap =
        |letter: char| if letter.is_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
    let element = |element: &str| match element.split_once('/') {
        Some((name, version)) => format!("{}/{version}", name.chars().map(swap).collect::<String>()),
        None => element.chars().map(swap).collect(),
    };
    offer.split(',').map(element).collect::<Vec<_>>().join(",")
}

/// The answer that switches, if there is one.
fn switch(observation: &Observation) -> Option<Answer> {
    answers_of(observation).into_iter().find(|answer| answer.status == Some(101))
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn judge_offered(level: Level, control: &Observation, tries: &[(String, Observation)]) -> Judgement {
    let expected = "no 101, or one that names protocols that were offered";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let mut switched = 0;
    for (offer, check) in tries {
        let Some(answer) = switch(check) else { continue };
        switched += 1;
        let fields = answer.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"upgrade"));
        let named: Vec<String> = fields.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
        let is_offered = |name: &str| names(offer).any(|offered| offered.eq_ignore_ascii_case(name));
        let strange = named.iter().flat_map(|value| names(value)).find(|name| !is_offered(name));
        if offer.is_empty() || strange.is_some() {
            let to = strange.unwrap_or("a protocol that it does not name");
            let offered = if offer.is_empty() { "nothing" } else { offer };
            return Judgement::new(broken(level), format!("switched to {to} when {offered} was offered"), expected);
        }
    }
    let why = format!("{} offers, {switched} taken up", tries.len());
    Judgement::new(Verdict::Pass, why, expected)
}

fn judge_case(level: Level, taken: &Observation, seen: &Seen) -> Judgement {
    let expected = "the same protocols taken up in the other case";
    if switch(taken).is_none() {
        return Judgement::without(Need::Upgrade);
    }
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    if switch(&seen.check).is_some() {
        return Judgement::new(Verdict::Pass, "taken up in both spellings", expected);
    }
    let told = talk::words(talk::first(&seen.check).as_ref(), &seen.check);
    Judgement::new(broken(level), format!("taken up in one spelling, and in the other {told}"), expected)
}

fn judge_http10(level: Level, without: &Observation, seen: &Seen) -> Judgement {
    let expected = "the answer to the same request without Upgrade";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let Some(right) = talk::complete(without).and_then(|answer| answer.status) else {
        return Judgement::not_judged("the same request without Upgrade was not answered");
    };
    if switch(&seen.check).is_some() {
        return Judgement::new(broken(level), "an HTTP/1.0 request was answered with 101", expected);
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let why = format!("{told}, without Upgrade {right}");
    match answer.and_then(|answer| answer.status) {
        Some(status) if status == right => Judgement::new(Verdict::Pass, why, expected),
        Some(500..) => Judgement::new(Verdict::Warn, why, expected),
        None if seen.check.is_closed() => Judgement::new(Verdict::Warn, why, expected),
        _ => Judgement::new(broken(level), why, expected),
    }
}

fn judge_continue(level: Level, taken: &Observation, seen: &Seen) -> Judgement {
    let expected = "100 before 101";
    if switch(taken).is_none() {
        return Judgement::without(Need::Upgrade);
    }
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let statuses: Vec<u16> = answers_of(&seen.check).iter().filter_map(|answer| answer.status).collect();
    let place = |wanted| statuses.iter().position(|status| *status == wanted);
    match (place(100), place(101)) {
        (_, None) => Judgement::not_judged("with the expectation there was no switch"),
        (Some(before), Some(after)) if before < after => Judgement::new(Verdict::Pass, "100, then 101", expected),
        _ => Judgement::new(broken(level), "101 without a 100 before it", expected),
    }
}

fn judge_ignored(seen: &Seen) -> Judgement {
    let expected = "the answer to the same request without Upgrade, or a switch";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let status = answer.and_then(|answer| answer.status);
    let is_right = status.is_some() && (status == seen.control_status() || status == Some(101));
    Judgement::new(if is_right { Verdict::Pass } else { Verdict::Note }, told, expected)
}

fn judge_not_named(taken: &Observation, seen: &Seen) -> Judgement {
    let expected = "no switch, since the offer may be an older hop's";
    if switch(taken).is_none() {
        return Judgement::without(Need::Upgrade);
    }
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let told = talk::words(talk::first(&seen.check).as_ref(), &seen.check);
    Judgement::new(if switch(&seen.check).is_some() { Verdict::Note } else { Verdict::Pass }, told, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, seen, status, turn};

    const SWITCH: &str = "HTTP/1.1 101 X\nUpgrade: Tea/1\nConnection: upgrade\n\n";

    fn answered(text: &str) -> Observation {
        turn(GET, text, Ended::Quiet)
    }

    #[test]
    fn only_what_was_offered_is_switched_to() {
        let verdict = |offer: &str, answer: &str| {
            judge_offered(Level::MustNot, &good(), &[(offer.to_owned(), answered(answer))]).verdict
        };
        assert_eq!(verdict("coffee, tea/1", SWITCH), Verdict::Pass);
        assert_eq!(verdict("coffee", OK), Verdict::Pass);
        assert_eq!(verdict("coffee", SWITCH), Verdict::Fail);
        assert_eq!(verdict("tea/2", SWITCH), Verdict::Fail);
        assert_eq!(verdict("", SWITCH), Verdict::Fail);
        assert_eq!(judge_offered(Level::MustNot, &dead(), &[]).verdict, Verdict::NotJudged);
    }

    #[test]
    fn names_have_no_case() {
        assert_eq!(swapped("tea/1x, WebSocket"), "TEA/1x, wEBsOCKET");
        let judge =
            |taken: &str, other: &str| judge_case(Level::Should, &answered(taken), &seen(answered(other))).verdict;
        assert_eq!(judge(SWITCH, SWITCH), Verdict::Pass);
        assert_eq!(judge(SWITCH, &status(426)), Verdict::Warn);
        assert_eq!(judge(OK, OK), Verdict::NotJudged);
    }

    #[test]
    fn http10_is_never_switched() {
        let judge = |answer: &str| judge_http10(Level::Must, &good(), &seen(answered(answer))).verdict;
        assert_eq!(judge(OK), Verdict::Pass);
        assert_eq!(judge(SWITCH), Verdict::Fail);
        assert_eq!(judge(&status(400)), Verdict::Fail);
        assert_eq!(judge(&status(500)), Verdict::Warn);
    }

    #[test]
    fn the_100_comes_first() {
        let judge = |answer: &str| judge_continue(Level::Must, &answered(SWITCH), &seen(answered(answer))).verdict;
        assert_eq!(judge(&format!("HTTP/1.1 100 C\n\n{SWITCH}")), Verdict::Pass);
        assert_eq!(judge(SWITCH), Verdict::Fail);
        assert_eq!(judge(OK), Verdict::NotJudged);
        let none = judge_continue(Level::Must, &good(), &seen(answered(SWITCH))).verdict;
        assert_eq!(none, Verdict::NotJudged);
    }

    #[test]
    fn refusing_for_the_offers_sake_is_noted() {
        assert_eq!(judge_ignored(&seen(answered(OK))).verdict, Verdict::Pass);
        assert_eq!(judge_ignored(&seen(answered(SWITCH))).verdict, Verdict::Pass);
        assert_eq!(judge_ignored(&seen(answered(&status(400)))).verdict, Verdict::Note);
        assert_eq!(judge_not_named(&answered(SWITCH), &seen(answered(SWITCH))).verdict, Verdict::Note);
        assert_eq!(judge_not_named(&answered(SWITCH), &seen(answered(OK))).verdict, Verdict::Pass);
        assert_eq!(judge_not_named(&answered(OK), &seen(answered(OK))).verdict, Verdict::NotJudged);
    }
}
