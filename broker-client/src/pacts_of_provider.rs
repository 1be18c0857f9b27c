//! The pacts of a provider.

use treaty_core::names::{BranchName, PacticipantName};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pacts::FetchedPact;

/// Which pacts of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PactsOfProvider {
    /// The provider.
    pub provider: PacticipantName,
    /// Only those of the consumer.
    pub consumer: Option<PacticipantName>,
    /// Those of the branch; of each consumer's main branch if it is absent.
    pub branch: Option<BranchName>,
    /// Only the latest of each consumer.
    pub latest: bool,
}

impl Client {
    /// The pacts of a provider, each with its content.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::PactsOfProvider;
    ///
    /// let wanted = PactsOfProvider { provider: "B".parse()?, consumer: None, branch: None, latest: true };
    /// assert!(client.pacts_of_provider(&wanted).await.is_err(), "no such provider");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know the provider.
    pub async fn pacts_of_provider(
        &self,
        wanted: &PactsOfProvider,
    ) -> Result<Vec<FetchedPact>, ClientError> {
        let relation = match (&wanted.branch, wanted.latest) {
            (None, false) => "pb:provider-pacts-with-main-branch",
            (None, true) => "pb:latest-provider-pacts-with-main-branch",
            (Some(_), false) => "pb:provider-pacts-with-branch",
            (Some(_), true) => "pb:latest-provider-pacts-with-branch",
        };
        let branch = wanted.branch.as_ref().map_or("", BranchName::as_str);
        let names = [("provider", wanted.provider.as_str()), ("branch", branch)];
        let list = self.get_linked(relation, &names).await;
        let list = list.map_err(|error| {
            error.or_unknown(|| format!("provider {:?}", wanted.provider.as_str()))
        })?;
        let mut pacts = Vec::new();
        for link in list.links("pb:pacts") {
            let pact = self.fetch_pact(list.follow(&link, &[])?.as_str()).await?;
            let consumer = wanted.consumer.as_ref().map(PacticipantName::as_str);
            if consumer.is_none_or(|name| pact.document["consumer"]["name"] == name) {
                pacts.push(pact);
            }
        }
        Ok(pacts)
    }

    /// Reads the document that a link of the index leads to.
    pub(crate) async fn get_linked(
        &self,
        relation: &str,
        names: &[(&str, &str)],
    ) -> Result<Document, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link(relation)?, names)?;
        self.get(&url).await
    }
}
