//! Asking for each of several given paths, for duties that any resource can show.

use super::Context;
use super::talk;
use crate::answers::Answer;
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Resource;
use crate::wire::Values;

/// More paths than this are not asked for.
const PATHS_MOST: usize = 6;

/// The values of the given paths that serve, and of the first PATHS_MOST only.
pub(super) fn values(context: &Context, serves: impl Fn(&Resource) -> bool) -> Vec<Values> {
    let resources = context.calibration.resources.iter().filter(|resource| serves(resource));
    resources.take(PATHS_MOST).map(|resource| resource.values(&context.target)).collect()
}

/// One request on a connection of its own. The fields are lines in the notation of checks.
pub(super) async fn ask(
    context: &Context,
    purpose: Purpose,
    method: &str,
    fields: &str,
    values: &Values,
) -> Observation {
    let octets = context.octets(&format!("{method} {{path}} HTTP/1.1\nHost: {{host}}\n{fields}\n"), values);
    let mut exchange = context.open(purpose, &[method]).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// GET, something else, and GET again.
pub(super) async fn between(context: &Context, method: &str, fields: &str, values: &Values) -> [Observation; 3] {
    [
        ask(context, Purpose::Control, "GET", "", values).await,
        ask(context, Purpose::Check, method, fields, values).await,
        ask(context, Purpose::Control, "GET", "", values).await,
    ]
}

/// The two answers to GET, if they are complete and of the same status and content, and that between them.
pub(super) fn steady(exchanges: &[Observation]) -> Option<[Answer; 3]> {
    let [first, check, second] = exchanges else { return None };
    let (first, second) = (talk::complete(first)?, talk::complete(second)?);
    let check = talk::complete(check)?;
    (first.status == second.status && first.content == second.content).then_some([first, check, second])
}

/// All values of a field, in order.
pub(super) fn lines<'a>(answer: &'a Answer, name: &str) -> Vec<&'a [u8]> {
    let is_named = |(field, _): &&(Vec<u8>, Vec<u8>)| field.eq_ignore_ascii_case(name.as_bytes());
    answer.fields.iter().filter(is_named).map(|(_, value)| &value[..]).collect()
}

/// What the judgements of several paths come to: the first that is flagged, or else the first that is judged at all.
pub(super) fn worst(judgements: Vec<Judgement>, none: &str) -> Judgement {
    let place = |verdict: Verdict| usize::from(!verdict.is_finding()) + usize::from(!verdict.is_judged());
    judgements
        .into_iter()
        .min_by_key(|judgement| place(judgement.verdict))
        .unwrap_or_else(|| Judgement::not_judged(none))
}
