//! The same check in other segments, and whether that changes its verdict.

use crate::check::{Check, Plan};
use crate::exchange::Patience;
use crate::judge::{Judgement, Verdict};
use crate::observation::Observation;
use crate::probe::Context;
use crate::segment::Segmentation;

use super::{CheckResult, attempt};

/// What a check came to in other segments than those of its result.
#[derive(Debug, Clone)]
pub struct Segmented {
    /// The segments.
    pub segmentation: Segmentation,
    /// The verdict and its reasons.
    pub judgement: Judgement,
    /// The exchanges, where the verdict is another one.
    pub exchanges: Vec<Observation>,
}

/// Whether other segments can be tried: the octets of a probe hang on the answers in between, and whether a 100 comes
/// hangs on how much of the content is there already (RFC 9110 section 10.1.1).
#[must_use]
pub fn applies(check: &Check) -> bool {
    let hangs_on_time = check.expect.as_ref().is_some_and(|expect| expect.interim.is_some());
    let is_expectation = check.rules().any(|rule| rule.section == "10.1.1");
    matches!(check.plan, Plan::Exchange { .. }) && !hangs_on_time && !is_expectation
}

/// Runs a check in each of the ways, and repeats what differs from its result.
pub(super) async fn others(
    context: &Context,
    check: &Check,
    result: &Judgement,
    ways: &[Segmentation],
    repeat: u32,
    patience: Patience,
) -> Vec<Segmented> {
    // Nothing differs from what is not stable.
    if !applies(check) || matches!(result.verdict, Verdict::Unstable | Verdict::Error) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for &segmentation in ways {
        let context = context.segmented(segmentation);
        let (mut judgement, mut exchanges) = attempt(&context, check, patience).await;
        for _ in 0..repeat.max(1) {
            if judgement.verdict == result.verdict {
                break;
            }
            let (again, more) = attempt(&context, check, patience.times(4)).await;
            if again.verdict != judgement.verdict && again.verdict != result.verdict {
                let why = format!("first {}, then {}: {}", judgement.verdict, again.verdict, again.why);
                judgement = Judgement::new(Verdict::Unstable, why, again.expected);
                exchanges = more;
                break;
            }
            (judgement, exchanges) = (again, more);
        }
        if judgement.verdict == result.verdict {
            exchanges.clear();
        }
        all.push(Segmented { segmentation, judgement, exchanges });
    }
    all
}

/// Whether a verdict changes with the segments. One that is not stable in them proves nothing.
#[must_use]
pub fn differs(result: &CheckResult) -> bool {
    let changes = |other: &Segmented| {
        other.judgement.verdict != result.judgement.verdict && other.judgement.verdict != Verdict::Unstable
    };
    result.segmented.iter().any(changes)
}

/// Adds to the result about segments what the other checks have shown of them.
pub(super) fn tell(results: &mut [CheckResult]) {
    let changed: Vec<String> = results.iter().filter(|result| differs(result)).map(|r| r.check.id.clone()).collect();
    if changed.is_empty() {
        return;
    }
    let rule = &crate::rule::SEGMENTATION_INDEPENDENT;
    for result in results.iter_mut().filter(|result| result.check.rule == rule) {
        let shown = changed.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        let more = if changed.len() > 8 { ", ..." } else { "" };
        let why = format!("other segments change the verdicts of {} checks: {shown}{more}", changed.len());
        let before = (result.judgement.verdict == Verdict::Note).then(|| format!("{}; ", result.judgement.why));
        let expected = std::mem::take(&mut result.judgement.expected);
        result.judgement = Judgement::new(Verdict::Note, before.unwrap_or_default() + &why, expected);
    }
}
