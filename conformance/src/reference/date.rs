//! The three formats of a date (RFC 9110 section 5.6.7): the one to send, and the two that a faulty server sends.

use std::time::{SystemTime, UNIX_EPOCH};

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

const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time as text. Times before 1970 are written as its beginning.
#[must_use]
pub fn write(time: SystemTime, format: DateFormat) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let weekday = DAYS[usize::try_from(days % 7).unwrap_or(0)];
    let (year, month, day) = civil(days);
    let (short, month) = (&weekday[..3], MONTHS[month]);
    match format {
        DateFormat::Fixdate => format!("{short}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"),
        DateFormat::Rfc850 => {
            format!("{weekday}, {day:02}-{month}-{:02} {hour:02}:{minute:02}:{second:02} GMT", year % 100)
        }
        DateFormat::Asctime => format!("{short} {month} {day:>2} {hour:02}:{minute:02}:{second:02} {year:04}"),
        DateFormat::Offset => format!("{short}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000"),
    }
}

/// Year, month (from 0) and day of the month of so many days after 1970-01-01.
fn civil(mut days: u64) -> (u64, usize, u64) {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    for (month, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        if days < length {
            return (year, month, days + 1);
        }
        days -= length;
    }
    (year, 11, 31)
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
