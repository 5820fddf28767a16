//! RFC 9112 section 5 and RFC 9110 section 5: field lines.

use super::Rule;
use super::action::*;

crate::rules! { pub static LINE; rfc 9112;
    /// A field line has no colon.
    ///
    /// Recipients that skip the line and recipients that read it as a name, or as the end of the head, see different
    /// messages. That 2.2's SHOULD reaches trailer sections is a reading of ours.
    FIELD_LINE_COLON_MISSING = "field-line-colon-missing", section "5", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// A field name is empty or not a token.
    ///
    /// Names with stray octets are dropped, cut or normalised into other names, `Content_Length` into
    /// `Content-Length` for one. That 2.2's SHOULD reaches trailer sections is a reading of ours.
    FIELD_NAME_INVALID = "field-name-invalid", section "5", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// Whitespace stands between a field name and its colon.
    ///
    /// `Content-Length : 5` is a length to one hop and an unknown field to the next. Of all leniencies this one has
    /// smuggled the most requests, so a server has to refuse it.
    WHITESPACE_BEFORE_COLON = "whitespace-before-colon", section "5.1", Fault, Framing {
        Server on Request: Must reject(&[400]),
        Sender on Response: MustNot duty(),
    }

    /// A field value goes on in the next line (obs-fold).
    ///
    /// One hop joins the lines, another takes the second for a field of its own or drops it.
    OBS_FOLD = "obs-fold", section "5.2", Fault, Framing {
        Server on Request: Must reject_or_repair(&[400]),
        Proxy on Response: Must answer(502),
        Gateway on Response: Must answer(502),
        UserAgent on Response: Must tolerate(),
        Sender on Response: MustNot duty(),
    }
}

crate::rules! { pub static VALUE; rfc 9110;
    /// A field value holds a NUL octet.
    ///
    /// String functions stop at it, so that two programs read two values. It is refused or read as a space.
    FIELD_VALUE_NUL = "field-value-nul", section "5.5", Fault, Framing {
        Recipient on Request: Must reject_or_repair(&[]),
        Recipient on Response: Must reject_or_repair(&[]),
        Sender on Response: MustNot duty(),
    }

    /// A field value holds a control octet other than CR, LF, NUL and HTAB.
    ///
    /// The value is invalid; a recipient has leave to keep such octets where they can do no harm.
    FIELD_VALUE_CONTROL = "field-value-control", section "5.5", Fault, Semantics {
        Recipient on Request: May may_repair(),
        Recipient on Response: May may_repair(),
        Sender on Response: MustNot duty(),
    }

    /// A field value holds octets above 127.
    ///
    /// They are allowed, and opaque: a recipient ought to carry them and not decode, refuse or drop them.
    FIELD_VALUE_OBS_TEXT = "field-value-obs-text", section "5.5", Feature, Semantics {
        Recipient on Request: Should tolerate(),
        Recipient on Response: Should tolerate(),
    }
}

/// The rules of both documents about field lines.
pub static ALL: &[&Rule] = &[
    &FIELD_LINE_COLON_MISSING,
    &FIELD_NAME_INVALID,
    &WHITESPACE_BEFORE_COLON,
    &OBS_FOLD,
    &FIELD_VALUE_NUL,
    &FIELD_VALUE_CONTROL,
    &FIELD_VALUE_OBS_TEXT,
];
