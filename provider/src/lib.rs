//! For a provider's build: replay every interaction of a pact against the running service or in process.
//!
//! A [`Verifier`] knows a provider: where it answers, and how to bring it into the states that its consumers name. It
//! takes pacts from a [`PactSource`] and gives back a [`Report`], a value that says what was really done; whether that
//! is a "yes" is [`Report::verdict`], and how it looks is the reader's choice ([`Report::console`], [`Report::to_json`]).
//!
//! ```
//! use axum::{Router, routing::get};
//! use treaty_provider::{PactSource, Verdict, Verifier};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let pact = serde_json::json!({
//!     "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
//!     "interactions": [{ "description": "a ping", "request": { "path": "/ping" }, "response": { "status": 200 } }]
//! });
//! let report = Verifier::new("UserService")
//!     .service(Router::new().route("/ping", get(async || "pong")))
//!     .verify(PactSource::json("a pact", pact))
//!     .await;
//! assert_eq!(report.verdict(), Verdict::Yes);
//! # }
//! ```

mod answer;
mod diff;
mod evidence;
mod exchange;
#[cfg(feature = "pact-verifier")]
mod executors;
mod filter;
#[cfg(feature = "harness")]
pub mod harness;
mod instance;
mod join;
mod message;
mod mutate;
mod options;
mod order;
#[cfg(feature = "plugins")]
mod plugins;
#[cfg(not(feature = "plugins"))]
#[path = "no_plugins.rs"]
mod plugins;
mod publish;
mod redact;
mod replay;
mod report;
mod responses;
mod run;
mod shard;
mod source;
mod stability;
mod state;
mod target;
mod verifier;
mod verify;

pub use diff::{BodyDiff, DiffLine, DiffMark};
pub use filter::{Filter, FilterError};
pub use instance::{Instance, IntoInstance};
pub use join::{NotWhole, join};
pub use message::{IntoMessage, IntoMessages, Message, MessageProducer, MessageResponder};
pub use mutate::{
    MUTANTS_MAX, Mutation, PlaceProtection, ProtectedPlace, ProtectedResponse, Protection,
};
pub use options::{
    BODY_BYTES_MAX, BODY_TIMEOUT, JOBS, REQUEST_TIMEOUT, STATE_TIMEOUT, VerifyOptions,
};
pub use order::OrderDependence;
pub use publish::{Publish, publish_results};
pub use redact::{JsonPathError, REDACTED, REDACTED_HEADERS, Redaction, redacted};
pub use report::{
    Colour, InteractionReport, Notice, PactLeftOut, PactLeftOutReason, PactReport, Publication,
    REPORT_SCHEMA, Refusal, Report, SourceCause, SourceProblem, Summary, Withheld,
};
pub use source::{BrokerSource, PACT_BYTES_MAX, PactSource, Sources, pact_files};
pub use stability::Stability;
pub use state::{
    IntoStateValues, STATE_CHANGE_ATTEMPTS, StateChange, StateChangeData, StateHandler,
    StateParams, StateValues,
};
pub use treaty_core::outcome::Verdict;
pub use verifier::{IntoTarget, NoTarget, Progress, Target, Verifier};
