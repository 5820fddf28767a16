//! The judgement on recorded observations, and thresholds against the reference server.

use super::*;
use crate::calibrate::{Bounds, calibrate};
use crate::observation::Ended;
use crate::probe::recorded::{GET, OK, dead, good, seen, seen_dying, status, turn};
use crate::reference::{Behaviour, Deed, LIMITS, Manner, Reference};
use crate::runner::Pace;
use crate::target::{Target, TargetOptions};

/// Surroundings for a target that is never talked to.
pub(in crate::probe) async fn context(url: &str) -> Context {
    let target = Target::resolve(url, &TargetOptions::default()).await.unwrap();
    let patience = Patience {
        connect: Duration::from_secs(2),
        quiet: Duration::from_millis(150),
        exchange: Duration::from_secs(3),
        close: Duration::from_millis(150),
    };
    let calibration = crate::calibrate::Calibration::assumed(patience);
    Context::new(target, calibration, Pace::new(None))
}

fn verdict(what: What, received: &str, ended: Ended) -> Verdict {
    judge(Level::Must, what, &seen(turn(GET, received, ended)), 9).verdict
}

#[test]
fn a_target_by_its_status() {
    let of = |code| verdict(What::RequestLine, &status(code), Ended::Fin);
    for (code, wanted) in
        [(414, Verdict::Pass), (431, Verdict::Warn), (400, Verdict::Warn), (413, Verdict::Warn), (500, Verdict::Warn)]
    {
        assert_eq!(of(code), wanted, "{code}");
    }
    assert_eq!(verdict(What::RequestLine, OK, Ended::Answered), Verdict::NotJudged);
}

#[test]
fn fields_by_their_status() {
    for what in [What::FieldLine, What::FieldSection, What::FieldCount] {
        for (code, wanted) in [(431, Verdict::Pass), (400, Verdict::Pass), (413, Verdict::Pass), (500, Verdict::Warn)] {
            assert_eq!(verdict(what, &status(code), Ended::Fin), wanted, "{what:?} {code}");
        }
    }
}

#[test]
fn closing_is_a_warning_and_silence_a_failure() {
    for what in What::ALL {
        assert_eq!(verdict(what, "", Ended::Reset), Verdict::Warn);
        assert_eq!(verdict(what, "", Ended::Fin), Verdict::Warn);
        assert_eq!(verdict(what, "", Ended::Quiet), Verdict::Fail);
    }
}

#[test]
fn not_judged_if_nothing_is_answered() {
    let dying = seen_dying(turn(GET, "", Ended::Quiet));
    assert_eq!(judge(Level::Must, What::FieldLine, &dying, 1).verdict, Verdict::NotJudged);
    let mut before = seen(turn(GET, &status(431), Ended::Fin));
    before.control = dead();
    assert_eq!(judge(Level::Must, What::FieldLine, &before, 1).verdict, Verdict::NotJudged);
}

#[test]
fn what_counts_as_taken() {
    let taken = |what, observation: &Observation| is_taken(what, 200, observation).ok();
    assert_eq!(taken(What::RequestLine, &good()), Some(true));
    let answered = |code| turn(GET, &status(code), Ended::Answered);
    assert_eq!(taken(What::RequestLine, &answered(404)), Some(true));
    assert_eq!(taken(What::FieldLine, &answered(404)), Some(false));
    assert_eq!(taken(What::FieldLine, &answered(301)), Some(true));
    assert_eq!(taken(What::FieldLine, &answered(503)), None);
    assert_eq!(taken(What::FieldLine, &turn(GET, "", Ended::Reset)), Some(false));
}

/// The limit that is found of a server that behaves so, and the verdict.
async fn found(behaviour: Behaviour, what: What) -> (Limit, Verdict) {
    let server = Reference::start("127.0.0.1:0", behaviour).unwrap();
    let target = Target::resolve(&server.url(), &TargetOptions::default()).await.unwrap();
    let known = calibrate(&target, 2, Bounds::of(AddressClass::Loopback), true).await.unwrap();
    let context = Context::new(target, known, Pace::new(None));
    let (judgement, _) = measure(Level::Must, &context, what).await;
    let limit = context.limits.get(what).unwrap();
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
    (limit, judgement.verdict)
}

fn sides(limit: &Limit) -> (Option<usize>, Option<usize>) {
    let size = |side: &Option<(usize, String)>| side.as_ref().map(|(size, _)| *size);
    (size(&limit.below), size(&limit.above))
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_are_found_to_the_octet() {
    let sound = Behaviour::default;
    let limited = |limits| sound().with_limits(limits);
    // Limits of the reference server count line ends.
    let line = limited(LIMITS.with_start_line(5_002));
    assert_eq!(sides(&found(line, What::RequestLine).await.0), (Some(5_000), Some(5_001)));
    let field = limited(LIMITS.with_field_line(7_779));
    assert_eq!(sides(&found(field, What::FieldLine).await.0), (Some(7_777), Some(7_778)));
    let many = limited(LIMITS.with_fields(77));
    assert_eq!(sides(&found(many, What::FieldCount).await.0), (Some(77), Some(78)));
    // The whole head: `GET / HTTP/1.1` with its line end, the section, the empty line.
    let section = limited(LIMITS.with_head(20_001));
    assert_eq!(sides(&found(section, What::FieldSection).await.0), (Some(19_983), Some(19_984)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_above_is_named() {
    let limits = LIMITS.with_field_line(5_002);
    let with = |manner| Behaviour::default().with_limits(limits).with(Deed::LargeFields(manner));
    let (limit, verdict) = found(with(Manner::Reset), What::FieldLine).await;
    assert_eq!((sides(&limit), verdict), ((Some(5_000), Some(5_001)), Verdict::Warn));
    assert!(limit.above.unwrap().1.contains("reset"));
    let (limit, verdict) = found(with(Manner::Status(400)), What::FieldLine).await;
    assert_eq!((limit.is_exact(), verdict), (true, Verdict::Pass));
    let (limit, verdict) = found(with(Manner::Status(500)), What::FieldLine).await;
    assert_eq!((limit.is_exact(), verdict), (true, Verdict::Warn));
    let ignored = Behaviour::default().with(Deed::LargeFieldsIgnored);
    assert_eq!(found(ignored, What::FieldLine).await.1, Verdict::Fail);
}
