//! HTTP-date (RFC 9110 section 5.6.7): reading all three formats, writing the one to send.
//!
//! A date is read only if it is one: the day exists in its month, and the day-name is that of the day.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// In which format a date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    ImfFixdate,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    Rfc850,
    /// `Sun Nov  6 08:49:37 1994`.
    Asctime,
}

/// A date and the format in which it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpDate {
    /// The time.
    pub time: SystemTime,
    /// The format.
    pub form: Form,
}

/// The names of the days, from the one on which 1970 began.
pub const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// The names of the months.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A point in time, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// The month, from 0.
    pub month: usize,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The second.
    pub second: i64,
    /// Index into [`DAYS`].
    pub week_day: usize,
}

impl Civil {
    /// Takes a time apart; parts of a second are dropped.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        let seconds = seconds(time);
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // A first guess that is never too late, and less than two years too early.
        let mut year = 1970 + days.div_euclid(366).min(days.div_euclid(365));
        while days_before(year + 1) <= days {
            year += 1;
        }
        let (mut month, mut left) = (0, days - days_before(year));
        while left >= length(year, month) {
            left -= length(year, month);
            month += 1;
        }
        Self {
            year,
            month,
            day: left + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            week_day: days.rem_euclid(7) as usize,
        }
    }

    /// The time, if there is such a day; a leap second is the first second of the next minute.
    fn time(self) -> Option<SystemTime> {
        let is_real = (1..=length(self.year, self.month)).contains(&self.day)
            && self.hour <= 23
            && self.minute <= 59
            && self.second <= 60;
        let days =
            days_before(self.year) + (0..self.month).map(|month| length(self.year, month)).sum::<i64>() + self.day - 1;
        if !is_real || days.rem_euclid(7) as usize != self.week_day {
            return None;
        }
        let seconds = days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second;
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

/// Whole seconds since 1970 began.
fn seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs() as i64,
        Err(before) => -(before.duration().as_secs() as i64) - i64::from(before.duration().subsec_nanos() > 0),
    }
}

/// Days from the beginning of 1970 to that of the year.
fn days_before(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

/// Length of a month; the years before the calendar go on as if it had always been there.
fn length(year: i64, month: usize) -> i64 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
}

/// Reads a date in any of the three formats. `now` decides on the century of a year with two digits: more than 50 years
/// ahead is the most recent year in the past that ends so.
#[must_use]
pub fn read(value: &[u8], now: SystemTime) -> Option<HttpDate> {
    let text = std::str::from_utf8(value).ok()?;
    let found = |form, civil: Civil| Some(HttpDate { time: civil.time()?, form });
    if let Some(civil) = fixdate(text) {
        return found(Form::ImfFixdate, civil);
    }
    if let Some(civil) = asctime(text) {
        return found(Form::Asctime, civil);
    }
    let civil = rfc850(text)?;
    let today = Civil::of(now).year;
    // The day-name is that of the day in the year that is meant.
    let ahead = (today..).find(|year| year.rem_euclid(100) == civil.year)?;
    let at = |year| {
        let days = days_before(year) + (0..civil.month).map(|month| length(year, month)).sum::<i64>() + civil.day - 1;
        (Civil { year, week_day: days.rem_euclid(7) as usize, ..civil }, days.rem_euclid(7) as usize == civil.week_day)
    };
    let limit = now.checked_add(Duration::from_secs(50 * 31_556_952))?;
    let is_ahead = at(ahead).0.time().is_none_or(|time| time > limit);
    let (civil, is_named_so) = at(if is_ahead { ahead - 100 } else { ahead });
    if is_named_so { found(Form::Rfc850, civil) } else { None }
}

/// Whether the value is a date in the format that is to be sent.
#[must_use]
pub fn is_imf_fixdate(value: &[u8]) -> bool {
    std::str::from_utf8(value).ok().and_then(fixdate).and_then(Civil::time).is_some()
}

/// The time in the format that is to be sent. Times before 1970 are written as its beginning.
#[must_use]
pub fn write(time: SystemTime) -> String {
    let civil = Civil::of(time.max(UNIX_EPOCH));
    let Civil { year, day, hour, minute, second, .. } = civil;
    let (name, month) = (&DAYS[civil.week_day][..3], MONTHS[civil.month]);
    format!("{name}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// The time in any of the three formats. Times before 1970 are written as its beginning.
#[must_use]
pub fn write_as(time: SystemTime, form: Form) -> String {
    let civil = Civil::of(time.max(UNIX_EPOCH));
    let Civil { year, day, hour, minute, second, .. } = civil;
    let (name, month) = (DAYS[civil.week_day], MONTHS[civil.month]);
    match form {
        Form::ImfFixdate => write(time),
        Form::Rfc850 => format!("{name}, {day:02}-{month}-{:02} {hour:02}:{minute:02}:{second:02} GMT", year % 100),
        Form::Asctime => format!("{} {month} {day:>2} {hour:02}:{minute:02}:{second:02} {year:04}", &name[..3]),
    }
}

fn fixdate(text: &str) -> Option<Civil> {
    let (name, rest) = text.split_once(", ")?;
    let rest = rest.strip_suffix(" GMT")?;
    let &[day, month, year, time] = rest.split(' ').collect::<Vec<_>>().first_chunk()?;
    let is_short = |name: &&str| name.len() == 3;
    (rest.len() == 20).then_some(())?;
    civil(digits(year, 4)?, month, digits(day, 2)?, time, week_day(name, is_short)?)
}

fn rfc850(text: &str) -> Option<Civil> {
    let (name, rest) = text.split_once(", ")?;
    let (date, time) = rest.strip_suffix(" GMT")?.split_once(' ')?;
    let &[day, month, year] = date.split('-').collect::<Vec<_>>().first_chunk()?;
    (date.len() == 9).then_some(())?;
    civil(digits(year, 2)?, month, digits(day, 2)?, time, week_day(name, |name| name.len() > 3)?)
}

fn asctime(text: &str) -> Option<Civil> {
    if !text.is_ascii() || text.len() != 24 {
        return None;
    }
    let blank = |at: usize| text.as_bytes()[at] == b' ';
    if ![3, 7, 10, 19].into_iter().all(blank) {
        return None;
    }
    let day = &text[8..10];
    let day = day.strip_prefix(' ').map_or_else(|| digits(day, 2), |digit| digits(digit, 1))?;
    civil(digits(&text[20..], 4)?, &text[4..7], day, &text[11..19], week_day(&text[..3], |name| name.len() == 3)?)
}

fn civil(year: i64, month: &str, day: i64, time: &str, week_day: usize) -> Option<Civil> {
    let month = MONTHS.iter().position(|name| *name == month)?;
    let &[hour, minute, second] = time.split(':').collect::<Vec<_>>().first_chunk()?;
    (time.len() == 8).then_some(())?;
    Some(Civil {
        year,
        month,
        day,
        hour: digits(hour, 2)?,
        minute: digits(minute, 2)?,
        second: digits(second, 2)?,
        week_day,
    })
}

/// Index of the day that has this name, long or short as `form` wants it.
fn week_day(name: &str, form: impl Fn(&&str) -> bool) -> Option<usize> {
    let name = Some(name).filter(|name| form(name))?;
    DAYS.iter().position(|day| if name.len() == 3 { day[..3] == *name } else { *day == name })
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let is_number = text.len() == count && text.bytes().all(|octet| octet.is_ascii_digit());
    is_number.then(|| text.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    const NOW: u64 = 1_700_000_000; // 14 Nov 2023

    fn read_now(text: &str) -> Option<HttpDate> {
        read(text.as_bytes(), at(NOW))
    }

    #[test]
    fn the_examples_of_the_rfc() {
        for (text, form) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Form::ImfFixdate),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Form::Rfc850),
            ("Sun Nov  6 08:49:37 1994", Form::Asctime),
        ] {
            assert_eq!(read_now(text), Some(HttpDate { time: at(784_111_777), form }), "{text}");
        }
        assert_eq!(write(at(784_111_777)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for bad in [
            "",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06  Nov 1994 08:49:37 GMT",
            "sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Wed, 30 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 06 Nov 1994 8:49:037 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Monday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994",
            "Sun Nov 06  8:49:37 1994",
            "784111777",
            "Sun, 06 N\u{f6}v 1994 08:49:37 GMT",
        ] {
            assert_eq!(read_now(bad), None, "{bad}");
            assert!(!is_imf_fixdate(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn two_digits_more_than_fifty_years_ahead_are_past() {
        // 14 Nov 1973 and 14 Nov 2072 are a Wednesday and a Monday.
        assert_eq!(read_now("Monday, 14-Nov-72 00:00:00 GMT").map(|date| Civil::of(date.time).year), Some(2072));
        assert_eq!(read_now("Friday, 14-Dec-73 00:00:00 GMT").map(|date| Civil::of(date.time).year), Some(1973));
        // The same day with the day-name that it has in the other century.
        assert_eq!(read_now("Thursday, 14-Dec-73 00:00:00 GMT"), None);
    }

    #[test]
    fn leap_days_leap_seconds_and_the_ends_of_years() {
        assert_eq!(write(at(951_782_400)), "Tue, 29 Feb 2000 00:00:00 GMT");
        assert_eq!(write(at(1_735_689_599)), "Tue, 31 Dec 2024 23:59:59 GMT");
        assert_eq!(write(at(4_107_542_400)), "Mon, 01 Mar 2100 00:00:00 GMT");
        assert!(is_imf_fixdate(b"Sat, 31 Dec 2016 23:59:60 GMT"));
        let before = read_now("Wed, 31 Dec 1969 23:59:59 GMT").expect("a date");
        assert_eq!(before.time, UNIX_EPOCH - Duration::from_secs(1));
        assert_eq!(write(before.time), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert!(read_now("Mon, 01 Jan 0001 00:00:00 GMT").is_some());
        assert!(read_now("Fri, 31 Dec 9999 23:59:59 GMT").is_some());
    }

    #[test]
    fn what_is_written_is_read() {
        for step in 0..4_000 {
            let time = at(step * 6_543_217);
            let text = write(time);
            assert_eq!(read(text.as_bytes(), at(NOW)).map(|date| date.time), Some(time), "{text}");
        }
    }
}
