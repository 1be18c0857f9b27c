//! A running mock server, and what is said of it at the end of its test.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread;

use treaty_core::document::Draft;
use treaty_mock_server::Report;
use url::Url;

use crate::environment::{output_dir, runtime};
use crate::file::{PactFileError, add_to_file};

/// A mock server in a test. Ask it at [`MockServer::url`], then [`MockServer::finish`] it.
///
/// Dropping it without `finish()` fails a test that would otherwise pass: nothing would have been checked.
#[derive(Debug)]
#[must_use = "a mock server stops when it is dropped"]
pub struct MockServer {
    server: treaty_mock_server::MockServer,
    draft: Draft,
    output_dir: Option<PathBuf>,
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
        report: Report,
    },
    /// All were met, but the pact could not be written.
    #[error("the pact was not written")]
    PactFile(#[from] PactFileError),
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl MockServer {
    pub(crate) fn start(
        draft: Draft,
        output_dir: Option<PathBuf>,
        address: SocketAddr,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let interactions = draft.interactions.clone();
        let server = treaty_mock_server::MockServer::start(interactions, listener, runtime())?;
        Ok(Self {
            server,
            draft,
            output_dir,
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

    /// Ends the test's conversation: with everything met and nothing unexpected, adds the interactions to the pact file.
    ///
    /// # Errors
    /// [`Unmet`] names every interaction that was not asked for and every request that none describes.
    pub fn finish(mut self) -> Result<(), Unmet> {
        self.conclude()
    }

    pub(crate) fn conclude(&mut self) -> Result<(), Unmet> {
        self.finished = true;
        let report = self.server.report();
        if !report.is_ok() {
            return Err(Unmet::Requests {
                consumer: self.draft.consumer.to_string(),
                provider: self.draft.provider.to_string(),
                report,
            });
        }
        let dir = self.output_dir.take().unwrap_or_else(output_dir);
        Ok(add_to_file(&self.draft, &dir)?)
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
