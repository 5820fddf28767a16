//! The command as people meet it: exit codes, messages, and what must never show.

use std::path::Path;
use std::process::{Command, Output};

use startline::reference::{Behaviour, Reference, mutant};

fn startline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_startline")).args(args).output().expect("the command runs")
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// The command ends with `code` and says `told` on stderr, without a panic.
fn refuses(args: &[&str], code: i32, told: &str) {
    let output = startline(args);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
    assert!(stderr.contains(told), "{args:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
}

#[test]
fn bad_input_gets_a_clear_message_and_exit_code_2() {
    refuses(&["audit"], 2, "<URL>");
    refuses(&["audit", "127.0.0.1:8080"], 2, "looks like http://");
    refuses(&["audit", "ftp://127.0.0.1/"], 2, "not http, https");
    refuses(&["audit", "http://127.0.0.1/", "--only", "no-such-check"], 2, "no-such-check");
    refuses(&["audit", "http://127.0.0.1/", "--exclude", "*"], 2, "no check is left");
    refuses(&["audit", "http://127.0.0.1/", "--format", "yaml"], 2, "yaml");
    refuses(&["audit", "http://127.0.0.1/", "--format", "json=/no/such/folder/x"], 2, "cannot write to");
    refuses(&["audit", "http://127.0.0.1/", "--format", "json", "--format", "human"], 2, "only one");
    refuses(&["audit", "http://127.0.0.1/", "--header", "no colon"], 2, "not a field line");
    refuses(&["audit", "http://127.0.0.1/", "--jobs", "0"], 2, "0");
    refuses(&["audit", "https://127.0.0.1/", "--ca", "/no/such/file"], 2, "/no/such/file");
    refuses(&["audit", "http://127.0.0.1/", "--checks", "/no/such/folder"], 2, "/no/such/folder");
    refuses(&["audit", "http://no-such-host.invalid/"], 2, "no-such-host.invalid");
    refuses(&["explain", "no-such-rule"], 2, "no-such-rule");
    refuses(&["serve", "--fault", "no-such-fault"], 2, "no-such-fault");
    refuses(&["serve", "--listen", "192.0.2.1:1"], 2, "cannot listen");
    refuses(&["servers", "no-such-server"], 2, "");
    refuses(&["servers"], 2, "<NAME>");
    refuses(&["servers", "nginx", "--save", "--only", "host-missing"], 2, "cannot be used with");
    refuses(&["no-such-command"], 2, "no-such-command");
}

#[test]
fn an_unreachable_target_leaves_a_complete_report() {
    // A port that nobody listens on: bound once, and let go of.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = startline(&["audit", &format!("http://127.0.0.1:{port}/"), "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let target = &report["targets"][0];
    assert!(target["problem"].as_str().unwrap().contains("cannot connect"), "{target}");
    let checks = target["checks"].as_array().unwrap();
    assert!(checks.len() >= 120 && checks.iter().all(|check| check["verdict"] == "not-judged"));
}

#[test]
fn a_broken_check_file_is_told_by_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "[[check]]\nid = \"mine\"\nrule = \"no-such-rule\"\ntitle = \"x\"\nsend = \"\"\n").unwrap();
    let dir = folder.path().to_str().unwrap();
    refuses(&["list", "--checks", dir, "--validate"], 2, "mine.toml:3:8: there is no rule");
    refuses(&["audit", "http://127.0.0.1/", "--checks", dir], 2, "mine.toml:3:8");
}

#[test]
fn help_names_only_commands_that_work() {
    let help = text(&startline(&["--help"]).stdout);
    for command in [
        "demo",
        "audit",
        "servers",
        "serve",
        "self-test",
        "list",
        "explain",
        "coverage",
        "corpus",
        "diff",
        "fuzz",
        "replay",
        "fingerprint",
        "pairs",
    ] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {help}");
        assert_eq!(startline(&[command, "--help"]).status.code(), Some(0), "{command}");
    }
    for later in ["lint", "trace", "compare"] {
        assert!(!help.lines().any(|line| line.trim_start().starts_with(later)), "{later} is not there yet");
    }
    assert!(!text(&startline(&["audit", "--help"]).stdout).contains("--baseline"), "--baseline is not there yet");
}

/// Several paths and credentials: found out about, carried by the command that repeats a finding, and kept secret.
#[test]
fn resources_are_told_and_credentials_are_not() {
    let mutant = mutant::by_name("host-missing:accept").unwrap();
    let faulty = Reference::start("127.0.0.1:0", mutant.behaviour.clone()).unwrap();
    let url = faulty.url();
    let folder = tempfile::tempdir().unwrap();
    let needy = |id: &str, need: &str| {
        format!(
            "[[check]]\nid = \"{id}\"\nrule = \"host-missing\"\nneeds = \"{need}\"\ntitle = \"x\"\n\
             control = {{ replace = \"X: {{token}}\", with = \"Host: {{host}}\" }}\n\
             send = '''\nGET {{path}} HTTP/1.1\nX: {{token}}\n\n'''\n"
        )
    };
    let checks = needy("mine-ranges", "ranges") + &needy("mine-tls", "tls");
    std::fs::write(folder.path().join("mine.toml"), checks).unwrap();
    let mut args = vec!["audit", &url, "--only", "mine-*", "--checks", folder.path().to_str().unwrap()];
    args.extend(["--path", "/", "--path", "/fixed", "--path", "/private", "--credentials", "startline:startline"]);
    let human = text(&startline(&args).stdout);
    for told in [
        "/fixed (200): content, etag, strong-etag, last-modified, validators, ranges",
        "/private (401): authentication, credentials",
        "for want of an https target",
        "--path / --path /fixed --path /private --credentials [redacted]",
    ] {
        assert!(human.contains(told), "{told}: {human}");
    }
    assert!(!human.contains("startline:startline"), "{human}");
    args.extend(["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&startline(&args).stdout).unwrap();
    let target = &json["targets"][0];
    assert_eq!(target["needs"]["tls"], "an https target");
    assert_eq!(target["calibration"]["resources"][1]["etag"], "\"fixed-1\"");
    assert_eq!(target["calibration"]["resources"][2]["opened"], 200);
    let verdict = |id: &str| {
        let checks = target["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == id).map(|check| (check["verdict"].clone(), check["needs"].clone()))
    };
    assert_eq!(verdict("mine-ranges"), Some(("fail".into(), serde_json::Value::Null)));
    assert_eq!(verdict("mine-tls"), Some(("not-judged".into(), "tls".into())));
    refuses(&["audit", &url, "--credentials", "s3cr3t"], 2, "USER:PASSWORD");
}

#[test]
fn the_catalogue_can_be_listed_and_explained_as_text_and_as_json() {
    let json = |args: &[&str]| -> serde_json::Value { serde_json::from_slice(&startline(args).stdout).unwrap() };
    let checks = json(&["list", "checks", "--json"]);
    let rules = json(&["list", "rules", "--json"]);
    assert!(checks.as_array().unwrap().len() >= 120 && rules.as_array().unwrap().len() >= 60);
    for id in [checks[0]["id"].as_str().unwrap(), rules[0]["id"].as_str().unwrap(), "obs-fold"] {
        assert_eq!(json(&["explain", id, "--json"])["rule"]["rfc"].as_u64().map(|rfc| rfc > 9000), Some(true));
        assert!(text(&startline(&["explain", id]).stdout).contains(id));
    }
    let plus = json(&["explain", "content-length-plus-sign", "--json"]);
    assert_eq!((&plus["good"]["verdict"], &plus["bad"]["verdict"]), (&"pass".into(), &"fail".into()));
    assert_eq!(plus["bad"]["fault"], "content-length-invalid:plus");
    let page = text(&startline(&["explain", "host-missing"]).stdout);
    for part in ["Why it matters", "Whom it binds", "A good and a bad answer", "HTTP/1.1 400 Bad Request"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(text(&startline(&["list", "--validate"]).stdout).contains("all proved"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../servers");
    let servers = json(&["list", "servers", "--servers", folder.to_str().unwrap(), "--json"]);
    assert!(servers.as_array().unwrap().len() >= 8);
}

#[test]
fn pages_are_written_and_those_of_others_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("mine.md"), "mine\n").unwrap();
    std::fs::write(at("gone.md"), "<!-- Generated by `startline explain --markdown DIR`; do not edit. -->\n").unwrap();
    let output = startline(&["explain", "--markdown", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(at("README.md").exists() && at("obs-fold.md").exists() && at("mine.md").exists());
    assert!(!at("gone.md").exists());
    refuses(&["explain"], 2, "<ID");
    refuses(&["explain", "obs-fold", "--markdown", "x"], 2, "cannot be used with");
}

#[test]
fn the_page_of_the_servers_needs_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let (page, servers) = (folder.path().join("page.md"), Path::new(env!("CARGO_MANIFEST_DIR")).join("../servers"));
    let argument = format!("--page={}", page.display());
    let output = startline(&["servers", "--servers", servers.to_str().unwrap(), &argument]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(std::fs::read_to_string(page).unwrap().contains("# Real servers"));
}

#[test]
fn the_demo_finds_exactly_what_it_switched_on() {
    let output = startline(&["demo"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("exactly those were found"));
}

#[test]
fn exit_codes_follow_the_verdicts() {
    let clean = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let only = ["--only", "host-*", "--min-judged", "0"];
    let audit = |url: &str, more: &[&str]| {
        let args: Vec<&str> = ["audit", url].into_iter().chain(only).chain(more.iter().copied()).collect();
        startline(&args).status.code()
    };
    assert_eq!(audit(&clean.url(), &[]), Some(0));
    let mutant = mutant::by_name("host-missing:accept").unwrap();
    let faulty = Reference::start("127.0.0.1:0", mutant.behaviour.clone()).unwrap();
    assert_eq!(audit(&faulty.url(), &[]), Some(1));
    assert_eq!(audit(&faulty.url(), &["--exclude", "host-missing"]), Some(0));
    // A SHOULD counts only if it is asked for.
    let mutant = mutant::by_name("request-target-fragment:keep").unwrap();
    let lax = Reference::start("127.0.0.1:0", mutant.behaviour.clone()).unwrap();
    let fragment = |more: &[&str]| {
        let url = lax.url();
        let args: Vec<&str> =
            ["audit", &url, "--only", "request-target-fragment"].into_iter().chain(more.iter().copied()).collect();
        startline(&args).status.code()
    };
    assert_eq!((fragment(&[]), fragment(&["--fail-on", "warn"])), (Some(0), Some(1)));
    // Several targets: one with findings decides.
    let (clean_url, faulty_url) = (clean.url(), faulty.url());
    let both = startline(&["audit", &clean_url, &faulty_url, "--only", "host-missing"]);
    assert_eq!(both.status.code(), Some(1));
}

#[test]
fn a_finding_comes_with_a_command_that_repeats_it_and_without_the_secret() {
    let mutant = mutant::by_name("host-missing:accept").unwrap();
    let faulty = Reference::start("127.0.0.1:0", mutant.behaviour.clone()).unwrap();
    let url = faulty.url();
    let secret = "Bearer s3cr3t-w0rd";
    let header = format!("Authorization: {secret}");
    for format in ["human", "json"] {
        let output = startline(&["audit", &url, "--only", "host-missing", "--header", &header, "--format", format]);
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert!(shown.contains("Authorization: [redacted]"), "{shown}");
        assert!(!shown.contains("s3cr3t-w0rd"), "{shown}");
        assert_eq!(output.status.code(), Some(1));
        if format == "human" {
            assert!(shown.contains("--only host-missing"), "{shown}");
        }
    }
}

#[test]
fn json_has_the_shape_that_is_promised() {
    let mutant = mutant::by_name("content-length-invalid:plus").unwrap();
    let faulty = Reference::start("127.0.0.1:0", mutant.behaviour.clone()).unwrap();
    let output = startline(&["audit", &faulty.url(), "--only", "content-length-plus-sign", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["tool"]["name"], "startline");
    assert_eq!(report["catalogue"].as_str().unwrap().len(), 16);
    let target = &report["targets"][0];
    assert_eq!(target["summary"]["fail"], 1);
    let check = &target["checks"][0];
    for (key, value) in [
        ("id", "content-length-plus-sign"),
        ("rule", "content-length-invalid"),
        ("section", "6.3"),
        ("level", "MUST"),
        ("role", "origin server"),
        ("impact", "framing"),
        ("verdict", "fail"),
    ] {
        assert_eq!(check[key], value, "{key}");
    }
    assert_eq!(check["rfc"], 9112);
    let exchange = &check["exchanges"][1];
    assert_eq!(exchange["purpose"], "check");
    let sent = startline_parser::notation::decode(exchange["sent"][0].as_str().unwrap()).unwrap();
    assert!(String::from_utf8(sent).unwrap().contains("Content-Length: +5\r\n"));
    assert!(exchange["received"][0].as_str().unwrap().starts_with("HTTP/1.1 200 OK\\r\\n"));
    assert!(exchange["timeline"].as_array().unwrap().len() >= 3);
}
