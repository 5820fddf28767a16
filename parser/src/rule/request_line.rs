//! RFC 9112 section 3: the request-line, and RFC 9110 where it speaks of versions and URIs in it.
//!
//! Section 3.2 says by itself how an invalid request-line is answered, and leaves the connection alone; section 2.2, which
//! asks for the close as well, is applied to what no narrower sentence is about.

use super::Rule;
use super::action::*;

crate::rules! { pub static LINE; rfc 9112;
    /// Whitespace other than one SP separates, precedes or follows the elements of the request-line.
    ///
    /// A recipient has leave to split the line at any run of whitespace. Where one hop does and the next does not, they
    /// disagree on which request this is.
    REQUEST_LINE_WHITESPACE = "request-line-whitespace", section "3", Fault, Routing {
        Recipient on Request: May may_repair(),
    }

    /// The method is not a token.
    ///
    /// Access rules are written for methods by name. A name with a stray byte slips past the rule and is then trimmed
    /// or folded into the very method that the rule forbids.
    METHOD_INVALID = "method-invalid", section "3.1", Fault, Auth {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// Whitespace stands inside the request-target.
    ///
    /// Cut at the first blank or at the last, the line names two different resources; filters see one and the
    /// application serves the other. So it is refused or redirected, and not put right in silence.
    REQUEST_TARGET_WHITESPACE = "request-target-whitespace", section "3.2", Fault, Routing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// The request-target holds an octet that no URI may hold.
    ///
    /// Raw quotes, angle brackets, backslashes or octets above 127 are encoded, dropped or folded differently by every
    /// recipient, so that filters and applications look at different paths.
    REQUEST_TARGET_INVALID = "request-target-invalid", section "3.2", Fault, Routing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// A percent sign in the request-target is not followed by two hexadecimal digits.
    ///
    /// Decoders keep it, drop it, or swallow the octets after it: each gives another path.
    REQUEST_TARGET_PERCENT = "request-target-percent", section "3.2", Fault, Routing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// The request-target holds a fragment.
    ///
    /// A fragment is for the user agent alone. Recipients that cut it off and recipients that keep it route to
    /// different resources.
    REQUEST_TARGET_FRAGMENT = "request-target-fragment", section "3.2", Fault, Routing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// The request-target has none of the four forms, or a form that the method does not go with.
    ///
    /// A relative path, a bare authority outside CONNECT, or an asterisk outside OPTIONS has no target URI; a server
    /// that makes one up serves something that nobody asked for. That a form which the grammar has, with a method that
    /// it is not for, makes the request-line invalid is a reading of ours.
    REQUEST_TARGET_FORM = "request-target-form", section "3.2", Fault, Routing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// The request-line ends after the request-target, without a version.
    ///
    /// That was HTTP/0.9. A server that answers it sends content without a status-line, which the hop in front takes
    /// for whatever it likes.
    VERSION_MISSING = "version-missing", section "3", Fault, Framing {
        Recipient on Request: Should reject(&[400, 301]),
    }

    /// The request-target is in absolute-form.
    ///
    /// Every server has to accept it, though most clients send it to proxies only.
    ABSOLUTE_FORM = "absolute-form", section "3.2.2", Feature, Routing {
        Server on Request: Must tolerate(),
    }
}

crate::rules! { pub static SEMANTICS; rfc 9110;
    /// The request-target is an `http` or `https` URI with an empty host.
    ///
    /// Such a URI has no authority; whoever fills one in routes the request to a host of its own choice.
    URI_HOST_EMPTY = "uri-host-empty", section "4.2.1", Fault, Routing {
        Recipient on Request: Must reject(&[]),
    }

    /// The request-target is an `http` or `https` URI with a userinfo part.
    ///
    /// What stands before the `@` is there to be mistaken for the host.
    URI_USERINFO = "uri-userinfo", section "4.2.4", Fault, Routing {
        Recipient on Request: Should reject(&[]),
    }

    /// A CONNECT request names an empty or an invalid port.
    ///
    /// There is no default port for a tunnel; whoever guesses one opens a way to a service that was not named.
    CONNECT_PORT_INVALID = "connect-port-invalid", section "9.3.6", Fault, Routing {
        Server on Request: Must reject(&[]),
    }

    /// The minor version is higher than 1.
    ///
    /// It says what the sender could do, and changes nothing about the message: it is read as HTTP/1.1.
    VERSION_MINOR_HIGHER = "version-minor-higher", section "6.2", Feature, Semantics {
        Recipient on Request: Should tolerate(),
        Recipient on Response: Should tolerate(),
    }

    /// The major version is not 1.
    ///
    /// The major version stands for the syntax of the message, so these bytes cannot be what they say. A server can
    /// answer 505 if it wishes; no sentence obliges it.
    VERSION_MAJOR_UNSUPPORTED = "version-major-unsupported", section "6.2", Fault, Semantics {
        Server on Request: None unstated(),
    }
}

/// The rules of both documents about the request-line.
pub static ALL: &[&Rule] = &[
    &REQUEST_LINE_WHITESPACE,
    &METHOD_INVALID,
    &REQUEST_TARGET_WHITESPACE,
    &REQUEST_TARGET_INVALID,
    &REQUEST_TARGET_PERCENT,
    &REQUEST_TARGET_FRAGMENT,
    &REQUEST_TARGET_FORM,
    &VERSION_MISSING,
    &ABSOLUTE_FORM,
    &URI_HOST_EMPTY,
    &URI_USERINFO,
    &CONNECT_PORT_INVALID,
    &VERSION_MINOR_HIGHER,
    &VERSION_MAJOR_UNSUPPORTED,
];
