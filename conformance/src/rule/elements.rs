//! What recipients owe to the elements of a message: their length, which URIs are the same, the whitespace around
//! values, names and parameters of codings, and the length of the whole beside a part. RFC 9110 sections 2.3, 4.1, 4.2.3, 5.5, 8.4.1 and 14.4, RFC 9112 section 7.2.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static ELEMENTS; rfc 9110;
    /// Elements as long as the server's own are taken.
    ///
    /// A server that sends field lines of some length, and refuses as long ones, cannot be answered by those who have to
    /// give back what they were given: cookies, tags, locations.
    OWN_LENGTHS_ACCEPTED = "own-lengths-accepted", section "2.3", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// A URI of 8,000 octets is supported.
    ///
    /// The number is for URIs, so that the request-line around one is longer still.
    URI_8000 = "uri-8000", section "4.1", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// URIs that are equivalent do not name distinct resources.
    ///
    /// Anybody on the way may normalise a URI, so that the two cannot be told apart for long: caches give one for the
    /// other, and filters see one where the server serves the other.
    URI_EQUIVALENCE = "uri-equivalence", section "4.2.3", Duty, Routing {
        OriginServer on Request: ShouldNot duty(),
    }

    /// Whitespace before and behind a field value is no part of it.
    ///
    /// A recipient that keeps it sees `close ` in place of `close`, or a length that is none, where everybody else sees
    /// what was meant.
    FIELD_WHITESPACE_EXCLUDED = "field-whitespace-excluded", section "5.5", Duty, Framing {
        Recipient on Request: Must duty(),
    }

    /// `x-gzip` and `x-compress` mean gzip and compress.
    ///
    /// They are the names from before HTTP/1.1. Whoever takes them for something else hands on content that others
    /// decode.
    CODING_ALIAS = "coding-alias", section "8.4.1.3", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// The complete length is told beside a range, where it is known.
    ///
    /// A client that is not told cannot say how much is missing, nor whether the parts that it has are of one whole.
    CONTENT_RANGE_COMPLETE_LENGTH = "content-range-complete-length", section "14.4", Duty, Semantics {
        Server on Request: Should duty(),
    }
}

startline_parser::rules! { pub static COMPRESSION; rfc 9112;
    /// Parameters of a compression coding are taken for an error.
    ///
    /// Gzip, deflate and compress define none. Whoever compares the name alone decodes, whoever compares the whole
    /// element does not know the coding: two readings of one content.
    COMPRESSION_PARAMETERS = "compression-parameters", section "7.2", Duty, Framing {
        Recipient on Request: Should duty(),
    }
}
