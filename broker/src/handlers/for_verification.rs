//! The pacts that a provider is to verify.

use std::collections::HashSet;

use axum::extract::Path;
use serde_json::Value;

use super::selection::select;
use super::verification_query::{self, Question};
use crate::domain::model::Pacticipant;
use crate::domain::selectors::ProviderSide;
use crate::domain::verifiable::{self, PendingScope, Verifiable};
use crate::domain::wip::{self, Candidate, WorkInProgress};
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations};
use crate::store::verifiable::{self as table, By, WipResults};
use crate::store::{Sql, SqlResult, environments, pacticipants};
use crate::views::verifiable as views;

/// `POST PP/for-verification`
pub(crate) async fn post(call: Call, Path(provider): Path<String>, body: JsonBody) -> Outcome {
    let question = verification_query::from_body(&body.object()?)?;
    answer(call, provider, question).await
}

/// `GET PP/for-verification`
pub(crate) async fn get(call: Call, Path(provider): Path<String>) -> Outcome {
    let question = verification_query::from_query(&call.query)?;
    answer(
        call,
        provider,
        Question {
            is_old_form: true,
            ..question
        },
    )
    .await
}

async fn answer(call: Call, provider: String, question: Question) -> Outcome {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        check_environments(sql, &question.environments)?;
        let text = || format!("No provider with name '{provider}' found");
        let found = pacticipants::find(sql, &provider)?;
        let provider = found.ok_or_else(|| Problem::NotFoundBecause(text()))?;
        let selected = verifiable::merge(select(sql, &provider, &question.selectors)?);
        let pending = pending(sql, &provider, &selected, &question)?;
        let mut pacts: Vec<Value> = selected
            .iter()
            .zip(&pending)
            .map(|(verifiable, pending)| views::selected(&urls, verifiable, pending))
            .collect();
        let branch = question.provider.branch.as_deref();
        for pact in work_in_progress(sql, &provider, &selected, &question)? {
            pacts.push(views::work_in_progress(
                &urls,
                &pact,
                branch,
                question.include_pending,
            ));
        }
        if question.is_old_form {
            pacts.iter_mut().for_each(views::warn_of_old_form);
        }
        Ok::<_, Problem>(pacts)
    };
    let pacts = call.state.store.read(read).await?;
    let own = call.own_url();
    let own = own.split('?').next().unwrap_or(&own);
    Ok(Reply::ok(&views::pacts(own, &pacts)))
}

/// An environment that is not there has no pacts, and nothing verified is no success.
fn check_environments(sql: &mut dyn Sql, named: &[(usize, String)]) -> Result<(), Problem> {
    let mut violations = Violations::default();
    for (index, name) in named {
        if environments::find_by_name(sql, name)?.is_none() {
            let fault = format!("environment with name '{name}' does not exist (at index {index})");
            violations.add("consumerVersionSelectors", fault);
        }
    }
    Ok(violations.check()?)
}

fn pending(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    selected: &[Verifiable],
    question: &Question,
) -> SqlResult<Vec<views::Pending>> {
    if !question.include_pending {
        return Ok(vec![None; selected.len()]);
    }
    let ids: Vec<i64> = selected
        .iter()
        .map(|verifiable| verifiable.publication.content_id)
        .collect();
    let mut verified = |by: By<'_>| table::verified(sql, provider.id, &ids, by, WipResults::Count);
    if let Some(branch) = &question.provider.branch {
        let done = verified(By::Branch(branch))?;
        let scope = PendingScope::Branch(branch.clone());
        return Ok(ids
            .iter()
            .map(|id| Some((scope.clone(), !done.contains(id))))
            .collect());
    }
    if question.provider.tags.is_empty() {
        let done = verified(By::Provider)?;
        return Ok(ids
            .iter()
            .map(|id| Some((PendingScope::Provider, !done.contains(id))))
            .collect());
    }
    let mut by_tag = Vec::new();
    for tag in &question.provider.tags {
        by_tag.push((tag, verified(By::Tag(tag))?));
    }
    let of_content = |id: &i64| {
        let waiting = by_tag
            .iter()
            .filter(|(_, done)| !done.contains(id))
            .map(|(tag, _)| (*tag).clone());
        let waiting: Vec<String> = waiting.collect();
        if waiting.is_empty() {
            return Some((PendingScope::Tags(question.provider.tags.clone()), false));
        }
        Some((PendingScope::Tags(waiting), true))
    };
    Ok(ids.iter().map(of_content).collect())
}

fn work_in_progress(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    selected: &[Verifiable],
    question: &Question,
) -> SqlResult<Vec<WorkInProgress>> {
    let Some(since) = &question.wip_since else {
        return Ok(Vec::new());
    };
    let ProviderSide { branch, tags } = &question.provider;
    let mut branches = table::branch_heads(sql, provider.id, since)?;
    let mut tagged = table::tag_heads(sql, provider.id, since)?;
    let chosen: HashSet<i64> = selected
        .iter()
        .map(|verifiable| verifiable.publication.content_id)
        .collect();
    branches.retain(|(publication, _)| !chosen.contains(&publication.content_id));
    tagged.retain(|(publication, _)| !chosen.contains(&publication.content_id));
    let ids: Vec<i64> = branches
        .iter()
        .chain(&tagged)
        .map(|(publication, _)| publication.content_id)
        .collect();
    let mut verified =
        |by: By<'_>| table::verified(sql, provider.id, &ids, by, WipResults::DoNotCount);
    let mut candidates = Vec::new();
    if let Some(branch) = branch {
        let done = verified(By::Branch(branch))?;
        for (publication, head) in branches.into_iter().chain(tagged) {
            if !done.contains(&publication.content_id) {
                candidates.push(Candidate {
                    publication,
                    head,
                    provider_tag: None,
                });
            }
        }
        return Ok(wip::merge(candidates));
    }
    for heads in [&tagged, &branches] {
        for tag in tags {
            let done = verified(By::Tag(tag))?;
            for (publication, head) in heads
                .iter()
                .filter(|(one, _)| !done.contains(&one.content_id))
            {
                let (publication, head) = (publication.clone(), head.clone());
                candidates.push(Candidate {
                    publication,
                    head,
                    provider_tag: Some(tag.clone()),
                });
            }
        }
    }
    Ok(wip::merge(candidates))
}
