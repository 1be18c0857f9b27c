//! For a consumer's tests: describe the interactions, run the real client against a mock server, get the pact written.
//!
//! ```
//! use treaty_consumer::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let pacts = tempfile::tempdir()?;
//! let mock = PactBuilder::new_v4("OrderService", "UserService")
//! #   .with_output_dir(pacts.path())
//!     .interaction("a request for user 42", "", |mut i| {
//!         i.given("a user with ID 42 exists");
//!         i.request.get().path("/users/42");
//!         i.response.ok().json_body(json_pattern!({ "id": like!(42), "name": like!("Jane") }));
//!         i
//!     })
//!     .mock_server();
//!
//! // Here the consumer's own client would ask; it gets what the interaction says.
//! # let user: serde_json::Value = tokio::runtime::Runtime::new()?
//! #    .block_on(async { reqwest::get(mock.path("/users/42")).await?.json().await })?;
//! assert_eq!(user["name"], "Jane");
//!
//! mock.finish()?; // writes OrderService-UserService.json, or names what was not met and what was not expected
//! # assert!(pacts.path().join("OrderService-UserService.json").exists());
//! # Ok(())
//! # }
//! ```
//!
//! Tests that were written for `pact_consumer` run on this crate's server with only their import changed: see
//! [`mock_server::StartMockServer`]. `PACT_OVERWRITE`, which that crate reads, means nothing here: an edited interaction
//! replaces its former self in the pact file, those of other tests stay, and `treaty prune` removes what no test writes any
//! more.

pub mod bodies;
mod builder;
mod environment;
mod file;
mod flaws;
mod http;
pub mod matchers;
mod message;
pub mod mock_server;
pub mod prelude;
mod stale;
#[cfg(feature = "tls")]
mod tls;
mod tolerance;
mod turn;
mod variants;

pub use builder::PactBuilder;
pub use file::{PactFileError, add_to_pact_file};
pub use http::{MockServer, Unmet};
pub use message::{
    Attempt, DeadLetter, Delivery, DeliveryOptions, DeliveryReport, Events, Explored,
    HandlerFailure, Listener, Message, MessageExt, MessageIterator, NeverHappened, NotRequested,
    Observed, OrderKept, Record, Sent, SyncMessage, SyncMessageExt, Topic, Undelivered, Unhandled,
    Unstable, eventually, explore,
};
pub use pact_consumer::{builders, patterns};
pub use pact_consumer::{
    each_like, each_like_helper, json_pattern, json_pattern_internal, like, matching_regex,
    object_matching, term,
};
pub use stale::{Stale, StaleError, TestRun};
pub use tolerance::{Intolerance, Tolerance, ToleranceOptions, Untried};
pub use treaty_mock_server::{Fault, FaultyAnswer, MockServerOptions, Report};
#[cfg(feature = "tls")]
pub use treaty_mock_server::{Tls, TlsError};
