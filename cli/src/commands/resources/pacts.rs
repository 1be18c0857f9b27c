//! Pacts that a broker has, and the provider states in them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use treaty_broker_client::{Client, FetchedPact, PactsOfProvider, StatesOf};

use crate::args::{GetPactsArgs, ProviderStatesListArgs};
use crate::error::Failure;
use crate::output::{Shown, joined, or_empty};

pub(super) async fn list_latest(client: &Client) -> Result<Shown, Failure> {
    let pacts = client.latest_pacts().await?;
    let documents: Vec<Value> = pacts.iter().map(|p| p.document.clone()).collect();
    let things = pacts.into_iter().map(|pact| {
        let members = vec![
            ("CONSUMER", pact.consumer.to_string()),
            ("VERSION", pact.consumer_version.to_string()),
            ("PROVIDER", pact.provider.to_string()),
            ("PUBLISHED", or_empty(&pact.created_at)),
        ];
        (members, pact.url)
    });
    Ok(Shown::listed(
        "pacts",
        things.collect(),
        json!({ "pacts": documents }),
    ))
}

pub(super) async fn get(client: &Client, args: &GetPactsArgs) -> Result<Shown, Failure> {
    let wanted = PactsOfProvider {
        provider: args.provider.clone(),
        consumer: args.consumer.clone(),
        branch: args.branch.clone(),
        latest: args.latest,
    };
    let pacts = client.pacts_of_provider(&wanted).await?;
    let mut things = Vec::new();
    for pact in &pacts {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let version = text(&pact.document["_links"]["pb:consumer-version"]["name"]);
        let mut members = vec![
            ("CONSUMER", text(&pact.document["consumer"]["name"])),
            ("VERSION", version.clone()),
            ("PROVIDER", text(&pact.document["provider"]["name"])),
        ];
        if args.download {
            let path = write(&args.download_dir, pact, &version)?;
            members.push(("FILE", path.display().to_string()));
        }
        things.push((members, pact.url.clone()));
    }
    let documents: Vec<&Value> = pacts.iter().map(|p| &p.document).collect();
    let what = format!("pacts with {} there", args.provider);
    Ok(Shown::listed(&what, things, json!(documents)))
}

/// Writes the pact as a consumer's test would: without what the broker adds for itself.
fn write(directory: &Path, pact: &FetchedPact, version: &str) -> Result<PathBuf, Failure> {
    let mut document = pact.document.clone();
    if let Some(members) = document.as_object_mut() {
        members.retain(|name, _| name != "_links" && name != "createdAt");
    }
    let name = |side: &str| plain(pact.document[side]["name"].as_str().unwrap_or_default());
    let file = format!(
        "{}-{}-{}.json",
        name("consumer"),
        name("provider"),
        plain(version)
    );
    let path = directory.join(file);
    let written =
        fs::create_dir_all(directory).and_then(|()| fs::write(&path, format!("{document:#}\n")));
    written.map_err(|source| Failure::Write {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}

/// The text as part of a file's name, whatever the broker says.
fn plain(text: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '_'
        }
    };
    text.chars().map(plain).collect()
}

pub(super) async fn states(
    client: &Client,
    args: &ProviderStatesListArgs,
) -> Result<Shown, Failure> {
    let of = match (&args.branch, &args.environment) {
        (Some(branch), _) => StatesOf::Branch(branch.clone()),
        (None, Some(environment)) => StatesOf::Environment(environment.clone()),
        (None, None) => StatesOf::MainBranch,
    };
    let (states, document) = client.provider_states(&args.provider, &of).await?;
    let things = states.into_iter().map(|state| {
        let consumers = joined(&state.consumers);
        let members = vec![
            ("PROVIDER STATE", state.name.clone()),
            ("CONSUMERS", consumers),
        ];
        (members, state.name)
    });
    let what = format!("provider states that pacts with {} ask for", args.provider);
    Ok(Shown::listed(&what, things.collect(), document))
}
