//! What the loader accepts, and how it refuses the rest: with the place.

use std::path::Path;
use std::time::Duration;

use super::{Catalogue, Entry};
use crate::servers::{Error, Known, Registry};

const GOOD: &str = r#"name = "one"
title = "One"
role = "origin"

[package]
registry = "pypi"
install = ["flask==3.1.3"]

[version]
command = ["{venv}/bin/python", "-V"]

[run]
command = ["{venv}/bin/python", "x.py", "{port}"]
echo = true
files = { "x.py" = "print({dir})" }

[[deviation]]
checks = ["a-check"]
verdict = "warn"
version = "3.1.9"
reason = "it does"
"#;

/// An entry for other tests: Python, which is there already.
pub(in crate::servers) fn entry() -> Entry {
    let text = GOOD.replace("pypi", "preinstalled").replace("\"flask==3.1.3\"", "");
    let text = text.replace("{venv}/bin/python", "python3").replace("echo = true\n", "");
    load(&text).expect("a good entry")
}

fn load(text: &str) -> Result<Entry, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one.toml");
    std::fs::write(&path, text).expect("written");
    Entry::load(&path)
}

/// Loads the good entry with one part replaced; returns line, column and message.
fn refusal(part: &str, by: &str) -> (usize, usize, String) {
    assert!(GOOD.contains(part), "{part}");
    match load(&GOOD.replacen(part, by, 1)) {
        Err(Error::Entry { path, line, column, message }) => {
            assert!(path.ends_with("one.toml"));
            (line, column, message)
        }
        other => panic!("{by:?} gave {other:?}"),
    }
}

#[test]
fn a_good_entry() {
    let entry = load(GOOD).expect("a good entry");
    assert_eq!((entry.name.as_str(), entry.package.registry), ("one", Registry::Pypi));
    assert_eq!((entry.run.path.as_str(), entry.run.ready), ("/", Duration::from_secs(60)));
    assert!(entry.run.echo && entry.folder.is_absolute());
    assert_eq!(entry.deviation("a-check").map(|known| known.verdict), Some(Known::Warn));
    assert_eq!(entry.deviation("another"), None);
}

#[test]
fn bad_toml_has_its_place() {
    let (line, column, _) = refusal("title = \"One\"", "title = \"One");
    assert_eq!(line, 2);
    assert!(column >= 9, "{column}");
}

#[test]
fn unknown_keys_are_refused() {
    let (line, column, message) = refusal("echo = true", "ecko = true");
    assert_eq!((line, column), (14, 1));
    assert!(message.contains("unknown field `ecko`"), "{message}");
    refusal("role = \"origin\"", "role = \"origin\"\nrules = 1");
    refusal("install =", "installs =");
    refusal("reason =", "because = \"x\"\nreason =");
}

#[test]
fn missing_keys_are_refused() {
    let (_, _, message) = refusal("title = \"One\"\n", "");
    assert!(message.contains("missing field `title`"), "{message}");
}

#[test]
fn versions_must_be_exact() {
    for loose in [
        "flask",
        "flask==",
        "flask==3.*",
        "flask>=3.1",
        "flask==3",
        "flask~=3.1.3",
        "-r==1.2",
        "a/b==1.0",
        "x @ y==1.0",
    ] {
        let (line, column, message) = refusal("flask==3.1.3", loose);
        assert_eq!((line, column), (7, 12), "{loose}");
        assert!(message.contains("exact version"), "{message}");
    }
    for loose in
        ["bun", "bun@latest", "bun@^1.2.3", "bun@1.x", "@a/bun", "@a/../bun@1.2", "a/bun@1.2", "http://h/bun@1.2"]
    {
        let npm = GOOD.replace("pypi", "npm").replace("{venv}", "{node_modules}").replace("flask==3.1.3", loose);
        assert!(load(&npm).is_err_and(|error| error.to_string().contains("exact version")), "{loose}");
    }
    let npm =
        GOOD.replace("pypi", "npm").replace("{venv}", "{node_modules}").replace("flask==3.1.3", "@a/bun@1.2.3-rc.1");
    assert!(load(&npm).is_ok());
}

#[test]
fn debian_packages_are_names() {
    let debian = GOOD.replace("\"pypi\"", "\"debian\"").replace("{venv}", "");
    assert!(load(&debian).is_err());
    assert!(load(&debian.replace("flask==3.1.3", "nginx")).is_ok());
    assert!(load(&debian.replace("flask==3.1.3", "--reinstall")).is_err());
}

#[test]
fn preinstalled_means_nothing_to_install() {
    let (line, _, message) = refusal("\"pypi\"", "\"preinstalled\"");
    assert_eq!(line, 6);
    assert!(message.contains("nothing to install"), "{message}");
    refusal("[\"flask==3.1.3\"]", "[]");
}

#[test]
fn placeholders_are_known_and_fit() {
    let (line, _, message) = refusal("\"{port}\"", "\"{ports}\"");
    assert_eq!(line, 13);
    assert!(message.contains("{ports}") && message.contains("{port}"), "{message}");
    let (_, _, message) = refusal("\"{port}\"", "\"{node_modules}\"");
    assert!(message.contains("npm"), "{message}");
    refusal("\"-V\"", "\"{dir}\"");
    refusal("echo = true", "env = { A = \"{b}\" }");
}

#[test]
fn files_stay_in_the_folder() {
    for outside in ["/etc/x", "../x", "a/../../x", ""] {
        let (_, _, message) = refusal("\"x.py\" =", &format!("\"{outside}\" ="));
        assert!(message.contains("relative"), "{message}");
    }
    let (line, _, message) = refusal("echo = true", "app = [\"apps/none.py\"]");
    assert_eq!(line, 14);
    assert!(message.contains("no such file"), "{message}");
}

#[test]
fn one_deviation_for_each_check() {
    let second = "[[deviation]]\nchecks = [\"a-check\"]\nverdict = \"fail\"\nversion = \"1\"\nreason = \"again\"\n";
    let Err(Error::Entry { line, message, .. }) = load(&format!("{GOOD}\n{second}")) else { panic!("accepted") };
    assert_eq!(line, 24);
    assert!(message.contains("second deviation"), "{message}");
    refusal("\"it does\"", "\" \"");
    refusal("verdict = \"warn\"", "verdict = \"pass\"");
    refusal("\"a-check\"", "\"A check\"");
}

#[test]
fn small_refusals() {
    refusal("name = \"one\"", "name = \"two\"");
    refusal("role = \"origin\"", "role = \"tunnel\"");
    refusal("echo = true", "path = \"x\"");
    refusal("echo = true", "paths = [\"/a\", \"b\"]");
    refusal("echo = true", "credentials = \"nobody\"");
    refusal("echo = true", "ready_seconds = 0");
    refusal("[\"{venv}/bin/python\", \"-V\"]", "[]");
}

#[test]
fn a_folder_without_entries_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(Catalogue::load(folder.path()), Err(Error::Empty { .. })));
    assert!(matches!(Catalogue::load(folder.path().join("none")), Err(Error::File { .. })));
}

#[test]
fn the_entries_of_this_repository_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../servers");
    let catalogue = Catalogue::load(folder).expect("every entry is right");
    let error = catalogue.get("nginz").expect_err("no such server").to_string();
    assert!(error.contains("nginx"), "{error}");
    let names = ["nginx", "apache", "nginx"];
    assert_eq!(
        catalogue.select(&names).expect("both").iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
        ["nginx", "apache"]
    );
}
