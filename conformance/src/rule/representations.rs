//! What is said of a representation: HEAD against GET, 304 against 200, validators (RFC 9110 sections 8, 9.3 and 15).

use startline_parser::rule::action::*;

startline_parser::rules! { pub static REPRESENTATIONS; rfc 9110;
    /// `Content-Length` in the answer to HEAD is the length of what GET gives.
    ///
    /// Clients plan downloads with it, and caches drop what they have if it is another.
    HEAD_CONTENT_LENGTH = "head-content-length", section "8.6", Duty, Semantics {
        Server on Request: MustNot duty(),
    }

    /// `Content-Length` in a 304 is the length of the content that a 200 would have.
    ///
    /// A cache may take it for the length of what it has. A zero for want of content makes it throw that away, or
    /// serve nothing.
    NOT_MODIFIED_CONTENT_LENGTH = "not-modified-content-length", section "8.6", Duty, Semantics {
        Server on Request: MustNot duty(),
    }

    /// An entity-tag that is the same for different octets is marked as weak.
    ///
    /// Ranges of one are joined to those of the other, and updates to the one overwrite the other.
    ETAG_NOT_STRONG = "etag-not-strong", section "8.8.3", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// The answer to HEAD has the fields of the answer to GET.
    ///
    /// HEAD is for learning of a representation without fetching it; what is left out has to be fetched after all.
    /// What is known only once the content is made may be left out.
    HEAD_FIELDS = "head-fields", section "9.3.2", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A successful answer to OPTIONS has fields that tell what can be done, such as `Allow`.
    ///
    /// It is what the method is for.
    OPTIONS_ALLOW = "options-allow", section "9.3.7", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A 200 to GET has the validators that there are.
    ///
    /// What is not told cannot be asked about: every later request fetches everything anew.
    VALIDATORS_IN_200 = "validators-in-200", section "15.3.1", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// A 304 has those of Cache-Control, Content-Location, Date, ETag, Expires and Vary that a 200 would have.
    ///
    /// Caches bring what they have up to date with them; without them they go on with what was true once.
    NOT_MODIFIED_FIELDS = "not-modified-fields", section "15.4.5", Duty, Semantics {
        Server on Request: Must duty(),
    }
}
