//! Answers that are written down whole, for faults that no other answer has.
//!
//! A newline in a script is CRLF. `{usual}` is `Date`, `Content-Type` and `Content-Length`; `{date}` and `{length}` are the
//! values of two of them; `{lf}` is a bare LF.

use std::time::SystemTime;

use super::conversation::{Then, Turn};
use super::date::{self, DateFormat};

/// The answer with this script to a request that ends at the offset.
pub(super) fn turn(script: &str, end: usize, now: SystemTime) -> Turn {
    let octets = octets(script, now);
    let is_switch = script.starts_with("HTTP/1.1 101") || script.starts_with("HTTP/1.1 200 Connected");
    let then = match () {
        () if is_switch => Then::Hang,
        () if script.contains("\nConnection: close\n") => Then::Close,
        () => Then::Read,
    };
    Turn::Answered(octets, end, then)
}

/// The octets of a script.
pub(super) fn octets(script: &str, now: SystemTime) -> Vec<u8> {
    let date = date::write(now, DateFormat::Fixdate);
    let usual = "Date: {date}\nContent-Type: text/plain\nContent-Length: {length}";
    let script = script.replace("{usual}", usual).replace("{date}", &date);
    let (head, content) = script.split_once("\n\n").unwrap_or((&script, ""));
    let content = content.replace('\n', "\r\n").replace("{lf}", "\n");
    let head = head.replace("{length}", &content.len().to_string()).replace('\n', "\r\n");
    format!("{head}\r\n\r\n{content}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_become_octets() {
        let text = String::from_utf8(octets("HTTP/1.1 200 OK\n{usual}\n\na{lf}b\n", SystemTime::UNIX_EPOCH)).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\nDate: "), "{text:?}");
        assert!(text.ends_with("Content-Length: 5\r\n\r\na\nb\r\n"), "{text:?}");
    }
}
