//! How time grows: heads of more and more fields, of longer and longer values, and of more and more pieces.

use crate::heads::HeadReader;
use crate::inputs::Message;

/// Heads of one shape in growing sizes, and who reads them.
pub struct Curve {
    /// Name of the criterion group and of the panel in the plot.
    pub id: &'static str,
    /// What [`Point::n`] counts.
    pub unit: &'static str,
    /// From the smallest to the largest.
    pub points: Vec<Point>,
    /// Each one reads the points that it takes.
    pub readers: Vec<HeadReader>,
}

/// One size.
pub struct Point {
    /// How many of the curve's unit there are.
    pub n: usize,
    /// A request head with so many.
    pub message: Message,
}

/// Every curve.
#[must_use]
pub fn all() -> Vec<Curve> {
    let points = |sizes: &mut dyn Iterator<Item = usize>, head: fn(usize) -> Message| {
        sizes.map(|n| Point { n, message: head(n) }).collect()
    };
    let doubling = |from: usize, to: usize| (0..).map(move |at| from << at).take_while(move |&n| n <= to);
    vec![
        Curve {
            id: "fields",
            unit: "fields",
            points: points(&mut [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].into_iter(), of_fields),
            readers: vec![HeadReader::startline(), HeadReader::httparse()],
        },
        Curve {
            id: "value",
            unit: "octets of the value",
            points: points(&mut doubling(16, 1 << 20).step_by(2), of_value),
            readers: vec![HeadReader::startline(), HeadReader::httparse()],
        },
        Curve {
            id: "pieces-fields",
            unit: "octets of the head",
            points: points(&mut doubling(1 << 10, 64 << 10), of_many_fields),
            readers: in_pieces(),
        },
        Curve {
            id: "pieces-value",
            unit: "octets of the head",
            points: points(&mut doubling(1 << 10, 64 << 10), of_one_value),
            readers: in_pieces(),
        },
    ]
}

/// httparse reads everything again with each piece, so what it takes grows with the square: it is spared the largest.
fn in_pieces() -> Vec<HeadReader> {
    vec![
        HeadReader::startline().in_pieces(1),
        HeadReader::startline().in_pieces(16),
        HeadReader::httparse().in_pieces(16).up_to(16 << 10),
    ]
}

const START: &str = "GET /curve HTTP/1.1\r\n";

/// `Host` is the first of the fields, each of which takes 48 octets with its line end.
fn of_fields(count: usize) -> Message {
    let mut octets = START.as_bytes().to_vec();
    for number in 0..count {
        let name = if number == 0 { "Host".to_owned() } else { format!("X-Field-{number:03}") };
        let value = "a-value.of.moderate-length_0123456789.example";
        octets.extend_from_slice(format!("{name}: {}\r\n", &value[..44 - name.len()]).as_bytes());
    }
    octets.extend_from_slice(b"\r\n");
    Message { octets, fields: count, content: 0 }
}

/// `Host`, and a field with a value of so many octets.
fn of_value(len: usize) -> Message {
    const VALUE: &[u8] = b"part=0123456789abcdef; next/of(them)=\"quoted, text\"; ";
    let mut octets = format!("{START}Host: example.com\r\nCookie: ").into_bytes();
    let end = octets.len() + len - 1;
    octets.extend(VALUE.iter().cycle().take(len - 1));
    debug_assert_eq!(octets.len(), end);
    octets.extend_from_slice(b".\r\n\r\n");
    Message { octets, fields: 2, content: 0 }
}

/// A head of about so many octets, in fields of 48.
fn of_many_fields(head: usize) -> Message {
    pad(of_fields((head - START.len() - 2) / 48 - 1), head)
}

/// A head of exactly so many octets that is one value almost whole.
fn of_one_value(head: usize) -> Message {
    of_value(head - (of_value(1).octets.len() - 1))
}

/// One more field brings the head to so many octets.
fn pad(mut message: Message, head: usize) -> Message {
    const NAME: &str = "X-Pad: ";
    message.octets.truncate(message.octets.len() - 2);
    let left = head - message.octets.len() - NAME.len() - "\r\n\r\n".len();
    message.octets.extend_from_slice(format!("{NAME}{}\r\n\r\n", "p".repeat(left)).as_bytes());
    message.fields += 1;
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_reads_every_head_to_its_end() {
        for mut curve in all() {
            for point in &curve.points {
                for reader in curve.readers.iter_mut().filter(|reader| reader.takes(point.message.octets.len())) {
                    let seen = reader.read(&point.message);
                    assert_eq!(
                        (seen.octets, seen.fields),
                        (point.message.octets.len(), point.message.fields),
                        "{} on {} {}",
                        reader.name(),
                        point.n,
                        curve.unit
                    );
                }
            }
        }
    }

    #[test]
    fn sizes_are_what_they_say() {
        for curve in all() {
            for Point { n, message } in &curve.points {
                let len = message.octets.len();
                match curve.id {
                    "fields" => assert_eq!((message.fields, len), (*n, START.len() + 48 * n + 2)),
                    "value" => assert_eq!(len - of_value(1).octets.len() + 1, *n),
                    _ => assert_eq!(len, *n, "{}", curve.id),
                }
            }
        }
    }
}
