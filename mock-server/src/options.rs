//! How a mock server answers, beyond what its interactions say.

use crate::fault::Fault;
use crate::tls::Tls;

/// Faults, CORS, TLS: none of it unless it is asked for.
///
/// ```
/// use treaty_mock_server::{Fault, MockServerOptions};
///
/// let options = MockServerOptions::default().fault(Fault::status(503).first(2)).seed(7);
/// assert_eq!(options.faults()[0].to_string(), "status 503, on the first 2 calls of any interaction");
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct MockServerOptions {
    pub(crate) faults: Vec<Fault>,
    pub(crate) seed: u64,
    pub(crate) cors: bool,
    pub(crate) closes_connections: bool,
    pub(crate) tls: Option<Tls>,
}

impl MockServerOptions {
    /// Adds a fault. Faults never get into a pact.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The faults so far.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Takes all faults out again.
    #[must_use]
    pub fn without_faults(self) -> Self {
        Self {
            faults: Vec::new(),
            ..self
        }
    }

    /// What everything random about the faults is made from; 0 unless it is set.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// For a client in a browser: answers CORS pre-flight requests, and allows the client's origin in every answer.
    ///
    /// A pre-flight is an `OPTIONS` request with the headers `Origin` and `Access-Control-Request-Method` that no
    /// interaction matches. It is not part of the contract and appears in no account.
    #[must_use]
    pub fn cors(self) -> Self {
        Self { cors: true, ..self }
    }

    /// Closes each HTTP/1 connection behind its first answer.
    #[must_use]
    pub fn closes_connections(self) -> Self {
        Self {
            closes_connections: true,
            ..self
        }
    }
}
