//! Ranges: RFC 9110 sections 14 and 15.3.7.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static RANGES; rfc 9110;
    /// A satisfiable range of a resource that gives ranges is answered with 206.
    ///
    /// Whoever resumes a download or seeks in a film counts on it; a server may ignore Range at any time, and then sends
    /// the whole again.
    RANGE_SERVED = "range-served", section "14.2", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A range of which nothing exists is answered with 416.
    ///
    /// A client that resumes at the end of what it has learns from it that there is no more.
    RANGE_UNSATISFIABLE = "range-unsatisfiable", section "14.2", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// Range is ignored with every method but GET.
    ///
    /// Only GET has a meaning for it; a HEAD with 206 describes a response that no GET would get.
    RANGE_OTHER_METHOD = "range-other-method", section "14.2", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Range with a unit that the server does not know is ignored, or answered with 416.
    ///
    /// The text asks an origin server to ignore it, and some paragraphs on to answer 416: either passes. What may not
    /// come is a part of the representation, since nobody can have asked for one.
    RANGE_UNIT_UNKNOWN = "range-unit-unknown", section "14.2", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// Range that is no valid ranges-specifier is ignored or refused.
    ///
    /// A part that is made out of it is one that nobody asked for, and is put together with others all the same.
    RANGE_INVALID = "range-invalid", section "14.2", Duty, Semantics {
        Server on Request: May duty(),
    }

    /// Positions in a range may be too large for a machine's numbers and are not taken for other ones.
    ///
    /// A position that wraps gives other octets than those that were asked for, or memory that is nobody's business.
    RANGE_OVERFLOW = "range-overflow", section "14.1.2", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// A 206 has Date, Cache-Control, ETag, Expires, Content-Location and Vary where the 200 has them.
    ///
    /// Parts are put together only if they are known to be of one representation, which these fields tell.
    PARTIAL_FIELDS = "partial-fields", section "15.3.7", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// A 206 to a request without If-Range has all representation fields of the 200.
    ///
    /// It may be the first part that a client sees, and has to tell what it is a part of.
    PARTIAL_REPRESENTATION_FIELDS = "partial-representation-fields", section "15.3.7", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// A 206 to a request with If-Range has no representation fields beyond those that every 206 has.
    ///
    /// The client has them already.
    PARTIAL_FIELDS_IF_RANGE = "partial-fields-if-range", section "15.3.7", Duty, Cosmetic {
        Server on Request: ShouldNot duty(),
    }

    /// A single part is the one that its Content-Range says, out of what was asked for.
    ///
    /// A client writes the octets where Content-Range says; where they are others the file is spoilt in silence.
    PARTIAL_SINGLE = "partial-single", section "15.3.7.1", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Parts come in the order in which they were asked for, each with the octets of its Content-Range.
    ///
    /// A client that asks for the index of a file first needs it first.
    PARTIAL_MULTIPART_ORDER = "partial-multipart-order", section "15.3.7.2", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// Each part has the Content-Type of the representation.
    ///
    /// The type of the whole response is that of the envelope; that of the content stands in its parts alone.
    PARTIAL_MULTIPART_TYPE = "partial-multipart-type", section "15.3.7.2", Duty, Semantics {
        Server on Request: Should duty(),
    }
}
