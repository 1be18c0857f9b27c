//! When clean-up runs and what it keeps, from flags and from the Pact Broker's variables.

use serde_json::Value;
use treaty_broker::{CLEAN_UP_KEEP_DAYS, Config};

use crate::args::CleanUpArgs;
use crate::environment::variable;
use crate::error::Failure;

/// The Pact Broker's own names.
const ENABLED: &str = "PACT_BROKER_DATABASE_CLEAN_ENABLED";
const DRY_RUN: &str = "PACT_BROKER_DATABASE_CLEAN_DRY_RUN";
const SELECTORS: &str = "PACT_BROKER_DATABASE_CLEAN_KEEP_VERSION_SELECTORS";
const OVERWRITTEN_DAYS: &str = "PACT_BROKER_DATABASE_CLEAN_OVERWRITTEN_DATA_MAX_AGE";

/// The members of a selector by any of which it keeps no more than clean-up keeps in any case.
const KEPT_ANYWAY: [&str; 4] = ["latest", "deployed", "released", "environment"];

/// Adds to a configuration what is said about clean-up.
pub(super) fn configure(mut config: Config, args: &CleanUpArgs) -> Result<Config, Failure> {
    let is_off = args.no_clean || said(ENABLED)? == Some(false) || said(DRY_RUN)? == Some(true);
    config = config.clean_up(!is_off);
    let keep_days = match args.clean_keep_days {
        Some(days) => Some(days),
        None => their_days()?,
    };
    if let Some(days) = keep_days {
        config = config.clean_up_keep_days(days);
    }
    if let Some(days) = args.clean_keep_history_days {
        config = config.history_keep_days(days);
    }
    Ok(config)
}

/// What a variable of the Pact Broker says, if it is set.
pub(super) fn said(name: &str) -> Result<Option<bool>, Failure> {
    let Some(text) = variable(name) else {
        return Ok(None);
    };
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "y" | "yes" | "on" => Ok(Some(true)),
        "0" | "f" | "false" | "n" | "no" | "off" => Ok(Some(false)),
        _ => Err(Failure::usage(
            format!("{name} is neither true nor false: {text:?}"),
            format!("set {name} to true or false, or unset it"),
        )),
    }
}

/// The days that the Pact Broker's variables name. Its age of overwritten data is about that alone, and so makes nothing
/// that is kept here go sooner.
fn their_days() -> Result<Option<u32>, Failure> {
    let refused = |name: &str, why: String| {
        let fix = format!("correct {name}, or unset it and say --clean-keep-days");
        Failure::usage(format!("{name} {why}"), fix)
    };
    let selectors = variable(SELECTORS).map(|text| days_of_selectors(&text));
    let selectors = selectors.transpose().map_err(|why| refused(SELECTORS, why));
    let overwritten = variable(OVERWRITTEN_DAYS).map(|text| text.parse());
    let overwritten = overwritten
        .transpose()
        .map_err(|_| refused(OVERWRITTEN_DAYS, "is no number of days".to_owned()));
    let kept = selectors?.flatten();
    let longer = overwritten?.filter(|days| *days > kept.unwrap_or(CLEAN_UP_KEEP_DAYS));
    Ok(kept.max(longer))
}

/// The largest age that selectors name. What would keep more than clean-up does is refused: it would be gone for good.
fn days_of_selectors(text: &str) -> Result<Option<u32>, String> {
    let selectors: Vec<Value> =
        serde_json::from_str(text).map_err(|error| format!("is no list in JSON: {error}"))?;
    let mut days = None;
    for selector in &selectors {
        let is_said = |name: &&str| {
            let value = selector.get(name);
            value.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
        };
        let max_age = selector.get("max_age").and_then(Value::as_u64);
        let max_age = max_age.map(|days| u32::try_from(days).unwrap_or(u32::MAX));
        if max_age.is_none() && !KEPT_ANYWAY.iter().any(is_said) {
            return Err(format!(
                "holds {selector}, which keeps more than clean-up does: it needs `max_age` or `latest`"
            ));
        }
        days = days.max(max_age);
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<Option<u32>, &str>) {
        let found = days_of_selectors(text);
        match expected {
            Ok(days) => assert_eq!(found, Ok(days)),
            Err(words) => assert!(
                found.as_ref().is_err_and(|why| why.contains(words)),
                "{found:?}"
            ),
        }
    }

    #[test]
    fn selectors_are_read_for_their_age_and_refused_if_they_keep_more() {
        check("[]", Ok(None));
        check(
            r#"[{"latest": true}, {"latest": true, "branch": true}]"#,
            Ok(None),
        );
        check(
            r#"[{"max_age": 30}, {"max_age": 180, "branch": "main"}, {"deployed": true}]"#,
            Ok(Some(180)),
        );
        check(r#"[{"branch": "main"}]"#, Err(r#"{"branch":"main"}"#));
        check(r#"[{"tag": true, "latest": false}]"#, Err("keeps more"));
        check("{}", Err("is no list"));
    }
}
