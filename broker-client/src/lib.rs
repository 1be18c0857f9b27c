//! One typed client for any Pact Broker.
//!
//! A [`Client`] starts at the broker's index and follows the links it finds; members of the documents that it does not
//! know are ignored. It speaks over the network, or to any [`tower::Service`] without a socket.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use http::{Request, Response};
//! use treaty_broker_client::{Bytes, Client};
//!
//! let broker = tower::service_fn(async |request: Request<Bytes>| {
//!     let body = match request.uri().path() {
//!         "/" => r#"{"_links": {"pb:environments": {"href": "/environments"}}}"#,
//!         _ => r#"{"_embedded": {"environments": [{"uuid": "1", "name": "production"}]}}"#,
//!     };
//!     Ok::<_, std::convert::Infallible>(Response::new(body.to_owned()))
//! });
//! let client = Client::over(broker, "http://broker.local")?;
//! assert_eq!(client.environments().await?[0].name, "production");
//! # Ok(())
//! # }
//! ```

mod access;
mod answer;
mod blocking;
mod branches;
mod client;
mod deployments;
mod environments;
mod error;
mod hal;
mod import;
mod latest_pacts;
mod matrix;
mod options;
mod pacticipants;
mod pacts;
mod pacts_of_provider;
mod pages;
mod provider_states;
mod publication;
mod releases;
mod tags;
mod test_results;
mod transport;
mod verifications;
mod versions;
mod webhooks;

pub use access::{AuditEntry, CleanUp, Token};
pub use blocking::BlockingClient;
pub use branches::Branch;
pub use bytes::Bytes;
pub use client::Client;
pub use deployments::{Deployment, DeploymentToRecord};
pub use environments::{Contact, Environment, EnvironmentChange, NewEnvironment};
pub use error::{Asked, BrokerWords, ClientError};
pub use import::{ImportCount, ImportKind, ImportStamp, Imported, LeftOut, NotCarried};
pub use latest_pacts::PactInBroker;
pub use matrix::{
    CanIDeploy, Checked, DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, FailedInteraction,
    Ignored, MatrixSelector, Reason, Row, RowResult, RowVersion, Summary, TreatyExtension,
    VersionChoice,
};
pub use options::{Auth, Options, Tls};
pub use pacticipants::{Pacticipant, PacticipantChange};
pub use pacts::{FetchedPact, Notice, PactsForVerification, VerifiablePact};
pub use pacts_of_provider::PactsOfProvider;
pub use provider_states::{ProviderState, StatesOf};
pub use publication::{BrokerNotice, ContractToPublish, OnConflict, PublishContracts, Published};
pub use test_results::TestResults;
pub use verifications::{Acknowledged, ProviderVersion, VerificationResult, VerifiedBy};
pub use versions::{Presence, Version, WhichVersion};
pub use webhooks::{Webhook, WebhookDefinition, WebhookParty, WebhookRun};
