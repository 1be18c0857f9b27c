//! The reports of several shards as the report of one run: only if all of them are there, and about the same.

use std::collections::{BTreeMap, HashMap};

use treaty_core::content::ContentHash;
use treaty_core::names::PacticipantName;
use treaty_core::receipt::Shard;

use crate::report::{InteractionReport, PactReport, Publication, Report};
use crate::shard::OTHER_SHARD;

/// Why reports do not come to one whole report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotWhole {
    /// There is no report.
    #[error("there is no report to join")]
    NoReport,
    /// One of the runs did not begin.
    #[error("one of the runs did not begin: {reason}")]
    Refused {
        /// Why not.
        reason: String,
    },
    /// The reports are about several providers.
    #[error("the reports are about several providers: {}", names.join(", "))]
    Providers {
        /// Their names.
        names: Vec<String>,
    },
    /// Some shards of a pact are not there.
    #[error(
        "the pact with {consumer} is not whole: {} missing",
        missing_shards(missing)
    )]
    Missing {
        /// The consumer of the pact.
        consumer: PacticipantName,
        /// The shards that no report is about.
        missing: Vec<Shard>,
    },
    /// The same part of a pact is in several reports.
    #[error("the pact with {consumer} is in several reports{}", of_shard(*shard))]
    Twice {
        /// The consumer of the pact.
        consumer: PacticipantName,
        /// Which part; absent for a run that was not divided.
        shard: Option<Shard>,
    },
    /// The runs were divided in different ways.
    #[error("the runs of the pact with {consumer} were divided in different ways")]
    Divided {
        /// The consumer of the pact.
        consumer: PacticipantName,
    },
    /// The runs were about different contents of a pact, or shuffled by different seeds.
    #[error("the reports are about different {what} of the pact with {consumer}")]
    Differ {
        /// The consumer of the pact.
        consumer: PacticipantName,
        /// What differs: `contents`, `seeds`.
        what: &'static str,
    },
    /// An interaction is in several shards, or in none that its pact has.
    #[error(
        "interaction {position} of the pact with {consumer} is in the reports more than once, or is none"
    )]
    Interaction {
        /// The consumer of the pact.
        consumer: PacticipantName,
        /// Its place in the pact.
        position: usize,
    },
}

fn missing_shards(shards: &[Shard]) -> String {
    let names: Vec<String> = shards.iter().map(ToString::to_string).collect();
    let verb = if names.len() == 1 { "shard" } else { "shards" };
    let is = if names.len() == 1 { "is" } else { "are" };
    format!("{verb} {} {is}", names.join(", "))
}

fn of_shard(shard: Option<Shard>) -> String {
    shard.map_or_else(String::new, |shard| format!(", each time shard {shard}"))
}

/// Joins the reports of the shards of one verification. The result is the report that one run would have given; its
/// numbers are counted anew from the interactions.
///
/// ```
/// use treaty_core::receipt::Shard;
/// use treaty_provider::{NotWhole, PactSource, Verifier, VerifyOptions, join};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let pact = serde_json::json!({
/// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
/// #     "interactions": [{ "description": "x", "request": { "path": "/" }, "response": { "status": 404 } }]
/// # });
/// let mut options = VerifyOptions::default();
/// options.shard = Some(Shard { number: 1, of: 2 });
/// let verifier = Verifier::new("UserService").service(axum::Router::new()).options(options);
/// let first = verifier.verify(PactSource::json("a pact", pact)).await;
/// let error = join(vec![first]).unwrap_err();
/// assert_eq!(error.to_string(), "the pact with A is not whole: shard 2/2 is missing");
/// # }
/// ```
///
/// # Errors
/// [`NotWhole`] if a shard is missing, twice there, or about something else than the others.
pub fn join(reports: Vec<Report>) -> Result<Report, NotWhole> {
    let mut joined = nothing_joined(&reports)?;
    let mut parts: BTreeMap<usize, Vec<PactReport>> = BTreeMap::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for report in reports {
        let mut seen: HashMap<Key, usize> = HashMap::new();
        for pact in report.pacts {
            let mut key = Key::of(&pact);
            // The same pact may be in one report several times: in two files, from two sources.
            let occurrence = seen.entry(key.clone()).or_insert(0);
            *occurrence += 1;
            key.occurrence = *occurrence;
            let next = places.len();
            let place = *places.entry(key).or_insert(next);
            parts.entry(place).or_default().push(pact);
        }
        append_new(&mut joined.pacts_left_out, report.pacts_left_out);
        append_new(&mut joined.problems, report.problems);
        joined.duration_ms += report.duration_ms;
    }
    let parts: Vec<Vec<PactReport>> = parts.into_values().collect();
    for pact in &parts {
        check(pact, &parts)?;
    }
    for pact in parts {
        joined.pacts.push(one(pact)?);
    }
    Ok(joined)
}

/// What makes two pact reports parts of the same verification.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    consumer: PacticipantName,
    provider: PacticipantName,
    hash: ContentHash,
    occurrence: usize,
}

impl Key {
    fn of(pact: &PactReport) -> Self {
        let receipt = &pact.receipt;
        Self {
            consumer: receipt.consumer.clone(),
            provider: receipt.provider.clone(),
            hash: receipt.pact_hash.clone(),
            occurrence: 0,
        }
    }
}

/// The report with what all reports have in common.
fn nothing_joined(reports: &[Report]) -> Result<Report, NotWhole> {
    let first = reports.first().ok_or(NotWhole::NoReport)?;
    if let Some(refusal) = reports.iter().find_map(|report| report.refusal.as_ref()) {
        let reason = refusal.to_string();
        return Err(NotWhole::Refused { reason });
    }
    let mut names: Vec<String> = reports.iter().map(|r| r.provider.clone()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > 1 {
        return Err(NotWhole::Providers { names });
    }
    Ok(Report {
        provider: first.provider.clone(),
        refusal: None,
        pacts: Vec::new(),
        pacts_left_out: Vec::new(),
        problems: Vec::new(),
        duration_ms: 0,
    })
}

fn append_new<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

/// How many missing shards are named.
const MISSING_MAX: usize = 20;

/// Whether the parts are all parts of one pact.
fn check(parts: &[PactReport], all: &[Vec<PactReport>]) -> Result<(), NotWhole> {
    let first = &parts[0].receipt;
    let consumer = || first.consumer.clone();
    let differ = |what| NotWhole::Differ {
        consumer: consumer(),
        what,
    };
    let of = |pact: &PactReport| pact.receipt.shard.map(|shard| shard.of);
    if parts.iter().any(|part| of(part) != of(&parts[0])) {
        return Err(NotWhole::Divided {
            consumer: consumer(),
        });
    }
    if parts.iter().any(|part| part.receipt.seed != first.seed) {
        return Err(differ("seeds"));
    }
    let found = |pact: &PactReport| pact.receipt.interactions_found;
    if parts
        .iter()
        .any(|part| found(part) != first.interactions_found)
    {
        return Err(differ("contents"));
    }
    let mut shards: Vec<Option<Shard>> = parts.iter().map(|part| part.receipt.shard).collect();
    shards.sort_unstable();
    if let Some(twice) = shards.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(NotWhole::Twice {
            consumer: consumer(),
            shard: twice[0],
        });
    }
    let Some(of) = of(&parts[0]) else {
        return Ok(());
    };
    let has = |number: u32| shards.contains(&Some(Shard { number, of }));
    let missing: Vec<u32> = (1..=of)
        .filter(|number| !has(*number))
        .take(MISSING_MAX)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let has_missing = |pact: &PactReport| {
        let shard = pact.receipt.shard;
        pact.receipt.consumer == first.consumer
            && pact.receipt.pact_hash != first.pact_hash
            && shard.is_some_and(|shard| missing.contains(&shard.number))
    };
    let is_elsewhere = all
        .iter()
        .any(|pact| pact.len() < parts_of(pact) && pact.iter().any(has_missing));
    if is_elsewhere {
        return Err(differ("contents"));
    }
    let missing = missing.into_iter().map(|number| Shard { number, of });
    Err(NotWhole::Missing {
        consumer: consumer(),
        missing: missing.collect(),
    })
}

/// How many parts there should be.
fn parts_of(parts: &[PactReport]) -> usize {
    let shard = parts.first().and_then(|part| part.receipt.shard);
    shard.map_or(1, |shard| usize::try_from(shard.of).unwrap_or(usize::MAX))
}

/// One report from all parts of a pact.
fn one(mut parts: Vec<PactReport>) -> Result<PactReport, NotWhole> {
    parts.sort_by_key(|part| part.receipt.shard);
    let mut parts = parts.into_iter();
    let Some(mut whole) = parts.next() else {
        return Err(NotWhole::NoReport);
    };
    for part in parts {
        whole.interactions.extend(part.interactions);
        whole.receipt.left_out.extend(part.receipt.left_out);
        whole.receipt.states_run += part.receipt.states_run;
        // Pending is what leaves the build alone, so all runs must have been told so.
        whole.pending &= part.pending;
        whole.wip &= part.wip;
        whole.duration_ms += part.duration_ms;
    }
    whole
        .interactions
        .sort_by_key(|interaction| interaction.position);
    check_positions(&whole)?;
    let receipt = &mut whole.receipt;
    receipt.left_out.retain(|left| left.reason != OTHER_SHARD);
    receipt.shard = None;
    receipt.acknowledgement = None;
    let replayed = |interaction: &&InteractionReport| interaction.replayed;
    receipt.interactions_replayed = whole.interactions.iter().filter(replayed).count();
    whole.publication = Publication::NotAsked;
    Ok(whole)
}

fn check_positions(pact: &PactReport) -> Result<(), NotWhole> {
    let mut last = 0;
    for interaction in &pact.interactions {
        let position = interaction.position;
        if position <= last || position > pact.receipt.interactions_found {
            return Err(NotWhole::Interaction {
                consumer: pact.receipt.consumer.clone(),
                position,
            });
        }
        last = position;
    }
    Ok(())
}
