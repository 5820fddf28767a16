//! What is measured of a mutant is what it reads.

use startline_parser::policy::{ChunkSize, LengthConflict, LengthNumber, LengthOverflow, LengthValue, Policy};
use startline_parser::rule::{chunked, framing};

use super::subject::Subject;
use super::{Amount, measure};
use crate::calibrate::{Bounds, CanarySign, calibrate};
use crate::probe::Context;
use crate::reference::{Behaviour, Deed, Reference};
use crate::rule::{self, Rule};
use crate::runner::Pace;
use crate::target::{AddressClass, Target, TargetOptions};

fn reading(change: impl FnOnce(&mut Policy)) -> Behaviour {
    let mut policy = Policy::STRICT;
    change(&mut policy);
    Behaviour::default().with_policy(policy)
}

/// What is measured of the server, with the help of its echo and without.
async fn measured(behaviour: Behaviour, rule: &'static Rule, fields: &str, body: &str) -> [Option<Amount>; 2] {
    let running = Reference::start("127.0.0.1:0", behaviour).unwrap();
    let target = Target::resolve(&running.url(), &TargetOptions::default()).await.unwrap();
    let calibration = calibrate(&target, 4, Bounds::of(AddressClass::Loopback), true).await.unwrap();
    let context = Context::new(target, calibration, Pace::new(None));
    let mut silent = context.clone();
    silent.calibration.echoes = false;
    silent.calibration.canary = CanarySign::Status(404);
    let head = |fields: &str| format!("POST / HTTP/1.1\r\nHost: {}\r\n{fields}\r\n\r\n", context.target.host);
    let subject = Subject::of(&[rule], [head(fields), body.to_owned()].concat().as_bytes()).unwrap();
    let is_chunk = subject.is_chunk;
    let control = if is_chunk {
        head("Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n"
    } else {
        head("Content-Length: 5") + "hello"
    };
    let known = Subject::known(control.as_bytes()).unwrap();
    let amounts = [measure(&context, &subject, &known).await, measure(&silent, &subject, &known).await];
    tokio::task::spawn_blocking(move || running.stop()).await.unwrap();
    amounts.map(|measured| measured.map(|measured| measured.amount))
}

async fn length(behaviour: Behaviour, rule: &'static Rule, value: &str, octets: usize) {
    let fields = value.split('|').map(|value| format!("Content-Length: {value}")).collect::<Vec<_>>().join("\r\n");
    let expected = [Some(Amount::Octets(octets)); 2];
    assert_eq!(measured(behaviour.clone(), rule, &fields, "").await, expected, "{value} under {}", behaviour.policy);
}

async fn chunk(behaviour: Behaviour, rule: &'static Rule, value: &str, octets: usize) {
    let body = format!("{value}\r\nhello\r\n0\r\n\r\n");
    let expected = [Some(Amount::Octets(octets)); 2];
    let found = measured(behaviour.clone(), rule, "Transfer-Encoding: chunked", &body).await;
    assert_eq!(found, expected, "{value} under {}", behaviour.policy);
}

#[tokio::test]
async fn lengths_that_are_no_numbers() {
    for (choice, value, octets) in [
        (LengthNumber::Plus, "+5", 5),
        (LengthNumber::Minus, "-5", 0),
        (LengthNumber::Hex, "0x10", 16),
        (LengthNumber::Prefix, "0x10", 0),
        (LengthNumber::Digits, "0x10", 10),
        (LengthNumber::Ignore, "0x10", 0),
        (LengthNumber::Underscore, "1_0", 10),
        (LengthNumber::Prefix, "1_0", 1),
        (LengthNumber::Float, "1e2", 100),
        (LengthNumber::Prefix, "1e2", 1),
        (LengthNumber::UnicodeDigits, "\u{661}\u{662}", 12),
        (LengthNumber::LastNumber, "7, 5, x", 5),
    ] {
        length(reading(|policy| policy.length_number = choice), &framing::CONTENT_LENGTH_INVALID, value, octets).await;
    }
}

#[tokio::test]
async fn lengths_that_differ_overflow_or_wrap() {
    let rule = &framing::CONTENT_LENGTH_CONFLICT;
    length(reading(|policy| policy.length_conflict = LengthConflict::First), rule, "3, 11", 3).await;
    length(reading(|policy| policy.length_conflict = LengthConflict::Last), rule, "3|11", 11).await;
    let rule = &framing::CONTENT_LENGTH_OVERFLOW;
    length(reading(|policy| policy.length_overflow = LengthOverflow::Wrap), rule, "18446744073709551644", 28).await;
    let rule = &rule::CONTENT_LENGTH_LARGE;
    length(reading(|policy| policy.length_value = LengthValue::Wrap32), rule, "4294967301", 5).await;
}

#[tokio::test]
async fn chunk_sizes_that_are_no_numbers() {
    for (choice, value, octets) in [
        (ChunkSize::Plus, "+5", 5),
        (ChunkSize::Hex, "0x10", 16),
        (ChunkSize::Zero, "0x10", 0),
        (ChunkSize::Underscore, "1_0", 16),
        (ChunkSize::Prefix, "1_0", 1),
        (ChunkSize::Zero, "zero", 0),
    ] {
        chunk(reading(|policy| policy.chunk_size = choice), &chunked::CHUNK_SIZE_INVALID, value, octets).await;
    }
}

/// A reading that nobody has thought of is found by bisection: here a number of 32 bits that its digits do not show.
#[tokio::test]
async fn other_numbers_are_found_too() {
    let behaviour = reading(|policy| policy.length_value = LengthValue::Wrap32);
    let rule = &framing::CONTENT_LENGTH_REPEATED;
    let mut policy = behaviour.policy;
    policy.length_repeated = startline_parser::policy::LengthRepeated::Collapse;
    // 2 to the power of 32, plus 1234, twice.
    length(behaviour.with_policy(policy), rule, "4294968530, 4294968530", 1234).await;
}

/// Without persistence no canary is answered, and the echo is enough.
#[tokio::test]
async fn an_echo_is_enough() {
    let behaviour = reading(|policy| policy.length_number = LengthNumber::Prefix).with(Deed::ClosesAlways);
    let found = measured(behaviour, &framing::CONTENT_LENGTH_INVALID, "Content-Length: 12x", "").await;
    assert_eq!(found, [Some(Amount::Octets(12)), None]);
    let behaviour = reading(|policy| policy.chunk_size = ChunkSize::Hex).with(Deed::ClosesAlways);
    let chunks = "0x1F\r\nhello\r\n0\r\n\r\n";
    let found = measured(behaviour, &chunked::CHUNK_SIZE_INVALID, "Transfer-Encoding: chunked", chunks).await;
    assert_eq!(found, [Some(Amount::Octets(31)), None]);
}

/// Where content of a plain length runs over, nothing is said of odd ones.
#[tokio::test]
async fn nothing_is_measured_where_the_control_is_not() {
    let behaviour = reading(|policy| policy.length_number = LengthNumber::Plus).with(Deed::ContentOfPostUnread);
    let found = measured(behaviour, &framing::CONTENT_LENGTH_INVALID, "Content-Length: +5", "").await;
    assert_eq!(found, [None, None]);
}

#[tokio::test]
async fn nothing_is_measured_of_a_server_that_refuses() {
    let found = measured(Behaviour::default(), &framing::CONTENT_LENGTH_INVALID, "Content-Length: +5", "").await;
    assert_eq!(found, [None, None]);
}
