//! Where the message body ends: RFC 9112 section 6.3 as one pure function for each direction.
//!
//! The functions see what `Transfer-Encoding` and `Content-Length` come to, and nothing else; finding that out from
//! field lines, with a fault for every deviation, is the business of [`Request::check`](crate::Request::check) and
//! [`Response::check`](crate::Response::check).

/// How the message body is delimited, and by which arm of RFC 9112 section 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it for comparison")]
pub struct Framing {
    /// The arm that decides, 1 to 8 as numbered in the RFC. Arm 3 is named when both fields are there, although arm 4
    /// then reads the chunks.
    pub arm: u8,
    /// Where the body ends.
    pub body: Body,
    /// Whether the text has the recipient close the connection after this message because of its framing.
    pub close: bool,
}

/// The end of a message body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// There is no body: the message ends with its head.
    None,
    /// So many octets.
    Length(u64),
    /// The chunked coding says where it ends.
    Chunked,
    /// Everything until the connection is closed.
    UntilClose,
    /// No body, and the connection is a tunnel from here on.
    Tunnel,
    /// Nobody can tell.
    Unknown,
}

/// What the `Transfer-Encoding` field lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the arms of RFC 9112 section 6.3 know these three")]
pub enum TransferEncoding {
    /// There is none.
    Absent,
    /// The final coding is chunked.
    ChunkedFinal,
    /// The final coding is another one, or there is none in the list.
    OtherFinal,
}

/// What the `Content-Length` field lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the arms of RFC 9112 section 6.3 know these three, and numbers have an end"
)]
pub enum ContentLength {
    /// There is none.
    Absent,
    /// One valid value, perhaps repeated.
    Octets(u64),
    /// One valid value that 64 bits do not hold (RFC 9110 section 8.6).
    TooLarge,
    /// Not a valid value.
    Invalid,
}

/// The framing of a request (arms 3 to 7). `is_11` is false for HTTP/1.0, where a `Transfer-Encoding` makes the framing
/// faulty (section 6.1).
#[inline]
#[must_use]
pub const fn of_request(is_11: bool, coding: TransferEncoding, length: ContentLength) -> Framing {
    let both = !matches!(length, ContentLength::Absent);
    match (coding, length) {
        (TransferEncoding::ChunkedFinal, _) => {
            Framing { arm: if both { 3 } else { 4 }, body: Body::Chunked, close: both || !is_11 }
        }
        (TransferEncoding::OtherFinal, _) => Framing { arm: 4, body: Body::Unknown, close: true },
        (TransferEncoding::Absent, ContentLength::Absent) => Framing { arm: 7, body: Body::None, close: false },
        (TransferEncoding::Absent, length) => by_length(length),
    }
}

/// The framing of a response to a request with `method` (arms 1 to 6 and 8).
#[inline]
#[must_use]
pub const fn of_response(
    method: &[u8],
    status: u16,
    is_11: bool,
    coding: TransferEncoding,
    length: ContentLength,
) -> Framing {
    if matches!(method, b"HEAD") || matches!(status, 100..=199 | 204 | 304) {
        return Framing { arm: 1, body: Body::None, close: false };
    }
    if matches!(method, b"CONNECT") && matches!(status, 200..=299) {
        return Framing { arm: 2, body: Body::Tunnel, close: false };
    }
    let both = !matches!(length, ContentLength::Absent);
    match (coding, length) {
        (TransferEncoding::ChunkedFinal, _) => {
            Framing { arm: if both { 3 } else { 4 }, body: Body::Chunked, close: !is_11 }
        }
        (TransferEncoding::OtherFinal, _) => {
            Framing { arm: if both { 3 } else { 4 }, body: Body::UntilClose, close: !is_11 }
        }
        (TransferEncoding::Absent, ContentLength::Absent) => Framing { arm: 8, body: Body::UntilClose, close: false },
        (TransferEncoding::Absent, length) => by_length(length),
    }
}

/// Arms 5 and 6.
#[inline]
const fn by_length(length: ContentLength) -> Framing {
    match length {
        ContentLength::Octets(octets) => Framing { arm: 6, body: Body::Length(octets), close: false },
        ContentLength::TooLarge => Framing { arm: 6, body: Body::Unknown, close: true },
        ContentLength::Absent | ContentLength::Invalid => Framing { arm: 5, body: Body::Unknown, close: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODINGS: [TransferEncoding; 3] =
        [TransferEncoding::Absent, TransferEncoding::ChunkedFinal, TransferEncoding::OtherFinal];
    const LENGTHS: [ContentLength; 4] =
        [ContentLength::Absent, ContentLength::Octets(5), ContentLength::TooLarge, ContentLength::Invalid];

    #[test]
    fn a_request_is_never_delimited_by_the_close() {
        for is_11 in [false, true] {
            for coding in CODINGS {
                for length in LENGTHS {
                    let framing = of_request(is_11, coding, length);
                    assert!(!matches!(framing.body, Body::UntilClose | Body::Tunnel), "{coding:?} {length:?}");
                    assert!((3..=7).contains(&framing.arm));
                    if framing.body == Body::Unknown {
                        assert!(framing.close, "{coding:?} {length:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_two_arms_override_every_field() {
        for coding in CODINGS {
            for length in LENGTHS {
                for (method, status) in [(&b"HEAD"[..], 200), (b"GET", 100), (b"GET", 204), (b"GET", 304)] {
                    assert_eq!(of_response(method, status, true, coding, length).arm, 1);
                }
                assert_eq!(of_response(b"CONNECT", 200, true, coding, length).body, Body::Tunnel);
                assert_ne!(of_response(b"CONNECT", 407, true, coding, length).body, Body::Tunnel);
            }
        }
    }
}
