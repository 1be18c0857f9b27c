//! The pacts that a provider is to verify.

use std::collections::HashSet;

use axum::extract::Path;
use serde_json::{Map, Value};

use crate::domain::model::{Pacticipant, Publication};
use crate::domain::selectors::{self, ProviderSide, Selector, Wanted};
use crate::domain::verifiable::{self, PendingScope, Reason, ReasonKind, Selected, Verifiable};
use crate::domain::wip::{self, Candidate, WorkInProgress};
use crate::http::{Call, JsonBody, Outcome, Problem, Query, Reply, Violations};
use crate::store::deployments::Kind;
use crate::store::publications::{self, Of};
use crate::store::verifiable::{self as table, By, WipResults};
use crate::store::{Sql, SqlResult, pacticipants};
use crate::views::verifiable as views;

/// What a provider asks for.
#[derive(Debug, Clone)]
struct Question {
    provider: ProviderSide,
    /// None chooses for itself.
    selectors: Vec<Selector>,
    include_pending: bool,
    /// The moment after which heads are work in progress, if they are asked for.
    wip_since: Option<String>,
    /// Whether it was asked in the way that clients no longer should.
    is_old_form: bool,
}

/// `POST PP/for-verification`
pub(crate) async fn post(call: Call, Path(provider): Path<String>, body: JsonBody) -> Outcome {
    let question = from_body(&body.object()?)?;
    answer(call, provider, question).await
}

/// `GET PP/for-verification`
pub(crate) async fn get(call: Call, Path(provider): Path<String>) -> Outcome {
    let question = from_query(&call.query)?;
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

fn from_body(body: &Map<String, Value>) -> Result<Question, Violations> {
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

fn from_query(query: &Query) -> Result<Question, Violations> {
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
    for (index, record) in query
        .records("consumer_version_selectors")
        .iter()
        .enumerate()
    {
        let member = |name: &str| {
            record
                .iter()
                .find(|(own, _)| own == name)
                .map(|(_, value)| value.clone())
        };
        let Some(tag) = member("tag").filter(|tag| !tag.is_empty()) else {
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

async fn answer(call: Call, provider: String, question: Question) -> Outcome {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
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

fn select(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    selectors: &[Selector],
) -> SqlResult<Vec<Selected>> {
    if selectors.is_empty() {
        return select_by_default(sql, provider);
    }
    let mut selected = Vec::new();
    for selector in selectors {
        selected.extend(select_wanted(sql, provider, selector)?);
    }
    Ok(selected)
}

fn select_wanted(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    selector: &Selector,
) -> SqlResult<Vec<Selected>> {
    let consumer = selector.consumer.as_deref();
    let is_about = |publication: &Publication| {
        consumer.is_none_or(|consumer| publication.consumer == consumer)
    };
    let mut found: Vec<(Publication, ReasonKind)> = match &selector.wanted {
        Wanted::Latest => with(
            publications::latest_for_provider(sql, provider.id, Of::Any)?,
            ReasonKind::Latest,
        ),
        Wanted::MainBranch => {
            let heads = publications::for_provider(sql, provider.id, Of::MainBranchHead)?;
            main_branches(sql, heads)?
        }
        Wanted::Branch(branch) => {
            let heads = publications::for_provider(sql, provider.id, Of::BranchHead(branch))?;
            with(
                on_branch(sql, heads, branch)?,
                ReasonKind::Branch(branch.clone()),
            )
        }
        Wanted::MatchingBranch(branch) => {
            let heads = publications::for_provider(sql, provider.id, Of::BranchHead(branch))?;
            with(
                on_branch(sql, heads, branch)?,
                ReasonKind::MatchingBranch(branch.clone()),
            )
        }
        Wanted::EveryBranch => table::branch_heads(sql, provider.id, "")?
            .into_iter()
            .map(|(publication, head)| {
                (publication, ReasonKind::EveryBranch(head.name().to_owned()))
            })
            .collect(),
        Wanted::EveryWithTag(tag) => {
            let mut found = publications::for_provider(sql, provider.id, Of::Tag(tag))?;
            found.sort_by_key(|publication| std::cmp::Reverse(publication.version_id));
            with(found, ReasonKind::EveryWithTag(tag.clone()))
        }
        Wanted::LatestWithTag { tag, fallback } => {
            let found = publications::latest_for_provider(sql, provider.id, Of::Tag(tag))?;
            let has_any = found.iter().any(is_about);
            match fallback {
                Some(other) if !has_any => {
                    let found =
                        publications::latest_for_provider(sql, provider.id, Of::Tag(other))?;
                    let instead_of = Some(tag.clone());
                    with(
                        found,
                        ReasonKind::LatestWithTag {
                            tag: other.clone(),
                            instead_of,
                        },
                    )
                }
                _ => with(
                    found,
                    ReasonKind::LatestWithTag {
                        tag: tag.clone(),
                        instead_of: None,
                    },
                ),
            }
        }
        Wanted::Deployed(environment) => in_environments(
            sql,
            provider,
            Kind::Deployed,
            environment.as_deref(),
            ReasonKind::Deployed,
        )?,
        Wanted::Released(environment) => in_environments(
            sql,
            provider,
            Kind::Released,
            environment.as_deref(),
            ReasonKind::Released,
        )?,
        Wanted::Environment(environment) => in_environment(sql, provider, environment)?,
    };
    found.retain(|(publication, _)| is_about(publication));
    let reason = |kind| Reason {
        kind,
        consumer: selector.consumer.clone(),
        is_default: false,
    };
    Ok(found
        .into_iter()
        .map(|(publication, kind)| Selected {
            publication,
            reason: reason(kind),
        })
        .collect())
}

fn with(publications: Vec<Publication>, kind: ReasonKind) -> Vec<(Publication, ReasonKind)> {
    publications
        .into_iter()
        .map(|publication| (publication, kind.clone()))
        .collect()
}

/// The publications whose consumer has this version at the head of this branch, and not of another of that name.
fn on_branch(
    sql: &mut dyn Sql,
    heads: Vec<Publication>,
    branch: &str,
) -> SqlResult<Vec<Publication>> {
    let mut kept = Vec::new();
    for publication in heads {
        let known = crate::store::branches::find(sql, publication.consumer_id, branch)?;
        if known.is_some_and(|known| known.head_version_id == Some(publication.version_id)) {
            kept.push(publication);
        }
    }
    Ok(kept)
}

fn main_branches(
    sql: &mut dyn Sql,
    heads: Vec<Publication>,
) -> SqlResult<Vec<(Publication, ReasonKind)>> {
    let mut found = Vec::new();
    for publication in heads {
        let branch = pacticipants::find(sql, &publication.consumer)?
            .and_then(|consumer| consumer.main_branch);
        found.push((
            publication,
            ReasonKind::MainBranch(branch.unwrap_or_default()),
        ));
    }
    Ok(found)
}

fn in_environments(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    kind: Kind,
    only: Option<&str>,
    reason: fn(String) -> ReasonKind,
) -> SqlResult<Vec<(Publication, ReasonKind)>> {
    let found = table::in_environments(sql, provider.id, kind)?;
    let is_asked =
        |(_, environment): &(Publication, String)| only.is_none_or(|only| environment == only);
    let told = |(publication, environment)| (publication, reason(environment));
    Ok(found.into_iter().filter(is_asked).map(told).collect())
}

fn in_environment(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    environment: &str,
) -> SqlResult<Vec<(Publication, ReasonKind)>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for kind in [Kind::Deployed, Kind::Released] {
        found.extend(in_environments(
            sql,
            provider,
            kind,
            Some(environment),
            ReasonKind::Environment,
        )?);
    }
    found.retain(|(publication, _)| seen.insert(publication.id));
    Ok(found)
}

/// What is verified if nothing is asked for: the main branch of each consumer (or the tag of that name, or else its
/// latest), and whatever is deployed or released.
fn select_by_default(sql: &mut dyn Sql, provider: &Pacticipant) -> SqlResult<Vec<Selected>> {
    let mut selected = Vec::new();
    for wanted in [Wanted::Deployed(None), Wanted::Released(None)] {
        selected.extend(select_wanted(
            sql,
            provider,
            &Selector {
                consumer: None,
                wanted,
            },
        )?);
    }
    let heads = publications::for_provider(sql, provider.id, Of::MainBranchHead)?;
    for (latest, consumer) in publications::latest_for_provider(sql, provider.id, Of::Any)?
        .into_iter()
        .map(|publication| (publication.clone(), publication.consumer))
    {
        let main = pacticipants::find(sql, &consumer)?.and_then(|consumer| consumer.main_branch);
        let head = heads
            .iter()
            .find(|head| head.consumer_id == latest.consumer_id)
            .cloned();
        let pair = publications::Pair {
            consumer_id: latest.consumer_id,
            provider_id: provider.id,
        };
        let (publication, kind) = match (main, head) {
            (Some(main), Some(head)) => (head, ReasonKind::MainBranch(main)),
            (Some(main), None) => match publications::latest_between(sql, pair, Of::Tag(&main))? {
                Some(tagged) => (tagged, ReasonKind::MainBranch(main)),
                None => continue,
            },
            (None, _) => (latest, ReasonKind::Latest),
        };
        let reason = Reason {
            kind,
            consumer: Some(consumer),
            is_default: true,
        };
        selected.push(Selected {
            publication,
            reason,
        });
    }
    Ok(selected)
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
