//! Methods, request-targets and lengths: RFC 9110 section 9, RFC 9112 section 3.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static METHODS; rfc 9110;
    /// GET and HEAD are supported.
    ///
    /// They are the two methods that every general-purpose server has; crawlers, caches and health checks rely on them.
    /// A server that is made for one purpose may do without: whoever serves GET is taken for a general-purpose server,
    /// which is a reading of ours; where GET is answered with 501 nothing tells which of the two it is.
    METHODS_SUPPORTED = "methods-supported", section "9.1", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// A method that the server does not know is answered with 501.
    ///
    /// 501 says that no resource here knows the method, 405 that this one does not allow it. A server that serves any
    /// method as if it were GET lets access rules by method be passed by.
    METHOD_UNKNOWN = "method-unknown", section "9.1", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// The method is case-sensitive.
    ///
    /// `get` is a token, but names another method than `GET`. A server that folds the case passes by filters that do
    /// not.
    METHOD_CASE = "method-case", section "9.1", Duty, Auth {
        Server on Request: Should duty(),
    }

    /// The answer to HEAD has no content.
    ///
    /// The client stops at the empty line; octets after it are taken for the next response.
    HEAD_WITHOUT_CONTENT = "head-without-content", section "9.3.2", Duty, Framing {
        Server on Request: MustNot duty(),
    }

    /// A field that the server does not know is ignored.
    ///
    /// New fields can be sent only because everybody ignores what they do not know.
    FIELD_UNKNOWN = "field-unknown", section "5.1", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// Empty elements of a list are parsed and ignored.
    ///
    /// Senders that merge values leave empty elements behind. A recipient that loses the rest of the list loses `close`
    /// or a coding with it.
    LIST_EMPTY_ELEMENTS = "list-empty-elements", section "5.6.1.2", Duty, Framing {
        Recipient on Request: Must duty(),
    }

    /// OPTIONS with the target `*` is answered about the server as a whole.
    ///
    /// It is the one request that needs no resource; load balancers send it as a ping. Nothing obliges a server to do
    /// more than to answer.
    OPTIONS_ASTERISK = "options-asterisk", section "9.3.7", Duty, Semantics {
        Server on Request: None duty(),
    }
}

startline_parser::rules! { pub static LENGTHS; rfc 9112;
    /// A method longer than any that the server has is answered with 501.
    ///
    /// The status tells the client that the method is the trouble, and not the request-line.
    METHOD_TOO_LONG = "method-too-long", section "3", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A request-target longer than the server wishes to parse is answered with 414.
    ///
    /// Any other answer, or a reset, leaves the client in the dark about what to shorten.
    TARGET_TOO_LONG = "target-too-long", section "3", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// A request-line of 8,000 octets is supported.
    ///
    /// Long queries are ordinary; clients have nothing else to go by than this number.
    REQUEST_LINE_8000 = "request-line-8000", section "3", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// In absolute-form the host of the request-target counts, and `Host` does not.
    ///
    /// A server that goes by `Host` serves another site than the hop in front has checked.
    ABSOLUTE_FORM_HOST = "absolute-form-host", section "3.2.2", Duty, Routing {
        OriginServer on Request: Must duty(),
    }
}
