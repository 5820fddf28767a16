//! The entry points of the fuzz targets: each checks an input and panics when a property does not hold.
//!
//! A fuzz target is named after its function and does nothing but call it. [`replay`] runs the function of a name over
//! octets as the fuzzer would have handed them over, so that what a fuzzer has found once is held by plain tests.

use arbitrary::{Arbitrary, Unstructured};
use startline_parser::notation::encode;

use crate::generate::{Bodies, Case, Messages, Requests, Responses};
use crate::{agreement, foreign, soundness, split};

/// The names of all targets.
pub const NAMES: [&str; 7] = [
    "against_httparse",
    "chunked",
    "instructions",
    "parse_request",
    "parse_response",
    "reader_vs_parser",
    "split_invariance",
];

/// Requests: nothing panics, and every outcome is sound.
pub fn parse_request(Requests(case): &Requests) {
    require(soundness::holds(case), &case.stream);
}

/// Responses: nothing panics, and every outcome is sound.
pub fn parse_response(Responses(case): &Responses) {
    require(soundness::holds(case), &case.stream);
}

/// Chunked bodies: the result does not depend on the split, and the reader agrees.
pub fn chunked(Bodies(body): &Bodies) {
    require(split::chunked(body), &body.octets);
    let case = body.request();
    require(agreement::holds(&case), &case.stream);
}

/// Messages: the reader and the parser come to the same.
pub fn reader_vs_parser(Messages(case): &Messages) {
    require(agreement::holds(case), &case.stream);
}

/// Messages: the result does not depend on the split.
pub fn split_invariance(Messages(case): &Messages) {
    require(split::head(case), &case.stream);
}

/// Messages: the result does not depend on the instructions that are used.
pub fn instructions(Messages(case): &Messages) {
    require(crate::instructions::holds(case), &case.stream);
}

/// Messages: httparse agrees, but for the list.
pub fn against_httparse(Messages(case): &Messages) {
    require(foreign::holds(case.on, &case.stream), &case.stream);
}

fn require(property: Result<(), String>, octets: &[u8]) {
    if let Err(difference) = property {
        panic!("{difference}\nin {}", encode(octets));
    }
}

/// Runs the target of that name over octets of a corpus.
///
/// # Panics
/// When there is no such target, or as the target does.
pub fn replay(name: &str, octets: &[u8]) {
    fn input<'a, T: Arbitrary<'a>>(octets: &'a [u8], target: fn(&T)) {
        if let Ok(input) = T::arbitrary_take_rest(Unstructured::new(octets)) {
            target(&input);
        }
    }
    match name {
        "against_httparse" => input(octets, against_httparse),
        "chunked" => input(octets, chunked),
        "instructions" => input(octets, instructions),
        "parse_request" => input(octets, parse_request),
        "parse_response" => input(octets, parse_response),
        "reader_vs_parser" => input(octets, reader_vs_parser),
        "split_invariance" => input(octets, split_invariance),
        _ => panic!("there is no target {name}"),
    }
}

/// Every property over one plain stream; for tests over given messages.
///
/// # Errors
/// The first property that does not hold.
pub fn all_properties(case: &Case) -> Result<(), String> {
    soundness::holds(case)?;
    agreement::holds(case)?;
    split::head(case)?;
    crate::instructions::holds(case)?;
    foreign::holds(case.on, &case.stream)
}
