//! `startline diff` as people meet it.

use std::process::{Command, Output};

use startline::reference::{Behaviour, Reference, Running, mutant};

fn startline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_startline")).args(args).output().expect("the command runs")
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn reference() -> Running {
    Reference::start("127.0.0.1:0", Behaviour::default()).unwrap()
}

fn with(fault: &str) -> Running {
    Reference::start("127.0.0.1:0", mutant::by_name(fault).unwrap().behaviour.clone()).unwrap()
}

#[test]
fn who_is_wrong_is_told_with_the_sentence_and_the_octets() {
    let (good, bad) = (reference(), with("content-length-invalid:plus"));
    let (a, b) = (good.url(), bad.url());
    let args = ["diff", &a, &b, "--only", "content-length-invalid,host-missing", "--header", "X-Key: s3cr3t"];
    let output = startline(&args);
    let human = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{human}");
    for told in [
        "accepts differently",
        "content-length-invalid",
        "wrong     B: content-length-invalid (RFC 9112 section 6.3, MUST, framing impact)",
        "Content-Length: +5\\r\\n",
        "--header 'X-Key: [redacted]' --only content-length-plus-sign",
        "1 disagreement: 1 in which somebody is wrong",
    ] {
        assert!(human.contains(told), "{told}: {human}");
    }
    assert!(!human.contains("s3cr3t"), "{human}");

    let json = startline(&[&args[..], &["--format", "json"]].concat());
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let case = &report["disagreements"][0];
    assert_eq!((&report["schema"], &case["degree"]), (&1.into(), &"accepts".into()));
    assert_eq!(case["wrong"], serde_json::json!(["B"]));
    assert_eq!(case["clusters"], serde_json::json!([["A"], ["B"]]));
    assert_eq!(case["cells"][1]["blamed"][0]["section"], "6.3");
    assert!(!text(&json.stdout).contains("s3cr3t"));
}

#[test]
fn equal_servers_have_no_disagreement() {
    let (one, two) = (reference(), reference());
    let output =
        startline(&["diff", &one.url(), &two.url(), "--source", "generator", "--seed", "7", "--requests", "50"]);
    let human = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{human}");
    assert!(human.contains("no disagreement") && human.contains("--seed 7"), "{human}");
}

#[test]
fn what_was_saved_shows_the_same_again() {
    let (good, bad) = (reference(), with("host-missing:accept"));
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("kept");
    let dir = dir.to_str().unwrap();
    let output = startline(&["diff", &good.url(), &bad.url(), "--only", "host-missing", "--save", dir]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let output = startline(&["diff", &bad.url(), &good.url(), "--corpus", dir]);
    let human = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{human}");
    assert!(human.contains("wrong     A: host-missing"), "{human}");
}

#[test]
fn bad_input_gets_a_clear_message_and_exit_code_2() {
    for (args, told) in [
        (&["diff"][..], "two URLs or more"),
        (&["diff", "http://127.0.0.1/"], "two URLs or more"),
        (&["diff", "http://127.0.0.1/", "127.0.0.1:80"], "looks like http://"),
        (&["diff", "http://127.0.0.1/", "http://192.0.2.1/", "--source", "generator"], "--i-am-authorised"),
        (&["diff", "http://127.0.0.1/", "http://127.0.0.1:81/", "--corpus", "/no/such/folder"], "/no/such/folder"),
        (&["diff", "http://127.0.0.1/", "http://127.0.0.1:81/", "--only", "no-such-check"], "no-such-check"),
    ] {
        let output = startline(args);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(told), "{args:?}: {stderr}");
    }
}

#[test]
fn one_target_that_answers_is_not_enough() {
    let good = reference();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = startline(&["diff", &good.url(), &format!("http://127.0.0.1:{port}/")]);
    let human = text(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{human}");
    assert!(human.contains("left out: cannot connect"), "{human}");
}
