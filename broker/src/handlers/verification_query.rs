//! Reads what a provider asks for when it asks what to verify.

use serde_json::{Map, Value};

use crate::domain::selectors::{self, ProviderSide, Selector, Wanted};
use crate::http::{Query, Violations};

/// What a provider asks for.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) provider: ProviderSide,
    /// None chooses for itself.
    pub(super) selectors: Vec<Selector>,
    pub(super) include_pending: bool,
    /// The moment after which heads are work in progress, if they are asked for.
    pub(super) wip_since: Option<String>,
    /// Whether it was asked in the way that clients no longer should.
    pub(super) is_old_form: bool,
}

/// The question in the body of a POST.
pub(super) fn from_body(body: &Map<String, Value>) -> Result<Question, Violations> {
    let mut violations = Violations::default();
    let branch = violations
        .optional_text(body, "providerVersionBranch")
        .filter(|branch| !branch.is_empty());
    let tags = match body.get("providerVersionTags") {
        Some(Value::Array(tags)) => tags
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::String(tag)) => vec![tag.clone()],
        None | Some(Value::Null) => Vec::new(),
        Some(_) => {
            violations.add("providerVersionTags", "must be an array");
            Vec::new()
        }
    };
    let include_pending = match body.get("includePendingStatus") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(include)) => *include,
        Some(Value::String(text)) if text == "true" || text == "false" => text == "true",
        Some(_) => {
            violations.add("includePendingStatus", "must be one of: true, false");
            false
        }
    };
    let wip_since = wip_since(
        violations.optional_text(body, "includeWipPactsSince"),
        &mut violations,
    );
    let provider = ProviderSide { branch, tags };
    let list = match body.get("consumerVersionSelectors") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => {
            violations.add("consumerVersionSelectors", "must be an array");
            &[]
        }
    };
    let selectors = selectors::parse(list, &provider).unwrap_or_else(|faults| {
        for fault in faults {
            violations.add("consumerVersionSelectors", fault);
        }
        Vec::new()
    });
    violations.check()?;
    Ok(Question {
        provider,
        selectors,
        include_pending,
        wip_since,
        is_old_form: false,
    })
}

fn wip_since(text: Option<String>, violations: &mut Violations) -> Option<String> {
    let text = text.filter(|text| !text.is_empty())?;
    let since = crate::time::parse_date(&text);
    if since.is_none() {
        violations.add("includeWipPactsSince", "must be a date");
    }
    since
}

/// The question in the query of a GET.
pub(super) fn from_query(query: &Query) -> Result<Question, Violations> {
    let mut violations = Violations::default();
    let include_pending = match query.get("include_pending_status") {
        None | Some("true" | "") => true,
        Some("false") => false,
        Some(_) => {
            violations.add("include_pending_status", "must be one of: true, false");
            false
        }
    };
    let wip_since = query
        .get("include_wip_pacts_since")
        .filter(|text| !text.is_empty())
        .and_then(|text| {
            let since = crate::time::parse_date(text);
            if since.is_none() {
                violations.add("include_wip_pacts_since", "must be a date");
            }
            since
        });
    let branch = query
        .get("provider_version_branch")
        .filter(|branch| !branch.is_empty())
        .map(str::to_owned);
    let tags = query
        .all("provider_version_tags")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut selectors = Vec::new();
    if query.has("consumer_version_selectors") {
        violations.add("consumer_version_selectors", "must be an array");
    }
    for (index, record) in query
        .records("consumer_version_selectors")
        .iter()
        .enumerate()
    {
        let member = |name: &str| record.get(name).map(str::to_owned);
        let Some(tag) = member("tag") else {
            violations.add(
                "consumer_version_selectors",
                format!("tag is missing (at index {index})"),
            );
            continue;
        };
        let is_latest = member("latest").as_deref() == Some("true");
        let fallback = member("fallback_tag");
        let wanted = if is_latest {
            Wanted::LatestWithTag { tag, fallback }
        } else {
            Wanted::EveryWithTag(tag)
        };
        selectors.push(Selector {
            consumer: member("consumer"),
            wanted,
        });
    }
    violations.check()?;
    Ok(Question {
        provider: ProviderSide { branch, tags },
        selectors,
        include_pending,
        wip_since,
        is_old_form: false,
    })
}
