//! The mock server as `pact_consumer`'s users know it: checked when it is dropped.

use std::net::SocketAddr;
use std::thread;

use pact_consumer::prelude::MockServerConfig;
use treaty_mock_server::Report;
use url::Url;

use crate::builder::PactBuilder;
use crate::http::MockServer;

/// The way into a mock server for tests that were written for `pact_consumer`: change the import, and they run on ours.
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// # let pacts = tempfile::tempdir().unwrap();
/// let server = PactBuilder::new("A", "B")
/// #   .with_output_dir(pacts.path())
///     .interaction("a ping", "", |mut i| { i.request.path("/ping"); i })
///     .start_mock_server(None, None);
/// # let runtime = tokio::runtime::Runtime::new().unwrap();
/// # let answer = runtime.block_on(reqwest::get(server.path("/ping"))).unwrap();
/// # assert_eq!(answer.headers()["x-treaty-mock-server"], "matched");
/// drop(server); // panics if something was not met, and writes the pact file otherwise
/// ```
pub trait StartMockServer {
    /// Starts a mock server for HTTP.
    ///
    /// # Panics
    /// For a catalogue entry, which only plugins have, and for a configuration that this version does not know.
    fn start_mock_server(
        &self,
        catalog_entry: Option<&str>,
        mock_server_config: Option<MockServerConfig>,
    ) -> Box<dyn ValidatingMockServer>;
}

/// A mock server that checks itself when it is dropped: it panics if something was not met.
pub trait ValidatingMockServer {
    /// The base URL to hand to the client under test.
    fn url(&self) -> Url;

    /// The URL of a path on this server.
    fn path(&self, path: &str) -> Url;

    /// What was asked so far, against what is expected.
    fn status(&self) -> Report;
}

impl StartMockServer for PactBuilder {
    fn start_mock_server(
        &self,
        catalog_entry: Option<&str>,
        mock_server_config: Option<MockServerConfig>,
    ) -> Box<dyn ValidatingMockServer> {
        if let Some(entry) = catalog_entry {
            panic!("{entry:?} is a plugin's mock server, and this build of Treaty runs no plugins");
        }
        let server = match mock_server_config {
            Some(config) => self.mock_server_at(address(&config)),
            None => self.mock_server(),
        };
        Box::new(CheckedOnDrop { server })
    }
}

fn address(config: &MockServerConfig) -> SocketAddr {
    assert!(
        !config.cors_preflight,
        "this version of Treaty's mock server answers no CORS pre-flight requests"
    );
    let address = if config.address.is_empty() {
        "127.0.0.1:0"
    } else {
        &config.address
    };
    match address.parse() {
        Ok(address) => address,
        Err(error) => panic!("{address:?} is not an address to listen on: {error}"),
    }
}

struct CheckedOnDrop {
    server: MockServer,
}

impl ValidatingMockServer for CheckedOnDrop {
    fn url(&self) -> Url {
        self.server.url()
    }

    fn path(&self, path: &str) -> Url {
        self.server.path(path)
    }

    fn status(&self) -> Report {
        self.server.report()
    }
}

impl Drop for CheckedOnDrop {
    fn drop(&mut self) {
        match self.server.conclude() {
            // The test fails already; its own message comes first, this one must not abort it.
            Err(unmet) if thread::panicking() => eprintln!("{unmet:?}"),
            Err(unmet) => panic!("{unmet:?}"),
            Ok(()) => {}
        }
    }
}
