//! What reading a source comes to.

use treaty_core::document::{LoadError, load, load_json};
use treaty_core::names::PacticipantName;
use treaty_core::pact::Pact;

use super::broker::FromBroker;
use crate::plugins::{self, Delegate};
use crate::report::{Notice, PactLeftOut, PactLeftOutReason, SourceCause, SourceProblem};

/// The largest pact document that is read, in bytes.
pub const PACT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A pact, and what its source says about it.
pub(crate) struct Loaded {
    pub(crate) origin: String,
    pub(crate) pact: Pact,
    pub(crate) pending: bool,
    pub(crate) wip: bool,
    pub(crate) notices: Vec<Notice>,
    /// Who replays its interactions in our place, one for each, where it needs plugins.
    pub(crate) delegates: Vec<Delegate>,
    /// Where its result can be published.
    pub(crate) broker: Option<FromBroker>,
}

/// All that was found in the sources.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) pacts: Vec<Loaded>,
    pub(crate) left_out: Vec<PactLeftOut>,
    pub(crate) problems: Vec<SourceProblem>,
}

impl Loaded {
    pub(super) fn new(origin: &str, pact: Pact) -> Self {
        Self {
            origin: origin.to_owned(),
            pact,
            pending: false,
            wip: false,
            notices: Vec::new(),
            delegates: Vec::new(),
            broker: None,
        }
    }

    pub(super) fn parse(origin: &str, bytes: &[u8]) -> Result<Self, SourceCause> {
        let document = || serde_json::from_slice(bytes).ok();
        Self::checked(origin, load(origin, bytes), document)
    }

    pub(super) fn from_json(
        origin: &str,
        document: &serde_json::Value,
    ) -> Result<Self, SourceCause> {
        Self::checked(origin, load_json(origin, document), || {
            Some(document.clone())
        })
    }

    fn checked(
        origin: &str,
        loaded: Result<Pact, LoadError>,
        document: impl FnOnce() -> Option<serde_json::Value>,
    ) -> Result<Self, SourceCause> {
        let loaded = match loaded {
            Err(LoadError::NeedsPlugin { origin, plugins }) => {
                plugins::load(LoadError::NeedsPlugin { origin, plugins }, document())
            }
            loaded => loaded.map(|pact| (pact, Vec::new())),
        };
        match loaded {
            Ok((pact, delegates)) => Ok(Self {
                delegates,
                ..Self::new(origin, pact)
            }),
            Err(error) => Err(SourceCause::NotAPact {
                reason: treaty_core::causes::with_causes(&error),
            }),
        }
    }

    pub(super) fn is_for(&self, provider: &PacticipantName) -> bool {
        self.pact.provider == *provider
    }
}

impl Found {
    pub(super) fn add(&mut self, origin: &str, loaded: Result<Loaded, SourceCause>) {
        match loaded {
            Ok(loaded) => self.pacts.push(loaded),
            Err(cause) => self.problem(origin, cause),
        }
    }

    pub(super) fn problem(&mut self, origin: &str, cause: SourceCause) {
        self.problems.push(SourceProblem {
            origin: origin.to_owned(),
            cause,
            ignored: false,
        });
    }

    /// Moves the pacts that `takes` refuses to those that are left out.
    pub(crate) fn keep(&mut self, reason: PactLeftOutReason, takes: impl Fn(&Loaded) -> bool) {
        let (taken, refused): (Vec<_>, Vec<_>) = self.pacts.drain(..).partition(takes);
        self.pacts = taken;
        let refused = refused.into_iter().map(|loaded| PactLeftOut {
            origin: loaded.origin,
            consumer: loaded.pact.consumer.to_string(),
            provider: loaded.pact.provider.to_string(),
            reason,
        });
        self.left_out.extend(refused);
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.pacts.extend(other.pacts);
        self.left_out.extend(other.left_out);
        self.problems.extend(other.problems);
    }
}
