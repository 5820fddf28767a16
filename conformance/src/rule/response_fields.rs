//! Field values that senders of responses may not generate: RFC 9110 sections 5 to 14, RFC 9111 section 5.
//!
//! That a sender keeps to the grammar of each field is a MUST of RFC 9110 section 2.2. Each field has a rule of its own,
//! in the section that has its grammar.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static FIELD_SYNTAX; rfc 9110;
    /// A response has a field that only requests have.
    ///
    /// What a client says about itself is not for a server to say. Credentials or a host in a response come from a
    /// request, and the next request may be another user's.
    FIELD_OF_REQUESTS = "field-of-requests", section "2.2", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// An http or https URI in a field has an empty host.
    ///
    /// It names no server. Recipients take the first part of the path for one, or the server itself.
    RESPONSE_URI_HOST_EMPTY = "response-uri-host-empty", section "4.2.1", Fault, Routing {
        Sender on Response: MustNot duty(),
    }

    /// An http or https URI in a field has userinfo.
    ///
    /// A name before an `@` that looks like a host is how users are sent to another one, and credentials in it are kept
    /// in logs and histories.
    RESPONSE_URI_USERINFO = "response-uri-userinfo", section "4.2.4", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// A field that is no list stands in a message twice.
    ///
    /// One recipient takes the first line, another the last, a third joins them with a comma: two content types, two
    /// places to go to.
    FIELD_REPEATED = "field-repeated", section "5.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// A list has an empty element.
    ///
    /// Recipients have to bear with it, and those that count elements or stop at the first empty one do not.
    LIST_ELEMENT_EMPTY = "list-element-empty", section "5.6.1.1", Fault, Cosmetic {
        Sender on Response: MustNot duty(),
    }

    /// Whitespace stands around the `=` of an authentication parameter.
    ///
    /// It is there for old senders only; recipients that do not take it away see a scheme without parameters.
    WHITESPACE_BAD = "whitespace-bad", section "5.6.3", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// Around a field value there is more whitespace than the single SP before it.
    ///
    /// It means nothing, costs octets, and stays in the value where a recipient forgets to take it away.
    WHITESPACE_OPTIONAL = "whitespace-optional", section "5.6.3", Fault, Cosmetic {
        Sender on Response: Should duty(),
    }

    /// Where whitespace is required there is more of it than a single SP.
    ///
    /// It means the same, costs octets, and trips recipients that split at each SP.
    WHITESPACE_WIDE = "whitespace-wide", section "5.6.3", Fault, Cosmetic {
        Sender on Response: Should duty(),
    }

    /// A backslash quotes an octet that could stand for itself.
    ///
    /// Some recipients keep the backslash and see another value.
    QUOTED_PAIR_NEEDLESS = "quoted-pair-needless", section "5.6.4", Fault, Cosmetic {
        Sender on Response: ShouldNot duty(),
    }
}

startline_parser::rules! { pub static FIELD_VALUES; rfc 9110;
    /// `Trailer` is not a list of field names.
    ///
    /// Recipients prepare for the fields that it names.
    TRAILER_INVALID = "trailer-invalid", section "6.6.2", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Connection` is not a list of tokens.
    ///
    /// What it names is removed by the next hop, and whether the connection goes on stands in it too.
    CONNECTION_INVALID = "connection-invalid", section "7.6.1", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// `Via` is not a list of a protocol and a name each.
    ///
    /// Loops are found by it, and what the hops before can do.
    VIA_INVALID = "via-invalid", section "7.6.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Upgrade` is not a list of protocols.
    ///
    /// A client compares its elements with what it speaks.
    UPGRADE_INVALID = "upgrade-invalid", section "7.8", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Type` is not a media type.
    ///
    /// A recipient that cannot read it guesses from the content, and runs as a script what was meant as text.
    CONTENT_TYPE_INVALID = "content-type-invalid", section "8.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Encoding` is not a list of tokens.
    ///
    /// Without it nobody can decode the content.
    CONTENT_ENCODING_INVALID = "content-encoding-invalid", section "8.4", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Encoding` lists `identity`.
    ///
    /// The name is there for `Accept-Encoding` alone. Recipients without a decoder of that name refuse the content.
    CONTENT_CODING_IDENTITY = "content-coding-identity", section "8.4", Fault, Semantics {
        Sender on Response: ShouldNot duty(),
    }

    /// `Content-Language` is not a list of language tags.
    ///
    /// Voices, spell checkers and search engines choose by it. Only the shape of the tags is looked at.
    CONTENT_LANGUAGE_INVALID = "content-language-invalid", section "8.5", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Location` is not a URI, or has a fragment.
    ///
    /// Caches take it for the name of what they store.
    CONTENT_LOCATION_INVALID = "content-location-invalid", section "8.7", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `ETag` is not an entity tag.
    ///
    /// A tag without quotes, or with a small `w/`, never compares equal: each request is answered in full, and lost
    /// updates are not found.
    ETAG_INVALID = "etag-invalid", section "8.8.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Allow` is not a list of methods.
    ///
    /// Clients choose another method by it.
    ALLOW_INVALID = "allow-invalid", section "10.2.1", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Location` is not a URI reference.
    ///
    /// Recipients repair it, each in its own way, and end at different places. Octets that have no business in it are how
    /// redirects are turned against their site.
    LOCATION_INVALID = "location-invalid", section "10.2.2", Fault, Routing {
        Sender on Response: MustNot duty(),
    }

    /// `Retry-After` is neither a date nor a number of seconds.
    ///
    /// Clients that cannot read it come back at once.
    RETRY_AFTER_INVALID = "retry-after-invalid", section "10.2.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Server` is not a list of products and comments.
    ///
    /// Workarounds for servers with known faults go by it.
    SERVER_INVALID = "server-invalid", section "10.2.4", Fault, Cosmetic {
        Sender on Response: MustNot duty(),
    }

    /// A challenge has a parameter twice.
    ///
    /// With two realms or two nonces the client answers to one of them, and the server expects the other.
    CHALLENGE_PARAMETER_REPEATED = "challenge-parameter-repeated", section "11.2", Fault, Auth {
        Sender on Response: Must duty(),
    }

    /// A realm is not a quoted string.
    ///
    /// Clients have long read only that form; with another they do not know for what to send the credentials.
    REALM_UNQUOTED = "realm-unquoted", section "11.5", Fault, Auth {
        Sender on Response: Must duty(),
    }

    /// `WWW-Authenticate` is not a list of challenges.
    ///
    /// The client does not find the scheme that it could use, or takes a parameter for a scheme.
    WWW_AUTHENTICATE_INVALID = "www-authenticate-invalid", section "11.6.1", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// `Authentication-Info` is not a list of parameters.
    ///
    /// The client proves the server by it.
    AUTHENTICATION_INFO_INVALID = "authentication-info-invalid", section "11.6.3", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// `Proxy-Authenticate` is not a list of challenges.
    ///
    /// The client does not find the scheme that it could use.
    PROXY_AUTHENTICATE_INVALID = "proxy-authenticate-invalid", section "11.7.1", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// `Proxy-Authentication-Info` is not a list of parameters.
    ///
    /// The client proves the proxy by it.
    PROXY_AUTHENTICATION_INFO_INVALID = "proxy-authentication-info-invalid", section "11.7.3", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// `Vary` is not a list of field names.
    ///
    /// A cache that cannot read it gives one user's answer to another.
    VARY_INVALID = "vary-invalid", section "12.5.5", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Accept-Ranges` is not a list of range units.
    ///
    /// Downloads are resumed by it, or begun anew.
    ACCEPT_RANGES_INVALID = "accept-ranges-invalid", section "14.3", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Content-Range` is not a range with its length, or its numbers contradict each other.
    ///
    /// Parts are put together by it; those that cannot be placed are thrown away, or stored at the wrong place.
    CONTENT_RANGE_INVALID = "content-range-invalid", section "14.4", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }
}

startline_parser::rules! { pub static CACHING_FIELDS; rfc 9111;
    /// `Age` is not a number of seconds.
    ///
    /// Caches add it to the age that they compute; what they cannot read they take for fresh.
    AGE_INVALID = "age-invalid", section "5.1", Fault, Semantics {
        Sender on Response: MustNot duty(),
    }

    /// `Cache-Control` is not a list of directives.
    ///
    /// A directive that is not found does not protect: what was private is stored for all.
    CACHE_CONTROL_INVALID = "cache-control-invalid", section "5.2", Fault, Auth {
        Sender on Response: MustNot duty(),
    }

    /// `Expires` is not a date.
    ///
    /// Caches have to take `0` and the like for a time in the past; a server has `no-cache` and dates in the past to say
    /// that.
    EXPIRES_INVALID = "expires-invalid", section "5.3", Fault, Cosmetic {
        Sender on Response: MustNot duty(),
    }
}

startline_parser::rules! { pub static COOKIES; rfc 6265;
    /// `Set-Cookie` is not as servers ought to write it.
    ///
    /// Each browser repairs it in its own way; blanks, commas and quotes end in the value of one and not of the other.
    SET_COOKIE_INVALID = "set-cookie-invalid", section "4.1.1", Fault, Auth {
        Sender on Response: ShouldNot duty(),
    }

    /// A cookie has an attribute twice.
    ///
    /// Which of the two counts is the browser's choice: the wider path or domain may be the one.
    SET_COOKIE_ATTRIBUTE_REPEATED = "set-cookie-attribute-repeated", section "4.1.1", Fault, Auth {
        Sender on Response: ShouldNot duty(),
    }

    /// A response sets a cookie of the same name twice.
    ///
    /// One of the two wins. Where the second is a session and the first its deletion, that is a login or none.
    SET_COOKIE_REPEATED = "set-cookie-repeated", section "4.1.1", Fault, Auth {
        Sender on Response: ShouldNot duty(),
    }

    /// The date at which a cookie expires is not in the format that all user agents read.
    ///
    /// A year of two digits is in the past for one browser and in the future for the other.
    SET_COOKIE_EXPIRES = "set-cookie-expires", section "4.1.1", Fault, Semantics {
        Sender on Response: Should duty(),
    }
}
