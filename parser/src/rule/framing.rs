//! RFC 9112 section 6 and RFC 9110 section 8.6: where the message body ends.

use super::Rule;
use super::action::*;

crate::rules! { pub static TRANSFER; rfc 9112;
    /// A message has both `Transfer-Encoding` and `Content-Length`.
    ///
    /// The classic of request smuggling: one hop counts octets, the next reads chunks. A server may refuse or go by the
    /// chunks, but either way it has to close the connection.
    LENGTH_AND_TRANSFER_ENCODING = "length-and-transfer-encoding", section "6.1", Fault, Framing {
        Server on Request: May may_repair().then_close(),
        Sender on Response: MustNot duty(),
    }

    /// A transfer coding is not one that anybody has registered.
    ///
    /// A server that does not understand the coding cannot know what the content is; 501 says so.
    TRANSFER_CODING_UNKNOWN = "transfer-coding-unknown", section "6.1", Fault, Framing {
        Server on Request: Should reject(&[501]),
    }

    /// An HTTP/1.0 message has a `Transfer-Encoding` field.
    ///
    /// HTTP/1.0 recipients do not know the field, so the message has two ends. It is taken for badly framed, and the
    /// connection is not used again.
    TRANSFER_ENCODING_IN_HTTP10 = "transfer-encoding-in-http10", section "6.1", Fault, Framing {
        Server on Request: Must process_then_close(),
        Client on Response: Must process_then_close(),
        Sender on Response: None duty(),
    }

    /// The chunked coding is applied more than once.
    ///
    /// A sender may not do it. What a recipient does is not said; each reads another end.
    CHUNKED_REPEATED = "chunked-repeated", section "6.1", Fault, Framing {
        Recipient on Request: None unstated(),
        Sender on Response: MustNot duty(),
    }

    /// The value of `Transfer-Encoding` is not a list of transfer codings.
    ///
    /// Recipients that look for the word `chunked` somewhere in the value and recipients that parse it do not find the
    /// same end of the message.
    TRANSFER_ENCODING_INVALID = "transfer-encoding-invalid", section "6.1", Fault, Framing {
        Server on Request: Should reject(&[400, 501]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// A request has a `Transfer-Encoding` whose final coding is not chunked.
    ///
    /// Nothing then says where the body ends, so the server has to refuse and to close.
    CHUNKED_NOT_FINAL = "chunked-not-final", section "6.3", Fault, Framing {
        Server on Request: Must reject(&[400]).then_close(),
        Sender on Request: Must duty(),
    }

    /// `Content-Length` is neither digits nor a list of one repeated valid value, and there is no `Transfer-Encoding`.
    ///
    /// Parsers that accept `+5` or `0x5` disagree with those that do not about where the body ends; the bytes between
    /// the two answers become somebody's next request.
    CONTENT_LENGTH_INVALID = "content-length-invalid", section "6.3", Fault, Framing {
        Server on Request: Must reject(&[400]).then_close(),
        Proxy on Response: Must answer(502),
        UserAgent on Response: Must discard(),
        Sender on Response: MustNot duty(),
    }

    /// `Content-Length` is given with different values, and there is no `Transfer-Encoding`.
    ///
    /// One hop goes by the first and the next by the last: the difference is a smuggled request.
    CONTENT_LENGTH_CONFLICT = "content-length-conflict", section "6.3", Fault, Framing {
        Server on Request: Must reject(&[400]).then_close(),
        Proxy on Response: Must answer(502),
        UserAgent on Response: Must discard(),
        Sender on Response: MustNot duty(),
    }

    /// A message ends before its body is complete.
    ///
    /// The recipient has to take it for incomplete and not for a shorter message.
    BODY_INCOMPLETE = "body-incomplete", section "6.3", Fault, Framing {
        Recipient on Request: Must duty(),
        Recipient on Response: Must duty(),
        Sender on Response: None duty(),
    }
}

crate::rules! { pub static LENGTH; rfc 9110;
    /// `Content-Length` gives one valid value as a list or in several field lines.
    ///
    /// A recipient may refuse it or take the one value, and an empty list element counts for nothing. It is a sign that somebody in between has put it together.
    CONTENT_LENGTH_REPEATED = "content-length-repeated", section "8.6", Fault, Framing {
        Recipient on Request: May may_repair(),
        Recipient on Response: May may_repair(),
        Sender on Response: MustNot duty(),
    }

    /// `Content-Length` is a number too large for 64 bits.
    ///
    /// The number is valid. A recipient that lets it wrap around or saturate finds the end of the message in the middle
    /// of the content.
    CONTENT_LENGTH_OVERFLOW = "content-length-overflow", section "8.6", Fault, Framing {
        Recipient on Request: Must not_misread(),
        Recipient on Response: Must not_misread(),
    }
}

/// The rules of both documents about the end of the message body.
pub static ALL: &[&Rule] = &[
    &LENGTH_AND_TRANSFER_ENCODING,
    &TRANSFER_CODING_UNKNOWN,
    &TRANSFER_ENCODING_IN_HTTP10,
    &CHUNKED_REPEATED,
    &TRANSFER_ENCODING_INVALID,
    &CHUNKED_NOT_FINAL,
    &CONTENT_LENGTH_INVALID,
    &CONTENT_LENGTH_CONFLICT,
    &BODY_INCOMPLETE,
    &CONTENT_LENGTH_REPEATED,
    &CONTENT_LENGTH_OVERFLOW,
];
