//! Which publications a provider is to verify, and why.

use std::collections::{HashMap, HashSet};

use crate::domain::model::{Pacticipant, Publication};
use crate::domain::selectors::{Selector, Wanted};
use crate::domain::verifiable::{Reason, ReasonKind, Selected};
use crate::store::deployments::Kind;
use crate::store::publications::{self, Of};
use crate::store::verifiable as table;
use crate::store::{Sql, SqlResult, branches, pacticipants};

type Found = Vec<(Publication, ReasonKind)>;

/// What is to be verified: what the selectors ask for, or what the broker chooses if there are none.
pub(super) fn select(
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
    let is_about =
        |publication: &Publication| consumer.is_none_or(|name| publication.consumer == name);
    let mut found = find(sql, provider, &selector.wanted)?;
    found.retain(|(publication, _)| is_about(publication));
    if let (
        true,
        Wanted::LatestWithTag {
            tag,
            fallback: Some(other),
        },
    ) = (found.is_empty(), &selector.wanted)
    {
        let tagged = publications::latest_for_provider(sql, provider.id, Of::Tag(other))?;
        let kind = ReasonKind::LatestWithTag {
            tag: other.clone(),
            instead_of: Some(tag.clone()),
        };
        found = with(tagged, &kind);
        found.retain(|(publication, _)| is_about(publication));
    }
    let reason = |kind| Reason {
        kind,
        consumer: selector.consumer.clone(),
        is_default: false,
    };
    let told = |(publication, kind)| Selected {
        publication,
        reason: reason(kind),
    };
    Ok(found.into_iter().map(told).collect())
}

/// The publications of all consumers that a selector asks for.
fn find(sql: &mut dyn Sql, provider: &Pacticipant, wanted: &Wanted) -> SqlResult<Found> {
    let id = provider.id;
    match wanted {
        Wanted::Latest => {
            let latest = publications::latest_for_provider(sql, id, Of::Any)?;
            Ok(with(latest, &ReasonKind::Latest))
        }
        Wanted::MainBranch => {
            let heads = publications::for_provider(sql, id, Of::MainBranchHead)?;
            let branches = main_branches(sql, &heads)?;
            let told = heads.into_iter().filter_map(|head| {
                let branch = branches.get(&head.consumer_id)?.clone();
                Some((head, ReasonKind::MainBranch(branch)))
            });
            Ok(told.collect())
        }
        Wanted::Branch(branch) => {
            let heads = publications::for_provider(sql, id, Of::BranchHead(branch))?;
            Ok(with(heads, &ReasonKind::Branch(branch.clone())))
        }
        Wanted::MatchingBranch(branch) => {
            let heads = publications::for_provider(sql, id, Of::BranchHead(branch))?;
            Ok(with(heads, &ReasonKind::MatchingBranch(branch.clone())))
        }
        Wanted::EveryBranch => {
            let heads = table::branch_heads(sql, id, "")?.into_iter();
            let told = heads.map(|(publication, head)| {
                (publication, ReasonKind::EveryBranch(head.name().to_owned()))
            });
            Ok(told.collect())
        }
        Wanted::EveryWithTag(tag) => {
            let tagged = publications::for_provider(sql, id, Of::Tag(tag))?;
            Ok(with(tagged, &ReasonKind::EveryWithTag(tag.clone())))
        }
        Wanted::LatestWithTag { tag, .. } => {
            let tagged = publications::latest_for_provider(sql, id, Of::Tag(tag))?;
            Ok(with(
                tagged,
                &ReasonKind::LatestWithTag {
                    tag: tag.clone(),
                    instead_of: None,
                },
            ))
        }
        Wanted::Deployed(environment) => in_environments(
            sql,
            provider,
            Kind::Deployed,
            environment.as_deref(),
            ReasonKind::Deployed,
        ),
        Wanted::Released(environment) => in_environments(
            sql,
            provider,
            Kind::Released,
            environment.as_deref(),
            ReasonKind::Released,
        ),
        Wanted::Environment(environment) => in_environment(sql, provider, environment),
    }
}

fn with(publications: Vec<Publication>, kind: &ReasonKind) -> Found {
    publications
        .into_iter()
        .map(|publication| (publication, kind.clone()))
        .collect()
}

/// The main branches of the consumers, by consumer id.
fn main_branches(sql: &mut dyn Sql, of: &[Publication]) -> SqlResult<HashMap<i64, String>> {
    let consumers: Vec<i64> = of.iter().map(|one| one.consumer_id).collect();
    pacticipants::main_branches(sql, &consumers)
}

fn in_environments(
    sql: &mut dyn Sql,
    provider: &Pacticipant,
    kind: Kind,
    only: Option<&str>,
    reason: fn(String) -> ReasonKind,
) -> SqlResult<Found> {
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
) -> SqlResult<Found> {
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
    let all = publications::latest_for_provider(sql, provider.id, Of::Any)?;
    let mut main_branches = main_branches(sql, &all)?;
    for latest in all {
        let head = heads
            .iter()
            .find(|head| head.consumer_id == latest.consumer_id);
        let consumer = latest.consumer.clone();
        let main = main_branches.remove(&latest.consumer_id);
        if let Some((publication, kind)) = default_of_consumer(sql, latest, head.cloned(), main)? {
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
    }
    Ok(selected)
}

/// The pact of a consumer that is verified if nothing is asked for; none if its main branch has none.
fn default_of_consumer(
    sql: &mut dyn Sql,
    latest: Publication,
    head: Option<Publication>,
    main: Option<String>,
) -> SqlResult<Option<(Publication, ReasonKind)>> {
    let Some(main) = main else {
        return Ok(Some((latest, ReasonKind::Latest)));
    };
    if let Some(head) = head {
        return Ok(Some((head, ReasonKind::MainBranch(main))));
    }
    if branches::find(sql, latest.consumer_id, &main)?.is_some() {
        return Ok(None);
    }
    let pair = publications::Pair {
        consumer_id: latest.consumer_id,
        provider_id: latest.provider_id,
    };
    Ok(Some(
        match publications::latest_between(sql, pair, Of::Tag(&main))? {
            Some(tagged) => (tagged, ReasonKind::MainBranch(main)),
            None => (latest, ReasonKind::Latest),
        },
    ))
}
