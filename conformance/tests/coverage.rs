//! `startline coverage` as people and programs meet it.

use std::process::{Command, Output};

use serde_json::Value;

fn coverage(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_startline")).arg("coverage").args(args).output().expect("the command runs")
}

fn text(args: &[&str]) -> String {
    let output = coverage(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    String::from_utf8(output.stdout).expect("the tables are in ASCII")
}

fn json(args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&text(&args)).expect("JSON")
}

#[test]
fn the_summary_counts_every_answer_and_every_reason() {
    let summary = text(&[]);
    for word in ["requirements", "tested", "client", "intermediary", "specification", "permission", "internal", "gap"] {
        assert!(summary.lines().any(|line| line.trim_start().starts_with(word)), "{word}:\n{summary}");
    }
    assert!(summary.contains("463") && summary.contains("136"), "{summary}");
    assert!(summary.contains(" that a peer can see are tested: "), "{summary}");
}

#[test]
fn the_document_has_every_requirement_and_its_answer() {
    let document = json(&[]);
    let rows = document["requirements"].as_array().unwrap();
    let all = &document["counts"]["all"];
    assert_eq!(all["requirements"], rows.len());
    let sum = |value: &Value| value.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
    let single = |name: &str| all[name].as_u64().unwrap();
    assert_eq!(single("tested") + single("gap") + sum(&all["role"]) + sum(&all["unobservable"]), rows.len() as u64);
    assert_eq!(document["counts"]["rfc9110"]["requirements"], 463);
    assert_eq!(document["counts"]["rfc9112"]["requirements"], 136);
    for row in rows {
        let answered = match row["answer"].as_str().unwrap() {
            "tested" | "gap" => row["rules"].as_array().is_some_and(|rules| !rules.is_empty()),
            "role" => row["role"].is_string(),
            "unobservable" => row["reason"].is_string(),
            other => panic!("{other}"),
        };
        assert!(answered, "{row}");
    }
}

#[test]
fn filters_leave_what_they_name() {
    let arms = json(&["--rfc", "9112", "--section", "6.3"]);
    let rows = arms["requirements"].as_array().unwrap();
    assert_eq!(rows.len(), 15 + 8);
    assert!(rows.iter().all(|row| row["section"] == "6.3" && row["rfc"] == 9112));

    // Sections below are taken along, sections that begin with the same digits are not.
    let below = json(&["--section", "7.1"]);
    let sections: Vec<&str> =
        below["requirements"].as_array().unwrap().iter().map(|row| row["section"].as_str().unwrap()).collect();
    assert!(sections.contains(&"7.1.3") && !sections.contains(&"7.2"));

    let hosts = text(&["--rule", "host-missing"]);
    assert!(hosts.contains("9112 3.2 #6") && hosts.contains("tested: host-missing"), "{hosts}");

    for answer in ["tested", "client", "intermediary", "unobservable", "permission"] {
        let rows = json(&["--answer", answer])["requirements"].as_array().unwrap().len();
        assert!(rows > 0, "{answer}");
    }
}

#[test]
fn bad_filters_get_a_clear_message_and_exit_code_2() {
    for (args, told) in [
        (&["--answer", "maybe"][..], "there is no answer"),
        (&["--section", "99"][..], "no requirement is left"),
        (&["--rfc", "nine"][..], "nine"),
        (&["--format", "yaml"][..], "yaml"),
    ] {
        let output = coverage(args);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(told), "{args:?}: {stderr}");
    }
}
