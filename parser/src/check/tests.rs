//! The usual reading and the general one come to the same.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::*;
use crate::fields::FieldSpan;
use crate::head::Parsed;

/// The same cases in every run.
pub(super) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(9112), ..ProptestConfig::default() }
}

/// Names, and for each of them values that are right, wrong, or right and rare.
const FIELDS: [(&str, &[&str]); 3] = [
    (
        "Host",
        &["example.com", "example.com", "a", "", "a:80", "a:8o", "[::1]:80", "[::1", "%41", "%4", "a b", "abcde@f"],
    ),
    (
        "Content-Length",
        &[
            "5",
            "0",
            "007",
            "9999999999999999999",
            "10000000000000000000",
            "18446744073709551615",
            "18446744073709551616",
            "0000000000000000000000005",
            "",
            "5,5",
            "5, 6",
            "+5",
            "5a",
            "5:",
            "/5",
            ",",
        ],
    ),
    (
        "Transfer-Encoding",
        &[
            "chunked",
            "CHUNKED",
            "chunked",
            "chunkec",
            "gzip, chunked",
            "chunked,",
            "chunked;a=b",
            "gzip",
            "",
            "chun ked",
        ],
    ),
];

/// Some of the fields that matter in some case, usually once, among others.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let known = select(&FIELDS[..]).prop_flat_map(|(name, values)| {
        let cased = select(alloc::vec![String::from(name), name.to_lowercase(), name.to_uppercase()]);
        (cased, select(values)).prop_map(|(name, value)| format!("{name}: {value}"))
    });
    let other = select(&["Hast: a", "Content-Type: 5", "Content_Length: 5", "Accept: */*", "Date: x"][..]);
    prop::collection::vec(prop_oneof![3 => known, 2 => other.prop_map(String::from)], 0..6)
}

fn octets(start_line: &str, lines: &[String]) -> Vec<u8> {
    let mut text = format!("{start_line}\r\n");
    for line in lines {
        text += line;
        text += "\r\n";
    }
    (text + "\r\n").into_bytes()
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn requests(lines in lines(), minor in 0..3) {
        let octets = octets(&format!("POST / HTTP/1.{minor}"), &lines);
        let mut storage = [FieldSpan::EMPTY; 8];
        let Ok(Parsed::Complete(head)) = Request::parse_head(&octets, &mut storage) else { panic!("a whole head") };
        let found = Found::among(head.fields());
        let is_11 = head.version().is_11();
        prop_assert_eq!(head.check(), head.explain(found));
        let (coding, length) = general(&found, is_11, true, &mut First::default());
        prop_assert_eq!(head.framing(), framing::of_request(is_11, coding, length));
    }

    #[test]
    fn responses(
        lines in lines(),
        minor in 0..3,
        status in select(&[200, 204, 304][..]),
        method in select(&["GET", "HEAD", "CONNECT"][..]),
    ) {
        let octets = octets(&format!("HTTP/1.{minor} {status} OK"), &lines);
        let mut storage = [FieldSpan::EMPTY; 8];
        let Ok(Parsed::Complete(head)) = Response::parse_head(&octets, &mut storage) else { panic!("a whole head") };
        let found = Found::among(head.fields());
        let is_11 = head.version().is_11();
        prop_assert_eq!(head.check(method.as_bytes()), head.explain(method.as_bytes(), found));
        let (coding, length) = general(&found, is_11, false, &mut First::default());
        let framing = framing::of_response(method.as_bytes(), status, is_11, coding, length);
        prop_assert_eq!(head.framing(method.as_bytes()), framing);
    }
}
