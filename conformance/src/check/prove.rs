//! The proof of a check: the reader finds in it what it says, and nothing in its control.

use std::collections::BTreeSet;

use startline_parser::reader::{self, End, Reading};

use super::{Check, Plan, Step, Tag, octets_of};
use crate::judge::requests;
use crate::rule::Kind;
use crate::wire::Values;

/// Proves that what is sent has exactly the faults (and the feature) that the check names, that its control is complete
/// and has none, and that it is tagged for what it could do to a shared target.
pub(super) fn prove(check: &Check) -> Result<(), String> {
    let Plan::Exchange { steps, control } = &check.plan else { return Ok(()) };
    let values = Values::sample();
    let sent = octets_of(steps, &values);
    let reading = requests(&sent);
    let found: BTreeSet<&str> = reading.faults().map(|fault| fault.rule.id).collect();
    let named: BTreeSet<&str> = check.rules().filter(|rule| rule.kind == Kind::Fault).map(|rule| rule.id).collect();
    if found != named {
        return Err(format!("it names the faults {} and the reader finds {}", list(&named), list(&found)));
    }
    let has_feature = |reading: &Reading| reading.features().any(|feature| feature.rule == check.rule);
    if check.rule.kind == Kind::Feature && !has_feature(&reading) {
        return Err(format!("what is sent does not show {}", check.rule.id));
    }
    let octets = octets_of(control, &values);
    let plain = requests(&octets);
    let faults: BTreeSet<&str> = plain.faults().map(|fault| fault.rule.id).collect();
    if !faults.is_empty() {
        return Err(format!("the control has faults: {}", list(&faults)));
    }
    if check.rule.kind == Kind::Feature && has_feature(&plain) {
        return Err(format!("the control shows {} too", check.rule.id));
    }
    let complete = |message: &reader::Message| matches!(message.end, End::Complete(_));
    if plain.messages.is_empty() || !plain.messages.iter().all(complete) || plain.rest != octets.len() {
        return Err("the control is not complete".to_owned());
    }
    if is_intrusive(&reading, &sent) && !check.is(Tag::Intrusive) {
        return Err("it has an unsafe method with content, or CONNECT, and has to be tagged intrusive".to_owned());
    }
    if steps.iter().any(|step| matches!(step, Step::Pause(time) if time.as_millis() > 500)) && !check.is(Tag::Slow) {
        return Err("it pauses for more than half a second and has to be tagged slow".to_owned());
    }
    Ok(())
}

fn list(ids: &BTreeSet<&str>) -> String {
    if ids.is_empty() { "none".to_owned() } else { ids.iter().copied().collect::<Vec<_>>().join(", ") }
}

/// Unsafe methods with content, and CONNECT (RFC 9110 section 9.2.1 names the safe methods).
fn is_intrusive(reading: &Reading, sent: &[u8]) -> bool {
    reading.messages.iter().any(|message| {
        let method = message.method(sent).unwrap_or_default();
        let is_safe = matches!(method, b"GET" | b"HEAD" | b"OPTIONS" | b"TRACE");
        let has_content = message.head_end.is_some_and(|end| end < sent.len())
            && (message.values("content-length").next().is_some()
                || message.values("transfer-encoding").next().is_some());
        method == b"CONNECT" || (!is_safe && has_content)
    })
}
