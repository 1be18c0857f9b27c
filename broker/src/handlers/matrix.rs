//! The matrix, and the question whether a version can be deployed.

use std::collections::HashSet;

use axum::extract::Path;
use serde_json::Value;

use super::{branches, matrix_query, remedy};
use crate::domain::deployable::{Deployable, Evidence, decide};
use crate::domain::explain::{Details, explain};
use crate::domain::matrix::{
    self, Choice, Integration, LatestBy, MatrixSelector, Origin, Question, Resolved, Rows, Target,
};
use crate::hal::Urls;
use crate::http::{Call, MediaType, Outcome, Problem, Query, Reply, Violations};
use crate::store::publications::Pair;
use crate::store::versions::Among;
use crate::store::{
    Sql, SqlResult, deployments, environments, matrix as table, pacticipants, results, versions,
};
use crate::time::shown;
use crate::views::matrix as views;

/// `GET /matrix`
pub(crate) async fn matrix(call: Call) -> Outcome {
    let document = document(&call, &call.query).await?;
    Ok(reply(&call, &document))
}

fn reply(call: &Call, document: &Value) -> Reply {
    if call.prefers("text/plain") {
        return Reply::text(MediaType::PlainUtf8, views::text(document));
    }
    Reply::ok(document)
}

/// The answer to the question that a query asks.
pub(crate) async fn document(call: &Call, query: &Query) -> Result<Value, Problem> {
    let question = matrix_query::matrix(query).map_err(Problem::Refused)?;
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let mut faults = Vec::new();
        for selector in &question.selectors {
            if pacticipants::find(sql, &selector.pacticipant)?.is_none() {
                faults.push(format!("Pacticipant {} not found", selector.pacticipant));
            }
        }
        if let Some(Target::Environment(name)) = &question.target
            && environments::find_by_name(sql, name)?.is_none()
        {
            faults.push(format!("Environment with name '{name}' does not exist"));
        }
        if !faults.is_empty() {
            return Err(Problem::Refused(faults));
        }
        answer(sql, &urls, question)
    };
    call.state.store.read(read).await
}

/// `GET /can-i-deploy`
pub(crate) async fn can_i_deploy(call: Call) -> Outcome {
    let question = matrix_query::can_i_deploy(&call.query)?;
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let mut violations = Violations::default();
        for selector in &question.selectors {
            if pacticipants::find(sql, &selector.pacticipant)?.is_none() {
                violations.add("pacticipant", "does not match an existing pacticipant");
            }
        }
        if let Some(Target::Environment(name)) = &question.target
            && environments::find_by_name(sql, name)?.is_none()
        {
            violations.add("environment", format!("with name '{name}' does not exist"));
        }
        violations.check()?;
        answer(sql, &urls, question)
    };
    let document = call.state.store.read(read).await?;
    Ok(reply(&call, &document))
}

/// `GET N/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}`
pub(crate) async fn can_branch_deploy(
    call: Call,
    Path((name, branch, environment)): Path<(String, String, String)>,
) -> Outcome {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        branches::find(sql, &name, &branch)?
            .head_version_id
            .ok_or(Problem::NotFound)?;
        environments::find_by_name(sql, &environment)?.ok_or(Problem::NotFound)?;
        answer(sql, &urls, branch_to_environment(name, branch, environment))
    };
    let document = call.state.store.read(read).await?;
    Ok(reply(&call, &document))
}

/// Whether the head of a branch can go where an environment is.
pub(super) fn branch_to_environment(name: String, branch: String, environment: String) -> Question {
    let selector = MatrixSelector {
        pacticipant: name,
        branch: Some(branch),
        latest: true,
        ..MatrixSelector::default()
    };
    let latest_by = LatestBy::ConsumerVersionProviderVersion;
    simple(selector, Target::Environment(environment), latest_by)
}

/// Whether the head of the main branch agrees with the heads of the other main branches.
pub(super) fn main_branch_to_main_branches(name: String) -> Question {
    let selector = MatrixSelector {
        pacticipant: name,
        main_branch: true,
        latest: true,
        ..MatrixSelector::default()
    };
    simple(
        selector,
        Target::MainBranch,
        LatestBy::ConsumerVersionProvider,
    )
}

/// `GET N/latest-version/{tag}/can-i-deploy/to/{tag}`
pub(crate) async fn can_tag_deploy(
    call: Call,
    Path((name, tag, to)): Path<(String, String, String)>,
) -> Outcome {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &name)?;
        versions::latest(sql, pacticipant.id, Among::Tag(&tag))?.ok_or(Problem::NotFound)?;
        answer(sql, &urls, tag_to_tag(name, tag, to))
    };
    let document = call.state.store.read(read).await?;
    Ok(reply(&call, &document))
}

/// Whether the latest version with a tag can join the latest versions with another.
pub(super) fn tag_to_tag(name: String, tag: String, to: String) -> Question {
    let selector = MatrixSelector {
        pacticipant: name,
        tag: Some(tag),
        latest: true,
        ..MatrixSelector::default()
    };
    simple(selector, Target::Tag(to), LatestBy::ConsumerVersionProvider)
}

fn simple(selector: MatrixSelector, target: Target, latest_by: LatestBy) -> Question {
    Question {
        selectors: vec![selector],
        target: Some(target),
        latest_by,
        success: Vec::new(),
        limit: None,
        ignore: Vec::new(),
    }
}

/// `GET /matrix/provider/{provider}/consumer/{consumer}`
pub(crate) async fn between(call: Call, Path(names): Path<(String, String)>) -> Outcome {
    let document = document_between(&call, names).await?;
    Ok(reply(&call, &document))
}

/// Every row between a provider and a consumer.
pub(crate) async fn document_between(
    call: &Call,
    (provider, consumer): (String, String),
) -> Result<Value, Problem> {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let mut selectors = Vec::new();
        for name in [consumer, provider] {
            super::pacticipant(sql, &name)?;
            selectors.push(MatrixSelector {
                pacticipant: name,
                ..MatrixSelector::default()
            });
        }
        let question = Question {
            selectors,
            target: None,
            latest_by: LatestBy::Everything,
            success: Vec::new(),
            limit: None,
            ignore: Vec::new(),
        };
        answer(sql, &urls, question)
    };
    call.state.store.read(read).await
}

/// Collects what the question is about, decides, explains, and shows the answer.
pub(super) fn answer(
    sql: &mut dyn Sql,
    urls: &Urls,
    mut question: Question,
) -> Result<Value, Problem> {
    look_up_ignored(sql, &mut question)?;
    let mut resolved = resolve_specified(sql, &question)?;
    let integrations = integrations(sql, &question, &resolved)?;
    if question.infers() {
        resolved.extend(resolve_inferred(sql, &question, &resolved, &integrations)?);
    }
    let pairs: Vec<Pair> = integrations
        .iter()
        .map(|one| Pair {
            consumer_id: one.consumer_id,
            provider_id: one.provider_id,
        })
        .collect();
    let found = table::rows(sql, &resolved, &pairs, question.latest_by)?;
    let rows = matrix::select(&question, &resolved, found.clone());
    let rows = match decide(evidence(&question, &resolved, &integrations, &rows)).deployable {
        // Other brokers stop here, and say yes though a version that lives beside a verified one was never verified.
        Deployable::Yes => {
            let found = matrix::with_unverified(found, &resolved);
            matrix::select(&question, &resolved, found)
        }
        Deployable::No | Deployable::Unknown => rows,
    };
    let evidence = evidence(&question, &resolved, &integrations, &rows);
    let verdict = decide(evidence);
    let explanation = explain(evidence, &verdict, &details(sql, urls, &question, &rows)?);
    let labels = versions::labels(sql, &version_ids(&rows))?;
    Ok(views::verdict(urls, &rows, &verdict, &explanation, &labels))
}

fn evidence<'a>(
    question: &'a Question,
    resolved: &'a [Resolved],
    integrations: &'a [Integration],
    rows: &'a Rows,
) -> Evidence<'a> {
    Evidence {
        question,
        resolved,
        integrations,
        rows,
    }
}

fn look_up_ignored(sql: &mut dyn Sql, question: &mut Question) -> SqlResult<()> {
    for selector in &mut question.ignore {
        let pacticipant = pacticipants::find(sql, &selector.pacticipant)?;
        selector.pacticipant_exists = pacticipant.is_some();
        if let (Some(pacticipant), Some(version)) = (pacticipant, &selector.version) {
            selector.version_exists = versions::find(sql, pacticipant.id, version)?.is_some();
        }
    }
    Ok(())
}

fn resolve_specified(sql: &mut dyn Sql, question: &Question) -> Result<Vec<Resolved>, Problem> {
    let mut resolved = Vec::new();
    for selector in &question.selectors {
        let pacticipant = super::pacticipant(sql, &selector.pacticipant)?;
        let choice = table::choose(sql, pacticipant.id, selector)?;
        let mut selector = selector.clone();
        let exists = !matches!(&choice, Choice::Versions(versions) if versions.is_empty());
        if selector.main_branch && exists {
            selector.branch = pacticipant.main_branch;
        }
        resolved.push(Resolved {
            selector,
            pacticipant_id: pacticipant.id,
            origin: Origin::Specified,
            choice,
        });
    }
    Ok(resolved)
}

fn integrations(
    sql: &mut dyn Sql,
    question: &Question,
    resolved: &[Resolved],
) -> SqlResult<Vec<Integration>> {
    let mut all: Vec<Integration> = Vec::new();
    for resolved in resolved {
        for found in table::integrations_of(sql, resolved)? {
            let same = |known: &&mut Integration| {
                (known.consumer_id, known.provider_id) == (found.consumer_id, found.provider_id)
            };
            match all.iter_mut().find(same) {
                Some(known) => known.required |= found.required,
                None => all.push(found),
            }
        }
    }
    let ids: HashSet<i64> = resolved
        .iter()
        .map(|resolved| resolved.pacticipant_id)
        .collect();
    if question.infers() {
        // Nothing is known of a version that does not exist, so it has no rows either.
        let missing: HashSet<i64> = resolved
            .iter()
            .filter(|one| one.is_empty())
            .map(|one| one.pacticipant_id)
            .collect();
        all.retain(|one| {
            !missing.contains(&one.consumer_id) && !missing.contains(&one.provider_id)
        });
    } else {
        all.retain(|one| ids.contains(&one.consumer_id) && ids.contains(&one.provider_id));
    }
    Ok(all)
}

fn resolve_inferred(
    sql: &mut dyn Sql,
    question: &Question,
    specified: &[Resolved],
    integrations: &[Integration],
) -> SqlResult<Vec<Resolved>> {
    let mut known: HashSet<i64> = specified
        .iter()
        .map(|resolved| resolved.pacticipant_id)
        .collect();
    let mut there = match &question.target {
        Some(Target::Environment(environment)) => Some(table::in_environment(sql, environment)?),
        _ => None,
    };
    let mut inferred = Vec::new();
    for one in integrations {
        for (id, name) in [
            (one.consumer_id, &one.consumer),
            (one.provider_id, &one.provider),
        ] {
            if !known.insert(id) {
                continue;
            }
            let mut selector = table::inferred(name, question.target.as_ref());
            let choice = match &mut there {
                Some(there) => Choice::Versions(there.remove(&id).unwrap_or_default()),
                None => table::choose(sql, id, &selector)?,
            };
            if selector.main_branch {
                let found = pacticipants::find(sql, name)?;
                selector.branch = found.and_then(|found| found.main_branch);
            }
            inferred.push(Resolved {
                selector,
                pacticipant_id: id,
                origin: Origin::Inferred,
                choice,
            });
        }
    }
    Ok(inferred)
}

fn version_ids(rows: &Rows) -> Vec<i64> {
    let mut ids = Vec::new();
    for row in rows.considered.iter().chain(&rows.ignored) {
        ids.push(row.consumer_version.id);
        ids.extend(row.result.as_ref().map(|result| result.provider_version.id));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What an explanation shows besides the rows.
fn details(sql: &mut dyn Sql, urls: &Urls, question: &Question, rows: &Rows) -> SqlResult<Details> {
    let failed = rows
        .considered
        .iter()
        .filter_map(|row| row.result.as_ref().filter(|result| !result.success));
    let ids: Vec<i64> = failed.map(|result| result.id).collect();
    let mut details = Details {
        choosing: remedy::choosing(sql, urls, &rows.considered)?,
        ..Details::default()
    };
    for found in results::details(sql, &ids)? {
        details
            .results
            .insert(found.id, (found.test_results, found.build_url));
    }
    if let Some(Target::Environment(name)) = &question.target {
        for (version_id, since) in deployments::since(sql, name)? {
            details.deployed_since.insert(version_id, shown(&since));
        }
    }
    Ok(details)
}
