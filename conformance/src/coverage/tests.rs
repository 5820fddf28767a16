use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::reference::mutant;
use crate::rule::{self, Level, On};

/// How many sentences with a key word each section has, items of the lists that they introduce included.
const SENTENCES_9110: &str = "\
    2.2:4 2.3:2 2.4:2 3.3:1 3.8:1 4.1:1 4.2.1:2 4.2.2:3 4.2.3:2 4.2.4:2 4.3.2:1 4.3.3:1 4.3.4:7 5.1:2 5.3:4 \
    5.4:2 5.5:5 5.6.1.1:1 5.6.1.2:2 5.6.3:6 5.6.4:3 5.6.7:4 6:1 6.2:6 6.5.1:3 6.5.2:2 6.6.1:6 6.6.2:1 7.1:1 \
    7.2:2 7.4:2 7.5:1 7.6:2 7.6.1:4 7.6.2:4 7.6.3:11 7.7:6 7.8:12 8.3:2 8.3.1:1 8.3.3:1 8.4:3 8.4.1.1:1 \
    8.4.1.3:1 8.5:2 8.6:10 8.7:4 8.8.1:1 8.8.2.1:5 8.8.3:2 8.8.3.1:1 9.1:4 9.2.1:2 9.2.2:3 9.3.1:3 9.3.2:6 \
    9.3.3:2 9.3.4:8 9.3.5:3 9.3.6:7 9.3.7:4 9.3.8:4 10.1.1:18 10.1.2:3 10.1.3:6 10.1.4:1 10.1.5:4 10.2.1:2 \
    10.2.2:1 10.2.4:2 11.2:1 11.4:2 11.5:2 11.6.1:3 11.6.2:1 11.7.1:1 11.7.2:1 12.1:1 12.4.2:1 12.5.1:2 12.5.2:1 \
    12.5.3:3 12.5.4:1 12.5.5:3 13.1.1:7 13.1.2:4 13.1.3:6 13.1.4:10 13.1.5:8 13.2.1:4 13.2.2:19 14:1 14.1.2:1 \
    14.2:10 14.3:4 14.4:6 14.5:1 15:2 15.2:4 15.2.2:1 15.3.1:1 15.3.6:1 15.3.7:4 15.3.7.1:1 15.3.7.2:10 \
    15.3.7.3:4 15.4:13 15.4.1:4 15.4.2:3 15.4.3:3 15.4.5:5 15.4.8:3 15.4.9:2 15.5:2 15.5.2:3 15.5.4:3 15.5.6:1 \
    15.5.7:2 15.5.8:2 15.5.9:1 15.5.10:1 15.5.12:1 15.5.14:2 15.5.17:1 15.5.20:2 15.5.22:1 15.6:2 15.6.4:1 \
    15.6.6:1 16.1.1:5 16.2.1:4 16.3.1:1 16.3.2.1:1 16.4.1:4 16.4.2:2 16.5.1:4 16.6.1:6 16.7:6";
const SENTENCES_9112: &str = "\
    1.1:1 2.2:10 2.3:3 3:4 3.2:6 3.2.1:2 3.2.2:6 3.2.3:1 3.2.4:2 3.3:1 4:4 5.1:2 5.2:4 6.1:14 6.2:1 6.3:15 7.1:4 \
    7.1.1:1 7.1.2:3 7.2:1 7.3:7 7.4:3 8:2 9.2:2 9.3:7 9.3.2:7 9.5:6 9.6:8 9.7:1 9.8:7 10.1:1";

/// The words of BCP 14, and the one for what has none.
const LEVELS: &[&str] = &[
    "MUST",
    "MUST NOT",
    "REQUIRED",
    "SHALL",
    "SHALL NOT",
    "SHOULD",
    "SHOULD NOT",
    "RECOMMENDED",
    "NOT RECOMMENDED",
    "MAY",
    "OPTIONAL",
];

fn of(rfc: u16) -> impl Iterator<Item = &'static Requirement> {
    requirements().iter().filter(move |requirement| requirement.rfc == rfc)
}

#[test]
fn the_tables_load() {
    load::load().unwrap();
    load::load_beyond(include_str!("../../coverage/beyond.tsv")).unwrap();
}

#[test]
fn no_sentence_with_a_key_word_is_left_out() {
    for (rfc, all, kept) in [(9110, 463, SENTENCES_9110), (9112, 136, SENTENCES_9112)] {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for requirement in of(rfc) {
            let Item::Sentence(number) = requirement.item else { continue };
            match counts.last_mut() {
                Some((section, count)) if *section == requirement.section => *count += 1,
                _ => counts.push((requirement.section, 1)),
            }
            assert_eq!(counts.last().unwrap().1, number, "{requirement}");
            assert!(requirement.level.split('/').all(|word| LEVELS.contains(&word)), "{requirement}");
        }
        let found: Vec<String> = counts.iter().map(|(section, count)| format!("{section}:{count}")).collect();
        assert_eq!(found, kept.split_whitespace().collect::<Vec<_>>(), "RFC {rfc}");
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), all, "RFC {rfc}");
    }
}

#[test]
fn what_has_no_key_word_is_there_as_well() {
    let mut lists: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for requirement in requirements() {
        let (kind, number) = match requirement.item {
            Item::Arm(number) => ("arm", number),
            Item::Case(number) => ("case", number),
            Item::Step(number) => ("step", number),
            Item::Sentence(_) | Item::Production(_) => continue,
        };
        assert_eq!((requirement.rfc, requirement.level), (9112, "none"), "{requirement}");
        lists.entry((requirement.section, kind)).or_default().push(number);
    }
    let wanted: BTreeMap<(&str, &str), Vec<usize>> = [
        (("6.3", "arm"), (1..=8).collect()),
        (("9.3", "case"), (1..=4).collect()),
        (("7.1.3", "step"), (1..=11).collect()),
    ]
    .into();
    assert_eq!(lists, wanted);
}

#[test]
fn every_production_of_the_collected_grammars_is_there() {
    for (rfc, all) in [(9110, 142), (9112, 42)] {
        let mut names = HashSet::new();
        for requirement in of(rfc) {
            let Item::Production(name) = requirement.item else { continue };
            assert_eq!((requirement.section, requirement.level), ("A", "none"), "{requirement}");
            assert!(names.insert(name), "{requirement} stands twice");
        }
        assert_eq!(names.len(), all, "RFC {rfc}");
    }
}

/// Gaps that are known of. Fewer is progress, and none is the end.
const GAPS: usize = 0;

#[test]
fn no_observable_requirement_is_left_untested() {
    let gaps: Vec<String> = requirements()
        .iter()
        .filter(|requirement| matches!(requirement.answer, Answer::Gap(_)))
        .map(|requirement| format!("{requirement}: {}", requirement.answer))
        .collect();
    assert_eq!(gaps.len(), GAPS, "\n{}", gaps.join("\n"));
}

#[test]
fn every_rule_that_is_named_has_checks_and_mutants() {
    let mut seen = HashSet::new();
    for requirement in requirements() {
        let Answer::Tested(rules) = &requirement.answer else { continue };
        let ids: HashSet<&str> = rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules.len(), "{requirement} names a rule twice");
        for rule in rules {
            assert!(mutant::binds(rule), "{requirement}: {} binds no server", rule.id);
            if seen.insert(rule.id) {
                let evidence = Evidence::of(rule);
                assert!(evidence.is_sound(), "{requirement}: {} has {evidence:?}", rule.id);
            }
        }
    }
}

#[test]
fn every_rule_answers_a_requirement_or_says_why_not() {
    let mut answering = HashSet::new();
    for requirement in requirements() {
        if let Answer::Tested(rules) = &requirement.answer {
            answering.extend(rules.iter().map(|rule| rule.id));
        }
    }
    let mut beyond_both = HashSet::new();
    for (rule, statement) in beyond() {
        assert!(beyond_both.insert(rule.id), "{} stands twice", rule.id);
        assert!(!statement.is_empty() && Evidence::of(rule).is_sound(), "{}", rule.id);
    }
    for rule in rule::all().filter(|rule| mutant::binds(rule)) {
        let (answers, is_beyond) = (answering.contains(rule.id), beyond_both.contains(rule.id));
        assert!(answers != is_beyond, "{}: in a table ({answers}), or beyond them ({is_beyond})", rule.id);
        assert!(!answers || [9110, 9112].contains(&rule.rfc), "{} is of RFC {}", rule.id, rule.rfc);
    }
}

/// A rule binds a server as strongly as one of the sentences that it answers, or not at all.
#[test]
fn levels_come_from_the_text() {
    let strength = |level: &'static str| match level.trim_end_matches(" NOT") {
        "REQUIRED" | "SHALL" => "MUST",
        "RECOMMENDED" => "SHOULD",
        "OPTIONAL" => "MAY",
        other => other,
    };
    let mut wrong = Vec::new();
    for rule in rule::all().filter(|rule| mutant::binds(rule)) {
        let words: HashSet<&str> = requirements()
            .iter()
            .filter(|row| matches!(&row.answer, Answer::Tested(rules) if rules.contains(&rule)))
            .flat_map(|row| row.level.split('/'))
            .map(strength)
            .collect();
        let reactions = [rule.reaction(Role::OriginServer, On::Request), rule.sender(On::Response)];
        for reaction in reactions.into_iter().flatten().filter(|reaction| reaction.level != Level::None) {
            let is_beyond = beyond().iter().any(|(other, _)| *other == rule);
            if !is_beyond && !words.contains(strength(reaction.level.word())) {
                wrong.push(format!("{} ({} on {:?}): {words:?}", rule.id, reaction.level.word(), reaction.on));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn answers_fit_those_who_are_bound() {
    for requirement in requirements() {
        let binds = |party: Party| requirement.binds.contains(&party);
        let is_for_servers = [
            Party::Role(Role::Server),
            Party::Role(Role::OriginServer),
            Party::Role(Role::Sender),
            Party::Role(Role::Recipient),
        ]
        .into_iter()
        .any(binds);
        match &requirement.answer {
            Answer::Tested(_) | Answer::Gap(_) => assert!(is_for_servers, "{requirement}"),
            Answer::Unobservable(Reason::Definition) => {}
            Answer::Unobservable(_) => assert!(is_for_servers, "{requirement}"),
            Answer::OtherRole(_) => {
                assert!(!binds(Party::Role(Role::Server)) && !binds(Party::Role(Role::OriginServer)), "{requirement}");
            }
        }
        if let Answer::Unobservable(Reason::Permission) = requirement.answer {
            let gives_leave = requirement.level.split('/').all(|word| word == "MAY" || word == "OPTIONAL");
            assert!(gives_leave, "{requirement}");
        }
    }
}

#[test]
fn statements_are_short_and_our_own() {
    for requirement in requirements() {
        let words = requirement.statement.split_whitespace().count();
        assert!(words <= 14, "{requirement}: {words} words");
        let shouted = LEVELS.iter().any(|level| requirement.statement.contains(level));
        assert!(!shouted, "{requirement}: key words stand in their own column");
    }
}

#[test]
fn broken_tables_are_refused_with_the_line() {
    for (text, told) in [
        ("", "heading"),
        ("section\titem\n", "heading"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\t1\n", "rfc9110.tsv:2: 2 columns"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\t1\tMUST\tserver\tx\ttested: none-such\n", "none-such"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\t1\tMUST\tking\tx\trole: client\n", "king"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\t1\tMUST\tserver\tx\tunobservable: laziness\n", "laziness"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\tleg 1\tMUST\tserver\tx\trole: client\n", "leg 1"),
        ("section\titem\tlevel\tbinds\tstatement\tanswer\n1\t1\tMUST\tserver\t\trole: client\n", "empty column"),
    ] {
        let error = load::table(9110, text).unwrap_err();
        assert!(error.contains(told), "{text:?}: {error}");
    }
    assert!(load::load_beyond("rule\tstatement\nhost-missing\n").unwrap_err().contains("one column"));
}

#[test]
fn counts_add_up() {
    let tally = Tally::of(requirements());
    let roles: usize = tally.roles.iter().sum();
    assert_eq!(tally.all, tally.tested + roles + tally.unobservable() + tally.gaps);
    assert_eq!(tally.all, 463 + 136 + 8 + 4 + 11 + 142 + 42);
    assert_eq!(Tally::default().percentage(), None);
    for word in Answer::words() {
        let counted = requirements().iter().filter(|requirement| requirement.answer.is(word)).count();
        assert!(counted <= tally.all, "{word}");
    }
}
