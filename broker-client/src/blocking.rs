//! The client without `async`: for build scripts and tests.

use std::io;

use tokio::runtime::{Builder, Runtime};

use crate::client::Client;

/// Asks one broker and waits for the answer.
#[derive(Debug)]
pub struct BlockingClient {
    client: Client,
    runtime: Runtime,
}

impl BlockingClient {
    /// Waits for the answers to what the client asks.
    ///
    /// # Errors
    /// What the operating system says where it does not let anything wait.
    pub fn new(client: Client) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime })
    }

    /// Asks, and waits for the answer. Not to be called from `async` code.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// use treaty_broker_client::{BlockingClient, Client};
    ///
    /// let client = BlockingClient::new(Client::over(broker, "http://broker")?)?;
    /// assert!(client.ask(async |broker| broker.environments().await)?.is_empty());
    /// # Ok(()) }
    /// ```
    pub fn ask<T>(&self, question: impl AsyncFnOnce(&Client) -> T) -> T {
        self.runtime.block_on(question(&self.client))
    }
}
