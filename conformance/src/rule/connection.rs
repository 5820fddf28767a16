//! Persistence, pipelining, tear-down and `Expect`: RFC 9112 sections 6, 7 and 9, RFC 9110 section 10.1.1.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static CONNECTION; rfc 9112;
    /// The whole body of a request is read, or the connection is closed after the response.
    ///
    /// What is left unread is taken for the next request. That is request smuggling with nobody's help.
    BODY_READ = "body-read", section "9.3", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// The chunked coding is decoded.
    ///
    /// Every recipient of HTTP/1.1 has to be able to, since it is the only framing for content of unknown length. A
    /// server may still ask for a length with 411.
    CHUNKED_DECODED = "chunked-decoded", section "7.1", Duty, Framing {
        Recipient on Request: Must duty(),
    }

    /// Connections persist.
    ///
    /// A new connection for each request costs a round trip or three; HTTP/1.1 keeps them open unless told otherwise.
    PERSISTENCE = "persistence", section "9.3", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A server that does not keep a connection says so with `close` in its response.
    ///
    /// A client that is not told sends its next request into a closing connection and cannot know whether it was
    /// processed.
    CLOSE_ANNOUNCED = "close-announced", section "9.3", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// An HTTP/1.0 connection is closed after the response unless the client asked to keep it.
    ///
    /// An HTTP/1.0 client waits for the close to know that the content has ended.
    HTTP10_CLOSES = "http10-closes", section "9.3", Duty, Framing {
        Server on Request: None duty(),
    }

    /// Pipelined requests are answered in the order in which they came.
    ///
    /// There is nothing in a response that says which request it answers; out of order, each client gets another's
    /// answer.
    PIPELINE_ORDER = "pipeline-order", section "9.3.2", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// A connection is closed after the response to a request with `close`.
    ///
    /// The client has said that it will send no more and may be waiting for the end.
    CLOSE_HONOURED = "close-honoured", section "9.6", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// The response to a request with `close` carries `close` too.
    ///
    /// It tells the client, and every hop, that this was the last response.
    CLOSE_ECHOED = "close-echoed", section "9.6", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// Nothing is processed that comes after a request with `close`.
    ///
    /// Octets after the last request are nobody's request; a hop in front would not send them as one.
    NOTHING_AFTER_CLOSE = "nothing-after-close", section "9.6", Duty, Framing {
        Server on Request: MustNot duty(),
    }

    /// A response to an HTTP/1.0 request has no `Transfer-Encoding`.
    ///
    /// An HTTP/1.0 client takes the chunk-sizes for content.
    NO_CODING_TO_HTTP10 = "no-coding-to-http10", section "6.1", Duty, Framing {
        Server on Request: MustNot duty(),
        Sender on Response: MustNot duty(),
    }

    /// A server that speaks HTTP/1.1 does not answer HTTP/1.1 requests in HTTP/1.0.
    ///
    /// The downgrade switches off persistence and chunking for clients that can do both.
    NO_DOWNGRADE = "no-downgrade", section "2.3", Duty, Semantics {
        Server on Request: ShouldNot duty(),
    }
}

startline_parser::rules! { pub static EXPECT; rfc 9110;
    /// A request that expects 100-continue gets a 100 or a final status before its content is sent.
    ///
    /// The client waits for it. A server that waits for the content in turn has both stand still until one gives up.
    EXPECT_ANSWERED = "expect-answered", section "10.1.1", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// After a 100 there is a final status once the content has come.
    ///
    /// A 100 alone answers nothing.
    EXPECT_FINAL = "expect-final", section "10.1.1", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// An expectation in an HTTP/1.0 request is ignored.
    ///
    /// HTTP/1.0 has no interim responses; the client takes the 100 for the answer.
    EXPECT_IN_HTTP10 = "expect-in-http10", section "10.1.1", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// An expectation that the server does not know may be refused with 417.
    ///
    /// Refusing and ignoring are both right; it is worth knowing which.
    EXPECT_UNKNOWN = "expect-unknown", section "10.1.1", Duty, Semantics {
        Server on Request: May duty(),
    }
}
