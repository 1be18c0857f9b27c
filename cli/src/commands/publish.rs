//! `treaty publish`.

mod to_publish;

use std::collections::BTreeMap;

use serde_json::json;
use treaty_broker_client::{ContractToPublish, OnConflict, PublishContracts, Published};
use treaty_core::names::{PacticipantName, TagName};

use self::to_publish::PactFile;
use crate::args::PublishArgs;
use crate::broker_access;
use crate::build_properties::{self, Build, GivenBuild};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer};

pub(crate) async fn run(args: &PublishArgs) -> Result<Answer, Failure> {
    let files = to_publish::read(&args.pacts, args.strict)?;
    let build = build(args)?;
    let tags = tags(args, &build)?;
    let publication = |(consumer, files): (_, Vec<PactFile>)| PublishContracts {
        pacticipant: consumer,
        version: build.version.clone(),
        branch: build.branch.clone(),
        tags: tags.clone(),
        build_url: build.url.clone(),
        contracts: files.iter().map(|file| contract(file, args)).collect(),
    };
    let publications: Vec<_> = by_consumer(files).into_iter().map(publication).collect();
    if args.dry_run {
        return Ok(would_be_published(&publications));
    }
    let client = broker_access::open_or_create(&args.broker)?;
    let mut published = Vec::new();
    for publication in &publications {
        published.push(client.publish_contracts(publication).await?);
    }
    Ok(answer(&published, args.quiet))
}

/// What would be sent. Nobody is asked, so that this needs no broker.
fn would_be_published(publications: &[PublishContracts]) -> Answer {
    let documents = publications.iter().map(|publication| {
        let providers: Vec<_> = publication.contracts.iter().map(|c| &c.provider).collect();
        json!({
            "consumer": publication.pacticipant,
            "version": publication.version,
            "branch": publication.branch,
            "tags": publication.tags,
            "buildUrl": publication.build_url,
            "providers": providers,
        })
    });
    Answer {
        code: ExitCode::Yes,
        text: output::would_be_published(publications),
        json: json!({ "dryRun": documents.collect::<Vec<_>>() }),
    }
}

fn build(args: &PublishArgs) -> Result<Build, Failure> {
    let given = GivenBuild {
        version: args.consumer_app_version.clone(),
        branch: args.branch.clone(),
        url: args.build_url.clone(),
        detect: args.auto_detect_version_properties,
        version_flag: "--consumer-app-version",
    };
    given.complete()
}

fn tags(args: &PublishArgs, build: &Build) -> Result<Vec<TagName>, Failure> {
    let mut tags = args.tag.clone();
    if args.tag_with_git_branch {
        tags.push(build_properties::branch_as_tag(build.branch.as_ref())?);
    }
    Ok(tags)
}

fn by_consumer(files: Vec<PactFile>) -> BTreeMap<PacticipantName, Vec<PactFile>> {
    let mut consumers = BTreeMap::<_, Vec<_>>::new();
    for file in files {
        let consumer = file.pact.consumer.clone();
        consumers.entry(consumer).or_default().push(file);
    }
    consumers
}

fn contract(file: &PactFile, args: &PublishArgs) -> ContractToPublish {
    ContractToPublish {
        provider: file.pact.provider.clone(),
        content: file.content.clone(),
        on_conflict: if args.merge {
            OnConflict::Merge
        } else {
            OnConflict::default()
        },
    }
}

fn answer(published: &[Published], is_quiet: bool) -> Answer {
    let documents: Vec<_> = published.iter().map(|p| &p.document).collect();
    Answer {
        code: ExitCode::Yes,
        text: output::published(published, is_quiet),
        json: match documents.as_slice() {
            [one] => (*one).clone(),
            several => json!(several),
        },
    }
}
