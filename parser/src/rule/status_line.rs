//! RFC 9112 section 4: the status-line of a response.

use super::action::*;

crate::rules! { pub static ALL; rfc 9112;
    /// Whitespace other than one SP separates, precedes or follows the elements of the status-line.
    ///
    /// A recipient has leave to split at any run of whitespace; not all do, and a sender may not rely on it.
    STATUS_LINE_WHITESPACE = "status-line-whitespace", section "4", Fault, Semantics {
        Recipient on Response: May may_repair(),
        Sender on Response: MustNot duty(),
    }

    /// The status-code is not three digits.
    ///
    /// What the answer means, and whether it has a body, hangs on it.
    STATUS_CODE_INVALID = "status-code-invalid", section "4", Fault, Framing {
        Sender on Response: MustNot duty(),
    }

    /// The SP after the status-code is missing.
    ///
    /// A server has to send it even when no reason-phrase follows; strict clients refuse the line without it.
    STATUS_LINE_SPACE_MISSING = "status-line-space-missing", section "4", Fault, Cosmetic {
        Sender on Response: Must duty(),
    }

    /// The reason-phrase holds a control octet.
    ///
    /// It is shown to people and written to logs, where control octets do things.
    REASON_PHRASE_INVALID = "reason-phrase-invalid", section "4", Fault, Cosmetic {
        Sender on Response: MustNot duty(),
    }

    /// The response does not begin with a status-line.
    ///
    /// The client cannot tell content from head; whatever it makes of the bytes is a guess.
    STATUS_LINE_MISSING = "status-line-missing", section "4", Fault, Framing {
        Sender on Response: MustNot duty(),
    }
}
