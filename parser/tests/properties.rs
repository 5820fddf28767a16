//! Properties over generated input and over the vectors: both readings agree, neither the split nor the instructions of the
//! CPU matter, what is written can be read, httparse agrees but for a list, nothing panics.
//!
//! The properties and the generators are in `startline-testkit`, which the fuzz targets drive as well; here proptest
//! supplies octets for the choices, and shrinks them.

use arbitrary::{Arbitrary as _, Unstructured};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use startline_parser::rule::On;
use startline_testkit::generate::{Bodies, BodyCase, Case, Content, Message, Messages};
use startline_testkit::{agreement, foreign, instructions, roundtrip, soundness, split, targets, vectors};

/// The same cases in every run; exploring is for the fuzz targets, or for `PROPTEST_RNG_SEED=1 cargo test`.
fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Fixed(9112),
        chosen => chosen,
    };
    ProptestConfig { rng_seed, ..config }
}

/// Octets for choices; inputs that begin with one above 127 are generated from the grammar and damaged.
fn choices() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..600)
}

fn messages() -> impl Strategy<Value = Case> {
    (0x80..=0xFF_u8, choices()).prop_map(|(first, rest)| {
        let octets = [vec![first], rest].concat();
        Messages::arbitrary_take_rest(Unstructured::new(&octets)).expect("choices never run out").0
    })
}

fn bodies() -> impl Strategy<Value = BodyCase> {
    (0x80..=0xFF_u8, choices()).prop_map(|(first, rest)| {
        let octets = [vec![first], rest].concat();
        Bodies::arbitrary_take_rest(Unstructured::new(&octets)).expect("choices never run out").0
    })
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn outcomes_are_sound(case in messages()) {
        soundness::holds(&case).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reader_and_parser_agree(case in messages()) {
        agreement::holds(&case).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn httparse_agrees_but_for_the_list(case in messages()) {
        foreign::holds(case.on, &case.stream).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn what_is_written_can_be_read(choices in choices(), is_request in any::<bool>(), is_long in any::<bool>()) {
        let on = if is_request { On::Request } else { On::Response };
        let choices = &mut Unstructured::new(&choices);
        let mut message = Message::generate(choices, on).expect("choices never run out");
        if is_long {
            message.lengthen(choices).expect("choices never run out");
        }
        roundtrip::message(&message).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn nothing_panics(octets in vec(any::<u8>(), 0..200)) {
        for name in targets::NAMES {
            if name != "against_httparse" && name != "reader_vs_parser" {
                targets::replay(name, &octets);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn heads_do_not_depend_on_the_split(case in messages()) {
        split::head(&case).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn heads_do_not_depend_on_the_instructions(case in messages()) {
        instructions::holds(&case).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn chunked_bodies_do_not_depend_on_the_split(body in bodies()) {
        split::chunked(&body).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reader_and_parser_agree_about_chunked_bodies(body in bodies()) {
        agreement::holds(&body.request()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn decoding_inverts_encoding_at_every_split(choices in choices()) {
        let content = Content::chunked(&mut Unstructured::new(&choices)).expect("choices never run out");
        roundtrip::chunked(&content).map_err(TestCaseError::fail)?;
    }
}

/// Every vector, and every vector with one octet missing, is as good an input as any.
#[test]
fn vectors_have_every_property() {
    let mut failures = Vec::new();
    for (_, vector) in vectors::all().unwrap_or_else(|error| panic!("{error:#}")) {
        let case = Case::plain(vector.message.on(), &vector.octets.0);
        if let Err(difference) = targets::all_properties(&case) {
            failures.push(format!("{}: {difference}", vector.id));
        }
        for missing in 0..case.stream.len() {
            let mut shorter = case.clone();
            shorter.stream.remove(missing);
            let agreed = agreement::holds(&shorter).and_then(|()| foreign::holds(shorter.on, &shorter.stream));
            if let Err(difference) = agreed {
                failures.push(format!("{} without octet {missing}: {difference}", vector.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
