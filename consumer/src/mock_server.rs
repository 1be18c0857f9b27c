//! The mock server as `pact_consumer`'s users know it: checked when it is dropped.

use std::net::SocketAddr;
use std::thread;

use pact_consumer::prelude::MockServerConfig;
use pact_models::PactSpecification;
use treaty_core::document::SpecVersion;
use treaty_mock_server::{MockServerOptions, Report};
use url::Url;

use crate::builder::PactBuilder;
use crate::http::{LOCAL, MockServer};

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

/// The same from an asynchronous test, as `pact_consumer` has it for its asynchronous builder.
///
/// Nothing here waits: the mock server has threads of its own, so it is ready at once, and neither its start nor its drop
/// holds up a runtime with one thread.
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// # let pacts = tempfile::tempdir().unwrap();
/// # let runtime = tokio::runtime::Runtime::new().unwrap();
/// # runtime.block_on(async {
/// let server = PactBuilder::new("A", "B")
/// #   .with_output_dir(pacts.path())
///     .interaction("a ping", "", |mut i| { i.request.path("/ping"); i })
///     .start_mock_server_async(None, None)
///     .await;
/// # let answer = reqwest::get(server.path("/ping")).await.unwrap();
/// # assert_eq!(answer.headers()["x-treaty-mock-server"], "matched");
/// # });
/// ```
pub trait StartMockServerAsync {
    /// Starts a mock server for HTTP.
    ///
    /// # Panics
    /// As [`StartMockServer::start_mock_server`].
    fn start_mock_server_async(
        &self,
        catalog_entry: Option<&str>,
        mock_server_config: Option<MockServerConfig>,
    ) -> impl Future<Output = Box<dyn ValidatingMockServer>> + Send;
}

impl StartMockServer for PactBuilder {
    fn start_mock_server(
        &self,
        catalog_entry: Option<&str>,
        mock_server_config: Option<MockServerConfig>,
    ) -> Box<dyn ValidatingMockServer> {
        Box::new(self.checked_on_drop(catalog_entry, mock_server_config))
    }
}

impl StartMockServerAsync for PactBuilder {
    async fn start_mock_server_async(
        &self,
        catalog_entry: Option<&str>,
        mock_server_config: Option<MockServerConfig>,
    ) -> Box<dyn ValidatingMockServer> {
        Box::new(self.checked_on_drop(catalog_entry, mock_server_config))
    }
}

impl PactBuilder {
    fn checked_on_drop(
        &self,
        catalog_entry: Option<&str>,
        config: Option<MockServerConfig>,
    ) -> CheckedOnDrop {
        if let Some(entry) = catalog_entry {
            panic!("{entry:?} is a plugin's mock server, and this build of Treaty runs no plugins");
        }
        let config = config.unwrap_or_default();
        refuse_unknown(&config, self.draft.version);
        let server = self.mock_server_at(address(&config), options(&config));
        CheckedOnDrop { server }
    }
}

/// No option is passed over in silence: a test that sets one relies on it.
fn refuse_unknown(config: &MockServerConfig, version: SpecVersion) {
    if let Some(id) = &config.mockserver_id {
        panic!("mockserver_id is {id:?}, and Treaty's mock servers have no ids: leave it out");
    }
    let mut transport: Vec<&String> = config.transport_config.keys().collect();
    transport.sort();
    assert!(
        transport.is_empty(),
        "transport_config holds {transport:?}, which are options of plugins, and this build of Treaty runs no plugins"
    );
    let builders = match version {
        SpecVersion::V4 => PactSpecification::V4,
        SpecVersion::V2 => PactSpecification::V2,
        _ => PactSpecification::V3,
    };
    let asked = &config.pact_specification;
    assert!(
        *asked == PactSpecification::default() || *asked == builders,
        "pact_specification is {asked:?}, and the builder writes {builders:?}: \
         `PactBuilder::new` and `PactBuilder::new_v4` decide that"
    );
}

fn options(config: &MockServerConfig) -> MockServerOptions {
    let options = MockServerOptions::default();
    let options = if config.cors_preflight {
        options.cors()
    } else {
        options
    };
    if config.keep_alive {
        options
    } else {
        options.closes_connections()
    }
}

fn address(config: &MockServerConfig) -> SocketAddr {
    if config.address.is_empty() {
        return LOCAL;
    }
    match config.address.parse() {
        Ok(address) => address,
        Err(error) => panic!(
            "address is {:?}, which is not an address to listen on: {error}",
            config.address
        ),
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
        if thread::panicking() {
            // The test fails already, so it writes no pact; what was unmet may be why.
            return self.server.abandon();
        }
        if let Err(unmet) = self.server.conclude() {
            panic!("{unmet:?}");
        }
    }
}
