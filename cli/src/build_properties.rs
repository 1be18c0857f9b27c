//! Which build is running: what the arguments say, else what the build machine's variables or git say.
//!
//! Every command that tells a broker about a version takes its number, branch and build URL from here.

use std::process::Command;

use treaty_core::names::{BranchName, TagName, VersionNumber};

use crate::environment;
use crate::error::Failure;

/// What the arguments of a command say about its build.
#[derive(Debug, Default)]
pub(crate) struct GivenBuild {
    pub(crate) version: Option<VersionNumber>,
    pub(crate) branch: Option<BranchName>,
    pub(crate) url: Option<String>,
    /// Whether what is not given is to be looked for.
    pub(crate) detect: bool,
    /// The flag that gives the version, for the message that asks for it.
    pub(crate) version_flag: &'static str,
}

/// The build as a broker is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Build {
    pub(crate) version: VersionNumber,
    pub(crate) branch: Option<BranchName>,
    pub(crate) url: Option<String>,
}

impl GivenBuild {
    /// The build, with what is not given looked for if that is asked; without any version it is a wrong command line.
    pub(crate) fn complete(self) -> Result<Build, Failure> {
        let Self {
            version,
            branch,
            url,
            detect,
            version_flag,
        } = self;
        let found = if detect {
            Detected::here()
        } else {
            Detected::default()
        };
        let commit = || found.commit.as_deref().and_then(|c| c.parse().ok());
        let missing = || {
            Failure::usage(
                "no commit is found to take as version number",
                format!("give it with {version_flag}"),
            )
        };
        Ok(Build {
            version: version.or_else(commit).ok_or_else(missing)?,
            branch: branch.or(found.branch),
            url: url.or(found.url),
        })
    }
}

/// The branch that is checked out or built here; none where only a commit or a tag is.
pub(crate) fn branch() -> Option<BranchName> {
    Detected::here().branch
}

/// The branch as a tag, for teams that tag versions with it: the one that is known, or the one that is built here.
pub(crate) fn branch_as_tag(known: Option<&BranchName>) -> Result<TagName, Failure> {
    let branch = known.cloned().or_else(self::branch);
    let missing = || {
        Failure::usage(
            "no branch is found to tag the version with",
            "give the tag with --tag",
        )
    };
    let tag = TagName::parse(branch.ok_or_else(missing)?.as_str());
    tag.map_err(|error| Failure::usage(error.to_string(), "give the tag with --tag"))
}

/// What the machine says about the build that is running.
#[derive(Debug, Default, PartialEq, Eq)]
struct Detected {
    commit: Option<String>,
    branch: Option<BranchName>,
    url: Option<String>,
}

impl Detected {
    fn here() -> Self {
        let machine = Self::by_variables(&environment::variable);
        Self {
            commit: machine.commit.or_else(|| git(&["rev-parse", "HEAD"])),
            branch: machine.branch.or_else(|| {
                let branch = git(&["rev-parse", "--abbrev-ref", "HEAD"])?;
                // Git's word for a commit that was checked out without its branch.
                (branch != "HEAD").then(|| branch.parse().ok())?
            }),
            url: machine.url,
        }
    }

    /// By the variables of the build machine that is running this; nothing where none is.
    fn by_variables(variable: Variables<'_>) -> Self {
        let mut systems = SYSTEMS.iter();
        let Some(system) = systems.find(|system| variable(system.mark).is_some()) else {
            return Self::default();
        };
        let built_for_tag = system.tag.is_some_and(|(name, value)| {
            variable(name).is_some_and(|found| value.is_none_or(|value| value == found))
        });
        let branches = system.branches.iter().filter(|_| !built_for_tag);
        let mut branches = branches.filter_map(|name| variable(name));
        let branch = branches.next().filter(|b| !b.starts_with("refs/tags/"));
        Self {
            commit: variable(system.commit),
            branch: branch.and_then(|branch| bare_branch(&branch).parse().ok()),
            url: (system.url)(variable),
        }
    }
}

/// Looks variables up; those that are empty are absent.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A kind of build machine, and the variables in which it tells about a build.
struct System {
    /// Set by this kind and by no other.
    mark: &'static str,
    commit: &'static str,
    /// The branch that a merge request comes from goes before the one that it is built on.
    branches: &'static [&'static str],
    /// Set, or set to this value, where a tag is built: what the branch's variable says is no branch then.
    tag: Option<(&'static str, Option<&'static str>)>,
    url: fn(Variables<'_>) -> Option<String>,
}

/// The last ones are known by variables that others may set too.
const SYSTEMS: [System; 10] = [
    System {
        mark: "GITHUB_ACTIONS",
        commit: "GITHUB_SHA",
        branches: &["GITHUB_HEAD_REF", "GITHUB_REF_NAME"],
        tag: Some(("GITHUB_REF_TYPE", Some("tag"))),
        url: |v| {
            let (server, repository) = (v("GITHUB_SERVER_URL")?, v("GITHUB_REPOSITORY")?);
            let run = v("GITHUB_RUN_ID")?;
            Some(format!("{server}/{repository}/actions/runs/{run}"))
        },
    },
    System {
        mark: "GITLAB_CI",
        commit: "CI_COMMIT_SHA",
        branches: &["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"],
        tag: Some(("CI_COMMIT_TAG", None)),
        url: |v| v("CI_JOB_URL").or_else(|| v("CI_PIPELINE_URL")),
    },
    System {
        mark: "CIRCLECI",
        commit: "CIRCLE_SHA1",
        branches: &["CIRCLE_BRANCH"],
        tag: None,
        url: |v| v("CIRCLE_BUILD_URL"),
    },
    System {
        mark: "BUILDKITE",
        commit: "BUILDKITE_COMMIT",
        branches: &["BUILDKITE_BRANCH"],
        tag: Some(("BUILDKITE_TAG", None)),
        url: |v| v("BUILDKITE_BUILD_URL"),
    },
    System {
        mark: "TRAVIS",
        commit: "TRAVIS_COMMIT",
        branches: &["TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"],
        tag: Some(("TRAVIS_TAG", None)),
        url: |v| v("TRAVIS_BUILD_WEB_URL"),
    },
    System {
        mark: "BITBUCKET_COMMIT",
        commit: "BITBUCKET_COMMIT",
        branches: &["BITBUCKET_BRANCH"],
        tag: None,
        url: |v| {
            let (origin, number) = (
                v("BITBUCKET_GIT_HTTP_ORIGIN")?,
                v("BITBUCKET_BUILD_NUMBER")?,
            );
            Some(format!("{origin}/addon/pipelines/home#!/results/{number}"))
        },
    },
    System {
        mark: "TF_BUILD",
        commit: "BUILD_SOURCEVERSION",
        branches: &["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
        tag: None,
        url: |v| {
            let (place, project) = (v("SYSTEM_COLLECTIONURI")?, v("SYSTEM_TEAMPROJECT")?);
            let id = v("BUILD_BUILDID")?;
            Some(format!("{place}{project}/_build/results?buildId={id}"))
        },
    },
    System {
        mark: "APPVEYOR",
        commit: "APPVEYOR_REPO_COMMIT",
        branches: &[
            "APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH",
            "APPVEYOR_REPO_BRANCH",
        ],
        tag: Some(("APPVEYOR_REPO_TAG", Some("true"))),
        url: |v| {
            let (place, account) = (v("APPVEYOR_URL")?, v("APPVEYOR_ACCOUNT_NAME")?);
            let (project, id) = (v("APPVEYOR_PROJECT_SLUG")?, v("APPVEYOR_BUILD_ID")?);
            Some(format!("{place}/project/{account}/{project}/builds/{id}"))
        },
    },
    // Codeship.
    System {
        mark: "CI_COMMIT_ID",
        commit: "CI_COMMIT_ID",
        branches: &["CI_BRANCH"],
        tag: None,
        url: |v| v("CI_BUILD_URL"),
    },
    // Jenkins and Hudson.
    System {
        mark: "GIT_COMMIT",
        commit: "GIT_COMMIT",
        branches: &[
            "CHANGE_BRANCH",
            "BRANCH_NAME",
            "GIT_LOCAL_BRANCH",
            "GIT_BRANCH",
        ],
        tag: Some(("TAG_NAME", None)),
        url: |v| v("BUILD_URL"),
    },
];

/// Some machines give the whole name of a reference, or that of the remote one.
fn bare_branch(branch: &str) -> &str {
    let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
    branch.strip_prefix("origin/").unwrap_or(branch)
}

fn git(arguments: &[&str]) -> Option<String> {
    let told = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let text = text.trim().to_owned();
    (told.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `NAME=value` pairs, and the commit, branch and URL that they come to.
    #[track_caller]
    fn check(variables: &str, expected: [&str; 3]) {
        let pairs: Vec<(&str, &str)> = variables
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let variable = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let found = Detected::by_variables(&variable);
        let texts = [
            found.commit.unwrap_or_default(),
            found.branch.map_or_else(String::new, |b| b.to_string()),
            found.url.unwrap_or_default(),
        ];
        assert_eq!(texts, expected, "{variables}");
    }

    #[test]
    fn each_kind_of_build_machine_is_understood() {
        check(
            "GITHUB_ACTIONS=true GITHUB_SHA=c GITHUB_REF_NAME=main GITHUB_SERVER_URL=https://g \
             GITHUB_REPOSITORY=o/r GITHUB_RUN_ID=9",
            ["c", "main", "https://g/o/r/actions/runs/9"],
        );
        check(
            "GITLAB_CI=true CI_COMMIT_SHA=c CI_COMMIT_REF_NAME=feat/x CI_JOB_URL=https://g/1",
            ["c", "feat/x", "https://g/1"],
        );
        check(
            "CIRCLECI=true CIRCLE_SHA1=c CIRCLE_BRANCH=b CIRCLE_BUILD_URL=https://c/1",
            ["c", "b", "https://c/1"],
        );
        check(
            "BUILDKITE=true BUILDKITE_COMMIT=c BUILDKITE_BRANCH=b BUILDKITE_BUILD_URL=https://b/1",
            ["c", "b", "https://b/1"],
        );
        check(
            "TRAVIS=true TRAVIS_COMMIT=c TRAVIS_BRANCH=b TRAVIS_BUILD_WEB_URL=https://t/1",
            ["c", "b", "https://t/1"],
        );
        check(
            "BITBUCKET_COMMIT=c BITBUCKET_BRANCH=b BITBUCKET_GIT_HTTP_ORIGIN=https://b/o/r BITBUCKET_BUILD_NUMBER=3",
            ["c", "b", "https://b/o/r/addon/pipelines/home#!/results/3"],
        );
        check(
            "TF_BUILD=True BUILD_SOURCEVERSION=c BUILD_SOURCEBRANCH=refs/heads/feat/x \
             SYSTEM_COLLECTIONURI=https://a/o/ SYSTEM_TEAMPROJECT=p BUILD_BUILDID=4",
            ["c", "feat/x", "https://a/o/p/_build/results?buildId=4"],
        );
        check(
            "APPVEYOR=True APPVEYOR_REPO_COMMIT=c APPVEYOR_REPO_BRANCH=b APPVEYOR_URL=https://a \
             APPVEYOR_ACCOUNT_NAME=o APPVEYOR_PROJECT_SLUG=p APPVEYOR_BUILD_ID=5",
            ["c", "b", "https://a/project/o/p/builds/5"],
        );
        check(
            "CI_COMMIT_ID=c CI_BRANCH=b CI_BUILD_URL=https://s/1",
            ["c", "b", "https://s/1"],
        );
        check(
            "GIT_COMMIT=c GIT_BRANCH=origin/main BUILD_URL=https://j/1",
            ["c", "main", "https://j/1"],
        );
        check("", ["", "", ""]);
    }

    #[test]
    fn a_merge_request_is_of_the_branch_that_it_comes_from() {
        check(
            "GITHUB_ACTIONS=true GITHUB_SHA=c GITHUB_HEAD_REF=feat GITHUB_REF_NAME=7/merge",
            ["c", "feat", ""],
        );
        check(
            "GIT_COMMIT=c CHANGE_BRANCH=feat BRANCH_NAME=PR-7",
            ["c", "feat", ""],
        );
    }

    #[test]
    fn a_tag_is_no_branch() {
        check(
            "GITHUB_ACTIONS=true GITHUB_SHA=c GITHUB_REF_NAME=v1 GITHUB_REF_TYPE=tag",
            ["c", "", ""],
        );
        check(
            "GITLAB_CI=true CI_COMMIT_SHA=c CI_COMMIT_REF_NAME=v1 CI_COMMIT_TAG=v1",
            ["c", "", ""],
        );
        check(
            "TF_BUILD=True BUILD_SOURCEVERSION=c BUILD_SOURCEBRANCH=refs/tags/v1",
            ["c", "", ""],
        );
    }
}
