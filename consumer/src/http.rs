//! A running mock server, and what is said of it at the end of its test.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::thread;

use treaty_core::causes::with_causes;
use treaty_core::document::Draft;
use treaty_core::interaction::Interaction;
use treaty_mock_server::{MockServerOptions, Report, StartError};
use url::Url;

use crate::builder::PactBuilder;
use crate::environment::runtime;
use crate::file::{Destination, PactFileError, add_to_file};

/// A free port of this machine, for this machine alone.
pub(crate) const LOCAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A mock server in a test. Ask it at [`MockServer::url`], then [`MockServer::finish`] it.
///
/// Dropping it without `finish()` fails a test that would otherwise pass: nothing would have been checked.
#[derive(Debug)]
#[must_use = "a mock server stops when it is dropped"]
pub struct MockServer {
    pub(crate) server: treaty_mock_server::MockServer,
    pub(crate) draft: Draft,
    destination: Destination,
    finished: bool,
}

/// Why a consumer's test has not shown what its interactions say.
///
/// Its debug form is its text and that of its causes, because that is what a test which returns it prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Unmet {
    /// An interaction was never asked for, or a request came that none describes.
    #[error("the interactions of {consumer} with {provider} were not met\n{report}")]
    Requests {
        /// Who asked.
        consumer: String,
        /// Who was to be asked.
        provider: String,
        /// What was missing, and what came instead.
        report: Box<Report>,
    },
    /// There was nothing to meet: the pact has no HTTP interactions.
    #[error(
        "the pact of {consumer} with {provider} has no HTTP interactions, so its mock server checked nothing: \
         describe one with `interaction`, or hand its messages to their handler"
    )]
    Nothing {
        /// Who would have asked.
        consumer: String,
        /// Who would have been asked.
        provider: String,
    },
    /// All were met, but the pact could not be written.
    #[error("the pact was not written")]
    PactFile(#[from] PactFileError),
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_causes(self))
    }
}

impl PactBuilder {
    /// As [`PactBuilder::mock_server`], with faults or other options.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mock = PactBuilder::new_v4("A", "B")
    /// #   .with_output_dir(pacts.path())
    ///     .interaction("a ping", "", |mut i| { i.request.path("/ping"); i })
    ///     .mock_server_with(MockServerOptions::default().fault(Fault::status(503).on("a ping")));
    /// # let runtime = tokio::runtime::Runtime::new().unwrap();
    /// # let answer = runtime.block_on(reqwest::get(mock.path("/ping"))).unwrap();
    /// # assert_eq!(answer.status(), 503);
    /// assert_eq!(mock.report().faults[0].faults, ["status 503"]);
    /// mock.finish().unwrap(); // what was never answered as described is not written
    /// # assert_eq!(std::fs::read_dir(pacts.path()).unwrap().count(), 0);
    /// ```
    ///
    /// # Panics
    /// If the operating system gives no port, and for a fault that could never happen.
    pub fn mock_server_with(&self, options: MockServerOptions) -> MockServer {
        self.mock_server_at(LOCAL, options)
    }

    /// As [`PactBuilder::mock_server_with`], on a listener that is bound already.
    ///
    /// # Panics
    /// If the listener cannot be used, and for a fault that could never happen.
    pub fn mock_server_on(&self, listener: TcpListener, options: MockServerOptions) -> MockServer {
        match MockServer::start(self, listener, options) {
            Ok(server) => server,
            Err(error) => panic!("no mock server can start: {}", with_causes(&error)),
        }
    }

    pub(crate) fn mock_server_at(
        &self,
        address: SocketAddr,
        options: MockServerOptions,
    ) -> MockServer {
        match TcpListener::bind(address) {
            Ok(listener) => self.mock_server_on(listener, options),
            Err(error) => panic!("no mock server can listen on {address}: {error}"),
        }
    }
}

impl MockServer {
    fn start(
        builder: &PactBuilder,
        listener: TcpListener,
        options: MockServerOptions,
    ) -> Result<Self, StartError> {
        let interactions = builder.draft.interactions.clone();
        let server =
            treaty_mock_server::MockServer::start_with(interactions, listener, options, runtime())?;
        Ok(Self {
            server,
            draft: builder.draft.clone(),
            destination: builder.destination.clone(),
            finished: false,
        })
    }

    /// The base URL to hand to the client under test.
    ///
    /// # Panics
    /// Never: the address of a listener makes a URL.
    #[must_use]
    pub fn url(&self) -> Url {
        Url::parse(&self.server.url()).expect("the address of a listener makes a URL")
    }

    /// The URL of a path on this server, `mock.path("/users/42")`.
    ///
    /// # Panics
    /// If the path cannot be part of a URL.
    #[must_use]
    pub fn path(&self, path: &str) -> Url {
        match self.url().join(path) {
            Ok(url) => url,
            Err(error) => panic!("{path:?} is not a path: {error}"),
        }
    }

    /// What was asked so far, against what is expected.
    #[must_use]
    pub fn report(&self) -> Report {
        self.server.report()
    }

    /// Waits until so many requests have come, counted from the start.
    ///
    /// From then on a test that is about a client's time-out can pause its clock instead of waiting: the request is in
    /// the account, and the time-out is all that can still happen.
    pub async fn received(&self, requests: usize) {
        self.server.received(requests).await;
    }

    /// Ends the test's conversation: with everything met and nothing unexpected, adds the interactions to the pact file.
    ///
    /// An interaction whose response a fault on every call kept from the client need not be met, and is not written:
    /// nothing has shown that the client can use it. It must have been asked for, like any other.
    ///
    /// # Errors
    /// [`Unmet`] names every interaction that was not asked for and every request that none describes.
    pub fn finish(mut self) -> Result<(), Unmet> {
        self.conclude()
    }

    /// Ends the conversation of a test that fails for a reason of its own.
    pub(crate) fn abandon(&mut self) {
        self.finished = true;
        if let Some(unmet) = self.unmet(&self.server.report()) {
            eprintln!("{unmet:?}");
        }
    }

    fn unmet(&self, report: &Report) -> Option<Unmet> {
        (!report.is_ok()).then(|| Unmet::Requests {
            consumer: self.draft.consumer.to_string(),
            provider: self.draft.provider.to_string(),
            report: Box::new(report.clone()),
        })
    }

    pub(crate) fn conclude(&mut self) -> Result<(), Unmet> {
        self.finished = true;
        let report = self.server.report();
        if let Some(unmet) = self.unmet(&report) {
            return Err(unmet);
        }
        let is_http = |interaction: &Interaction| matches!(interaction, Interaction::Http(_));
        if !self.draft.interactions.iter().any(is_http) {
            return Err(Unmet::Nothing {
                consumer: self.draft.consumer.to_string(),
                provider: self.draft.provider.to_string(),
            });
        }
        let withheld: Vec<usize> = report.withheld.iter().map(|left| left.place).collect();
        let mut places = 0..;
        // Messages of the same pact are their handlers' affair: nothing was shown of them here.
        self.draft.interactions.retain(|interaction| {
            let asked = places
                .next()
                .is_some_and(|place| !withheld.contains(&place));
            asked && is_http(interaction)
        });
        if self.draft.interactions.is_empty() {
            return Ok(());
        }
        Ok(add_to_file(&self.draft, &self.destination)?)
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if !self.finished && !thread::panicking() {
            panic!(
                "the mock server for {} was dropped without finish(), so nothing was checked and no pact written: \
                 end the test with `mock.finish()`",
                self.draft.provider
            );
        }
    }
}
