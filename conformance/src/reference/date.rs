//! The three formats of a date (RFC 9110 section 5.6.7): the one to send, and the two that a faulty server sends.

use std::time::SystemTime;

use crate::field::date::{self, Form};

/// How a `Date` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateFormat {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    Fixdate,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    Rfc850,
    /// `Sun Nov  6 08:49:37 1994`.
    Asctime,
    /// `Sun, 06 Nov 1994 08:49:37 +0000`: the date of a mail.
    Offset,
}

/// The time as text. Times before 1970 are written as its beginning.
#[must_use]
pub fn write(time: SystemTime, format: DateFormat) -> String {
    match format {
        DateFormat::Fixdate => date::write(time),
        DateFormat::Rfc850 => date::write_as(time, Form::Rfc850),
        DateFormat::Asctime => date::write_as(time, Form::Asctime),
        DateFormat::Offset => date::write(time).replace("GMT", "+0000"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        let time = UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(write(time, DateFormat::Fixdate), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(write(time, DateFormat::Rfc850), "Sunday, 06-Nov-94 08:49:37 GMT");
        assert_eq!(write(time, DateFormat::Asctime), "Sun Nov  6 08:49:37 1994");
        assert_eq!(write(time, DateFormat::Offset), "Sun, 06 Nov 1994 08:49:37 +0000");
    }

    #[test]
    fn leap_days_and_the_ends_of_years() {
        let text = |seconds| write(UNIX_EPOCH + Duration::from_secs(seconds), DateFormat::Fixdate);
        assert_eq!(text(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(text(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
        assert_eq!(text(1_735_689_599), "Tue, 31 Dec 2024 23:59:59 GMT");
        assert_eq!(text(4_107_542_400), "Mon, 01 Mar 2100 00:00:00 GMT");
    }
}
