//! What comes out of the generator, held against the reader.

use std::collections::BTreeSet;

use startline_parser::policy::{CodingFinal, CodingUnknown, Point, Policy, ValueControl};
use startline_parser::reader::{self, End, Message};
use startline_parser::rule::{self, Kind as RuleKind, On};

use super::*;
use crate::judge::{LIMITS, requests};

fn site() -> Site {
    Site { host: "127.0.0.1:8080".to_owned(), path: "/a".to_owned(), scheme: "http" }
}

fn generator(mix: &'static Mix) -> Generator {
    Generator::new(7, site(), mix, Vec::new())
}

#[test]
fn an_input_depends_on_its_seed_and_number_alone() {
    let checks = of_checks(&site());
    let kept: Vec<Arc<Input>> = (0..20).map(|index| Arc::new(generator(Mix::DEFAULT).input(index, &[]))).collect();
    for mix in Mix::ALL {
        let one = Generator::new(1, site(), mix, checks.clone());
        let same = Generator::new(1, site(), mix, checks.clone());
        let other = Generator::new(2, site(), mix, checks.clone());
        let inputs: Vec<Input> = (0..200).map(|index| one.input(index, &kept)).collect();
        // In another order, and by another generator.
        for (index, input) in inputs.iter().enumerate().rev() {
            assert_eq!(same.input(index as u64, &kept), *input);
        }
        let differ = inputs.iter().enumerate().filter(|(index, input)| other.input(*index as u64, &kept) != **input);
        assert!(differ.count() > 190, "{}", mix.name);
    }
}

#[test]
fn a_message_without_damage_is_right_and_every_feature_occurs() {
    let site = site();
    let mut features: BTreeSet<&str> = BTreeSet::new();
    for is_kept in [false, true] {
        for index in 0..10_000 {
            let mut rng = draw::rng(3, index);
            let mut message = Input::new();
            Grammar { site: &site, is_kept }.right(&mut rng, &mut message);
            let text = message.octets().escape_ascii().to_string();
            let reading = requests(message.octets());
            assert_eq!(reading.faults().map(|fault| fault.rule.id).collect::<Vec<_>>(), Vec::<&str>::new(), "{text}");
            assert_eq!((reading.messages.len(), reading.rest), (1, message.octets().len()), "{text}");
            assert!(reading.messages[0].is_accepted(), "{text}");
            features.extend(reading.features().map(|feature| feature.rule.id));
        }
    }
    let known = rule::all().filter(|rule| rule.kind == RuleKind::Feature).map(|rule| rule.id);
    let missing: Vec<&str> = known.filter(|id| !features.contains(id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_connection_is_kept_after_a_message_of_that_mix() {
    let generator = generator(Mix::KEPT);
    let mut messages = 0;
    for index in 0..1000 {
        let input = generator.input(index, &[]);
        let readings = reader::permitted(input.octets(), On::Request, &[], &LIMITS);
        let most =
            readings.iter().max_by_key(|permitted| permitted.reading.accepted()).map(|permitted| &permitted.reading);
        let most = most.unwrap_or_else(|| panic!("{}", input.octets().escape_ascii()));
        assert_eq!(most.accepted(), most.messages.len(), "{}", input.octets().escape_ascii());
        messages += most.messages.len();
        for message in &most.messages {
            assert!(message.version().is_some_and(|version| version.is_11()));
            let method = message.method(input.octets()).unwrap_or_default();
            assert!(method != b"CONNECT");
            for name in ["connection", "upgrade", "expect"] {
                assert_eq!(message.values(name).count(), 0, "{}", input.octets().escape_ascii());
            }
        }
    }
    assert!(messages > 4000, "{messages}");
}

/// The share of messages that break a rule, in percent.
fn damaged(mix: &'static Mix) -> usize {
    let generator = generator(mix);
    let (mut all, mut faulty) = (0, 0);
    for index in 0..5000 {
        let input = generator.input(index, &[]);
        for message in requests(input.octets()).messages {
            all += 1;
            faulty += usize::from(!message.faults.is_empty());
        }
    }
    faulty * 100 / all
}

#[test]
fn most_messages_of_a_mix_for_faults_have_one() {
    for mix in Mix::ALL {
        let share = damaged(mix);
        let expected = if mix.is_kept { 15..40 } else { 50..90 };
        assert!(expected.contains(&share), "{}: {share} %", mix.name);
    }
}

#[test]
fn tokens_are_what_they_were_written_as() {
    let site = site();
    let (mut tokens, mut alike) = (0, 0);
    for index in 0..2000 {
        let mut rng = draw::rng(5, index);
        let mut message = Input::new();
        Grammar { site: &site, is_kept: false }.right(&mut rng, &mut message);
        let again = Input::tokenise(message.octets());
        tokens += 1;
        alike += usize::from(again == message);
    }
    assert!(alike * 100 > tokens * 90, "{alike} of {tokens}");
}

#[test]
fn what_there_is_already_is_taken_up_and_changed() {
    let site = site();
    let checks = of_checks(&site);
    assert!(checks.len() > 300, "{}", checks.len());
    let word = b"x-seen-nowhere-else";
    let kept = [b"GET / HTTP/1.1\r\nHost: a\r\n", &word[..], b": y\r\n\r\n"].concat();
    let kept = [Arc::new(Input::tokenise(&kept))];
    let generator = Generator::new(4, site, Mix::DEFAULT, checks.clone());
    let has_word = |input: &Input| input.octets().windows(word.len()).any(|octets| octets == word);
    let with = (0..1000).filter(|&index| has_word(&generator.input(index, &kept))).count();
    assert!((30..300).contains(&with), "{with}");
    assert!(!(0..1000).any(|index| has_word(&generator.input(index, &[]))));
    let as_they_are: BTreeSet<&[u8]> = checks.iter().map(Input::octets).collect();
    let unchanged = (0..1000).filter(|&index| as_they_are.contains(generator.input(index, &[]).octets())).count();
    assert!(unchanged < 50, "{unchanged}");
}

#[test]
fn streams_are_short() {
    let checks = of_checks(&site());
    for mix in Mix::ALL {
        let generator = Generator::new(9, site(), mix, checks.clone());
        let lengths: Vec<usize> = (0..3000).map(|index| generator.input(index, &[]).octets().len()).collect();
        assert!(lengths.iter().all(|&length| length <= STREAM_MOST));
        assert!(lengths.iter().sum::<usize>() / lengths.len() < 1500, "{}", mix.name);
    }
}

/// What anybody could see of a message that was taken: its end, content, request-target and fields.
type Taken = (End, Vec<u8>, Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>);

/// Which messages a recipient takes, as what, and whether it then refuses one or waits for more.
fn seen(stream: &[u8], policy: &Policy) -> (Vec<Taken>, Option<bool>) {
    let reading = reader::read(stream, On::Request, &[], policy, &LIMITS);
    let fields =
        |message: &Message| message.fields.iter().map(|line| (line.name.clone(), line.value.clone())).collect();
    let is_taken = |message: &&Message| message.is_accepted();
    let taken = reading.messages.iter().take_while(is_taken).map(|message| {
        (message.end, message.content(stream), message.target(stream).unwrap_or_default().to_vec(), fields(message))
    });
    let refuses = |message: &Message| message.refused_for().is_some() || message.end == End::Lost;
    let then = reading.messages.iter().find(|message| !is_taken(message)).map(refuses);
    (taken.collect(), then)
}

/// A recipient with this choice: where the octets that show it are wrong in another way as well, one that takes those.
fn recipient(point: Point, choice: usize) -> Policy {
    let mut policy = Policy::STRICT;
    match point {
        Point::CodingSyntax => {
            policy.coding_final = CodingFinal::Anywhere;
            policy.value_control = ValueControl::Keep;
        }
        Point::CodingFinal => policy.coding_unknown = CodingUnknown::Ignore,
        _ => {}
    }
    policy.with(point, choice).unwrap()
}

/// Whether the input tells a recipient with this choice from one with the strict one.
fn shows(input: &Input, point: Point, choice: usize) -> bool {
    let policy = recipient(point, choice);
    let strict = policy.with(point, 0).unwrap();
    seen(input.octets(), &policy) != seen(input.octets(), &strict)
}

fn choices() -> Vec<(Point, usize)> {
    Point::ALL.iter().flat_map(|&point| (1..point.choices().len()).map(move |choice| (point, choice))).collect()
}

fn name((point, choice): (Point, usize)) -> String {
    format!("{}={}", point.id(), point.choices()[choice].0)
}

#[test]
fn every_choice_of_the_policy_shows_within_some_thousand_inputs() {
    let generator = generator(Mix::DEFAULT);
    let mut open = choices();
    let mut index = 0;
    while !open.is_empty() && index < 5000 {
        let input = generator.input(index, &[]);
        open.retain(|&(point, choice)| !shows(&input, point, choice));
        index += 1;
    }
    assert_eq!(open.into_iter().map(name).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
#[ignore = "prints how many inputs it takes for each choice, on average; a minute"]
fn how_rarely_each_choice_shows() {
    const INPUTS: u64 = 6_000;
    let generator = generator(Mix::DEFAULT);
    let inputs: Vec<Input> = (0..INPUTS).map(|index| generator.input(index, &[])).collect();
    for known in choices() {
        let found = inputs.iter().filter(|input| shows(input, known.0, known.1)).count() as u64;
        println!("{:>6} {}", INPUTS.checked_div(found).unwrap_or(INPUTS), name(known));
    }
}
