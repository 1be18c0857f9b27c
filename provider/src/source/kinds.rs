//! The kinds of sources, and which of them reads what.

use std::path::PathBuf;

use reqwest::Client;
use serde_json::Value;
use treaty_core::names::PacticipantName;

use super::broker::{BrokerSource, BrokerUrl};
use super::document::{Found, Loaded};
use super::{broker, file, url};
use crate::report::SourceCause;
use crate::target::bare;

/// Where pacts come from: a file, a directory, a URL, a broker, or memory.
///
/// ```
/// use treaty_provider::{PactSource, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let sources = [PactSource::dir("no such directory"), PactSource::file("no such file.json")];
/// let report = Verifier::new("UserService").service(axum::Router::new()).verify(sources).await;
/// assert_eq!(report.problems.len(), 2);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PactSource(pub(super) Kind);

#[derive(Debug, Clone)]
pub(super) enum Kind {
    File(PathBuf),
    Dir(PathBuf),
    Url(String),
    Json { origin: String, document: Value },
    Broker(Box<BrokerSource>),
    BrokerUrl(Box<BrokerUrl>),
}

impl PactSource {
    /// One pact file, whichever provider it names.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File(path.into()))
    }

    /// Every `.json` file in the directory and those below it. A file that is not a pact is told as one; pacts for
    /// other providers are left out.
    pub fn dir(path: impl Into<PathBuf>) -> Self {
        Self(Kind::Dir(path.into()))
    }

    /// One pact at a URL that asks for no credentials.
    pub fn url(url: impl Into<String>) -> Self {
        Self(Kind::Url(url.into()))
    }

    /// One pact that is there already. `origin` is what the report calls it.
    pub fn json(origin: impl Into<String>, document: Value) -> Self {
        let origin = origin.into();
        Self(Kind::Json { origin, document })
    }

    /// Whether results of its pacts can be published.
    pub(crate) fn is_broker(&self) -> bool {
        matches!(self.0, Kind::Broker(_) | Kind::BrokerUrl(_))
    }

    /// Whether reading it takes the client of the run.
    pub(crate) fn needs_client(&self) -> bool {
        matches!(self.0, Kind::Url(_))
    }
}

/// One source or several.
#[derive(Debug, Clone)]
pub struct Sources(pub(crate) Vec<PactSource>);

impl From<PactSource> for Sources {
    fn from(source: PactSource) -> Self {
        Self(vec![source])
    }
}

impl From<Vec<PactSource>> for Sources {
    fn from(sources: Vec<PactSource>) -> Self {
        Self(sources)
    }
}

impl<const N: usize> From<[PactSource; N]> for Sources {
    fn from(sources: [PactSource; N]) -> Self {
        Self(sources.into())
    }
}

/// What sources are read with.
#[derive(Debug)]
pub(crate) struct Reader<'v> {
    pub(crate) provider: &'v PacticipantName,
    /// There whenever a source needs it.
    pub(crate) client: Option<Client>,
}

impl Reader<'_> {
    pub(crate) async fn read(&self, sources: &Sources) -> Found {
        let mut found = Found::default();
        for source in &sources.0 {
            found.append(self.read_one(source).await);
        }
        found
    }

    async fn read_one(&self, source: &PactSource) -> Found {
        let mut found = Found::default();
        match &source.0 {
            Kind::File(path) => found.add(&path.display().to_string(), file::read(path)),
            Kind::Dir(path) => file::read_dir(path, self.provider, &mut found),
            Kind::Url(url) => found.add(&bare(url), self.fetch(url).await),
            Kind::Json { origin, document } => {
                found.add(origin, Loaded::from_json(origin, document));
            }
            Kind::Broker(source) => broker::read(source, self.provider, &mut found).await,
            Kind::BrokerUrl(source) => broker::read_url(source, &mut found).await,
        }
        found
    }

    async fn fetch(&self, url: &str) -> Result<Loaded, SourceCause> {
        match &self.client {
            Some(client) => url::read(client, url).await,
            None => Err(SourceCause::Unreachable {
                reason: "no client".to_owned(),
            }),
        }
    }
}
