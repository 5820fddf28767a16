//! What a server owes to whole messages, and what it owes nothing: heads that are cut off, trailer sections, versions,
//! early answers, and the last answer on a connection. RFC 9110 sections 5.3, 6.2, 6.5.1 and 10.1.1, RFC 9112 section 9.6.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static MESSAGES; rfc 9110;
    /// A request is not applied before its whole head has come.
    ///
    /// The field that is still missing may be the credential, the condition or the second `Host`. A client that breaks
    /// off in the middle of the head has not asked for anything.
    HEAD_INCOMPLETE = "head-incomplete", section "5.3", Duty, Auth {
        Server on Request: MustNot duty(),
    }

    /// Responses carry the highest version that the server conforms to, below the next major version.
    ///
    /// The version says what the server can do and not what the client sent; a client that asked in HTTP/1.0 learns
    /// from it that it may ask in HTTP/1.1.
    RESPONSE_VERSION = "response-version", section "6.2", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A trailer field is not merged into the head, unless its definition permits it.
    ///
    /// Whatever a hop in front has checked of the head is void if a field behind the content can replace it: the host,
    /// the credential, the length.
    TRAILER_MERGED = "trailer-merged", section "6.5.1", Duty, Auth {
        Recipient on Request: MustNot duty(),
    }
}

startline_parser::rules! { pub static CAPABILITIES; rfc 9110;
    /// A request with `TE` is served, whether `Connection` names the field or not.
    ///
    /// The field says what the client can take. Clients have to name it for the sake of hops in between; an origin
    /// server has no use for that.
    TE_SERVED = "te-served", section "10.1.4", Duty, Semantics {
        Server on Request: None duty(),
    }
}

startline_parser::rules! { pub static INTERIM; rfc 9110;
    /// A 100 can be left out where content has come already.
    ///
    /// Nobody waits for it any more. Sending it is as right; it is worth knowing which.
    EXPECT_CONTENT_THERE = "expect-content-there", section "10.1.1", Duty, Semantics {
        Server on Request: May duty(),
    }

    /// A final response before the content has come says whether the connection will be closed.
    ///
    /// A client that is not told goes on sending content into a closing connection; the reset that it gets can erase
    /// the response.
    EXPECT_EARLY_ANNOUNCED = "expect-early-announced", section "10.1.1", Duty, Semantics {
        Server on Request: Should duty(),
    }
}

startline_parser::rules! { pub static TEARDOWN; rfc 9112;
    /// After a response that carries `close` the connection is closed, and nothing more is processed.
    ///
    /// Client and hops in front take that response for the last one. Whatever the server answers behind it is given to
    /// nobody, or to somebody else.
    CLOSE_SENT_HONOURED = "close-sent-honoured", section "9.6", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// A connection is not closed after a response without `close`.
    ///
    /// The client takes it for open, sends the next request into it, and cannot know whether that was processed.
    CLOSE_UNANNOUNCED = "close-unannounced", section "9.6", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A client that closes its sending side after a request still gets the response.
    ///
    /// The end of one direction neither ends a request nor says that nobody waits. Simple clients and load balancers
    /// close early.
    HALF_CLOSE_ANSWERED = "half-close-answered", section "9.6", Duty, Semantics {
        Server on Request: None duty(),
    }

    /// A response survives that the server sends before it has read the content, and closes.
    ///
    /// A close with content unread becomes a reset, and a reset can erase the response at the client. The text tells how
    /// to close in stages, and asks for nothing.
    ANSWER_SURVIVES = "answer-survives", section "9.6", Duty, Semantics {
        Server on Request: None duty(),
    }
}
