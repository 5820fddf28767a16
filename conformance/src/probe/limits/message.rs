//! Requests of an exact size, in one respect.

use crate::limits::What;
use crate::probe::Context;

/// Octets of a field line of a field section that is measured, line end not counted, at most.
pub(super) const LINE_MOST: usize = 4_000;

/// The name of the field that is made long; an echo tells whether it arrived.
pub(super) const FILL: &str = "X-Startline-Fill";

/// A short field behind it.
pub(super) const MARK: &str = "X-Startline-Mark";

/// A request of this size; the smallest possible one if that is larger. With the octets comes the size that it has.
pub(super) fn request(context: &Context, what: What, size: usize, line_most: usize) -> (Vec<u8>, usize) {
    let target = &context.target;
    let is_line = what == What::RequestLine;
    let separator = if target.path.contains('?') { '&' } else { '?' };
    let path = if is_line { format!("{}{separator}", target.path) } else { target.path.clone() };
    let query = if is_line { size.saturating_sub("GET  HTTP/1.1".len() + path.len()) } else { 0 };
    let line = format!("GET {path}{} HTTP/1.1\r\n", "a".repeat(query));
    let mut head = line.clone().into_bytes();
    let first = format!("Host: {}\r\n", target.host);
    head.extend_from_slice(first.as_bytes());
    head.extend_from_slice(&target.fields);
    let before = head.len() - line.len();
    let mark = format!("{MARK}: 1\r\n");
    match what {
        What::RequestLine => {}
        What::FieldLine => {
            let value = size.saturating_sub(FILL.len() + 2);
            head.extend_from_slice(format!("{FILL}: {}\r\n{mark}", "a".repeat(value)).as_bytes());
        }
        What::FieldSection => {
            fill(&mut head, size.saturating_sub(before + mark.len()), line_most);
            head.extend_from_slice(mark.as_bytes());
        }
        What::FieldCount => {
            let lines = 1 + target.fields.iter().filter(|octet| **octet == b'\n').count();
            for at in 0..size.saturating_sub(lines) {
                head.extend_from_slice(format!("x{at:x}:1\r\n").as_bytes());
            }
        }
    }
    let section = &head[line.len()..];
    let size = match what {
        What::RequestLine => line.len() - 2,
        What::FieldLine => {
            section.split(|octet| *octet == b'\n').map(|line| line.len().saturating_sub(1)).max().unwrap_or(0)
        }
        What::FieldSection => section.len(),
        What::FieldCount => section.iter().filter(|octet| **octet == b'\n').count(),
    };
    head.extend_from_slice(b"\r\n");
    (head, size)
}

/// Octets of the field section of such a request.
pub(super) fn section_of(octets: &[u8]) -> usize {
    let line = octets.iter().position(|octet| *octet == b'\n').map_or(0, |at| at + 1);
    octets.len().saturating_sub(line + 2)
}

/// Field lines that come to `size` octets with their line ends. The first has the name that echoes are searched for.
fn fill(head: &mut Vec<u8>, size: usize, line_most: usize) {
    let smallest = FILL.len() + 5;
    let mut left = size;
    let mut number = 0_usize;
    while left >= smallest {
        let mut line = left.min(line_most.max(smallest * 2));
        if (1..smallest).contains(&(left - line)) {
            line -= smallest;
        }
        let name = if number == 0 { FILL.to_owned() } else { format!("x{number:x}") };
        head.extend_from_slice(format!("{name}: {}\r\n", "a".repeat(line - name.len() - 4)).as_bytes());
        left -= line;
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::limits::tests::context;

    #[tokio::test]
    async fn sizes_are_exact() {
        let context = context("http://127.0.0.1:9/path").await;
        for what in What::ALL {
            for size in (100..1100).step_by(7).chain([4_099, 4_100, 8_191, 20_001, 65_536]) {
                let (octets, is) = request(&context, what, size, LINE_MOST);
                assert_eq!(is, size, "{what:?}");
                let reading = crate::judge::requests(&octets);
                assert_eq!((reading.messages.len(), reading.accepted()), (1, 1), "{what:?} {size}");
                let message = &reading.messages[0];
                assert!(message.faults.is_empty());
                let section = section_of(&octets);
                let wanted = match what {
                    What::RequestLine => octets.len() - section - 4,
                    What::FieldLine => message.fields.iter().map(|f| f.name.len() + 2 + f.value.len()).max().unwrap(),
                    What::FieldSection => section,
                    What::FieldCount => message.fields.len(),
                };
                assert_eq!(wanted, size, "{what:?}");
            }
        }
    }

    #[tokio::test]
    async fn lines_of_a_section_keep_their_length() {
        let context = context("http://127.0.0.1:9/").await;
        for size in 4_000..4_200 {
            let (octets, is) = request(&context, What::FieldSection, size, 100);
            assert_eq!(is, size);
            assert!(octets.split(|octet| *octet == b'\n').all(|line| line.len() <= 101), "{size}");
        }
    }
}
