//! One attempt at a check that is an exchange: control, check, flights, judgement.

use std::time::Duration;

use crate::calibrate::canary;
use crate::check::{Check, Step, octets_of};
use crate::exchange::{Exchange, Patience};
use crate::field::tag::EntityTag;
use crate::judge::exchange::{Evidence, Known, answers_of, can_be_accepted, judge, methods_of};
use crate::judge::outcome::{Outcome, outcome};
use crate::judge::{Judgement, expectation, permitted_requests};
use crate::observation::{Observation, Purpose};
use crate::probe::Context;
use crate::resource::Need;
use crate::rule::{self, Action, Impact, Kind, On, Role};
use crate::target::token;
use crate::wire::Values;

/// Plays a check with everything that its judgement needs.
pub(super) async fn exchange(
    context: &Context,
    check: &Check,
    steps: &[Step],
    control: &[Step],
    patience: Patience,
) -> (Judgement, Vec<Observation>) {
    let values = check.needs.map_or_else(|| context.target.values(), |need| context.values(need));
    let token = token();
    let close_token = closes(check).then_some(token.as_str());
    let control_token = close_token.filter(|_| closes_control(check, control, &values));
    let control_observation = play(context, Purpose::Control, control, &values, patience, control_token).await;
    let observation = play(context, Purpose::Check, steps, &values, patience, close_token).await;
    let mut evidence = Evidence {
        control: control_observation,
        check: observation,
        flight: None,
        control_flight: None,
        sent: octets_of(steps, &values),
        token,
    };
    if wants_flight(check, steps, &evidence, context.calibration.pipelining) {
        evidence.flight = Some(flight(context, steps, &values, &evidence.token, patience).await);
        evidence.control_flight = Some(flight(context, control, &values, &evidence.token, patience).await);
    }
    // What was sent may carry fields of the user's; the octets before the canary are the check.
    if let Some(flight) = &evidence.flight {
        evidence.sent =
            flight.sent.iter().filter(|sent| !sent.is_canary).flat_map(|sent| sent.piece.octets.clone()).collect();
    }
    if let Some(judgement) = check.needs.and_then(|need| changed(context, need, &evidence.control)) {
        return (judgement, vec![evidence.control, evidence.check]);
    }
    let known = Known { sign: context.calibration.canary, echoes: context.calibration.echoes };
    let judgement = judged(check, &evidence, known);
    let Evidence { control, check, flight, .. } = evidence;
    (judgement, [Some(control), Some(check), flight].into_iter().flatten().collect())
}

/// Nothing can be said of preconditions and ranges where the resource is no more what it was when it was looked at.
fn changed(context: &Context, need: Need, control: &Observation) -> Option<Judgement> {
    let resource = context.resource(need).ok()?;
    let answers = answers_of(control);
    let answer = answers.iter().find(|answer| answer.status.is_some_and(|status| status / 100 == 2))?;
    let etag = resource.etag.as_ref().map(EntityTag::octets);
    let modified = resource.last_modified.as_ref().map(|(text, _)| text.as_bytes());
    let is_other = |name: &str, known: Option<&[u8]>| {
        known.is_some_and(|known| answer.field(name).is_some_and(|value| value != known))
    };
    let is_changed = is_other("etag", etag.as_deref()) || is_other("last-modified", modified);
    is_changed.then(|| Judgement::not_judged("the resource has changed since it was looked at"))
}

/// The verdict on a check, by its own expectation or by its rule.
pub(crate) fn judged(check: &Check, evidence: &Evidence, known: Known) -> Judgement {
    match &check.expect {
        Some(expect) if check.rule.kind == Kind::Duty => expectation::judge(check.rule, expect, evidence, known),
        expect => {
            let named = expect.as_ref().map_or(&[][..], |expect| &expect.status);
            judge(check.rule, &check.also, named, evidence, known)
        }
    }
}

/// A control that asks for the close itself is watched for it as well.
pub(crate) fn closes_control(check: &Check, control: &[Step], values: &Values) -> bool {
    let asks = octets_of(control, values).to_ascii_lowercase().windows(5).any(|word| word == b"close");
    asks && check.rule.kind == Kind::Duty
}

/// Whether the judgement hangs on the connection being closed afterwards.
pub(crate) fn closes(check: &Check) -> bool {
    let by_rule =
        check.rules().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request)).any(|r| r.action.closes());
    by_rule || check.expect.as_ref().is_some_and(|expect| expect.closed == Some(true))
}

/// A flight tells something where the end of the message is at stake and the check was not refused; it needs steps that
/// can be sent at once.
pub(crate) fn wants_flight(check: &Check, steps: &[Step], evidence: &Evidence, pipelining: bool) -> bool {
    let at_once = steps.iter().all(|step| matches!(step, Step::Send(_)));
    let served = matches!(outcome(&evidence.check, &answers_of(&evidence.check)), Outcome::Served(_));
    // Of duties, those about where the message ends; others have their expectation.
    let framing_duties = [&rule::BODY_READ, &rule::CHUNKED_DECODED, &rule::HEAD_WITHOUT_CONTENT];
    let mut reactions = check.rules().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request));
    let can_be_misread = reactions.any(|reaction| reaction.action == Action::NotMisread);
    let is_wanted = match check.rule.kind {
        Kind::Duty if !can_be_misread => framing_duties.contains(&check.rule),
        _ => served,
    };
    // Where none can be accepted, serving is wrong however it was read, except that a length can be misread.
    let tells = || can_be_misread || can_be_accepted(&permitted_requests(&evidence.sent));
    check.rule.impact == Impact::Framing && at_once && pipelining && is_wanted && tells()
}

/// Plays steps on a fresh connection and waits for the answers. With a token, the connection is then watched for its
/// close, and a canary sent if it stays open.
async fn play(
    context: &Context,
    purpose: Purpose,
    steps: &[Step],
    values: &Values,
    patience: Patience,
    token: Option<&str>,
) -> Observation {
    context.pace.turn().await;
    let mut methods = methods_of(&octets_of(steps, values));
    let wanted = methods.len().max(1);
    methods.push(b"GET".to_vec());
    let mut exchange =
        Exchange::open(&context.target, purpose, methods, patience).await.segmented(context.segmentation);
    exchange.play(steps, values).await;
    exchange.answers(wanted).await;
    if let Some(token) = token
        && exchange.is_open()
        && exchange.finals() > 0
    {
        exchange.close_due().await;
        if exchange.is_open() {
            let finals = exchange.finals();
            exchange.send(&canary(&context.target, token), true).await;
            exchange.answers(finals + 1).await;
        }
    }
    exchange.finish()
}

/// Sends the steps and a canary in one segment, and waits for all answers.
async fn flight(context: &Context, steps: &[Step], values: &Values, token: &str, patience: Patience) -> Observation {
    context.pace.turn().await;
    let octets = octets_of(steps, values);
    let octets = crate::wire::with_fields(&octets, &values.host, &context.target.fields);
    let mut methods = methods_of(&octets);
    let wanted = methods.len() + 1;
    methods.push(b"GET".to_vec());
    let mut exchange =
        Exchange::open(&context.target, Purpose::Canary, methods, patience).await.segmented(context.segmentation);
    exchange.send_flight(&octets, &canary(&context.target, token)).await;
    exchange.answers(wanted).await;
    // One answer too many comes right behind the last one that was awaited.
    let latency = context.calibration.latency_worst * 2 + Duration::from_millis(5);
    exchange.linger(latency.min(patience.quiet)).await;
    exchange.finish()
}
