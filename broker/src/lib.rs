//! The embedded Pact Broker: one process, one file.
//!
//! A [`Broker`] listens on a socket; a [`BrokerService`] is the same broker without one, for programs that carry it
//! inside themselves. Both keep everything in one SQLite file, or in a PostgreSQL database that several brokers may
//! share, and speak the Pact Broker's HTTP API.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use treaty_broker::{Broker, Config, DatabaseUrl};
//!
//! let config = Config::new(DatabaseUrl::parse("sqlite::memory:")?);
//! let broker = Broker::start(config, ([127, 0, 0, 1], 0)).await?;
//! assert!(broker.url().starts_with("http://127.0.0.1:"));
//! broker.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod clean_up;
mod config;
mod domain;
mod error;
mod hal;
mod handlers;
mod history;
mod http;
mod known_routes;
mod listen;
mod openapi;
mod pages;
mod router;
mod server;
mod state;
mod store;
mod time;
mod views;
mod webhooks;

pub use config::{
    Access, CLEAN_UP_KEEP_DAYS, Clock, Config, DatabaseUrl, DatabaseUrlError, Ids, Rights, Tls,
    TlsError,
};
pub use error::StartError;
pub use history::Moment;
pub use http::Route;
pub use known_routes::{KnownRoute, Rank, Step, known_routes};
pub use router::{pages, routes};
pub use server::{Broker, BrokerService};
pub use store::{Copied, CopyError, StoreError, backup, restore};
pub use webhooks::{HostPattern, HostPatternError, SecretKey, SecretKeyError, WebhookSettings};
