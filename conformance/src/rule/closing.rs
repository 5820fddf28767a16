//! How connections come to their end, and which URIs are the same: RFC 9112 sections 9.5 and 9.6, RFC 9110 section 4.2.3.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static CLOSING; rfc 9112;
    /// A closure by the client is noticed, and answered with the server's own.
    ///
    /// Until both sides have closed, the connection costs both of them memory and a port.
    CLOSURE_NOTICED = "closure-noticed", section "9.5", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A time-out ends in a graceful close.
    ///
    /// A reset can erase at the client what the server had sent before, the last answer with it.
    TIMEOUT_GRACEFUL = "timeout-graceful", section "9.5", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A server that is about to close says so in the response before.
    ///
    /// A client that is not told sends its next request into a closing connection, and cannot know whether it was
    /// processed. Refusals are where it is forgotten most.
    CLOSE_UNANNOUNCED = "close-unannounced", section "9.6", Duty, Semantics {
        Server on Request: Should duty(),
    }
}

startline_parser::rules! { pub static URIS; rfc 9110;
    /// URIs that are equivalent do not name distinct resources.
    ///
    /// Anybody on the way may normalise a URI, so that the two cannot be told apart for long: caches give one for the
    /// other, and filters see one where the server serves the other.
    URI_EQUIVALENCE = "uri-equivalence", section "4.2.3", Duty, Routing {
        OriginServer on Request: ShouldNot duty(),
    }
}
