//! What the responses of a server owe: RFC 9110 section 6.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static RESPONSES; rfc 9110;
    /// Responses of the classes 2xx, 3xx and 4xx carry a `Date`, if the server has a clock.
    ///
    /// Caches compute the age of a response from it; without it they have to guess.
    DATE_PRESENT = "date-present", section "6.6.1", Duty, Semantics {
        OriginServer on Request: Must duty(),
        Sender on Response: Must duty(),
    }

    /// `Date` is in the IMF-fixdate format.
    ///
    /// The two old formats are for reading only; one of them has a year of two digits.
    DATE_FORMAT = "date-format", section "5.6.7", Duty, Semantics {
        Server on Request: Must duty(),
        Sender on Response: Must duty(),
    }
}
