//! `startline fuzz` and `startline replay`, as a user runs them.

use std::path::Path;
use std::process::{Command, Output};

use startline::reference::{Behaviour, Reference, mutant};

fn startline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_startline")).args(arguments).output().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn faulty() -> startline::reference::Running {
    let behaviour = mutant::by_name("host-missing:accept").unwrap().behaviour.clone();
    Reference::start("127.0.0.1:0", behaviour).unwrap()
}

fn findings(dir: &Path) -> Vec<std::path::PathBuf> {
    let listing = std::fs::read_dir(dir.join("findings")).unwrap();
    listing.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_finding_is_kept_replayed_and_promoted() {
    let server = faulty();
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let checks = dir.path().join("found.toml");
    let (out_text, checks_text) = (out.to_str().unwrap(), checks.to_str().unwrap());
    let run = ["fuzz", &server.url(), "--seed", "1", "--requests", "3000", "--out", out_text, "--promote", checks_text];
    let output = startline(&run);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("host-missing") && shown.contains("RFC 9112 section 3.2, MUST"), "{shown}");
    let found = findings(&out);
    let finding = found.iter().find(|path| path.to_string_lossy().contains("host-missing.served")).unwrap();
    let octets = std::fs::read(finding.join("message.bin")).unwrap();
    assert!(octets.len() < 120, "{}", octets.escape_ascii());
    let again = startline(&["replay", finding.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1), "{}", text(&again.stdout));
    let right = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let elsewhere = startline(&["replay", finding.to_str().unwrap(), &right.url()]);
    assert_eq!(elsewhere.status.code(), Some(0), "{}", text(&elsewhere.stdout));
    let proved = startline(&["list", "--checks", dir.path().to_str().unwrap(), "--validate"]);
    assert_eq!(proved.status.code(), Some(0), "{}", text(&proved.stderr));
    assert!(std::fs::read_to_string(&checks).unwrap().contains("rule    = \"host-missing\""));
    // What is there is gone on with, and told again without being looked for.
    let on = startline(&["fuzz", &server.url(), "--requests", "200", "--out", out_text]);
    assert!(text(&on.stderr).contains("going on at input 3000"), "{}", text(&on.stderr));
    assert_eq!(on.status.code(), Some(1));
    assert!(std::fs::read_dir(out.join("corpus")).unwrap().count() > 20);
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let output =
        startline(&["fuzz", &server.url(), "--seed", "2", "--requests", "4000", "--no-out", "--fail-on", "warn"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn mistakes_get_an_answer_that_helps() {
    let refuses = |arguments: &[&str], told: &str| {
        let output = startline(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(told), "{arguments:?}: {}", text(&output.stderr));
    };
    refuses(&["fuzz", "127.0.0.1:8080"], "looks like http://");
    refuses(&["fuzz", "http://192.0.2.1/"], "--i-am-authorised");
    refuses(&["fuzz", "http://127.0.0.1:1/", "--no-out"], "cannot connect");
    refuses(&["fuzz", "http://127.0.0.1:1/", "--mix", "none"], "there are default, kept");
    refuses(&["fuzz", "http://127.0.0.1:1/", "--shard", "3/2"], "I from 1 to N");
    refuses(&["fuzz", "http://127.0.0.1:1/", "--out", "/dev/null/x"], "/dev/null/x");
    refuses(&["replay", "/nowhere.json"], "/nowhere.json");
}
