//! Which build made the pacts: from the arguments, from the build machine's variables, or from git.

use std::process::Command;

use treaty_core::names::{BranchName, VersionNumber};

use crate::args::PublishArgs;
use crate::environment::variable;
use crate::error::Failure;

/// The consumer's build.
#[derive(Debug)]
pub(super) struct Build {
    pub(super) version: VersionNumber,
    pub(super) branch: Option<BranchName>,
    pub(super) url: Option<String>,
}

/// Where build machines keep the commit.
const COMMIT_VARIABLES: [&str; 10] = [
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "CIRCLE_SHA1",
    "BUILDKITE_COMMIT",
    "TRAVIS_COMMIT",
    "BITBUCKET_COMMIT",
    "BUILD_SOURCEVERSION",
    "APPVEYOR_REPO_COMMIT",
    "CI_COMMIT_ID",
    "GIT_COMMIT",
];

/// Where build machines keep the branch; that of a pull request goes before that of its merge.
const BRANCH_VARIABLES: [&str; 12] = [
    "GITHUB_HEAD_REF",
    "GITHUB_REF_NAME",
    "CI_COMMIT_REF_NAME",
    "CIRCLE_BRANCH",
    "BUILDKITE_BRANCH",
    "TRAVIS_PULL_REQUEST_BRANCH",
    "TRAVIS_BRANCH",
    "BITBUCKET_BRANCH",
    "BUILD_SOURCEBRANCHNAME",
    "APPVEYOR_REPO_BRANCH",
    "CI_BRANCH",
    "GIT_BRANCH",
];

/// Where build machines keep the URL of the build.
const URL_VARIABLES: [&str; 6] = [
    "CI_JOB_URL",
    "CIRCLE_BUILD_URL",
    "BUILDKITE_BUILD_URL",
    "TRAVIS_BUILD_WEB_URL",
    "CI_BUILD_URL",
    "BUILD_URL",
];

impl Build {
    /// What the arguments say goes before what is found.
    pub(super) fn of(args: &PublishArgs) -> Result<Self, Failure> {
        let detect = args.auto_detect_version_properties;
        let version = args.consumer_app_version.clone().map(Ok);
        let version = version.unwrap_or_else(detected_version)?;
        let branch = args.branch.clone();
        let found = || detected_branch().filter(|_| detect);
        let url = args.build_url.clone();
        Ok(Self {
            version,
            branch: branch.or_else(found),
            url: url.or_else(|| detected_url().filter(|_| detect)),
        })
    }

    /// The branch, found even where it is not asked for otherwise.
    pub(super) fn branch_for_tag(&self) -> Result<BranchName, Failure> {
        let branch = self.branch.clone().or_else(detected_branch);
        branch.ok_or_else(|| {
            Failure::usage(
                "no branch is found to tag the version with",
                "give it with --branch, or the tag with --tag",
            )
        })
    }
}

fn detected_version() -> Result<VersionNumber, Failure> {
    let found = first(&COMMIT_VARIABLES).or_else(|| git(&["rev-parse", "HEAD"]));
    let version = found.and_then(|commit| VersionNumber::parse(commit).ok());
    version.ok_or_else(|| {
        Failure::usage(
            "no commit is found to take as version number",
            "give it with --consumer-app-version",
        )
    })
}

fn detected_branch() -> Option<BranchName> {
    let found = first(&BRANCH_VARIABLES);
    let found = found.or_else(|| git(&["rev-parse", "--abbrev-ref", "HEAD"]));
    // Git's word for a commit that was checked out without its branch.
    let found = found.filter(|branch| branch != "HEAD");
    found.and_then(|branch| BranchName::parse(branch).ok())
}

fn detected_url() -> Option<String> {
    let github = || {
        let (server, repository) = (
            variable("GITHUB_SERVER_URL")?,
            variable("GITHUB_REPOSITORY")?,
        );
        let run = variable("GITHUB_RUN_ID")?;
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    github().or_else(|| first(&URL_VARIABLES))
}

fn first(variables: &[&str]) -> Option<String> {
    variables.iter().find_map(|name| variable(name))
}

fn git(arguments: &[&str]) -> Option<String> {
    let told = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let text = text.trim().to_owned();
    (told.status.success() && !text.is_empty()).then_some(text)
}
