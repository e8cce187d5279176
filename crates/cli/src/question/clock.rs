//! The time of a request. The engine has no clock; a door has (SEMANTICS E: `aws:CurrentTime` is always there).

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::value::Instant;
use clap::Args;

use super::context::Entry;
use crate::failure::Failure;

/// The instant of the question.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ClockArgs {
    /// Instant of the question, such as 2026-11-22T23:00:00Z [default: now]
    #[arg(long, value_name = "INSTANT", help_heading = "Clock")]
    pub(crate) now: Option<String>,
    /// The clock, once it was looked at.
    #[arg(skip)]
    reading: OnceLock<u64>,
}

impl ClockArgs {
    /// The instant in seconds since 1970. One reading serves a whole question (SEMANTICS G21).
    pub(crate) fn seconds(&self) -> Result<u64, Failure> {
        let Some(text) = &self.now else { return Ok(*self.reading.get_or_init(seconds)) };
        let read = Instant::parse(text).and_then(|instant| u64::try_from(instant.nanos / 1_000_000_000).ok());
        read.ok_or_else(|| {
            let message = format!("`{text}` is not an instant since 1970");
            Failure::refused("--now", "E263", message, "write it as `2026-11-22T23:00:00Z`")
        })
    }
}

/// `aws:CurrentTime` and `aws:EpochTime` of the instant, if the question has neither.
pub(crate) fn add(context: &mut Vec<Entry>, seconds: u64) {
    let has = |name: &str| context.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if has("aws:CurrentTime") || has("aws:EpochTime") {
        return;
    }
    context.push(("aws:CurrentTime".to_owned(), written(seconds).into()));
    context.push(("aws:EpochTime".to_owned(), seconds.to_string().into()));
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Seconds since 1970 as `2026-11-22T23:00:00Z`.
pub(crate) fn written(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that the leap day is the last of a year; 400 years have 146,097 days.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year_of_era + next;
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn seconds_are_written_as_dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (1_798_761_600, "2027-01-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(written(seconds), text);
        }
    }
}
