//! What a stub answers from.

use std::path::PathBuf;

use treaty_broker_client::Client;
use treaty_core::names::EnvironmentName;
use treaty_mock_server::{NamePattern, Stubbed};

use super::{is_http, verified};
use crate::args::{StubArgs, StubPactArgs};
use crate::broker_access;
use crate::error::Failure;
use crate::pact_sources::PactSources;

/// Where the interactions are, and which of them may answer.
#[derive(Debug)]
pub(super) struct Sources {
    pacts: PactSources,
    broker: Option<Client>,
    verified_only: Option<EnvironmentName>,
}

impl Sources {
    pub(super) fn of(args: &StubArgs) -> Result<Self, Failure> {
        let pacts = pacts(&args.pacts);
        let others =
            !pacts.places.is_empty() || !pacts.directories.is_empty() || !pacts.urls.is_empty();
        let from_broker = pacts.broker.named().is_some() || !others;
        if args.verified_only.is_some() && others {
            return Err(Failure::usage(
                "--verified-only answers from pacts of a broker, and files are named",
                "leave the files out, or --verified-only",
            ));
        }
        if from_broker && others {
            broker_access::tell_of_broker_beside(&pacts.broker);
        }
        let broker = from_broker.then(|| broker_access::open(&pacts.broker));
        Ok(Self {
            broker: broker.transpose()?,
            pacts,
            verified_only: args.verified_only.clone(),
        })
    }

    /// Every interaction, in the order of the sources.
    pub(super) async fn read(&self) -> Result<Vec<Stubbed>, Failure> {
        let mut stubbed = Vec::new();
        for found in self.pacts.read().await? {
            stubbed.extend(found.pact.interactions.into_iter().map(Stubbed::from));
        }
        if let Some(client) = &self.broker {
            for found in self.pacts.latest(client).await? {
                stubbed.extend(match &self.verified_only {
                    Some(environment) => verified::only(client, environment, found).await?,
                    None => found
                        .pact
                        .interactions
                        .into_iter()
                        .map(Stubbed::from)
                        .collect(),
                });
            }
        }
        if stubbed.iter().any(is_http) {
            return Ok(stubbed);
        }
        Err(Failure::usage(
            "there is nothing to answer from: no HTTP interaction in any pact",
            "name other pacts, or publish one first: treaty publish pacts --consumer-app-version 1",
        ))
    }

    /// The files that there are now, for who looks for changes.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.pacts.files().unwrap_or_default()
    }

    /// Whether something can change that is no file.
    pub(super) fn has_broker(&self) -> bool {
        self.broker.is_some()
    }
}

fn pacts(args: &StubPactArgs) -> PactSources {
    let patterns = |names: &[String]| names.iter().map(NamePattern::new).collect();
    let directories = args.dir.iter().cloned();
    PactSources {
        places: args.pacts.iter().chain(&args.file).cloned().collect(),
        directories: directories
            .map(|directory| (directory, args.extension.clone()))
            .collect(),
        urls: args.of_broker.url.clone(),
        broker: args.broker(),
        from_broker: false,
        consumers: patterns(&args.consumer_name),
        providers: patterns(&args.provider_name),
    }
}
