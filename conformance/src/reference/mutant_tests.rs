//! Every mutant and every lenient variant behaves otherwise than the server without a fault, on a sample for its rule.

use std::time::{Duration, SystemTime};

use startline_parser::Limits;
use startline_parser::policy::Policy;
use startline_parser::reader::{self, End};

use super::conversation::{Arrival, Then, arrived, pass};
use super::mutant::{Mutant, lenients, mutants};
use super::resources::Store;
use super::{Behaviour, Deed, When};
use crate::check::{Check, Plan, octets_of};
use crate::judge::lint::Lint;
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::resource::Need;
use crate::rule::{self, On, Rule};
use crate::wire::Values;

/// What a client sees: octets, and how the connection ends.
fn play(behaviour: &Behaviour, pieces: &[&[u8]]) -> (Vec<u8>, Then) {
    let (mut seen, mut buffer, mut continued) = (Vec::new(), Vec::new(), false);
    let arrivals = pieces.iter().map(|piece| (*piece, Arrival::More)).chain([(&b""[..], Arrival::Fin)]);
    let (mut then, store) = (Then::Read, Store::default());
    for (piece, arrival) in arrivals {
        let before = buffer.len();
        buffer.extend_from_slice(piece);
        arrived(&mut buffer, before, behaviour);
        let pass = pass(&buffer, behaviour, &store, continued, arrival);
        buffer.drain(..pass.consumed);
        continued = pass.continued;
        seen.extend(pass.answers.concat());
        let is_odd = !matches!(pass.then, Then::Read | Then::Close);
        if arrival == Arrival::More || !buffer.is_empty() || is_odd {
            then = pass.then;
        }
        if pass.then != Then::Read {
            break;
        }
    }
    (seen, then)
}

/// The same with the digits of dates made equal.
pub(super) fn timeless(behaviour: &Behaviour, pieces: &[&[u8]]) -> (Vec<u8>, Then) {
    let (octets, then) = play(behaviour, pieces);
    (without_time(&octets), then)
}

fn without_time(octets: &[u8]) -> Vec<u8> {
    let lines = octets.split_inclusive(|&octet| octet == b'\n').map(|line| {
        let zero = |octet: &u8| if octet.is_ascii_digit() { b'0' } else { *octet };
        if line.starts_with(b"Date: ") { line.iter().map(zero).collect() } else { line.to_vec() }
    });
    lines.collect::<Vec<_>>().concat()
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const WILD: &str = "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n";

const TUNNEL: &str = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n";

fn post(fields: &str, body: &str) -> String {
    format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n{body}{GET}")
}

fn chunks(body: &str) -> String {
    post("Transfer-Encoding: chunked\r\n", body)
}

fn get(fields: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n{GET}")
}

fn line(line: &str) -> String {
    format!("{line}\r\nHost: a\r\n\r\n{GET}")
}

/// Conversations that touch a rule; a piece ends at each `|`.
fn samples(rule: &Rule) -> Vec<String> {
    let long = |count| "a".repeat(count);
    let mut all = match rule.id {
        "bare-lf" => vec![get("A: b\n")],
        "bare-cr" => vec![get("A: b\rC: d\r\n"), get("A: b\rc\r\n")],
        "empty-line-before-request" => vec![format!("\r\n{GET}")],
        "empty-lines-before-request" => vec![format!("\r\n\r\n{GET}")],
        "whitespace-before-first-field" => vec![line("GET / HTTP/1.1\r\n A: b")],
        "version-invalid" => vec![line("GET / HTTP/1.10")],
        "request-line-whitespace" => vec![line("GET  / HTTP/1.1")],
        "method-invalid" => vec![line("G@T / HTTP/1.1")],
        "request-target-whitespace" => vec![line("GET /a b HTTP/1.1")],
        "request-target-invalid" => vec![line("GET /\" HTTP/1.1")],
        "request-target-percent" => vec![line("GET /%x HTTP/1.1")],
        "request-target-fragment" => vec![line("GET /#a HTTP/1.1")],
        "request-target-form" => vec![line("GET a HTTP/1.1")],
        "version-missing" => vec!["GET /\r\n".to_owned()],
        "absolute-form" | "absolute-form-host" => vec![line("GET http://b/ HTTP/1.1")],
        "uri-host-empty" => vec![line("GET http:///a HTTP/1.1")],
        "uri-userinfo" => vec![line("GET http://u@b/ HTTP/1.1")],
        "connect-port-invalid" => vec![line("CONNECT a: HTTP/1.1")],
        "version-minor-higher" => vec![line("GET / HTTP/1.2")],
        "version-major-unsupported" => vec![line("GET / HTTP/3.0")],
        "field-line-colon-missing" => vec![get("A\r\n")],
        "field-name-invalid" => vec![get("A(: b\r\n")],
        "whitespace-before-colon" => vec![post("Content-Length : 5\r\n", "hello")],
        "obs-fold" => vec![get("A: b\r\n C: d\r\n")],
        "field-value-nul" => vec![get("A: b\0c\r\n")],
        "field-value-control" => vec![get("A: b\x01c\r\n")],
        "field-value-obs-text" => vec![get("A: \u{e4}\r\n")],
        "host-missing" => vec!["GET / HTTP/1.1\r\n\r\n".to_owned()],
        "host-duplicate" => vec![get("Host: a\r\n")],
        "host-invalid" => vec!["GET / HTTP/1.1\r\nHost: a/b\r\n\r\n".to_owned()],
        "length-and-transfer-encoding" => {
            vec![post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")]
        }
        "transfer-coding-unknown" => vec![post("Transfer-Encoding: foo\r\n", "")],
        "transfer-encoding-in-http10" => ["keep-alive", "x"]
            .map(|option| {
                let head = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection";
                format!("{head}: {option}\r\n\r\n1\r\na\r\n0\r\n\r\n")
            })
            .to_vec(),
        "chunked-repeated" => vec![post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")],
        "transfer-encoding-invalid" => vec![post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")],
        "chunked-not-final" => ["chunked, gzip", "xchunked", "chunked\r\nTransfer-Encoding: identity"]
            .map(|value| post(&format!("Transfer-Encoding: {value}\r\n"), "0\r\n\r\n"))
            .to_vec(),
        "content-length-invalid" => {
            let odd = ["+5", "-5", "0x5", "1_0", "5a", "0b1", "5.0", "\u{a0}5", "\u{665}", "\"5\"", "x, 5"];
            odd.map(|n| post(&format!("Content-Length: {n}\r\n"), "hello")).to_vec()
        }
        "content-length-conflict" => vec![post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello")],
        "body-incomplete" => {
            vec!["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel".to_owned()]
        }
        "content-length-repeated" => vec![post("Content-Length: 5, 5\r\n", "hello")],
        "content-length-overflow" => vec![post("Content-Length: 18446744073709551621\r\n", "hello")],
        "chunk-size-invalid" => ["+1", "-1", "0x1", "0_1", " 1", "1z", "\r\n1", "\"1\"", "\u{a0}1", "\u{661}"]
            .map(|size| chunks(&format!("{size}\r\na\r\n0\r\n\r\n")))
            .to_vec(),
        "chunk-size-overflow" => vec![chunks("10000000000000001\r\na\r\n0\r\n\r\n")],
        "chunk-line-bare-lf" => ["1\na\r\n0\r\n\r\n", "1;b\nc\r\na\r\n0\r\n\r\n"].map(chunks).to_vec(),
        "chunk-data-unterminated" => {
            ["\n", "XX", "", "\r", "X", "XXX\r\n"].map(|end| chunks(&format!("1\r\na{end}0\r\n\r\n"))).to_vec()
        }
        "content-length-large" => ["4294967301", "2147483653", "9223372036854775813"]
            .map(|n| post(&format!("Content-Length: {n}\r\n"), "hello"))
            .to_vec(),
        "chunk-size-large" => {
            ["100000001", "80000001", "8000000000000001"].map(|n| chunks(&format!("{n}\r\na\r\n0\r\n\r\n"))).to_vec()
        }
        "chunk-extension-invalid" => vec![chunks("1;\x01\r\na\r\n0\r\n\r\n")],
        "chunked-parameters" => vec![post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n")],
        "chunk-extension" => vec![chunks("1;a=b\r\na\r\n0\r\n\r\n")],
        "chunk-extension-whitespace" => vec![chunks("1 ; a = b\r\na\r\n0\r\n\r\n")],
        "trailer-section" => vec![chunks("0\r\nA: b\r\n\r\n")],
        "methods-supported" => vec![GET.to_owned(), line("HEAD / HTTP/1.1")],
        "head-without-content" => vec![line("HEAD / HTTP/1.1")],
        "method-unknown" => vec![line("gzt / HTTP/1.1")],
        "method-case" => vec![line("get / HTTP/1.1")],
        "field-unknown" => vec![get("X-Unheard-Of: a\r\n")],
        "list-empty-elements" => vec![get("Connection: , close\r\n")],
        "method-too-long" => vec![line(&format!("{} / HTTP/1.1", long(100)))],
        "target-too-long" => [70_000, 13_000].map(|count| line(&format!("GET /{} HTTP/1.1", long(count)))).to_vec(),
        "fields-too-large" => {
            let many: String = (0..100).map(|at| format!("X{at}: a\r\n")).collect();
            let line = |count| format!("A: {}\r\n", long(count));
            vec![get(&line(70_000)), get(&line(6_000)), get(&line(8_000).repeat(3)), get(&many)]
        }
        "request-line-8000" => vec![line(&format!("GET /{} HTTP/1.1", long(7_986)))],
        "uri-equivalence" => vec![line("GET /%66ixed HTTP/1.1")],
        "coding-alias" => vec![post("Content-Encoding: x-gzip\r\nContent-Length: 0\r\n", "")],
        "content-range-complete-length" => {
            vec!["GET /fixed HTTP/1.1\r\nHost: a\r\nRange: bytes=0-0\r\n\r\n".to_owned()]
        }
        "own-lengths-accepted" => vec![GET.to_owned()],
        "uri-8000" => vec![line(&format!("GET /{} HTTP/1.1", long(7_999)))],
        "field-whitespace-excluded" => vec![get("Connection:close\r\n")],
        "compression-parameters" => vec![post("Transfer-Encoding: gzip;a=b, chunked\r\n", "0\r\n\r\n")],
        "body-read" => vec![
            post("Content-Length: 5\r\n", "hello"),
            get("Content-Length: 5\r\n\r\nhello"),
            post("Content-Length: 010\r\n", "hello worl"),
            post("Content_Length: 5\r\n", ""),
            post("Expect: 100-continue\r\nUpgrade: a/1\r\nContent-Length: 5\r\n", "hello"),
            line("POST /missing HTTP/1.1\r\nContent-Length: 5") + "hello",
        ],
        "chunked-decoded" => vec![chunks("1\r\na\r\n0\r\n\r\n"), chunks("10\r\n0123456789abcdef\r\n0\r\n\r\n")],
        "persistence" | "close-announced" => vec![format!("{GET}|{GET}")],
        "http10-closes" => vec![format!("GET / HTTP/1.0\r\n\r\n|{GET}")],
        "segmentation-independent" => {
            vec!["GET / HTTP/1.1\r\nHost:| a\r\n\r\n".to_owned(), "GET / HTTP/1.1\r|\nHost: a\r\n\r\n".to_owned()]
        }
        "pipeline-order" => vec![line("GET /first HTTP/1.1")],
        "close-honoured" | "close-echoed" | "nothing-after-close" => vec![get("Connection: close\r\n")],
        "created-unnamed" => vec![post("Content-Length: 5\r\n", "hello")],
        "no-coding-to-http10" => vec!["GET / HTTP/1.0\r\n\r\n".to_owned()],
        "no-downgrade" => vec![GET.to_owned(), line("GET /missing HTTP/1.1")],
        "expect-answered" | "expect-final" => {
            let head = "POST / HTTP/1.1\r\nHost: a\r\n";
            let length = format!("{head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n|hello");
            let lines = format!("{head}Expect:\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n|hello");
            let chunks = format!("{head}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n|0\r\n\r\n");
            vec![length, lines, chunks]
        }
        "expect-in-http10" | "interim-to-http10" => {
            vec!["POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n|a".to_owned()]
        }
        "expect-unknown" => vec![get("Expect: tea\r\n")],
        "close-unannounced" => vec![line("GET /\" HTTP/1.1")],
        "upgrade-offered" | "upgrade-case" | "upgrade-in-http10" => ["tea", "STARTLINE-ECHO/1", "startline-echo/1"]
            .into_iter()
            .flat_map(|name| {
                ["1.0", "1.1"].map(|minor| {
                    format!("GET /upgrade HTTP/{minor}\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: {name}\r\n\r\n")
                })
            })
            .collect(),
        "upgrade-continue-first" => {
            let fields = "Connection: upgrade\r\nUpgrade: startline-echo/1\r\nExpect: 100-continue";
            vec![format!("GET /upgrade HTTP/1.1\r\nHost: a\r\n{fields}\r\nContent-Length: 1\r\n\r\n|a")]
        }
        "head-incomplete" => vec!["GET / HTTP/1.1\r\nHost: a\r\n".to_owned()],
        "response-version" => vec!["GET / HTTP/1.0\r\n\r\n".to_owned()],
        "trailer-merged" => {
            ["X-A: b", "Host: b", "Authorization: b", "Content-Length: 9", "Transfer-Encoding: b", "Cookie: b"]
                .map(|line| chunks(&format!("0\r\n{line}\r\n\r\n")))
                .to_vec()
        }
        "https-secured" => vec![line("GET https://a/ HTTP/1.1"), GET.to_owned()],
        "expect-early-announced" => {
            vec!["POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\n".to_owned()]
        }
        "expect-content-there" => vec![post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello")],
        "close-sent-honoured" => vec![format!("GET / HTTP/1.1\r\n\r\n{GET}")],
        "date-present" | "date-format" => vec![GET.to_owned(), line("GET /missing HTTP/1.1")],
        "put-created"
        | "put-modified"
        | "put-validator"
        | "put-field-unknown"
        | "put-content-range"
        | "content-location-in-request"
        | "delete-status" => {
            let fields = "Host: a\r\nStartline-Unknown: t\r\nContent-Location: b\r\nContent-Length: 2\r\n";
            let one = |method: &str, fields: &str| format!("{method} /store/a HTTP/1.1\r\n{fields}\r\na ");
            let part = one("PUT", &format!("{fields}Content-Range: bytes 0-1/9\r\n"));
            let get = "GET /store/a HTTP/1.1\r\nHost: a\r\n\r\n";
            let put = one("PUT", fields);
            vec![[&put[..], &put, get, &part, get, &get.replace("GET", "DELETE")].concat()]
        }
        "trace-reflected" | "trace-sensitive" => vec![line("TRACE / HTTP/1.1").replace("Host", "Cookie: a=b\r\nHost")],
        "method-not-allowed" => vec![line("POST /fixed HTTP/1.1").replace("Host", "Content-Length: 0\r\nHost")],
        "credentials-required" | "connection-not-identity" | "auth-scheme-case" => {
            let one = |value: &str| format!("GET /private HTTP/1.1\r\nHost: a\r\nAuthorization: {value}\r\n\r\n");
            let token = crate::credentials::base64(b"startline:startline");
            let unknown = line("GET /private HTTP/1.1");
            vec![
                one("Basic ~~~"),
                one(&format!("basic {token}")),
                format!("{}{unknown}", one(&format!("Basic {token}"))),
            ]
        }
        "accept-weight-order" | "vary-negotiated" => {
            let field = "Accept: text/plain;q=0.1;a=b, text/html;q=0.5\r\nHost";
            vec![line("GET /negotiated HTTP/1.1").replace("Host", field)]
        }
        "coding-unacceptable" | "content-encoding-missing" => {
            vec![get("Accept-Encoding: startline\r\n"), get("Accept-Encoding: gzip\r\n")]
        }
        "content-range-other-method" => vec![get("Content-Range: bytes 0-0/1\r\n")],
        id if id.starts_with("range-") || id.starts_with("partial-") => [
            "bytes=-1",
            "bytes=9999-",
            "startlines=0-0",
            "bytes=0-4294967296",
            "bytes=0-18446744073709551616",
            "bytes=0-0",
            "bytes=5-5,0-0",
            "bytes=1-0",
        ]
        .iter()
        .flat_map(|range| {
            let fields = format!("Host: a\r\nRange: {range}\r\n");
            [
                format!("GET /fixed HTTP/1.1\r\n{fields}\r\n"),
                format!("HEAD /fixed HTTP/1.1\r\n{fields}\r\n"),
                format!("GET /fixed HTTP/1.1\r\n{fields}If-Range: \"fixed-1\"\r\n\r\n"),
            ]
        })
        .collect(),
        _ => conditional(rule),
    };
    all.push(WILD.to_owned());
    all.push(TUNNEL.to_owned());
    all
}

/// The exchanges of the catalogue for a rule, on the resources that they are for, and writes with preconditions.
fn conditional(rule: &Rule) -> Vec<String> {
    const DATE: &str = "Tue, 05 Mar 2024 10:20:30 GMT";
    let values = |path: &str| Values {
        path: path.to_owned(),
        etag: Some("\"fixed-1\"".to_owned()),
        last_modified: Some(DATE.to_owned()),
        ..Values::sample()
    };
    let of_check = |check: &Check| match &check.plan {
        Plan::Exchange { steps, .. } if check.rule == rule => {
            let path = if check.needs == Some(Need::Authentication) { "/private" } else { "/fixed" };
            Some(String::from_utf8_lossy(&octets_of(steps, &values(path))).into_owned())
        }
        _ => None,
    };
    let mut all: Vec<String> = crate::check::builtin().iter().filter_map(of_check).collect();
    if rule::REPRESENTATIONS.contains(&rule) {
        let of = |line: &str, field: &str| format!("{line} HTTP/1.1\r\nHost: a\r\n{field}\r\n");
        let unmodified = "If-None-Match: *\r\n";
        all.extend(["GET", "HEAD", "OPTIONS"].map(|method| of(&format!("{method} /fixed"), "")));
        all.extend(["/fixed", "/negotiated"].map(|path| of(&format!("GET {path}"), unmodified)));
        all.push(of("GET /negotiated", "Accept: text/html\r\n"));
        all.push(of("PUT /store/a", "Content-Length: 0\r\n"));
        return all;
    }
    if !rule::PRECONDITIONS.contains(&rule) {
        return all;
    }
    let put = |fields: &str| format!("PUT /store/a HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: 1\r\n\r\na");
    let old = "Sun, 06 Nov 1994 08:49:37 GMT";
    let new = "Fri, 31 Dec 9999 23:59:59 GMT";
    for field in [
        "If-Match: \"x\"".to_owned(),
        "If-None-Match: *".to_owned(),
        format!("If-Modified-Since: {new}"),
        format!("If-Unmodified-Since: {old}"),
    ] {
        let again = put(&format!("{field}\r\n"));
        all.push(format!("{}|{again}|GET /store/a HTTP/1.1\r\nHost: a\r\n\r\n", put("")));
    }
    for date in [format!("If-Modified-Since: {new}"), format!("If-Unmodified-Since: {old}")] {
        all.push(format!("GET /store/ HTTP/1.1\r\nHost: a\r\n{date}\r\n\r\n"));
    }
    all.push("GET /fixed HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: Friday, 01-Jan-99 00:00:00 GMT\r\n\r\n".to_owned());
    all.push(
        "GET /fixed HTTP/1.1\r\nHost: a\r\nIf-Unmodified-Since: Friday, 01-Jan-99 00:00:00 GMT\r\n\r\n".to_owned(),
    );
    all
}

fn pieces(sample: &str) -> Vec<&[u8]> {
    sample.split('|').map(str::as_bytes).collect()
}

#[test]
fn every_mutant_behaves_otherwise() {
    for mutant in mutants().chain(lenients()) {
        // How a connection ends, and whether, does not show in the octets.
        let ends = [Deed::NoClosureAlert, Deed::ClosureUnnoticed, Deed::ResetsWhenIdle];
        if ends.iter().any(|deed| mutant.behaviour.does(*deed)) {
            continue;
        }
        let sound = Behaviour { tls: mutant.behaviour.tls, ..Behaviour::default() };
        let samples = samples(mutant.rule);
        let differs =
            |sample: &String| timeless(&mutant.behaviour, &pieces(sample)) != timeless(&sound, &pieces(sample));
        assert!(samples.iter().any(differs), "{mutant} behaves like the server without a fault");
        assert_eq!(play(&sound, &[GET.as_bytes()]).1, Then::Read);
    }
}

#[test]
fn malformed_answers_break_the_rule_that_they_are_named_for_and_no_other() {
    for mutant in mutants().filter(|mutant| is_malformed(mutant)) {
        let (octets, then) = play(&mutant.behaviour, &[WILD.as_bytes()]);
        let reading = reader::read(&octets, On::Response, &[b"OPTIONS"], &Policy::STRICT, &Limits::DEFAULT);
        let broken = reading.faults().chain(reading.features()).map(|found| found.rule);
        let mut broken: Vec<&str> =
            broken.filter(|rule| rule.sender(On::Response).is_some()).map(|rule| rule.id).collect();
        let is_cut = |message: &reader::Message| message.end == End::Partial && message.head_end.is_some();
        if then == Then::Close && reading.messages.iter().any(is_cut) {
            broken.push("body-incomplete");
        }
        let text = String::from_utf8_lossy(&octets);
        assert!(!broken.is_empty() && broken.iter().all(|id| *id == mutant.rule.id), "{mutant}: {broken:?} in {text}");
    }
}

/// The response lint finds in what is written down what it is written down for, and nothing besides.
#[test]
fn scripted_answers_break_the_rule_that_they_are_named_for_and_no_other() {
    let ended = |then: Then| if then == Then::Close { Ended::Fin } else { Ended::Quiet };
    for mutant in mutants() {
        let Some(sample) = mutant.behaviour.deeds.iter().find_map(|deed| match deed {
            Deed::Scripted(When::ServerWide, _) => Some(WILD),
            Deed::Scripted(When::Connect, _) => Some(TUNNEL),
            _ => None,
        }) else {
            continue;
        };
        let mut lint = Lint::with_clock(SystemTime::now());
        for sample in [GET, sample] {
            let (octets, then) = play(&mutant.behaviour, &[sample.as_bytes()]);
            lint.look(0, &observation(sample, octets, ended(then)));
        }
        let found: Vec<(&str, String)> = lint.findings().map(|found| (found.rule.id, found.why())).collect();
        let mut expected: Vec<&str> = [mutant.rule.id].iter().chain(mutant.declared).copied().collect();
        expected.sort_unstable();
        assert!(found.iter().map(|(id, _)| *id).eq(expected), "{mutant}: {found:?}");
    }
}

fn observation(sent: &str, received: Vec<u8>, ended: Ended) -> Observation {
    let piece = |octets: &[u8]| Piece { at: Duration::ZERO, octets: octets.to_vec() };
    Observation {
        purpose: Purpose::Check,
        sent: vec![Sent { piece: piece(sent.as_bytes()), is_canary: false }],
        received: vec![piece(&received)],
        ended,
        ended_at: Duration::ZERO,
        before_canary: None,
        omitted: 0,
    }
}

fn is_malformed(mutant: &Mutant) -> bool {
    mutant.behaviour.deeds.iter().any(|deed| matches!(deed, Deed::Malformed(_)))
}

#[test]
fn answers_of_reading_mutants_are_well_formed() {
    let is_well = |mutant: &&Mutant| !is_malformed(mutant);
    for mutant in mutants().chain(lenients()).filter(is_well) {
        let (octets, _) = play(&mutant.behaviour, &[GET.as_bytes()]);
        let reading = reader::read(&octets, On::Response, &[b"GET"], &Policy::STRICT, &Limits::DEFAULT);
        assert_eq!(reading.faults().count(), 0, "{mutant}: {}", String::from_utf8_lossy(&octets));
        assert_eq!(reading.messages.len(), 1, "{mutant}");
    }
}
