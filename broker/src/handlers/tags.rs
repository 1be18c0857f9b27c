//! Tags of versions, and what the first tag of a young version or a tag named like an environment means besides.

use axum::extract::Path;
use chrono::{DateTime, TimeDelta};

use crate::config::Ids;
use crate::domain::access::Act;
use crate::domain::model::{Mark, Version};
use crate::http::{Call, JsonBody, Outcome, Permit, Problem, Reply};
use crate::store::branches::Origin;
use crate::store::deployments::{self, NewRecord};
use crate::store::{Sql, SqlResult, branches, environments, pacticipants, tags as table, versions};
use crate::views::versions as views;

/// How young a version is whose first tag is taken for its branch.
const FIRST_TAG_IS_BRANCH_FOR: TimeDelta = TimeDelta::seconds(10);

/// The branches that are main branches by their name.
const MAIN_BRANCHES: [&str; 3] = ["develop", "main", "master"];

type Names = (String, String, String);

/// `GET /pacticipants/{name}/versions/{number}/tags/{tag}`
pub(crate) async fn read(call: Call, Path((name, number, tag)): Path<Names>) -> Outcome {
    let (own_name, own_number, own_tag) = (name.clone(), number.clone(), tag.clone());
    let read = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &own_name, &own_number)?;
        table::find(sql, version.id, &own_tag)?.ok_or(Problem::NotFound)
    };
    let mark = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::tag(
        &call.urls, &name, &number, &tag, &mark,
    )))
}

/// `PUT /pacticipants/{name}/versions/{number}/tags/{tag}`
pub(crate) async fn create(
    call: Call,
    Path((name, number, tag)): Path<Names>,
    body: JsonBody,
) -> Outcome {
    body.object()?;
    let (now, ids) = (call.now(), call.state.config.ids.clone());
    let permit = call.permit.clone();
    let is_history = call.state.config.history.is_some();
    let (own_name, own_number, own_tag) = (name.clone(), number.clone(), tag.clone());
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = pacticipants::find_or_create(sql, &own_name, &now)?;
        let (version, _) = versions::find_or_create(sql, pacticipant.id, &own_number, &now)?;
        let tagging = Tagging {
            now: &now,
            ids: &ids,
            permit: &permit,
            is_history,
        };
        add(sql, &version, &own_tag, tagging)
    };
    let mark = call.state.store.write(write).await?;
    let reply =
        Reply::ok(&views::tag(&call.urls, &name, &number, &tag, &mark)).created_if(mark.is_new);
    Ok(if mark.is_new {
        reply.at(call.urls.tag(&name, &number, &tag))
    } else {
        reply
    })
}

/// `DELETE /pacticipants/{name}/versions/{number}/tags/{tag}`
pub(crate) async fn delete(call: Call, Path((name, number, tag)): Path<Names>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &name, &number)?;
        if table::remove(sql, &version, &tag)? {
            Ok(())
        } else {
            Err(Problem::NotFound)
        }
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// The circumstances of a tag.
#[derive(Clone, Copy)]
pub(super) struct Tagging<'a> {
    /// When.
    pub(super) now: &'a str,
    /// Where the id of the deployment comes from that may follow from it.
    pub(super) ids: &'a Ids,
    /// What the one who tags may do.
    pub(super) permit: &'a Permit,
    /// Whether it was tagged long ago, so that nothing follows from it.
    pub(super) is_history: bool,
}

/// Tags a version, with all that follows from it. A tag that is named like an environment records a deployment, and
/// needs what a deployment needs.
pub(super) fn add(
    sql: &mut dyn Sql,
    version: &Version,
    tag: &str,
    tagging: Tagging<'_>,
) -> Result<Mark, Problem> {
    let Tagging {
        now, ids, permit, ..
    } = tagging;
    let is_first = table::names(sql, version.id)?.is_empty();
    let mark = table::add(sql, version, tag, now)?;
    if !mark.is_new || tagging.is_history {
        return Ok(mark);
    }
    if is_first && is_young(version, now) && !branches::is_on_any(sql, version.id)? {
        branches::add_version(sql, version, tag, Origin::Guessed, now)?;
        versions::touch(sql, version.id, now)?;
    }
    detect_main_branch(sql, version.pacticipant_id, tag, now)?;
    if let Some(environment) = environments::find_by_name(sql, tag)? {
        permit.require(&Act::Deploy(&environment.name))?;
        let record = NewRecord {
            version,
            environment_id: environment.id,
            application_instance: None,
            uuid: &ids.next(),
            now,
        };
        deployments::record_deployment(sql, record)?;
    }
    Ok(mark)
}

fn is_young(version: &Version, now: &str) -> bool {
    let parsed = (
        DateTime::parse_from_rfc3339(&version.created_at),
        DateTime::parse_from_rfc3339(now),
    );
    matches!(parsed, (Ok(created), Ok(now)) if now - created <= FIRST_TAG_IS_BRANCH_FOR)
}

/// Takes a branch for the main one if its name says so and there is none yet.
pub(super) fn detect_main_branch(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    name: &str,
    now: &str,
) -> SqlResult<()> {
    if MAIN_BRANCHES.contains(&name) {
        pacticipants::set_main_branch_if_unset(sql, pacticipant_id, name, now)?;
    }
    Ok(())
}
