//! What methods do to resources, who may have them, and which representation is chosen: RFC 9110 sections 3.3, 8, 9, 11
//! and 12, as far as it takes a conversation to tell.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static EXCHANGE; rfc 9110;
    /// The users of one connection are not taken for one user.
    ///
    /// A proxy sends the requests of many users over one connection. A server that remembers who has logged in on it
    /// serves the next one with the rights of the first.
    CONNECTION_NOT_IDENTITY = "connection-not-identity", section "3.3", Duty, Auth {
        Server on Request: MustNot duty(),
    }

    /// Content that has been encoded says so in Content-Encoding.
    ///
    /// The receiver takes the octets of the coding for those of the content.
    CONTENT_ENCODING_MISSING = "content-encoding-missing", section "8.4", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Content-Location in a request is not kept as a field of the representation, and changes nothing else.
    ///
    /// A client could otherwise make a resource claim to be another one, or write to a place that it does not name.
    CONTENT_LOCATION_IN_REQUEST = "content-location-in-request", section "8.7", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// A method that the server has, but not for this resource, is answered with 405.
    ///
    /// 405 comes with the methods that there are; 501 tells a client to try it nowhere on this server.
    METHOD_NOT_ALLOWED = "method-not-allowed", section "9.1", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// A PUT that creates a resource is answered with 201.
    ///
    /// The client learns from it that there was nothing before, and so that it has overwritten nothing.
    PUT_CREATED = "put-created", section "9.3.4", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// A PUT that modifies a resource is answered with 200 or 204.
    ///
    /// A 201 would tell the client that there was nothing before.
    PUT_MODIFIED = "put-modified", section "9.3.4", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// Fields that the server does not know are not kept with what is put.
    ///
    /// A client that can have any field sent to the readers of a resource can set their cookies and policies.
    PUT_FIELD_UNKNOWN = "put-field-unknown", section "9.3.4", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// The answer to a PUT has a validator only if the content was kept as it came, and it is that of the new state.
    ///
    /// The client takes it for a promise that what it has in memory is what the server has, and the next conditional
    /// request rests on it.
    PUT_VALIDATOR = "put-validator", section "9.3.4", Duty, Semantics {
        OriginServer on Request: MustNot duty(),
    }

    /// A DELETE that is done is answered with 202, 204, or 200 with content.
    ///
    /// Other statuses leave open whether the resource is gone.
    DELETE_STATUS = "delete-status", section "9.3.5", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// TRACE, where it is served, is answered with 200 and the request as content.
    ///
    /// That is all that it is for: to show what arrived.
    TRACE_REFLECTED = "trace-reflected", section "9.3.8", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// Credentials and cookies are left out of what TRACE reflects.
    ///
    /// A script that may read the answer would read what it may not read otherwise.
    TRACE_SENSITIVE = "trace-sensitive", section "9.3.8", Duty, Auth {
        Server on Request: Should duty(),
    }

    /// A request without valid credentials for a protected resource is answered with 401 and a challenge.
    ///
    /// The challenge tells a client how to go on; a 500 shows that credentials from anywhere bring the server out of
    /// its way.
    CREDENTIALS_REQUIRED = "credentials-required", section "11.4", Duty, Auth {
        OriginServer on Request: Should duty(),
    }

    /// The name of an authentication scheme is compared without regard to case.
    ///
    /// The text has no key word for it; clients write `Basic` and `basic`, and a server that knows one of them locks
    /// the others out.
    AUTH_SCHEME_CASE = "auth-scheme-case", section "11.1", Duty, Auth {
        Server on Request: None duty(),
    }

    /// `q` is a weight wherever it stands among the parameters of a media range.
    ///
    /// Older clients put parameters behind it.
    ACCEPT_WEIGHT_ORDER = "accept-weight-order", section "12.5.1", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// Where no content coding is acceptable, the content is sent without any.
    ///
    /// A client that cannot decode what it is sent has nothing, and it has said so.
    CODING_UNACCEPTABLE = "coding-unacceptable", section "12.5.3", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// A response that was chosen by a field of the request names it in Vary.
    ///
    /// A cache would give it to clients who asked for something else.
    VARY_NEGOTIATED = "vary-negotiated", section "12.5.5", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// Content-Range is ignored with methods that have no meaning for it.
    ///
    /// It describes a part of content; GET and HEAD have none in their requests.
    CONTENT_RANGE_OTHER_METHOD = "content-range-other-method", section "14.4", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// A part that is put where only wholes are taken is refused with 400.
    ///
    /// Whoever takes the part for the whole has destroyed what was there.
    PUT_CONTENT_RANGE = "put-content-range", section "14.5", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }
}
