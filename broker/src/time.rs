//! Moments, as they are stored and as they are shown.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// A moment as it is stored: RFC 3339 in UTC with microseconds, so that texts sort like moments.
pub(crate) fn stored(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A stored moment as answers show it: to the second.
pub(crate) fn shown(stored: &str) -> String {
    match DateTime::parse_from_rfc3339(stored) {
        Ok(moment) => moment
            .with_timezone(&Utc)
            .format("%Y-%m-%dT%H:%M:%S+00:00")
            .to_string(),
        Err(_) => stored.to_owned(),
    }
}

/// A stored moment as a day: `22/11/2026`.
pub(crate) fn day(stored: &str) -> String {
    match DateTime::parse_from_rfc3339(stored) {
        Ok(moment) => moment.with_timezone(&Utc).format("%d/%m/%Y").to_string(),
        Err(_) => stored.to_owned(),
    }
}

/// Reads a date or a moment from a request, as the stored text it is compared with.
pub(crate) fn parse_date(text: &str) -> Option<String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(stored(moment.with_timezone(&Utc)));
    }
    let day = text.get(..10).unwrap_or(text);
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some(stored(day.and_hms_opt(0, 0, 0)?.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_its_first_moment() {
        assert_eq!(
            parse_date("2026-11-22").as_deref(),
            Some("2026-11-22T00:00:00.000000Z")
        );
        assert_eq!(
            parse_date("2026-11-22T10:00:00+01:00").as_deref(),
            Some("2026-11-22T09:00:00.000000Z")
        );
        assert_eq!(parse_date("garbage"), None);
    }

    #[test]
    fn a_moment_is_shown_to_the_second() {
        assert_eq!(
            shown("2026-11-22T00:15:37.123456Z"),
            "2026-11-22T00:15:37+00:00"
        );
        assert_eq!(day("2026-11-22T00:15:37.123456Z"), "22/11/2026");
    }
}
