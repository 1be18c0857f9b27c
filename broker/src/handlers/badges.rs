//! Badges: drawn here, because the page that shows one should not make the reader's browser call another site.
//!
//! A badge is shown in somebody else's page, where an error would be a broken picture: what is missing is drawn too.

use axum::extract::Path;
use serde_json::Value;

use super::matrix;
use crate::domain::matrix::{LatestBy, MatrixSelector, Question};
use crate::hal::Urls;
use crate::http::{Call, MediaType, Outcome, Problem, Query, Reply};
use crate::store::publications::{self, Of};
use crate::store::versions::{self, Among};
use crate::store::{Sql, branches, environments, pacticipants, results};
use crate::views::badges::{Badge, Colour, draw, pact_label};

type Pair = (String, String);
type Names = (String, String, String);

async fn drawn(
    call: Call,
    badge: impl FnOnce(&mut dyn Sql, &Urls, &Query) -> Result<Badge, Problem> + Send + 'static,
) -> Outcome {
    let (urls, query) = (call.urls, call.query);
    let read = move |sql: &mut dyn Sql| badge(sql, &urls, &query);
    let badge = call.state.store.read(read).await?;
    Ok(Reply::text(MediaType::Svg, draw(&badge)))
}

/// `GET P/latest/badge`
pub(crate) async fn latest(call: Call, Path(pair): Path<Pair>) -> Outcome {
    drawn(call, move |sql, _, query| {
        of_pact(sql, &pair, Of::Any, query)
    })
    .await
}

/// `GET P/latest/{tag}/badge`
pub(crate) async fn latest_with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<Names>,
) -> Outcome {
    drawn(call, move |sql, _, query| {
        of_pact(sql, &(provider, consumer), Of::Tag(&tag), query)
    })
    .await
}

/// `GET P/latest-untagged/badge`
pub(crate) async fn latest_untagged(call: Call, Path(pair): Path<Pair>) -> Outcome {
    drawn(call, move |sql, _, query| {
        of_pact(sql, &pair, Of::Untagged, query)
    })
    .await
}

fn of_pact(
    sql: &mut dyn Sql,
    (provider, consumer): &Pair,
    of: Of<'_>,
    query: &Query,
) -> Result<Badge, Problem> {
    let missing = || Badge::new("pact not found", "unknown", Colour::Grey);
    let Some(pair) = publications::pair(sql, consumer, provider)? else {
        return Ok(missing());
    };
    let Some(pact) = publications::latest_between(sql, pair, of)? else {
        return Ok(missing());
    };
    let result = results::latest_of(sql, &[pact.content_id])?
        .into_iter()
        .next();
    let (text, colour) = match result {
        Some(result) if result.success => ("verified", Colour::Green),
        Some(_) => ("failed", Colour::Red),
        None if results::any_between(sql, pair.consumer_id, pair.provider_id)? => {
            ("changed", Colour::Orange)
        }
        None => ("unknown", Colour::Grey),
    };
    let label = pact_label((consumer, None), (provider, None), query);
    Ok(Badge::new(label, text, colour))
}

/// `GET /matrix/provider/{provider}/latest/{tag}/consumer/{consumer}/latest/{tag}/badge`
pub(crate) async fn between_tags(
    call: Call,
    Path((provider, provider_tag, consumer, consumer_tag)): Path<(String, String, String, String)>,
) -> Outcome {
    drawn(call, move |sql, urls, query| {
        let label = pact_label(
            (&consumer, Some(&consumer_tag)),
            (&provider, Some(&provider_tag)),
            query,
        );
        let mut selectors = Vec::new();
        for (name, tag) in [(consumer, consumer_tag), (provider, provider_tag)] {
            if pacticipants::find(sql, &name)?.is_none() {
                return Ok(Badge::new("pact not found", "unknown", Colour::Grey));
            }
            selectors.push(MatrixSelector {
                pacticipant: name,
                tag: Some(tag),
                latest: true,
                ..MatrixSelector::default()
            });
        }
        let question = Question {
            selectors,
            target: None,
            latest_by: LatestBy::ConsumerVersionProviderVersion,
            success: Vec::new(),
            limit: None,
            ignore: Vec::new(),
        };
        let document = matrix::answer(sql, urls, question)?;
        Ok(agreement(&label, &document["summary"], "verified"))
    })
    .await
}

/// What a verdict means for pacts: they agree, they do not, or nobody knows.
fn agreement(label: &str, summary: &Value, agreed: &str) -> Badge {
    if summary["failed"].as_i64().unwrap_or_default() > 0 {
        Badge::new(label, "failed", Colour::Red)
    } else if summary["deployable"] == Value::Bool(true) {
        Badge::new(label, agreed, Colour::Green)
    } else {
        Badge::new(label, "unknown", Colour::Grey)
    }
}

fn missing(what: &str) -> Badge {
    Badge::new(what, "not found", Colour::Grey)
}

/// What a verdict means for a deployment: anything but yes is no.
fn deployment(
    sql: &mut dyn Sql,
    urls: &Urls,
    question: Question,
    way: &str,
    query: &Query,
) -> Result<Badge, Problem> {
    let document = matrix::answer(sql, urls, question)?;
    let colour = if document["summary"]["deployable"] == Value::Bool(true) {
        Colour::Green
    } else {
        Colour::Red
    };
    let label = query.get("label").unwrap_or("can-i-deploy");
    Ok(Badge::new(label, way, colour))
}

/// `GET N/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}/badge`
pub(crate) async fn can_branch_deploy(
    call: Call,
    Path((name, branch, environment)): Path<Names>,
) -> Outcome {
    drawn(call, move |sql, urls, query| {
        let Some(pacticipant) = pacticipants::find(sql, &name)? else {
            return Ok(missing("pacticipant"));
        };
        let found = branches::find(sql, pacticipant.id, &branch)?;
        if found.and_then(|branch| branch.head_version_id).is_none() {
            return Ok(missing("branch"));
        }
        if environments::find_by_name(sql, &environment)?.is_none() {
            return Ok(missing("environment"));
        }
        let way = format!("{branch} to {environment}");
        let question = matrix::branch_to_environment(name, branch, environment);
        deployment(sql, urls, question, &way, query)
    })
    .await
}

/// `GET N/latest-version/{tag}/can-i-deploy/to/{tag}/badge`
pub(crate) async fn can_tag_deploy(call: Call, Path((name, tag, to)): Path<Names>) -> Outcome {
    drawn(call, move |sql, urls, query| {
        let Some(pacticipant) = pacticipants::find(sql, &name)? else {
            return Ok(missing("pacticipant"));
        };
        if versions::latest(sql, pacticipant.id, Among::Tag(&tag))?.is_none() {
            return Ok(missing("version"));
        }
        let way = format!("{tag} to {to}");
        deployment(sql, urls, matrix::tag_to_tag(name, tag, to), &way, query)
    })
    .await
}

/// `GET N/main-branch/can-i-merge/badge`
pub(crate) async fn can_merge(call: Call, Path(name): Path<String>) -> Outcome {
    drawn(call, move |sql, urls, query| {
        let Some(pacticipant) = pacticipants::find(sql, &name)? else {
            return Ok(missing("pacticipant"));
        };
        let head = match &pacticipant.main_branch {
            Some(main) => branches::find(sql, pacticipant.id, main)?,
            None => None,
        };
        if head.and_then(|branch| branch.head_version_id).is_none() {
            return Ok(missing("main branch version"));
        }
        let label = query.get("label").unwrap_or("can-i-merge");
        let document = matrix::answer(sql, urls, matrix::main_branch_to_main_branches(name))?;
        Ok(agreement(label, &document["summary"], "success"))
    })
    .await
}
