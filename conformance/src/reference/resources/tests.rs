//! The resources, request by request, without a socket.

use super::Store;
use crate::answers::{Answer, answers};
use crate::judge::exchange::methods_of;
use crate::reference::Behaviour;
use crate::reference::conversation::{Arrival, Then, pass};

/// The answers to requests on one connection to a server with this store.
fn talk(store: &Store, requests: &str) -> (Vec<Answer>, Then) {
    let octets = requests.replace('\n', "\r\n").into_bytes();
    let pass = pass(&octets, &Behaviour::default(), store, false, Arrival::More);
    (answers(&pass.answers.concat(), &methods_of(&octets), false), pass.then)
}

/// The answer to one request with these fields.
fn ask_of(store: &Store, line: &str, fields: &str, content: &str) -> Answer {
    let length = if content.is_empty() { String::new() } else { format!("Content-Length: {}\n", content.len()) };
    let (mut found, _) = talk(store, &format!("{line} HTTP/1.1\nHost: a\n{fields}{length}\n{content}"));
    assert_eq!(found.len(), 1, "{line} {fields}");
    let answer = found.remove(0);
    assert!(answer.is_complete && answer.faults.is_empty(), "{line} {fields}: {answer:?}");
    answer
}

fn ask(line: &str, fields: &str) -> Answer {
    ask_of(&Store::default(), line, fields, "")
}

fn status(line: &str, fields: &str) -> u16 {
    ask(line, fields).status.unwrap_or_default()
}

fn text<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.field(name).map_or("-", |value| std::str::from_utf8(value).unwrap())
}

const DATE: &str = "Tue, 05 Mar 2024 10:20:30 GMT";
const BEFORE: &str = "Tue, 05 Mar 2024 10:20:29 GMT";
const AFTER: &str = "Wed, 06 Mar 2024 10:20:30 GMT";

#[test]
fn fixed_says_what_it_is() {
    let whole = ask("GET /fixed?query", "");
    assert_eq!((whole.status, whole.content.len()), (Some(200), 512));
    assert_eq!((text(&whole, "etag"), text(&whole, "last-modified")), ("\"fixed-1\"", DATE));
    assert_eq!((text(&whole, "accept-ranges"), text(&whole, "content-type")), ("bytes", "text/plain"));
    let head = ask("HEAD /fixed", "Range: bytes=0-0\n");
    assert_eq!((head.status, text(&head, "content-length"), head.content.len()), (Some(200), "512", 0));
    assert_eq!(text(&ask("POST /fixed", ""), "allow"), "GET, HEAD, OPTIONS");
    assert_eq!((status("POST /fixed", "If-Match: \"x\"\n"), status("OPTIONS /fixed", "")), (405, 200));
}

#[test]
fn if_match_and_if_none_match() {
    for (fields, wanted) in [
        ("If-Match: \"fixed-1\"", 200),
        ("If-Match: *", 200),
        ("If-Match: \"a,b\", \"fixed-1\"", 200),
        ("If-Match: \"a\"\nIf-Match: \"fixed-1\"", 200),
        ("If-Match: W/\"fixed-1\"", 412),
        ("If-Match: \"a, \\\"fixed-1\"", 412),
        ("If-Match: fixed-1", 412),
        ("If-Match: \"x\"", 412),
        ("If-None-Match: \"fixed-1\"", 304),
        ("If-None-Match: W/\"fixed-1\"", 304),
        ("If-None-Match: \"a,b\", , W/\"fixed-1\"", 304),
        ("If-None-Match: *", 304),
        ("If-None-Match: \"FIXED-1\"", 200),
        ("If-None-Match: fixed-1", 200),
        ("If-None-Match: w/\"fixed-1\"", 200),
        ("If-Match: \"x\"\nIf-None-Match: \"fixed-1\"", 412),
    ] {
        assert_eq!(status("GET /fixed", &format!("{fields}\n")), wanted, "{fields}");
        assert_eq!(status("HEAD /fixed", &format!("{fields}\n")), wanted, "{fields}");
    }
    let unmodified = ask("GET /fixed", "If-None-Match: *\n");
    let names: Vec<_> = unmodified.fields.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
    assert_eq!(names, ["Date", "ETag", "Cache-Control"]);
}

#[test]
fn dates_as_preconditions() {
    for (fields, wanted) in [
        (format!("If-Modified-Since: {DATE}"), 304),
        (format!("If-Modified-Since: {AFTER}"), 304),
        (format!("If-Modified-Since: {BEFORE}"), 200),
        ("If-Modified-Since: Tuesday, 05-Mar-24 10:20:30 GMT".to_owned(), 304),
        ("If-Modified-Since: Tue Mar  5 10:20:30 2024".to_owned(), 304),
        ("If-Modified-Since: Tue Mar  5 10:20:29 2024".to_owned(), 200),
        (format!("If-Modified-Since: {DATE}, {DATE}"), 200),
        (format!("If-Modified-Since: {DATE}\nIf-Modified-Since: {DATE}"), 200),
        ("If-Modified-Since: today".to_owned(), 200),
        (format!("If-Modified-Since: {AFTER}\nIf-None-Match: \"x\""), 200),
        (format!("If-Modified-Since: {BEFORE}\nIf-None-Match: \"fixed-1\""), 304),
        (format!("If-Unmodified-Since: {DATE}"), 200),
        (format!("If-Unmodified-Since: {BEFORE}"), 412),
        ("If-Unmodified-Since: Tue Mar  5 10:20:29 2024".to_owned(), 412),
        ("If-Unmodified-Since: never".to_owned(), 200),
        (format!("If-Unmodified-Since: {BEFORE}\nIf-Match: \"fixed-1\""), 200),
        (format!("If-Unmodified-Since: {BEFORE}\nIf-Match: \"x\""), 412),
        (format!("If-Unmodified-Since: {AFTER}\nIf-Modified-Since: {AFTER}"), 304),
    ] {
        assert_eq!(status("GET /fixed", &format!("{fields}\n")), wanted, "{fields}");
    }
}

#[test]
fn ranges_of_every_sort() {
    for (range, wanted) in [
        ("bytes=0-0", "bytes 0-0/512"),
        ("BYTES=0-0", "bytes 0-0/512"),
        ("bytes=500-", "bytes 500-511/512"),
        ("bytes=500-99999999999999999999999999", "bytes 500-511/512"),
        ("bytes=-5", "bytes 507-511/512"),
        ("bytes=-5000", "bytes 0-511/512"),
        ("bytes=511-511", "bytes 511-511/512"),
        ("bytes=, 3-4 ,,", "bytes 3-4/512"),
        ("bytes=3-4, 600-", "bytes 3-4/512"),
    ] {
        let part = ask("GET /fixed", &format!("Range: {range}\n"));
        assert_eq!((part.status, text(&part, "content-range")), (Some(206), wanted), "{range}");
        assert_eq!((text(&part, "etag"), text(&part, "content-type")), ("\"fixed-1\"", "text/plain"));
        let whole = ask("GET /fixed", "").content;
        let (first, last) = wanted["bytes ".len()..wanted.len() - 4].split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(part.content, whole[first..=last], "{range}");
    }
    for range in ["bytes=512-", "bytes=-0", "bytes=600-700, 800-", "bytes=99999999999999999999999999-"] {
        let none = ask("GET /fixed", &format!("Range: {range}\n"));
        assert_eq!((none.status, text(&none, "content-range")), (Some(416), "bytes */512"), "{range}");
    }
    for ignored in [
        "octets=0-0",
        "bytes",
        "bytes=",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=0 -0",
        "bytes=-",
        "bytes 0-0",
        "bytes=0-9, 5-14, 10-19",
        "bytes=0-0\nRange: bytes=1-1",
    ] {
        assert_eq!(status("GET /fixed", &format!("Range: {ignored}\n")), 200, "{ignored}");
    }
    let many: Vec<String> = (0..17).map(|at| format!("{0}-{0}", at * 2)).collect();
    assert_eq!(status("GET /fixed", &format!("Range: bytes={}\n", many.join(","))), 200);
}

#[test]
fn several_ranges_are_a_multipart() {
    let parts = ask("GET /fixed", "Range: bytes=7-9, 0-2, -3\n");
    assert_eq!((parts.status, text(&parts, "content-range")), (Some(206), "-"));
    assert_eq!(text(&parts, "content-type"), "multipart/byteranges; boundary=startline-part-0");
    let shown = String::from_utf8(parts.content).unwrap();
    let part = |range: &str, octets: &str| {
        format!(
            "--startline-part-0\r\nContent-Type: text/plain\r\nContent-Range: bytes {range}/512\r\n\r\n{octets}\r\n"
        )
    };
    let wanted =
        [part("7-9", "000"), part("0-2", "oct"), part("509-511", "..\n")].concat() + "--startline-part-0--\r\n";
    assert_eq!(shown, wanted);
}

#[test]
fn if_range_lets_a_range_count_or_not() {
    for (validator, wanted) in [
        ("\"fixed-1\"", 206),
        (DATE, 206),
        ("Tue Mar  5 10:20:30 2024", 206),
        ("W/\"fixed-1\"", 200),
        ("\"x\"", 200),
        ("\"fixed-1\", \"x\"", 200),
        (BEFORE, 200),
        (AFTER, 200),
        ("*", 200),
    ] {
        let fields = format!("Range: bytes=0-1\nIf-Range: {validator}\n");
        assert_eq!(status("GET /fixed", &fields), wanted, "{validator}");
        assert_eq!(status("GET /fixed", &format!("If-Range: {validator}\n")), 200, "{validator}");
    }
    let part = ask("GET /fixed", "Range: bytes=0-1\nIf-Range: \"fixed-1\"\n");
    assert_eq!((text(&part, "etag"), text(&part, "last-modified")), ("\"fixed-1\"", "-"));
    assert_eq!(status("GET /fixed", "Range: bytes=900-\nIf-Range: \"x\"\n"), 200);
    assert_eq!(status("GET /fixed", "Range: bytes=0-1\nIf-None-Match: *\n"), 304);
    assert_eq!(status("GET /fixed", "Range: bytes=0-1\nIf-Match: \"x\"\n"), 412);
}

#[test]
fn what_is_put_is_kept_until_it_is_deleted() {
    let store = Store::default();
    let ask = |line: &str, fields: &str, content: &str| ask_of(&store, line, fields, content);
    let status = |line: &str, fields: &str, content: &str| ask(line, fields, content).status.unwrap();
    assert_eq!(status("GET /store/", "", ""), 200);
    assert_eq!(status("GET /store/", "If-None-Match: *\n", ""), 304);
    assert_eq!(status("GET /store/a", "If-Match: *\n", ""), 404);
    assert_eq!(status("PUT /store/a", "If-Match: *\n", "x"), 412);
    assert_eq!(status("PUT /store/a", "Content-Range: bytes 0-0/2\n", "x"), 400);
    assert_eq!(status("PUT /store/a", "Content-Encoding: gzip\n", "x"), 415);
    assert_eq!(status("GET /store/a", "", ""), 404);
    let created = ask("PUT /store/a", "Content-Type: text/x\nIf-None-Match: *\n", "one");
    let got = ask("GET /store/a", "", "");
    assert_eq!((created.status, &got.content[..]), (Some(201), &b"one"[..]));
    assert_eq!((text(&got, "content-type"), text(&got, "etag")), ("text/x", text(&created, "etag")));
    assert_eq!(status("PUT /store/a", "If-None-Match: *\n", "two"), 412);
    assert_eq!(status("PUT /store/a", &format!("If-Match: {}\n", text(&got, "etag")), "three"), 204);
    assert_eq!(status("PUT /store/a", &format!("If-Match: {}\n", text(&got, "etag")), "four"), 412);
    let changed = ask("GET /store/a", "Range: bytes=1-2\n", "");
    assert_eq!((&changed.content[..], text(&changed, "content-type")), (&b"hr"[..], "application/octet-stream"));
    assert_ne!(text(&changed, "etag"), text(&got, "etag"));
    assert_eq!(status("POST /store/a", "", "x"), 405);
    assert_eq!(status("DELETE /store/a", "If-Match: \"x\"\n", ""), 412);
    assert_eq!(status("DELETE /store/a", "", ""), 204);
    assert_eq!((status("GET /store/a", "", ""), status("DELETE /store/a", "", "")), (404, 404));
}

#[test]
fn the_store_is_bounded() {
    let store = Store::default();
    let large = "x".repeat(super::store::CONTENT_MOST + 1);
    assert_eq!(ask_of(&store, "PUT /store/large", "", &large).status, Some(413));
    for count in 0..=super::store::KEPT_MOST {
        assert_eq!(ask_of(&store, &format!("PUT /store/{count}"), "", "x").status, Some(201));
    }
    let status = |path: &str| ask_of(&store, &format!("GET {path}"), "", "").status;
    assert_eq!((status("/store/0"), status("/store/1")), (Some(404), Some(200)));
}

#[test]
fn private_opens_to_the_right_words_only() {
    let right = crate::credentials::base64(b"startline:startline");
    for scheme in ["Basic", "basic", "BASIC", "Basic "] {
        assert_eq!(status("GET /private", &format!("Authorization: {scheme} {right}\n")), 200, "{scheme}");
    }
    for wrong in [format!("Bearer {right}"), format!("Basic{right}"), "Basic".to_owned(), "Basic eA==".to_owned()] {
        let answer = ask("GET /private", &format!("Authorization: {wrong}\n"));
        assert_eq!((answer.status, text(&answer, "www-authenticate").starts_with("Basic realm=")), (Some(401), true));
    }
    assert_eq!(status("GET /private", ""), 401);
    assert_eq!(status("GET /private", &format!("Authorization: Basic {right}\nAuthorization: Basic {right}\n")), 401);
    assert_eq!(status("GET /private", "If-None-Match: *\n"), 401);
    assert_eq!(status("PUT /private", ""), 405);
}

#[test]
fn negotiation_goes_by_weights() {
    for (fields, wanted) in [
        ("", "text/plain en"),
        ("Accept: */*\nAccept-Language: *\n", "text/plain en"),
        ("Accept: text/html\n", "text/html en"),
        ("Accept: text/*;q=0.5, TEXT/HTML;Q=0.6\n", "text/html en"),
        ("Accept: text/html;q=0.5\nAccept: text/plain ; q=0.4\n", "text/html en"),
        ("Accept: text/html;level=1, text/plain;q=0.1\n", "text/plain en"),
        ("Accept: text/html;q=0, */*\n", "text/plain en"),
        ("Accept: text/html;q=2, text/plain;q=0.1\n", "text/plain en"),
        ("Accept-Language: de\n", "text/plain de"),
        ("Accept-Language: en;q=0.001, DE;q=0.002\n", "text/plain de"),
        ("Accept-Language: fr, *;q=0.1, en;q=0\n", "text/plain de"),
        ("Accept-Language: fr\n", "text/plain en"),
        ("Accept: text/html\nAccept-Language: de-CH, de;q=0.7\n", "text/html de"),
    ] {
        let answer = ask("GET /negotiated", fields);
        assert_eq!((answer.status, text(&answer, "vary")), (Some(200), "Accept, Accept-Language"), "{fields}");
        let got = format!("{} {}", text(&answer, "content-type"), text(&answer, "content-language"));
        assert_eq!(got, wanted, "{fields}");
    }
    let none = ask("GET /negotiated", "Accept: image/png, text/*;q=0\n");
    assert_eq!((none.status, text(&none, "vary")), (Some(406), "Accept, Accept-Language"));
    let same = ask("GET /negotiated", "Accept: text/html\nIf-None-Match: \"text-html-en\"\n");
    assert_eq!((same.status, text(&same, "vary")), (Some(304), "Accept, Accept-Language"));
    assert_eq!(status("GET /negotiated", "Accept: text/html\nIf-None-Match: \"text-plain-en\"\n"), 200);
}

#[test]
fn upgrades_are_made_when_asked_for() {
    let store = Store::default();
    let wanted = "Connection: Upgrade\nUpgrade: h2c, Startline-Echo/1\n";
    let request = format!("GET /upgrade HTTP/1.1\nHost: a\n{wanted}\n");
    let (found, then) = talk(&store, &request);
    assert_eq!((found[0].status, text(&found[0], "upgrade"), then), (Some(101), "startline-echo/1", Then::Echo));
    let expecting = request.replace("Upgrade: ", "Expect: 100-continue\nUpgrade: ");
    let statuses: Vec<_> = talk(&store, &expecting).0.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [Some(100), Some(101)]);
    for not_asked in [
        String::new(),
        "Upgrade: startline-echo/1\n".to_owned(),
        "Connection: upgrade\nUpgrade: startline-echo\n".to_owned(),
        "Connection: upgrade\nUpgrade: startline-echo/2, h2c\n".to_owned(),
    ] {
        let answer = ask("GET /upgrade", &not_asked);
        assert_eq!((answer.status, text(&answer, "connection")), (Some(426), "upgrade"), "{not_asked}");
    }
    let old = request.replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(talk(&store, &old).0[0].status, Some(426));
    assert_eq!(status("POST /upgrade", wanted), 405);
}
