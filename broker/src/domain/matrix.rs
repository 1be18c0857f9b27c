//! The matrix: consumer version x provider version x result, and which of its rows a question is about.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Which versions of one pacticipant a question is about, as it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MatrixSelector {
    pub(crate) pacticipant: String,
    pub(crate) version: Option<String>,
    pub(crate) latest: bool,
    pub(crate) tag: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) main_branch: bool,
    pub(crate) environment: Option<String>,
}

impl MatrixSelector {
    /// How many properties a version must have to be meant.
    pub(crate) fn criteria(&self) -> usize {
        let Self {
            pacticipant: _,
            version,
            latest: _,
            tag,
            branch,
            main_branch,
            environment,
        } = self;
        let texts = [version, tag, branch, environment].into_iter().flatten();
        texts.count() + usize::from(*main_branch)
    }
}

/// Where the versions asked about are to go: which versions of the others they will meet there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The latest version of everything.
    Latest,
    /// The latest version with a tag.
    Tag(String),
    /// The head of each main branch.
    MainBranch,
    /// Whatever is in an environment.
    Environment(String),
}

/// Which of several rows counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LatestBy {
    /// Every result ever published.
    Everything,
    /// The last result of each consumer version and provider version.
    ConsumerVersionProviderVersion,
    /// The one with the latest provider version for each consumer version.
    ConsumerVersionProvider,
    /// The one with the latest versions for each pair.
    ConsumerProvider,
}

/// A pacticipant, or one of its versions, whose rows do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IgnoreSelector {
    pub(crate) pacticipant: String,
    pub(crate) version: Option<String>,
    /// Whether there is such a pacticipant.
    pub(crate) pacticipant_exists: bool,
    /// Whether there is such a version, if one is named.
    pub(crate) version_exists: bool,
}

/// A question to the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) selectors: Vec<MatrixSelector>,
    pub(crate) target: Option<Target>,
    pub(crate) latest_by: LatestBy,
    /// Only rows with one of these outcomes; all if empty.
    pub(crate) success: Vec<Option<bool>>,
    /// Only so many rows.
    pub(crate) limit: Option<usize>,
    pub(crate) ignore: Vec<IgnoreSelector>,
}

impl Question {
    /// Whether the answer is about pacticipants that the question does not name.
    pub(crate) fn infers(&self) -> bool {
        let names: HashSet<&str> = self
            .selectors
            .iter()
            .map(|selector| selector.pacticipant.as_str())
            .collect();
        self.target.is_some() || names.len() == 1
    }
}

/// A version as the matrix knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VersionRef {
    pub(crate) id: i64,
    pub(crate) number: String,
}

/// The versions that a selector stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Every version.
    Any,
    /// These, the latest first; none if nothing matches.
    Versions(Vec<VersionRef>),
}

impl Choice {
    fn allows(&self, id: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.iter().any(|version| version.id == id),
        }
    }
}

/// Whether the question named a pacticipant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It did.
    Specified,
    /// The pacticipant is there because it has a pact with one that was named.
    Inferred,
}

/// A selector and the versions it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) selector: MatrixSelector,
    pub(crate) pacticipant_id: i64,
    pub(crate) origin: Origin,
    pub(crate) choice: Choice,
}

impl Resolved {
    /// Whether the selector names versions and there are none.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.choice, Choice::Versions(versions) if versions.is_empty())
    }

    /// Whether a version is one of those that the selector stands for.
    pub(crate) fn allows(&self, id: i64) -> bool {
        self.choice.allows(id)
    }
}

/// Two pacticipants between which there is a pact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Integration {
    pub(crate) consumer_id: i64,
    pub(crate) consumer: String,
    pub(crate) provider_id: i64,
    pub(crate) provider: String,
    /// Whether the versions asked about depend on it, so that it must have a row.
    pub(crate) required: bool,
}

/// A result in the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowResult {
    pub(crate) id: i64,
    pub(crate) provider_version: VersionRef,
    pub(crate) success: bool,
    pub(crate) verified_at: String,
}

/// A row of the matrix: without a result if there is none for the versions asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) consumer_id: i64,
    pub(crate) consumer: String,
    pub(crate) consumer_version: VersionRef,
    pub(crate) provider_id: i64,
    pub(crate) provider: String,
    pub(crate) hash: String,
    pub(crate) content_id: i64,
    pub(crate) published_at: String,
    pub(crate) result: Option<RowResult>,
}

impl Row {
    /// Whether the provider honours the pact, if that is known.
    pub(crate) fn success(&self) -> Option<bool> {
        self.result.as_ref().map(|result| result.success)
    }

    fn provider_version_id(&self) -> Option<i64> {
        self.result
            .as_ref()
            .map(|result| result.provider_version.id)
    }
}

/// The rows of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Those that decide.
    pub(crate) considered: Vec<Row>,
    /// Those that do not count.
    pub(crate) ignored: Vec<Row>,
    /// How many the limit of the question cut off.
    pub(crate) cut_off: usize,
    /// How many without success, of versions in an environment, stand back behind a later one as the question asks.
    pub(crate) passed_over: usize,
}

/// Adds a row without result for each provider version in an environment that has none though another one has.
///
/// Several versions of a provider may live side by side. A consumer meets all of them, so that the result of one must
/// not stand for the others.
pub(crate) fn with_unverified(found: Vec<Row>, resolved: &[Resolved]) -> Vec<Row> {
    let mut verified: HashMap<(i64, i64), HashSet<i64>> = HashMap::new();
    for row in &found {
        let versions = verified
            .entry((row.consumer_version.id, row.provider_id))
            .or_default();
        versions.extend(row.provider_version_id());
    }
    let mut rows = found;
    let mut added = Vec::new();
    for row in rows.iter().filter(|row| row.result.is_some()) {
        let Some(living) = living(resolved, row.provider_id) else {
            continue;
        };
        let Some(known) = verified.remove(&(row.consumer_version.id, row.provider_id)) else {
            continue;
        };
        let missing = living.iter().filter(|version| !known.contains(&version.id));
        added.extend(missing.map(|_| Row {
            result: None,
            ..row.clone()
        }));
    }
    rows.append(&mut added);
    rows
}

/// The versions of a pacticipant that live side by side, if it is an environment that it was asked about.
fn living(resolved: &[Resolved], pacticipant_id: i64) -> Option<&[VersionRef]> {
    let is_there = |one: &&Resolved| {
        one.pacticipant_id == pacticipant_id && one.selector.environment.is_some()
    };
    match &resolved.iter().find(is_there)?.choice {
        Choice::Any => None,
        Choice::Versions(versions) => Some(versions),
    }
}

/// Orders, limits, groups and filters the rows that were found.
pub(crate) fn select(question: &Question, resolved: &[Resolved], mut found: Vec<Row>) -> Rows {
    found.sort_by_cached_key(|row| {
        let result = row.result.as_ref();
        (
            row.consumer.to_lowercase(),
            Reverse(row.consumer_version.id),
            row.provider.to_lowercase(),
            Reverse(result.map(|result| result.provider_version.id)),
            Reverse(result.map(|result| result.id)),
        )
    });
    let limit = question.limit.unwrap_or(usize::MAX);
    let cut_off = found.len().saturating_sub(limit);
    found.truncate(limit);
    let (counting, others) = group(question.latest_by, found);
    let lives = |id: i64| living(resolved, id).is_some();
    let is_passed_over = |row: &&Row| {
        row.success() != Some(true) && (lives(row.consumer_id) || lives(row.provider_id))
    };
    let mut rows = Rows {
        cut_off,
        passed_over: others.iter().filter(is_passed_over).count(),
        ..Rows::default()
    };
    for row in counting {
        if !question.success.is_empty() && !question.success.contains(&row.success()) {
            continue;
        }
        if question
            .ignore
            .iter()
            .any(|selector| ignores(selector, &row))
        {
            rows.ignored.push(row);
        } else {
            rows.considered.push(row);
        }
    }
    rows
}

/// The rows that count, and those that count for nothing beside them.
fn group(latest_by: LatestBy, rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let key = |row: &Row| match latest_by {
        LatestBy::Everything | LatestBy::ConsumerVersionProviderVersion => None,
        LatestBy::ConsumerVersionProvider => Some((row.consumer_version.id, row.provider_id)),
        LatestBy::ConsumerProvider => Some((row.consumer_id, row.provider_id)),
    };
    // Of several rows with the latest provider version, the last in order counts.
    let mut latest: HashMap<(i64, i64), (Option<i64>, usize)> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        if let Some(key) = key(row) {
            let known = latest.entry(key).or_default();
            *known = (*known).max((row.provider_version_id(), place));
        }
    }
    let counts = |place: usize, row: &Row| {
        key(row).is_none_or(|key| latest.get(&key).is_some_and(|(_, last)| *last == place))
    };
    let (mut counting, mut others) = (Vec::new(), Vec::new());
    for (place, row) in rows.into_iter().enumerate() {
        if counts(place, &row) {
            counting.push(row);
        } else {
            others.push(row);
        }
    }
    (counting, others)
}

fn ignores(selector: &IgnoreSelector, row: &Row) -> bool {
    let provider_version = row
        .result
        .as_ref()
        .map(|result| result.provider_version.number.as_str());
    let matches = |name: &str, version: Option<&str>| {
        selector.pacticipant == name
            && (selector.version.is_none() || selector.version.as_deref() == version)
    };
    matches(&row.consumer, Some(&row.consumer_version.number))
        || matches(&row.provider, provider_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(id: i64) -> VersionRef {
        VersionRef {
            id,
            number: id.to_string(),
        }
    }

    fn row(consumer_version: i64, provider_version: Option<i64>, success: bool) -> Row {
        let result = provider_version.map(|id| RowResult {
            id: id + 100,
            provider_version: version(id),
            success,
            verified_at: String::new(),
        });
        Row {
            consumer_id: 1,
            consumer: "Web".to_owned(),
            consumer_version: version(consumer_version),
            provider_id: 2,
            provider: "Orders".to_owned(),
            hash: String::new(),
            content_id: 1,
            published_at: String::new(),
            result,
        }
    }

    fn question(latest_by: LatestBy) -> Question {
        Question {
            selectors: vec![],
            target: None,
            latest_by,
            success: vec![],
            limit: None,
            ignore: vec![],
        }
    }

    #[track_caller]
    fn check(latest_by: LatestBy, expected: &[(i64, Option<i64>)]) {
        let found = vec![
            row(1, Some(10), false),
            row(1, Some(11), true),
            row(2, None, false),
            row(2, Some(10), true),
        ];
        let rows = select(&question(latest_by), &[], found);
        let shape: Vec<_> = rows
            .considered
            .iter()
            .map(|row| (row.consumer_version.id, row.provider_version_id()))
            .collect();
        assert_eq!(shape, expected);
    }

    #[test]
    fn the_latest_provider_version_counts() {
        use LatestBy::{ConsumerProvider, ConsumerVersionProvider, ConsumerVersionProviderVersion};
        check(
            ConsumerVersionProviderVersion,
            &[(2, Some(10)), (2, None), (1, Some(11)), (1, Some(10))],
        );
        check(ConsumerVersionProvider, &[(2, Some(10)), (1, Some(11))]);
        check(ConsumerProvider, &[(1, Some(11))]);
    }

    #[test]
    fn what_a_later_version_in_an_environment_stands_for_is_counted() {
        let orders = Resolved {
            selector: MatrixSelector {
                pacticipant: "Orders".to_owned(),
                environment: Some("prod".to_owned()),
                ..MatrixSelector::default()
            },
            pacticipant_id: 2,
            origin: Origin::Inferred,
            choice: Choice::Versions(vec![version(11), version(10)]),
        };
        let found = vec![row(1, Some(10), false), row(1, Some(11), true)];
        let passed_over = |latest_by, resolved: &[Resolved]| {
            select(&question(latest_by), resolved, found.clone()).passed_over
        };
        let living = [orders];
        assert_eq!(passed_over(LatestBy::ConsumerVersionProvider, &living), 1);
        assert_eq!(passed_over(LatestBy::ConsumerProvider, &living), 1);
        assert_eq!(
            passed_over(LatestBy::ConsumerVersionProviderVersion, &living),
            0
        );
        assert_eq!(passed_over(LatestBy::ConsumerVersionProvider, &[]), 0);
    }

    #[test]
    fn an_ignored_version_is_set_aside() {
        let ignore = IgnoreSelector {
            pacticipant: "Orders".to_owned(),
            version: Some("10".to_owned()),
            pacticipant_exists: true,
            version_exists: true,
        };
        let question = Question {
            ignore: vec![ignore],
            ..question(LatestBy::ConsumerVersionProviderVersion)
        };
        let rows = select(
            &question,
            &[],
            vec![row(1, Some(10), false), row(1, Some(11), true)],
        );
        assert_eq!((rows.considered.len(), rows.ignored.len()), (1, 1));
    }

    #[test]
    fn a_limit_says_how_much_it_cut_off() {
        let question = Question {
            limit: Some(1),
            ..question(LatestBy::Everything)
        };
        let rows = select(
            &question,
            &[],
            vec![row(1, Some(10), false), row(1, Some(11), true)],
        );
        assert_eq!((rows.considered.len(), rows.cut_off), (1, 1));
    }
}
