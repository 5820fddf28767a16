//! Reference servers with faults of their own, held beside each other.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use super::compare::Degree;
use super::source::{Source, comparable};
use super::{Diff, Options, diff};
use crate::check::{Check, builtin};
use crate::corpus::Corpus;
use crate::fuzz::site::Site;
use crate::reference::{Behaviour, Reference, Running, mutant};
use crate::target::{Target, TargetOptions};

const OPTIONS: Options =
    Options { jobs: 16, rate: None, deadline: Duration::from_secs(60), authorised: false, bounds: None };

/// Reference servers, each with a fault or with none.
async fn servers(faults: &[&str]) -> (Vec<Running>, Vec<Target>) {
    let (mut running, mut targets) = (Vec::new(), Vec::new());
    for fault in faults {
        let behaviour = mutant::by_name(fault).map_or_else(Behaviour::default, |mutant| mutant.behaviour.clone());
        let server = Reference::start("127.0.0.1:0", behaviour).unwrap();
        targets.push(Target::resolve(&server.url(), &TargetOptions::default()).await.unwrap());
        running.push(server);
    }
    (running, targets)
}

fn checks(targets: &[Target], wanted: impl Fn(&Check) -> bool) -> Source {
    let all: Vec<Arc<Check>> = builtin().iter().filter(|check| wanted(check)).cloned().map(Arc::new).collect();
    Source::Checks(comparable(&all, targets, true))
}

/// For each disagreement its degree, the first rule, and who is wrong.
fn told(diff: &Diff) -> Vec<(Degree, &'static str, Vec<usize>)> {
    let of = |case: &super::case::Disagreement| {
        (case.degree, case.rules.first().map_or("none", |rule| rule.id), case.wrong().collect())
    };
    diff.disagreements.iter().filter(|case| case.counts()).map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_servers_agree_about_every_check() {
    let (_running, targets) = servers(&["", ""]).await;
    let source = checks(&targets, |_| true);
    let diff = diff(targets, source, &OPTIONS, pending()).await;
    assert!(diff.played > 100 && diff.agreed == diff.played, "{}", diff.played);
    assert_eq!(told(&diff), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_with_the_fault_is_told_among_three() {
    for (fault, degree, rule) in [
        ("content-length-invalid:plus", Degree::Accepts, "content-length-invalid"),
        ("host-missing:hang", Degree::Accepts, "host-missing"),
        ("chunk-extension:reject", Degree::Accepts, "chunk-extension"),
        ("length-and-transfer-encoding:coding-persist", Degree::Accepts, "length-and-transfer-encoding"),
    ] {
        let (_running, targets) = servers(&["", fault, ""]).await;
        let source = checks(&targets, |check| check.rule.id == rule);
        let diff = diff(targets, source, &OPTIONS, pending()).await;
        let found = told(&diff);
        assert!(!found.is_empty(), "{fault}: {diff:?}");
        assert_eq!(found[0], (degree, rule, vec![1]), "{fault}: {found:?}");
        assert_eq!(diff.disagreements[0].clusters, [Some(0), Some(1), Some(0)], "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_faults_is_its_own_disagreement() {
    let faults = ["host-missing:accept", "content-length-invalid:plus", ""];
    let (_running, targets) = servers(&faults).await;
    let source = checks(&targets, |check| matches!(check.rule.id, "host-missing" | "content-length-invalid"));
    let diff = diff(targets, source, &OPTIONS, pending()).await;
    let mut found = told(&diff);
    found.sort();
    let wanted = [(Degree::Accepts, "content-length-invalid", vec![1]), (Degree::Accepts, "host-missing", vec![0])];
    assert_eq!(found, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_a_corpus_is_made_smaller_and_says_who_misreads() {
    let (_running, targets) = servers(&["", "body-read:octal"]).await;
    let dir = tempfile::tempdir().unwrap();
    let site = Site { host: "a.test".to_owned(), path: "/".to_owned(), scheme: "http" };
    let mut corpus = Corpus::open_or_begin(dir.path(), &site).unwrap();
    let stream =
        b"POST / HTTP/1.1\r\nHost: a.test\r\nX-A: b, c\r\nAccept: */*\r\nContent-Length: 010\r\n\r\n0123456789";
    corpus.add(stream).unwrap();
    corpus.add(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").unwrap();
    let diff = diff(targets, Source::Corpus(corpus), &OPTIONS, pending()).await;
    assert_eq!((diff.played, diff.agreed), (2, 1));
    let case = &diff.disagreements[0];
    assert_eq!((case.degree, case.wrong().collect::<Vec<_>>()), (Degree::Reads, vec![1]));
    let sent = String::from_utf8(case.cells[0].sent.clone()).unwrap();
    assert!(sent.contains("010") && !sent.contains("Accept"), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_not_there_is_left_out_and_said_so() {
    let (_running, mut targets) = servers(&["", ""]).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = Target::resolve(&format!("http://127.0.0.1:{port}/"), &TargetOptions::default()).await.unwrap();
    targets.insert(1, nobody);
    let source = checks(&targets, |check| check.rule.id == "host-missing");
    let diff = diff(targets, source, &OPTIONS, pending()).await;
    let met: Vec<bool> = diff.parties.iter().map(|party| party.calibration.is_ok()).collect();
    assert_eq!(met, [true, false, true]);
    assert!(diff.played > 0 && diff.disagreements.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_interrupts_gets_what_is_known() {
    let (_running, targets) = servers(&["", ""]).await;
    let source = checks(&targets, |_| true);
    let diff = diff(targets, source, &OPTIONS, tokio::time::sleep(Duration::from_millis(1))).await;
    assert_eq!(diff.cut_short, Some(crate::runner::CutShort::Interrupted));
    assert_eq!(diff.parties.len(), 2);
}
