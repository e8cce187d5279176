//! Instants (SEMANTICS D12).

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub nanos: i128,
}

const NANOS: i128 = 1_000_000_000;

impl Instant {
    /// A W3C form of ISO 8601, or epoch seconds with five digits or more before the point (four digits are a year).
    ///
    /// Missing parts are the earliest, a date alone is UTC, a time needs a zone. What is finer than a nanosecond is cut
    /// off towards the past. Epoch seconds have at most 18 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
        let run = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if run >= 5 {
            return epoch(digits, run, digits.len() < bytes.len());
        }
        calendar(bytes)
    }

    /// From whole seconds since 1970-01-01T00:00:00Z.
    pub fn from_seconds(seconds: i64) -> Self {
        Self { nanos: i128::from(seconds) * NANOS }
    }
}

fn epoch(digits: &[u8], run: usize, negative: bool) -> Option<Instant> {
    let (whole, rest) = digits.split_at_checked(run)?;
    let seconds = if run <= 18 { number(whole)? } else { return None };
    let (fraction, finer) = match rest {
        [] => (0, false),
        [b'.', fraction @ ..] => nanos(fraction)?,
        _ => return None,
    };
    let nanos = i128::from(seconds) * NANOS + fraction;
    // Towards the past is away from zero before 1970.
    Some(Instant { nanos: if negative { -nanos - i128::from(finer) } else { nanos } })
}

/// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDThh:mm[:ss[.s]]TZD`.
fn calendar(bytes: &[u8]) -> Option<Instant> {
    let (year, rest) = take(bytes, 4)?;
    if rest.is_empty() {
        return Some(at_day(year, 1, 1));
    }
    let (month, rest) = take(rest.strip_prefix(b"-")?, 2)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    if rest.is_empty() {
        return Some(at_day(year, month, 1));
    }
    let (day, rest) = take(rest.strip_prefix(b"-")?, 2)?;
    if !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let midnight = at_day(year, month, day);
    if rest.is_empty() {
        return Some(midnight);
    }
    let (seconds, fraction) = time(rest.strip_prefix(b"T")?)?;
    Some(Instant { nanos: midnight.nanos + i128::from(seconds) * NANOS + fraction })
}

/// Time of day with zone: seconds since midnight UTC, which may be of another day, and nanoseconds.
fn time(bytes: &[u8]) -> Option<(i64, i128)> {
    let (hour, rest) = take(bytes, 2)?;
    let (minute, rest) = take(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => take(rest, 2)?,
        None => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // A fraction only behind seconds: `hh:mm` are five bytes.
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(tail) if bytes.len() - rest.len() > 5 => {
            let run = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, rest) = tail.split_at_checked(run)?;
            (nanos(digits)?.0, rest)
        }
        Some(_) => return None,
        None => (0, rest),
    };
    let offset = match rest {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), zone @ ..] => {
            let (hours, zone) = take(zone, 2)?;
            let (minutes, zone) = take(zone.strip_prefix(b":")?, 2)?;
            if hours > 23 || minutes > 59 || !zone.is_empty() {
                return None;
            }
            let offset = (hours * 60 + minutes) * 60;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(((hour * 60 + minute) * 60 + second - offset, fraction))
}

/// A number of exactly so many digits.
fn take(bytes: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(count)?;
    Some((number(digits)?, rest))
}

/// At most 18 digits.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Digits behind a point as nanoseconds, and whether anything finer was cut off. At least one digit.
fn nanos(digits: &[u8]) -> Option<(i128, bool)> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (coarse, finer) = digits.split_at_checked(9).unwrap_or((digits, &[]));
    let value = coarse
        .iter()
        .chain(core::iter::repeat(&b'0'))
        .take(9)
        .fold(0, |n, byte| n * 10 + i128::from(byte - b'0'));
    Some((value, finer.iter().any(|byte| *byte != b'0')))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Midnight of a day of the Gregorian calendar, also before it was introduced.
fn at_day(year: i64, month: i64, day: i64) -> Instant {
    // Years begin in March here, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Five months from March on have 153 days, and so again from August on.
    let days = year * 365 + leap_days + (153 * month + 2) / 5 + day - 1;
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    Instant::from_seconds((days - 719_468) * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, seconds: i64, nanos: i128) {
        let expected = Instant { nanos: i128::from(seconds) * NANOS + nanos };
        assert_eq!(Instant::parse(text), Some(expected), "{text}");
    }

    #[test]
    fn forms() {
        check("1970", 0, 0);
        check("2024", 1_704_067_200, 0);
        check("2024-05", 1_714_521_600, 0);
        check("2024-05-01", 1_714_521_600, 0);
        check("2024-05-01T10:00Z", 1_714_557_600, 0);
        check("2024-05-01T10:00:00Z", 1_714_557_600, 0);
        check("2024-05-01T12:00:00+02:00", 1_714_557_600, 0);
        check("2024-05-01T05:30-04:30", 1_714_557_600, 0);
        check("2024-05-01T10:00:00-00:00", 1_714_557_600, 0);
        check("2024-05-01T10:00:00.5Z", 1_714_557_600, 500_000_000);
        check("2024-05-01T10:00:00.000000001Z", 1_714_557_600, 1);
        check("2024-05-01T10:00:00.0000000019Z", 1_714_557_600, 1);
        check("2024-05-01T00:30+01:00", 1_714_519_800, 0);
        check("2024-02-29", 1_709_164_800, 0);
        check("2000-02-29", 951_782_400, 0);
        check("1969-12-31T23:59:59Z", -1, 0);
        check("0000-01-01", -62_167_219_200, 0);
        check("9999-12-31T23:59:59Z", 253_402_300_799, 0);
        check("2023-11-14T22:13:20Z", 1_700_000_000, 0);
    }

    #[test]
    fn epochs() {
        check("1700000000", 1_700_000_000, 0);
        check("1700000000.25", 1_700_000_000, 250_000_000);
        check("00001", 1, 0);
        check("12345", 12_345, 0);
        check("-12345", -12_345, 0);
        check("-12345.5", -12_345, -500_000_000);
        check("-12345.0000000001", -12_345, -1);
        check("-12345.0000000000", -12_345, 0);
        check("999999999999999999", 999_999_999_999_999_999, 0);
    }

    #[test]
    fn what_is_not() {
        for text in [
            "",
            "1",
            "12",
            "123",
            "0",
            "-1",
            "-2024",
            "+12345",
            "12345.",
            "12345.x",
            "12345e3",
            " 12345",
            "12345 ",
            "1234.5",
            "1000000000000000000",
            "99999999999999999999999999999999999999999999",
            "2024-",
            "2024-5",
            "2024-13",
            "2024-00",
            "2024-05-32",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-04-31",
            "2024-05-00",
            "2024-05-01T",
            "2024-05-01T10Z",
            "2024-05-01T10:00",
            "2024-05-01T10:00:00",
            "2024-05-01T24:00Z",
            "2024-05-01T24:00:00Z",
            "2024-05-01T10:60Z",
            "2024-05-01T10:00:60Z",
            "2024-05-01T10:00:00.Z",
            "2024-05-01T10:00.5Z",
            "2024-05-01t10:00:00Z",
            "2024-05-01T10:00:00z",
            "2024-05-01 10:00:00Z",
            "2024-05-01T10:00:00+0200",
            "2024-05-01T10:00:00+02",
            "2024-05-01T10:00:00+24:00",
            "2024-05-01T10:00:00+02:60",
            "2024-05-01T10:00:00ZZ",
            "2024-05T10:00Z",
            "20240501x",
            "2024-W18",
            "2024-122",
            "−2024",
            "２０２４",
            "2024-05-01T10:00:00Z\n",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_day_before() {
        let mut seconds = -62_167_219_200;
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(
                        at_day(year, month, day),
                        Instant::from_seconds(seconds),
                        "{year}-{month}-{day}"
                    );
                    seconds += 86_400;
                }
            }
        }
    }
}
