//! Versions, their branches and tags.

use serde_json::{Value, json};
use treaty_broker_client::{Client, ClientError, Presence, Version, WhichVersion};
use treaty_core::names::TagName;

use crate::args::{
    BranchArgs, CreateTagArgs, DeleteTagArgs, DescribeVersionArgs, OfPacticipantArgs, VersionArgs,
    VersionNumberArgs,
};
use crate::build_properties;
use crate::error::Failure;
use crate::output::{Members, Shown, joined, or_empty};

pub(super) async fn put(client: &Client, args: &VersionArgs) -> Result<Shown, Failure> {
    let branch = args.branch.as_ref();
    let made = client
        .create_or_update_version(&args.pacticipant, &args.version, branch, &args.tag)
        .await;
    let made = made.map_err(Failure::of_question)?;
    let sentence = format!(
        "The broker knows version {} of {}.",
        made.number, args.pacticipant
    );
    Ok(Shown::said(sentence, made.number, made.document))
}

pub(super) async fn describe(
    client: &Client,
    args: &DescribeVersionArgs,
) -> Result<Shown, Failure> {
    let Some(environment) = &args.environment else {
        let found = client
            .describe_version(&args.pacticipant, &which(args)?)
            .await?;
        return Ok(Shown::described(
            members(&found),
            found.number,
            found.document,
        ));
    };
    let presences: &[Presence] = match (args.deployed, args.released) {
        (true, false) => &[Presence::Deployed],
        (false, true) => &[Presence::Released],
        _ => &[Presence::Deployed, Presence::Released],
    };
    let found = client
        .versions_in_environment(&args.pacticipant, environment, presences)
        .await?;
    let documents: Vec<Value> = found.iter().map(|v| v.document.clone()).collect();
    let things = found.into_iter().map(|v| (members(&v), v.number));
    let what = format!("versions of {} in {environment}", args.pacticipant);
    Ok(Shown::listed(&what, things.collect(), json!(documents)))
}

fn which(args: &DescribeVersionArgs) -> Result<WhichVersion, Failure> {
    let tag = args.latest.as_deref().filter(|tag| !tag.is_empty());
    Ok(match (&args.version, tag) {
        (Some(number), _) => WhichVersion::Number(number.clone()),
        (None, None) => WhichVersion::Latest,
        (None, Some(tag)) => {
            let tag = TagName::parse(tag);
            let tag = tag.map_err(|error| Failure::usage(error.to_string(), "correct the tag"))?;
            WhichVersion::LatestWithTag(tag)
        }
    })
}

pub(super) async fn delete(client: &Client, args: &VersionNumberArgs) -> Result<Shown, Failure> {
    client
        .delete_version(&args.pacticipant, &args.version)
        .await?;
    let sentence = format!("Deleted version {} of {}.", args.version, args.pacticipant);
    let json = json!({ "pacticipant": args.pacticipant, "deleted": args.version });
    Ok(Shown::said(sentence, args.version.as_str(), json))
}

pub(super) async fn tag(client: &Client, args: &CreateTagArgs) -> Result<Shown, Failure> {
    let mut tags = args.tag.clone();
    if args.tag_with_git_branch {
        tags.push(build_properties::branch_as_tag(None)?);
    }
    if !args.auto_create_version {
        // A tag would bring the version into being, and with it every misspelt number.
        let which = WhichVersion::Number(args.version.clone());
        client.describe_version(&args.pacticipant, &which).await?;
    }
    for tag in &tags {
        client
            .tag_version(&args.pacticipant, &args.version, tag)
            .await?;
    }
    let names: Vec<String> = tags.iter().map(ToString::to_string).collect();
    let sentence = format!(
        "Tagged version {} of {} as {}.",
        args.version,
        args.pacticipant,
        joined(&names)
    );
    let json = json!({ "pacticipant": args.pacticipant, "version": args.version, "tags": names });
    Ok(Shown::said(sentence, args.version.as_str(), json))
}

pub(super) async fn untag(client: &Client, args: &DeleteTagArgs) -> Result<Shown, Failure> {
    let (name, version) = (&args.pacticipant, &args.version);
    client.untag_version(name, version, &args.tag).await?;
    let sentence = format!(
        "Version {version} of {name} has no tag {} any more.",
        args.tag
    );
    let json = json!({ "pacticipant": name, "version": version, "deleted": args.tag });
    Ok(Shown::said(sentence, version.as_str(), json))
}

pub(super) async fn list_branches(
    client: &Client,
    args: &OfPacticipantArgs,
) -> Result<Shown, Failure> {
    let found = client.branches(&args.pacticipant).await?;
    let documents: Vec<Value> = found.iter().map(|b| b.document.clone()).collect();
    let things = found.into_iter().map(|branch| {
        let since = or_empty(&branch.created_at);
        let members = vec![("BRANCH", branch.name.clone()), ("SINCE", since)];
        (members, branch.name)
    });
    let what = format!("branches of {}", args.pacticipant);
    Ok(Shown::listed(&what, things.collect(), json!(documents)))
}

pub(super) async fn delete_branch(client: &Client, args: &BranchArgs) -> Result<Shown, Failure> {
    let (name, branch) = (&args.pacticipant, &args.branch);
    let strict = args.error_when_not_found && !args.no_error_when_not_found;
    let deleted = client.delete_branch(name, branch).await;
    let json = json!({ "pacticipant": name, "deleted": branch });
    match deleted {
        Ok(()) => {
            let sentence = format!("Deleted branch {branch} of {name}.");
            Ok(Shown::said(sentence, branch.as_str(), json))
        }
        Err(ClientError::Unknown { .. }) if !strict => {
            let sentence = format!("There was no branch {branch} of {name} to delete.");
            Ok(Shown::said(sentence, branch.as_str(), json))
        }
        Err(error) => Err(error.into()),
    }
}

fn members(version: &Version) -> Members {
    vec![
        ("NUMBER", version.number.clone()),
        ("BRANCHES", joined(&version.branches)),
        ("TAGS", joined(&version.tags)),
        ("ENVIRONMENTS", joined(&version.environments)),
        ("BUILD", or_empty(&version.build_url)),
        ("SINCE", or_empty(&version.created_at)),
    ]
}
