//! RFC 9112 section 2: lines, their ends, and what may stand before a request.

use super::action::*;

crate::rules! { pub static ALL; rfc 9112;
    /// A line of the head or of the trailer section ends with LF alone.
    ///
    /// The line end is CRLF; a recipient has leave to take LF for it in the start-line and in field lines. Where one
    /// hop uses that leave and the next does not, they see different lines: a field that is hidden from the first is
    /// obeyed by the second.
    BARE_LF = "bare-lf", section "2.2", Fault, Framing {
        Recipient on Request: May may_repair(),
        Recipient on Response: May may_repair(),
        Sender on Response: MustNot duty(),
    }

    /// A CR that no LF follows stands in the head, in a chunk extension or in the trailer section.
    ///
    /// Some recipients end a line at it, some drop it, some keep it in a name or a value. So the element is either
    /// invalid or read with a space in the CR's place, and nothing else.
    BARE_CR = "bare-cr", section "2.2", Fault, Framing {
        Recipient on Request: Must reject_or_repair(&[]),
        Recipient on Response: Must reject_or_repair(&[]),
        Sender on Response: MustNot duty(),
    }

    /// One empty line comes before the request-line.
    ///
    /// Old clients sent a stray CRLF after a body. A server ought to skip it, or the next request on the connection is
    /// refused for a fault of the one before.
    EMPTY_LINE_BEFORE_REQUEST = "empty-line-before-request", section "2.2", Feature, Semantics {
        Server on Request: Should tolerate(),
    }

    /// More than one empty line comes before the request-line.
    ///
    /// Skipping at least one is asked for; more is left to the server, and hops that differ see different first lines.
    EMPTY_LINES_BEFORE_REQUEST = "empty-lines-before-request", section "2.2", Fault, Semantics {
        Server on Request: May may_repair(),
    }

    /// Whitespace stands between the start-line and the first field line.
    ///
    /// The line looks like the continuation of a field that is not there. A recipient that reads it as a field obeys
    /// what the next one ignores, which is how requests are smuggled and responses split.
    WHITESPACE_BEFORE_FIRST_FIELD = "whitespace-before-first-field", section "2.2", Fault, Framing {
        Recipient on Request: Must reject_or_repair(&[]),
        Recipient on Response: Must reject_or_repair(&[]),
        Sender on Response: MustNot duty(),
    }

    /// The HTTP-version is not `HTTP/`, a digit, a dot and a digit, in that case.
    ///
    /// The version decides on framing and persistence. A server that guesses at it gives a request another end than a
    /// server that refuses.
    VERSION_INVALID = "version-invalid", section "2.3", Fault, Framing {
        Server on Request: Should reject(&[400, 301]),
        Sender on Response: MustNot duty(),
    }
}
