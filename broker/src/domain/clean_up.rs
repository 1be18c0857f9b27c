//! Clean-up: which versions nobody needs any more.

/// What is known about a version that may have to go. Moments are texts that sort as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Its id.
    pub(crate) id: i64,
    /// The last moment something came with it: when it was created, imported, published, verified, deployed or
    /// released, or when a deployment or its support ended.
    pub(crate) touched_at: String,
    /// Whether it is the latest of its pacticipant.
    pub(crate) is_latest: bool,
    /// Whether it is the latest of a branch.
    pub(crate) heads_branch: bool,
    /// Whether it is the latest with a tag.
    pub(crate) heads_tag: bool,
    /// Whether it is deployed to an environment, or released and supported there.
    pub(crate) is_in_environment: bool,
}

/// Why a version stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Something came with it not long ago.
    Young,
    /// It is the latest of its pacticipant.
    Latest,
    /// It is the latest of a branch; that of the main branch is among them.
    HeadOfBranch,
    /// It is the latest with a tag.
    LatestWithTag,
    /// It is in an environment.
    InEnvironment,
}

/// Why a version stays, if it does. What was touched at `oldest` or later is young.
pub(crate) fn reason_to_keep(version: &Facts, oldest: &str) -> Option<Reason> {
    let reasons = [
        (version.touched_at.as_str() >= oldest, Reason::Young),
        (version.is_latest, Reason::Latest),
        (version.heads_branch, Reason::HeadOfBranch),
        (version.heads_tag, Reason::LatestWithTag),
        (version.is_in_environment, Reason::InEnvironment),
    ];
    let mut kept = reasons.into_iter().filter(|(holds, _)| *holds);
    kept.next().map(|(_, reason)| reason)
}

/// The ids of the versions that nobody needs any more.
pub(crate) fn unneeded(versions: &[Facts], oldest: &str) -> Vec<i64> {
    versions
        .iter()
        .filter(|version| reason_to_keep(version, oldest).is_none())
        .map(|version| version.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLDEST: &str = "2026-08-24T00:00:00.000000Z";

    fn old() -> Facts {
        Facts {
            id: 1,
            touched_at: "2026-08-23T23:59:59.999999Z".to_owned(),
            is_latest: false,
            heads_branch: false,
            heads_tag: false,
            is_in_environment: false,
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Facts), expected: Option<Reason>) {
        let mut facts = old();
        change(&mut facts);
        assert_eq!(reason_to_keep(&facts, OLDEST), expected);
        let expected = if expected.is_none() { vec![1] } else { vec![] };
        assert_eq!(unneeded(&[facts], OLDEST), expected);
    }

    #[test]
    fn each_reason_alone_keeps_a_version() {
        check(|_| {}, None);
        check(
            |facts| facts.touched_at = OLDEST.to_owned(),
            Some(Reason::Young),
        );
        check(|facts| facts.is_latest = true, Some(Reason::Latest));
        check(
            |facts| facts.heads_branch = true,
            Some(Reason::HeadOfBranch),
        );
        check(|facts| facts.heads_tag = true, Some(Reason::LatestWithTag));
        check(
            |facts| facts.is_in_environment = true,
            Some(Reason::InEnvironment),
        );
    }
}
