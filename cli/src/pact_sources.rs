//! Pacts from wherever a command finds them: files, URLs, the latest ones of a broker.

use std::path::PathBuf;

use treaty_broker_client::{Client, FetchedPact, PactInBroker};
use treaty_core::document;
use treaty_core::names::VersionNumber;
use treaty_core::pact::Pact;
use treaty_mock_server::NamePattern;

use crate::args::BrokerArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::files;
use crate::pact_files;

/// Where pacts are.
#[derive(Debug, Clone, Default)]
pub(crate) struct PactSources {
    /// Files, directories and glob patterns.
    pub(crate) places: Vec<String>,
    /// Directories, with what the names of their pact files end with.
    pub(crate) directories: Vec<(PathBuf, String)>,
    /// URLs of single pacts.
    pub(crate) urls: Vec<String>,
    /// The broker, and the credentials for it and for URLs.
    pub(crate) broker: BrokerArgs,
    /// Whether the broker's latest pacts are meant.
    pub(crate) from_broker: bool,
    /// Only these consumers of the broker's pacts; all if there are none.
    pub(crate) consumers: Vec<NamePattern>,
    /// Only these providers of the broker's pacts; all if there are none.
    pub(crate) providers: Vec<NamePattern>,
}

/// A pact, and who published it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The pact.
    pub(crate) pact: Pact,
    /// The consumer's version that published it, in a broker.
    pub(crate) consumer_version: Option<VersionNumber>,
}

impl PactSources {
    /// The files that there are now.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut files = pact_files::find(&self.places)?;
        for (directory, extension) in &self.directories {
            let found = pact_files::in_directory(directory, extension)?;
            if found.is_empty() {
                return Err(Failure::NoPactFile {
                    given: vec![format!("{}/**/*.{extension}", directory.display())],
                });
            }
            for file in found {
                if !files.contains(&file) {
                    files.push(file);
                }
            }
        }
        Ok(files)
    }

    /// Every pact: of the files in the order of the arguments, of the URLs, of the broker by its names.
    pub(crate) async fn read(&self) -> Result<Vec<Found>, Failure> {
        let mut found = Vec::new();
        for path in self.files()? {
            found.push(in_file(&path.to_string_lossy())?);
        }
        for url in &self.urls {
            found.push(at_url(url, &self.broker.or_at(url)).await?);
        }
        if self.from_broker {
            let client = broker_access::open(&self.broker)?;
            found.extend(self.latest(&client).await?);
        }
        Ok(found)
    }

    /// The broker's latest pacts.
    pub(crate) async fn latest(&self, client: &Client) -> Result<Vec<Found>, Failure> {
        let chosen = |patterns: &[NamePattern], name: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.fits(name))
        };
        let mut found = Vec::new();
        for pact in client.latest_pacts().await? {
            let (consumer, provider) = (pact.consumer.as_str(), pact.provider.as_str());
            if chosen(&self.consumers, consumer) && chosen(&self.providers, provider) {
                found.push(of_broker(client, pact).await?);
            }
        }
        Ok(found)
    }
}

/// The pact in the file.
pub(crate) fn in_file(path: &str) -> Result<Found, Failure> {
    let bytes = files::read(path.as_ref())?;
    Ok(Found {
        pact: document::load(path, &bytes)?,
        consumer_version: None,
    })
}

/// The pact at the URL, which may be a broker's.
pub(crate) async fn at_url(url: &str, broker: &BrokerArgs) -> Result<Found, Failure> {
    let client = broker_access::open_for_url(url, broker)?;
    fetched(&client, url, None).await
}

async fn of_broker(client: &Client, pact: PactInBroker) -> Result<Found, Failure> {
    fetched(client, &pact.url, Some(pact.consumer_version)).await
}

/// The pact that the broker sent.
pub(crate) fn parsed(fetched: &FetchedPact) -> Result<Pact, Failure> {
    Ok(document::load_json(&fetched.url, &fetched.document)?)
}

/// The pact at a URL of the client's broker.
async fn fetched(
    client: &Client,
    url: &str,
    consumer_version: Option<VersionNumber>,
) -> Result<Found, Failure> {
    Ok(Found {
        pact: parsed(&client.fetch_pact(url).await?)?,
        consumer_version,
    })
}
