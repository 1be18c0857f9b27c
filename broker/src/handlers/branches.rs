//! Branches and the versions on them.

use axum::extract::Path;
use serde_json::{Value, json};

use super::tags::detect_main_branch;
use crate::domain::model::{Branch, Version};
use crate::hal::titled;
use crate::http::{Call, JsonBody, Outcome, Problem, Reply};
use crate::store::branches::{self as table, Origin};
use crate::store::{Sql, SqlResult, pacticipants, versions};
use crate::views::pages::Page;
use crate::views::versions as views;

type Names = (String, String, String);

/// The branch of a named pacticipant, or 404.
pub(super) fn find(sql: &mut dyn Sql, name: &str, branch: &str) -> Result<Branch, Problem> {
    let pacticipant = super::pacticipant(sql, name)?;
    table::find(sql, pacticipant.id, branch)?.ok_or(Problem::NotFound)
}

/// The circumstances in which a version joins a branch.
#[derive(Clone, Copy)]
pub(super) struct Joining<'a> {
    /// When.
    pub(super) now: &'a str,
    /// Whether it happened long ago, so that nothing follows from it.
    pub(super) is_history: bool,
}

/// Puts a version on a branch, with all that follows from it.
pub(super) fn add_version(
    sql: &mut dyn Sql,
    version: &Version,
    branch: &str,
    Joining { now, is_history }: Joining<'_>,
) -> SqlResult<crate::domain::model::Mark> {
    let mark = table::add_version(sql, version, branch, Origin::Asked, now)?;
    if !is_history {
        detect_main_branch(sql, version.pacticipant_id, branch, now)?;
    }
    Ok(mark)
}

/// `GET /pacticipants/{name}/branches`
pub(crate) async fn list(call: Call, Path(name): Path<String>) -> Outcome {
    let own_name = name.clone();
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &own_name)?;
        Ok::<_, Problem>(table::list(sql, pacticipant.id)?)
    };
    let mut all = call.state.store.read(read).await?;
    if let Some(part) = call.query.get("q").map(str::to_lowercase) {
        all.retain(|branch| branch.name.to_lowercase().contains(&part));
    }
    let page = Page::asked(&call.query)?.unwrap_or_else(Page::first);
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let shown = page.of(&all);
    let url = format!("{}/branches", call.urls.pacticipant(&name));
    let link = |branch: &Branch| json!({ "name": branch.name, "href": call.urls.branch(&name, &branch.name) });
    let mut links = crate::views::members(json!({
        "self": titled(format!("{name} branches"), call.own_url()),
        "pb:branches": shown.iter().map(link).collect::<Vec<_>>(),
    }));
    links.extend(
        page.links(&url, total)
            .into_iter()
            .map(|(relation, link)| (relation.to_owned(), link)),
    );
    let branches: Vec<Value> = shown
        .iter()
        .map(|branch| views::branch(&call.urls, &name, branch))
        .collect();
    Ok(Reply::ok(&json!({
        "page": page.document(total),
        "_embedded": { "branches": branches },
        "_links": links,
    })))
}

/// `GET /pacticipants/{name}/branches/{branch}`
pub(crate) async fn read(call: Call, Path((name, branch)): Path<(String, String)>) -> Outcome {
    let own_name = name.clone();
    let found = call
        .state
        .store
        .read(move |sql| find(sql, &own_name, &branch))
        .await?;
    Ok(Reply::ok(&views::branch(&call.urls, &name, &found)))
}

/// `DELETE /pacticipants/{name}/branches/{branch}`
pub(crate) async fn delete(call: Call, Path((name, branch)): Path<(String, String)>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let branch = find(sql, &name, &branch)?;
        Ok::<_, Problem>(table::delete(sql, branch.id)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `DELETE /pacticipants/{name}/branches`: all but the main branch and those of `exclude[]`; their versions stay.
pub(crate) async fn delete_many(call: Call, Path(name): Path<String>) -> Outcome {
    let kept: Vec<String> = call
        .query
        .all("exclude")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let own_name = name.clone();
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &own_name)?;
        let is_kept = |branch: &Branch| {
            kept.contains(&branch.name) || pacticipant.main_branch.as_ref() == Some(&branch.name)
        };
        let all = table::list(sql, pacticipant.id)?;
        let (remaining, gone): (Vec<_>, Vec<_>) = all.into_iter().partition(is_kept);
        for branch in &gone {
            table::delete(sql, branch.id)?;
        }
        Ok::<_, Problem>((remaining, gone.len()))
    };
    let (remaining, count) = call.state.store.write(write).await?;
    let mut names: Vec<String> = remaining.into_iter().map(|branch| branch.name).collect();
    names.sort();
    let text = format!(
        "Scheduled deletion of {count} branches for pacticipant {name}. Remaining branches are: {}",
        names.join(", ")
    );
    Ok(Reply::accepted(
        &json!({ "notices": [{ "type": "success", "text": text }] }),
    ))
}

/// `GET /pacticipants/{name}/branches/{branch}/versions/{number}`
pub(crate) async fn read_version(call: Call, Path((name, branch, number)): Path<Names>) -> Outcome {
    let (own_name, own_branch, own_number) = (name.clone(), branch.clone(), number.clone());
    let read = move |sql: &mut dyn Sql| {
        let branch = find(sql, &own_name, &own_branch)?;
        let version = super::version(sql, &own_name, &own_number)?;
        table::find_version(sql, branch.id, version.id)?.ok_or(Problem::NotFound)
    };
    let mark = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::branch_version(
        &call.urls, &name, &branch, &number, &mark,
    )))
}

/// `PUT /pacticipants/{name}/branches/{branch}/versions/{number}`
pub(crate) async fn put_version(
    call: Call,
    Path((name, branch, number)): Path<Names>,
    body: JsonBody,
) -> Outcome {
    body.object()?;
    let now = call.now();
    let is_history = call.state.config.history.is_some();
    let (own_name, own_branch, own_number) = (name.clone(), branch.clone(), number.clone());
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = pacticipants::find_or_create(sql, &own_name, &now)?;
        let (version, _) = versions::find_or_create(sql, pacticipant.id, &own_number, &now)?;
        let joining = Joining {
            now: &now,
            is_history,
        };
        let mark = add_version(sql, &version, &own_branch, joining)?;
        if mark.is_new {
            versions::touch(sql, version.id, &now)?;
        }
        Ok::<_, Problem>(mark)
    };
    let mark = call.state.store.write(write).await?;
    let document = views::branch_version(&call.urls, &name, &branch, &number, &mark);
    let reply = Reply::ok(&document).created_if(mark.is_new);
    let own = call.urls.branch_version(&name, &branch, &number);
    Ok(if mark.is_new { reply.at(own) } else { reply })
}

/// `DELETE /pacticipants/{name}/branches/{branch}/versions/{number}`
pub(crate) async fn delete_version(
    call: Call,
    Path((name, branch, number)): Path<Names>,
) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let branch = find(sql, &name, &branch)?;
        let version = super::version(sql, &name, &number)?;
        table::find_version(sql, branch.id, version.id)?.ok_or(Problem::NotFound)?;
        Ok::<_, Problem>(table::remove_version(sql, branch.id, version.id)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}
