//! Starting and stopping with the smallest server there is: `http.server` of Python, and with things that are none.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::servers::load::tests::entry;
use crate::servers::{Cache, Entry, Error};

fn python() -> Entry {
    let mut entry = entry();
    let server = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"];
    entry.run.command = server.map(String::from).to_vec();
    entry
}

fn shell(script: &str) -> Entry {
    let mut entry = entry();
    entry.run.command = ["sh", "-c", script].map(String::from).to_vec();
    entry
}

fn cache() -> Cache {
    Cache::at("never-made")
}

#[test]
fn starts_answers_and_stops() {
    let running = python().start(&cache()).expect("python serves");
    assert!(running.is_alive() && running.took() > Duration::ZERO);
    assert!(running.url().starts_with("http://127.0.0.1:") && running.url().ends_with('/'), "{}", running.url());
    assert!(running.version().starts_with('3'), "{}", running.version());
    assert!(running.log_tail(5).contains("GET / HTTP/1.1"), "{}", running.log_tail(5));
    let (address, dir) = (running.address(), running.dir.path().to_path_buf());
    assert!(dir.exists());
    running.stop();
    assert!(TcpStream::connect(address).is_err() && !dir.exists());
}

#[test]
fn dropping_stops_too() {
    let running = python().start(&cache()).expect("python serves");
    let address = running.address();
    drop(running);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn files_preparations_and_the_environment_are_there_first() {
    let mut entry = python();
    entry.run.path = "/sub/a.txt".into();
    entry.run.files.insert("sub/a.txt".into(), "{port}".into());
    entry.run.files.insert("do".into(), "#!/bin/sh\nmv sub/a.txt \"$WHERE\"\n".into());
    entry.run.env.insert("WHERE".into(), "{dir}/sub/b.txt".into());
    entry.run.prepare = vec![vec!["{dir}/do".into()], ["cp", "sub/b.txt", "sub/a.txt"].map(String::from).to_vec()];
    let running = entry.start(&cache()).expect("python serves");
    let content = std::fs::read_to_string(running.dir.path().join("sub/b.txt")).expect("moved");
    assert_eq!(content, running.address().port().to_string());
}

#[test]
fn an_early_end_shows_the_log() {
    let error = shell("echo no such module >&2; exit 5").start(&cache()).expect_err("it ended");
    assert!(matches!(&error, Error::Exited { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("exit status: 5") && text.contains("no such module"), "{text}");
}

#[test]
fn never_ready_is_told_within_the_time() {
    let mut entry = shell("echo thinking; sleep 600");
    entry.run.ready = Duration::from_secs(1);
    let start = Instant::now();
    let error = entry.start(&cache()).expect_err("it never listens");
    assert!(matches!(&error, Error::NotReady { .. }) && error.to_string().contains("thinking"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn another_status_or_no_echo_is_not_ready() {
    let mut entry = python();
    entry.run.path = "/none".into();
    refused_for(&entry, "404");
    entry.run.path = "/".into();
    entry.run.echo = true;
    refused_for(&entry, "not with the echo");
}

/// The whole time for getting ready is spent on a server that never is, so it is short at first, and longer where the
/// machine is too busy for the server to have answered within it.
fn refused_for(entry: &Entry, reason: &str) {
    let mut entry = entry.clone();
    for seconds in [1, 4, 16, 64, 256] {
        entry.run.ready = Duration::from_secs(seconds);
        let error = entry.start(&cache()).expect_err("it is not ready");
        assert!(matches!(&error, Error::NotReady { .. }), "{error}");
        if error.to_string().contains(reason) {
            return;
        }
    }
    panic!("it was never refused for {reason}");
}

#[test]
fn a_taken_port_is_tried_again() {
    let mut entry = python();
    let flag = tempfile::tempdir().expect("a folder");
    let path = flag.path().join("second");
    let script = format!(
        "if [ -e {0} ]; then exec python3 -m http.server --bind 127.0.0.1 {{port}}; fi; : > {0}; echo Address already in use; exit 1",
        path.display()
    );
    entry.run.command = ["sh".into(), "-c".into(), script].to_vec();
    entry.start(&cache()).expect("the second port is free");
}

#[test]
fn a_failing_preparation_is_the_error() {
    let mut entry = python();
    entry.run.prepare = vec![["sh", "-c", "echo cannot; exit 1"].map(String::from).to_vec()];
    let error = entry.start(&cache()).expect_err("prepared").to_string();
    assert!(error.contains("cannot"), "{error}");
}
