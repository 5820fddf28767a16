//! The octets that the parsers are given.
//!
//! Our own messages, of the shapes and sizes that this field uses to compare parsers: one tiny request, requests of
//! older and newer browsers, a response, many fields, one long value, chunked bodies of large, small and mixed chunks,
//! and many different requests in rotation. Every one is valid, in the strict sense too, and none has an octet that only
//! some of the parsers take. The tests state the sizes.

/// What a parser has to make of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Request heads, each in its own buffer.
    Request,
    /// A response head.
    Response,
    /// A message body in the chunked coding, without a head.
    Chunked,
}

/// One input: messages that are parsed one after the other, round and round.
#[derive(Debug)]
pub struct Input {
    /// Letter and word; also the name of the criterion group.
    pub id: &'static str,
    /// What the messages are.
    pub kind: Kind,
    /// At least one message.
    pub messages: Vec<Message>,
}

/// One message with what is in it.
#[derive(Debug)]
pub struct Message {
    /// The octets.
    pub octets: Vec<u8>,
    /// How many field lines there are.
    pub fields: usize,
    /// How many octets of content there are.
    pub content: usize,
}

impl Input {
    /// Octets of one message; the mean where there are several.
    #[must_use]
    pub fn mean_len(&self) -> usize {
        self.messages.iter().map(|message| message.octets.len()).sum::<usize>() / self.messages.len()
    }

    fn of_lines(id: &'static str, kind: Kind, lines: &[&str]) -> Self {
        Self { id, kind, messages: vec![head(lines.iter().copied().map(String::from).collect())] }
    }
}

/// Every input, in the order of the table.
#[must_use]
pub fn all() -> Vec<Input> {
    vec![
        Input::of_lines("a-tiny", Kind::Request, &["GET / HTTP/1.1", "Host: example.com"]),
        Input::of_lines("b-nine-fields", Kind::Request, NINE_FIELDS),
        Input::of_lines("c-browser", Kind::Request, BROWSER),
        Input::of_lines("d-response", Kind::Response, RESPONSE),
        hundred_fields(),
        long_cookie(),
        chunked("g-large-chunks", |_| 4096),
        chunked("h-small-chunks", |_| 16),
        // Most are small, and how many digits the next size has is hard to predict.
        chunked("i-mixed-chunks", |random| {
            let most = 1 << random.below(14).min(random.below(14));
            1 + random.below(most)
        }),
        rotation(),
    ]
}

/// A browser of 2010 that was given long cookies.
const NINE_FIELDS: &[&str] = &[
    "GET /images/archive/2011/07/lighthouse-at-dusk-over-grey-water.jpg HTTP/1.1",
    "Host: pictures.example.org",
    "User-Agent: Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10.6; en-GB; rv:1.9.2.3) Gecko/20100401 Firefox/3.6.3 Sampler/0.9",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-gb,en;q=0.7,fr;q=0.3",
    "Accept-Encoding: gzip,deflate",
    "Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7",
    "Keep-Alive: 115",
    "Connection: keep-alive",
    "Cookie: visits_total=2; visits_last_seen=0000000000; _trk_a=111111111.2222222222.3333333333.4444444444.5555555555.6; \
     _trk_z=111111111.7777777777.8.8.campaign=(referral)|source=directory.example.net|content=/listings/2011/7|medium=referral",
];

/// A Chromium of today on its way from one page to the next.
const BROWSER: &[&str] = &[
    "GET /search?q=tide+tables&page=12345 HTTP/1.1",
    "Host: www.example.com",
    "Connection: keep-alive",
    "Cache-Control: max-age=0",
    "sec-ch-ua: \"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\"",
    "sec-ch-ua-mobile: ?0",
    "sec-ch-ua-platform: \"Linux\"",
    "Upgrade-Insecure-Requests: 1",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Mode: navigate",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-GB,en;q=0.9",
];

/// A static page from Apache.
const RESPONSE: &[&str] = &[
    "HTTP/1.1 200 OK",
    "Date: Sun, 22 Nov 2026 10:15:42 GMT",
    "Server: Apache/2.4.62 (Debian)",
    "Last-Modified: Tue, 03 Nov 2026 08:00:07 GMT",
    "ETag: \"2a9f-5d1c77e0b3a40\"",
    "Accept-Ranges: bytes",
    "Content-Length: 10911",
    "Cache-Control: max-age=604800",
    "Vary: Accept-Encoding",
    "Keep-Alive: timeout=15, max=100",
    "Connection: Keep-Alive",
    "Content-Type: text/html; charset=UTF-8",
];

/// The lines with their line ends and the empty line.
fn head(lines: Vec<String>) -> Message {
    let octets = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
    Message { octets, fields: lines.len() - 1, content: 0 }
}

/// 100 fields, none of them short.
fn hundred_fields() -> Input {
    const VALUE: &str = "abcdefghijklmnopqrstuvwxyz-0123456789/ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut lines = vec!["GET /all HTTP/1.1".to_owned(), "Host: example.com".to_owned()];
    lines.extend((1..100).map(|number| {
        let end = if number < 70 { "end" } else { "__" };
        format!("X-Field-{number:02}: {VALUE}{end}")
    }));
    Input { id: "e-hundred-fields", kind: Kind::Request, messages: vec![head(lines)] }
}

/// One cookie of 16 KiB.
fn long_cookie() -> Input {
    let mut cookie = String::from("Cookie: ");
    let mut number = 0;
    while cookie.len() < 16 * 1024 {
        cookie += &format!("part{number:04}={:08x}; ", hash(number));
        number += 1;
    }
    cookie.truncate(16 * 1024);
    let lines = vec!["GET / HTTP/1.1".to_owned(), "Host: example.com".to_owned(), cookie + "."];
    Input { id: "f-long-cookie", kind: Kind::Request, messages: vec![head(lines)] }
}

/// 1 MiB of content in chunks of as many octets as `size` says, without extensions or trailers.
fn chunked(id: &'static str, size: impl Fn(&mut Random) -> usize) -> Input {
    const CONTENT: usize = 1024 * 1024;
    let mut random = Random(0x5EED_1234_5678_9ABC);
    let mut octets = Vec::new();
    let (mut left, mut letters) = (CONTENT, (b'a'..=b'z').cycle());
    while left > 0 {
        let size = size(&mut random).min(left);
        left -= size;
        octets.extend_from_slice(format!("{size:x}\r\n").as_bytes());
        octets.resize(octets.len() + size, letters.next().expect("endless"));
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b"0\r\n\r\n");
    Input { id, kind: Kind::Chunked, messages: vec![Message { octets, fields: 0, content: CONTENT }] }
}

/// 512 requests of which no two have the same fields in the same order with values of the same lengths.
///
/// A parser that always gets the same octets has its branches predicted perfectly. Lengths come in pairs around the
/// mean, which is so exact.
fn rotation() -> Input {
    const MEAN: usize = 557;
    const NAMES: [&str; 24] = [
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Cache-Control",
        "Cookie",
        "DNT",
        "Date",
        "If-Modified-Since",
        "If-None-Match",
        "Keep-Alive",
        "Origin",
        "Pragma",
        "Priority",
        "Referer",
        "Sec-Fetch-Dest",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Site",
        "TE",
        "User-Agent",
        "Via",
        "X-Forwarded-For",
        "X-Request-Id",
        "traceparent",
    ];
    const VALUE: &[u8] =
        b"text/html, application/json;q=0.9; charset=utf-8 gzip=(x) 2026-11-22 max-age=0 Mozilla/5.0 abc+def %20 ";
    let mut random = Random(0x5EED_1234_5678_9ABC);
    let mut messages = Vec::with_capacity(512);
    for pair in 0..256 {
        let apart = 1 + random.below(300);
        for wanted in [MEAN + apart, MEAN - apart] {
            let method = ["GET", "GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"][random.below(8)];
            let mut target = String::new();
            for _ in 0..=random.below(4) {
                target += &format!("/{}", &"collection-of-longer-segment-names"[..1 + random.below(33)]);
            }
            if random.below(3) == 0 {
                target += &format!("?key={}&page={}", hash(pair), random.below(100));
            }
            let mut lines =
                vec![format!("{method} {target} HTTP/1.1"), format!("Host: host{}.example.com", random.below(1000))];
            // Room for the last field, which brings the message to the length wanted.
            let mut left = wanted.saturating_sub(head(lines.clone()).octets.len() + "X-Pad: .\r\n".len());
            loop {
                let name = NAMES[random.below(NAMES.len())];
                let longest = if random.below(4) == 0 { 200 } else { 40 };
                let len = 1 + random.below(longest);
                let needed = name.len() + len + 4;
                if needed > left {
                    break;
                }
                left -= needed;
                let from = random.below(VALUE.len());
                let mut value: String =
                    VALUE.iter().cycle().skip(from).take(len).map(|&octet| char::from(octet)).collect();
                if value.starts_with(' ') || value.ends_with(' ') {
                    value = "_".repeat(len);
                }
                lines.push(format!("{name}: {value}"));
            }
            lines.push(format!("X-Pad: {}", "p".repeat(1 + left)));
            messages.push(head(lines));
        }
    }
    Input { id: "m-rotation", kind: Kind::Request, messages }
}

/// A fixed pseudo-random sequence (xorshift), so that the inputs are the same everywhere and for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

fn hash(number: u32) -> u32 {
    number.wrapping_add(1).wrapping_mul(0x9E37_79B1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_sizes_are_those_of_the_table() {
        let sizes: Vec<_> =
            all().iter().map(|i| (&i.id[..1], i.messages.len(), i.mean_len(), i.messages[0].fields)).collect();
        assert_eq!(
            sizes,
            [
                ("a", 1, 37, 1),
                ("b", 1, 703, 9),
                ("c", 1, 596, 13),
                ("d", 1, 358, 11),
                ("e", 1, 8_029, 100),
                ("f", 1, 16_424, 2),
                ("g", 1, 1_050_629, 0),
                ("h", 1, 1_441_797, 0),
                ("i", 1, 1_092_300, 0),
                ("m", 512, 557, sizes[9].3),
            ]
        );
    }

    #[test]
    fn the_rotation_does_not_repeat_itself() {
        let rotation = rotation();
        let shapes: HashSet<Vec<usize>> = rotation
            .messages
            .iter()
            .map(|message| message.octets.split(|&octet| octet == b'\n').map(<[u8]>::len).collect())
            .collect();
        assert_eq!(shapes.len(), rotation.messages.len());
        assert_eq!(rotation.messages.iter().map(|m| m.octets.len()).sum::<usize>(), 512 * 557);
    }
}
