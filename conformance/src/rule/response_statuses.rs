//! What a response owes by its status, and by the request that it answers: RFC 9110 sections 6 to 8 and 15, RFC 9112
//! section 6.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static RESPONSE_FRAMING; rfc 9112;
    /// `Transfer-Encoding` stands in a response that has no body by its status: 1xx, 204, or 2xx to CONNECT.
    ///
    /// A recipient that goes by the field waits for chunks, and takes the next response for one.
    TRANSFER_ENCODING_FORBIDDEN = "transfer-encoding-forbidden", section "6.1", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// A response whose last coding is not chunked does not end with the connection.
    ///
    /// Nothing else ends it: the client waits, and takes the next response for more of this one.
    CODING_WITHOUT_END = "coding-without-end", section "6.1", Fault, Framing {
        Sender on Response: Must duty(),
    }

    /// A response to HTTP/1.1 has neither a length nor chunks, and ends with the connection.
    ///
    /// Nobody can tell the whole of it from a part that broke off. The chunked coding is always there to be used.
    RESPONSE_UNTIL_CLOSE = "response-until-close", section "6.3", Duty, Framing {
        Sender on Response: Should duty(),
    }
}

startline_parser::rules! { pub static RESPONSE_MESSAGES; rfc 9110;
    /// The status-line names a version of HTTP that no server of this syntax can conform to.
    ///
    /// HTTP/1.0 and HTTP/1.1 are the versions that have a status-line and a text to conform to. A client that believes
    /// in HTTP/1.2 or HTTP/2.0 here uses what the server does not have.
    RESPONSE_VERSION_UNKNOWN = "response-version-unknown", section "6.2", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Date` is not the time at which the response was made.
    ///
    /// Ages are computed from it: a response that seems old is never reused, and one that seems young too long. It is
    /// looked at where server and client share a clock.
    DATE_CURRENT = "date-current", section "6.6.1", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A trailer section has a field that has to stand before the content.
    ///
    /// Framing, routing, authentication and the format of the content are decided by then. Whoever merges such a field
    /// later changes a message that others have read already.
    TRAILER_FIELD_FORBIDDEN = "trailer-field-forbidden", section "6.5.1", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// A trailer field is not announced in `Trailer`.
    ///
    /// A recipient that would have to prepare for it, to compute a checksum for one, learns of it too late.
    TRAILER_UNANNOUNCED = "trailer-unannounced", section "6.6.2", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A field for this connection alone is not named in `Connection`.
    ///
    /// The next hop hands it on, and what was meant for one connection is applied to another.
    CONNECTION_FIELD_UNLISTED = "connection-field-unlisted", section "7.6.1", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// `Connection` names a field that is meant for all recipients.
    ///
    /// The next hop has to remove what is named, and the message arrives without its type, its cache directives or its
    /// cookies.
    CONNECTION_OPTION_END_TO_END = "connection-option-end-to-end", section "7.6.1", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Upgrade` stands in a response without the `upgrade` connection option.
    ///
    /// It is handed on by the next hop, which cannot switch, and its client can.
    UPGRADE_OPTION_MISSING = "upgrade-option-missing", section "7.8", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// The server switches to a protocol that was not asked for.
    ///
    /// From the 101 on the two ends speak two languages, and what one sends is what somebody wanted it to read.
    SWITCHED_UNASKED = "switched-unasked", section "7.8", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// An error text has no `Content-Type`.
    ///
    /// Its sender knows what it is; a browser has to guess, and may guess that a quoted request is a script. Of other
    /// content only its author knows the type, so that it is not looked at.
    CONTENT_TYPE_MISSING = "content-type-missing", section "8.3", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A line of a multipart body does not end with CRLF.
    ///
    /// Recipients look for the boundary after CRLF, and miss it.
    MULTIPART_LINE_BREAK = "multipart-line-break", section "8.3.3", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// `Content-Length` stands in a response that has no content by its status: 1xx, 204, or 2xx to CONNECT.
    ///
    /// A recipient that goes by the field takes so many octets of the next response, or of the tunnel, for content.
    CONTENT_LENGTH_FORBIDDEN = "content-length-forbidden", section "8.6", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// `Last-Modified` is later than `Date`.
    ///
    /// Caches and conditional requests take a change in the future for one that has not come to them yet.
    LAST_MODIFIED_IN_FUTURE = "last-modified-in-future", section "8.8.2.1", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// A POST that has created something gets a 201 without `Location`.
    ///
    /// The client does not learn where to find it.
    CREATED_UNNAMED = "created-unnamed", section "9.3.3", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A 415 that has nothing to do with content codings lists those that are accepted.
    ///
    /// The client takes the coding of its content for the trouble, which had none.
    ACCEPT_ENCODING_BESIDE_THE_POINT = "accept-encoding-beside-the-point", section "12.5.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Range` stands in a response whose status gives it no meaning.
    ///
    /// Only 206 and 416 do. A client that goes by it stores a whole as a part.
    CONTENT_RANGE_MEANINGLESS = "content-range-meaningless", section "14.4", Fault, Semantics {
        Sender on Response: None duty(),
    }

    /// The status-code is not between 100 and 599.
    ///
    /// It belongs to no class. Clients take it for a server error, and some for anything else.
    STATUS_CODE_OUT_OF_RANGE = "status-code-out-of-range", section "15", Fault, Semantics {
        Sender on Response: None duty(),
    }

    /// An HTTP/1.0 request gets an interim response.
    ///
    /// HTTP/1.0 knows none: the client takes it for the answer, and the answer for the next one.
    INTERIM_TO_HTTP10 = "interim-to-http10", section "15.2", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// A 101 does not say in `Upgrade` to what it switches.
    ///
    /// The client knows that the protocol is another from now on, and not which.
    SWITCH_UNNAMED = "switch-unnamed", section "15.2.2", Fault, Framing {
        Sender on Response: Must duty(),
    }

    /// A 205 has content.
    ///
    /// The status says that there is none; clients that do not look for it take it for the next response.
    RESET_CONTENT_WITH_CONTENT = "reset-content-with-content", section "15.3.6", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// A 206 with a single part has no `Content-Range`.
    ///
    /// The client has a part and does not know of what.
    CONTENT_RANGE_MISSING = "content-range-missing", section "15.3.7.1", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// The content of a 206 is not as long as its `Content-Range` says.
    ///
    /// Put together, the parts leave a hole or overlap, and the file is broken.
    CONTENT_RANGE_LENGTH = "content-range-length", section "15.3.7.1", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// A multipart 206 has a `Content-Range` in its head.
    ///
    /// A client that goes by it stores boundaries and part heads as if they were content.
    CONTENT_RANGE_OF_MULTIPART = "content-range-of-multipart", section "15.3.7.2", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `multipart/byteranges` comes without a boundary, or without the parts that it announces.
    ///
    /// Where the parts begin cannot be known.
    BYTERANGES_WITHOUT_PARTS = "byteranges-without-parts", section "15.3.7.2", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// A part of `multipart/byteranges` has no `Content-Range`.
    ///
    /// The order of the parts does not say which they are.
    BYTERANGES_PART_UNPLACED = "byteranges-part-unplaced", section "15.3.7.2", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// A request that did not ask for several ranges gets `multipart/byteranges`.
    ///
    /// Whoever asks for one range need not be able to read several.
    BYTERANGES_UNASKED = "byteranges-unasked", section "15.3.7.2", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// A 300 does not list the choices.
    ///
    /// The user is told that there are several, and not which.
    CHOICES_UNLISTED = "choices-unlisted", section "15.4.1", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A redirect does not say in `Location` where to.
    ///
    /// 301, 302, 307 and 308 are followed by the field; without it the user is left with a text.
    LOCATION_MISSING = "location-missing", section "15.4.2", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A 304 describes content that it does not have.
    ///
    /// What the client has stored stays as it is; a type or a coding that says otherwise breaks it.
    NOT_MODIFIED_METADATA = "not-modified-metadata", section "15.4.5", Fault, Semantics {
        Sender on Response: ShouldNot duty(),
    }

    /// An error comes without an explanation.
    ///
    /// 4xx and 5xx ought to say what is wrong, and whether it will stay so, unless the request was HEAD.
    ERROR_UNEXPLAINED = "error-unexplained", section "15.5", Duty, Cosmetic {
        Sender on Response: Should duty(),
    }

    /// A 401 has no challenge.
    ///
    /// The client is told to authenticate, and not how.
    CHALLENGE_MISSING = "challenge-missing", section "15.5.2", Fault, Auth {
        Sender on Response: Must duty(),
    }

    /// A 405 has no `Allow`.
    ///
    /// The client is told that this method will not do, and not which will.
    ALLOW_MISSING = "allow-missing", section "15.5.6", Fault, Semantics {
        Sender on Response: Must duty(),
    }

    /// A 407 has no challenge.
    ///
    /// The client is told to authenticate to a proxy, and not how.
    PROXY_CHALLENGE_MISSING = "proxy-challenge-missing", section "15.5.8", Fault, Auth {
        Sender on Response: Must duty(),
    }

    /// A 416 does not say how long the representation is.
    ///
    /// The client cannot ask for a range that is there.
    UNSATISFIED_RANGE_MISSING = "unsatisfied-range-missing", section "15.5.17", Duty, Semantics {
        Sender on Response: Should duty(),
    }

    /// A 426 does not say in `Upgrade` which protocols will do.
    ///
    /// The client is told to speak another protocol, and not which.
    UPGRADE_MISSING = "upgrade-missing", section "15.5.22", Fault, Semantics {
        Sender on Response: Must duty(),
    }
}
