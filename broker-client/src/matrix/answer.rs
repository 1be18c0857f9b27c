//! What the matrix answers.

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::question::{DeployQuestion, DeployTarget};
use super::reasons::TreatyExtension;
use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::publication::{BrokerNotice, notices};

/// The answer to a [`DeployQuestion`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CanIDeploy {
    /// The verdict and what it rests on.
    pub summary: Summary,
    /// What the broker says.
    pub notices: Vec<BrokerNotice>,
    /// Every pair of versions that was looked at.
    pub rows: Vec<Row>,
    /// Whether the broker may have left rows out, so that its "yes" covers only a part.
    pub truncated: bool,
    /// The causes and remedies that Treaty's own broker adds.
    pub treaty: Option<TreatyExtension>,
    /// The whole answer.
    pub document: Value,
}

/// The verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Whether it can be deployed; `None` if some result is missing.
    pub deployable: Option<bool>,
    /// Why, in the broker's words.
    #[serde(default)]
    pub reason: String,
    /// How many rows are verified.
    #[serde(default)]
    pub success: usize,
    /// How many rows failed.
    #[serde(default)]
    pub failed: usize,
    /// How many rows have no result.
    #[serde(default)]
    pub unknown: usize,
    /// How many rows were left out of account.
    #[serde(default)]
    pub ignored: usize,
}

/// One pair of versions, and how the verification between them went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The consumer and its version.
    pub consumer: RowVersion,
    /// The provider and its version.
    pub provider: RowVersion,
    /// The pact between them.
    pub pact_url: Option<String>,
    /// The result; absent if this version never verified the pact.
    pub result: Option<RowResult>,
    /// Whether the row was left out of account.
    pub ignored: bool,
}

/// One side of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowVersion {
    /// The pacticipant.
    pub name: String,
    /// The version number; absent where there is no version to speak of.
    pub number: Option<String>,
    /// The environments that the version is in.
    pub environments: Vec<String>,
}

/// The result of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowResult {
    /// Whether the provider keeps the pact.
    pub success: bool,
    /// When it was verified.
    pub verified_at: Option<String>,
    /// Where the result is.
    pub url: Option<String>,
}

impl CanIDeploy {
    /// The verdict, as far as the answer bears it: of a list that may be cut there is no yes.
    #[must_use]
    pub fn deployable(&self) -> Option<bool> {
        let yes = self.summary.deployable == Some(true);
        if yes && self.truncated {
            None
        } else {
            self.summary.deployable
        }
    }
}

impl Client {
    /// Asks whether the versions go together.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// # use treaty_broker_client::{ContractToPublish, OnConflict, PublishContracts};
    /// # let content = r#"{"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": []}"#;
    /// # client.publish_contracts(&PublishContracts {
    /// #     pacticipant: "A".parse()?, version: "1".parse()?, branch: None, tags: vec![], build_url: None,
    /// #     contracts: vec![ContractToPublish { provider: "B".parse()?, content: content.into(), on_conflict: OnConflict::default() }],
    /// # }).await?;
    /// use treaty_broker_client::{DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, MatrixSelector, VersionChoice};
    ///
    /// let selectors = vec![MatrixSelector { pacticipant: "A".parse()?, versions: VersionChoice::Number("1".parse()?) }];
    /// let (target, rows_max) = (Some(DeployTarget::Latest), DEPLOY_ROWS_MAX_DEFAULT);
    /// let question = DeployQuestion { selectors, target, ignored: vec![], rows_max };
    /// let answer = client.can_i_deploy(&question).await?;
    /// assert_eq!(answer.summary.deployable, None);
    /// assert_eq!(answer.summary.unknown, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked, refuses the question or gives no verdict.
    pub async fn can_i_deploy(&self, question: &DeployQuestion) -> Result<CanIDeploy, ClientError> {
        let mut url = self.matrix_url().await?;
        question.ask_in(&mut url);
        let document = match self.get(&url).await {
            Ok(document) => document.body,
            Err(error) => return Err(self.explained(error, question).await),
        };
        let summary = Summary::deserialize(&document["summary"]);
        let summary = summary.map_err(|error| ClientError::NotABroker {
            asked: Asked::new(&Method::GET, &url),
            what: format!("no verdict in it: {error}"),
        })?;
        let rows = document["matrix"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(CanIDeploy {
            summary,
            notices: notices(&document),
            truncated: rows.len() >= question.rows_max,
            rows: rows.iter().map(row).collect(),
            treaty: TreatyExtension::read(&document["treaty"]),
            document,
        })
    }

    /// Few brokers link to their matrix, so most often it is where it has always been.
    pub(crate) async fn matrix_url(&self) -> Result<Url, ClientError> {
        let index = self.index().await?;
        match index.link("pb:matrix") {
            Ok(link) => index.follow(&link, &[]),
            Err(_) => Ok(self.below_base("matrix")),
        }
    }

    /// Brokers refuse a question about an unknown environment without naming those that they know.
    async fn explained(&self, error: ClientError, question: &DeployQuestion) -> ClientError {
        let Some(DeployTarget::Environment(name)) = &question.target else {
            return error;
        };
        if error.status() != Some(StatusCode::BAD_REQUEST) {
            return error;
        }
        match self.environments().await {
            Ok(known) if known.iter().all(|known| known.name != name.as_str()) => {
                ClientError::UnknownEnvironment {
                    name: name.to_string(),
                    known: known.into_iter().map(|known| known.name).collect(),
                }
            }
            _ => error,
        }
    }
}

fn row(row: &Value) -> Row {
    Row {
        consumer: version(&row["consumer"]),
        provider: version(&row["provider"]),
        pact_url: text(&row["pact"]["_links"]["self"]["href"]),
        result: result(&row["verificationResult"]),
        ignored: row["ignored"].as_bool().unwrap_or(false),
    }
}

fn version(side: &Value) -> RowVersion {
    let environments = side["version"]["environments"].as_array();
    let environments = environments.into_iter().flatten();
    RowVersion {
        name: text(&side["name"]).unwrap_or_default(),
        number: text(&side["version"]["number"]),
        environments: environments.filter_map(|e| text(&e["name"])).collect(),
    }
}

fn result(result: &Value) -> Option<RowResult> {
    Some(RowResult {
        success: result["success"].as_bool()?,
        verified_at: text(&result["verifiedAt"]),
        url: text(&result["_links"]["self"]["href"]),
    })
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
