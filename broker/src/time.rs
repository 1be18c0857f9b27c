//! Moments, as they are stored and as they are shown.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// A moment as it is stored: RFC 3339 in UTC with microseconds, so that texts sort like moments.
pub(crate) fn stored(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A moment as logs show it: to the second.
pub(crate) fn to_the_second(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
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

/// A stored moment as a person says it: `Sun 22 Nov 2026, 12:15am +00:00`.
pub(crate) fn in_words(stored: &str) -> String {
    match DateTime::parse_from_rfc3339(stored) {
        Ok(moment) => moment
            .with_timezone(&Utc)
            .format("%a %d %b %Y, %-I:%M%P +00:00")
            .to_string(),
        Err(_) => stored.to_owned(),
    }
}

/// How long one stored moment is before another, roughly: `less than a minute`, `3 days`.
pub(crate) fn ago(earlier: &str, later: &str) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    const MONTH: i64 = 30 * DAY;
    const YEAR: i64 = 365 * DAY;
    let parse = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    let (Some(earlier), Some(later)) = (parse(earlier), parse(later)) else {
        return "an unknown time".to_owned();
    };
    let minutes = ((later - earlier).num_seconds().max(0) + 30) / 60;
    let (prefix, length, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..45 => ("", 1, "minute"),
        45..DAY => ("about ", HOUR, "hour"),
        DAY..MONTH => ("", DAY, "day"),
        MONTH..YEAR => ("about ", MONTH, "month"),
        _ => ("about ", YEAR, "year"),
    };
    let count = ((minutes + length / 2) / length).max(1);
    let plural = if count == 1 { "" } else { "s" };
    format!("{prefix}{count} {unit}{plural}")
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
    fn an_age_is_told_in_the_unit_that_fits() {
        let since = |minutes: i64| {
            let later = DateTime::from_timestamp(60 * minutes, 0).unwrap();
            ago("1970-01-01T00:00:00Z", &stored(later))
        };
        let ages = [0, 1, 44, 50, 100, 1_500, 43_200, 600_000].map(since);
        let expected = [
            "less than a minute",
            "1 minute",
            "44 minutes",
            "about 1 hour",
            "about 2 hours",
            "1 day",
            "about 1 month",
            "about 1 year",
        ];
        assert_eq!(ages, expected);
        assert_eq!(
            in_words("2026-11-22T00:15:37Z"),
            "Sun 22 Nov 2026, 12:15am +00:00"
        );
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
