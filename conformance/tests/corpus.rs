//! `startline corpus` as people meet it.

use std::path::Path;
use std::process::{Command, Output};

fn startline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_startline")).args(args).output().expect("the command runs")
}

fn begin(dir: &Path, host: &str, streams: &[&str]) {
    std::fs::create_dir(dir).unwrap();
    std::fs::write(dir.join("corpus.toml"), format!("schema = 1\nhost = \"{host}\"\npath = \"/\"\n")).unwrap();
    for (at, stream) in streams.iter().enumerate() {
        std::fs::write(dir.join(at.to_string()), stream).unwrap();
    }
}

#[test]
fn corpora_of_several_targets_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    begin(&path("a"), "a.test", &["GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"]);
    let of_b = ["GET / HTTP/1.1\r\nHost: b.test:80\r\n\r\n", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"];
    begin(&path("b"), "b.test:80", &of_b);
    let output = startline(&["corpus", "merge", &text("out"), &text("a"), &text("b")]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.contains("b: 1 added, 1 known, 0 passed over") && stdout.contains("out: 2 inputs"), "{stdout}");

    let output = startline(&["corpus", "list", &text("out"), "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["inputs"], &report["without_fault"], &report["host"]),
        (&2.into(), &1.into(), &"a.test".into())
    );
    assert_eq!(report["faults"]["host-missing"], 1);
    let output = startline(&["corpus", "list", &text("out")]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("host-missing"));
}

#[test]
fn a_folder_that_is_not_there_leaves_nothing_begun() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = startline(&["corpus", "merge", out.to_str().unwrap(), "/no/such/folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("/no/such/folder"));
    assert!(!out.exists());
}
