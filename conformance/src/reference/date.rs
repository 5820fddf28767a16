//! The three formats of a date (RFC 9110 section 5.6.7): the one to send, and the two that a faulty server sends.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::field::date::{self, Civil, DAYS, MONTHS};

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
    let civil = Civil::of(time.max(UNIX_EPOCH));
    let Civil { year, day, hour, minute, second, .. } = civil;
    let weekday = DAYS[civil.week_day];
    let (short, month) = (&weekday[..3], MONTHS[civil.month]);
    match format {
        DateFormat::Fixdate => date::write(time),
        DateFormat::Rfc850 => {
            format!("{weekday}, {day:02}-{month}-{:02} {hour:02}:{minute:02}:{second:02} GMT", year % 100)
        }
        DateFormat::Asctime => format!("{short} {month} {day:>2} {hour:02}:{minute:02}:{second:02} {year:04}"),
        DateFormat::Offset => format!("{short}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
