//! What may go wrong on the way to a provider, described by a test that is about just that.

use std::fmt;
use std::time::Duration;

/// Something that goes wrong with the answer to a request that an interaction matches.
///
/// A fault is about the transport or about the provider's health, never about the contract: it is not written into a
/// pact. Without more words it happens to every interaction on every call; [`Fault::on`] narrows it to one interaction,
/// and [`Fault::first`], [`Fault::nth`], [`Fault::every_nth`] and [`Fault::randomly`] to some of the calls.
///
/// Several faults may hit one request. Delays add up; a status replaces the answer; what breaks the body is applied to
/// what is left of it; of those that give no answer at all, the first decides.
///
/// ```
/// use std::time::Duration;
/// use treaty_mock_server::Fault;
///
/// let busy = Fault::too_many_requests(Duration::from_secs(2)).on("a request for user 42").first(1);
/// assert_eq!(busy.to_string(), "status 429, to be retried after 2s, on the first call of a request for user 42");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) on: Option<String>,
    pub(crate) calls: Calls,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    Delay(Duration),
    NoAnswer,
    Reset,
    Garbage,
    TruncatedBody,
    MalformedBody,
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
}

/// On which of the calls that it is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Calls {
    All,
    First(usize),
    Nth(usize),
    EveryNth(usize),
    Randomly(f64),
}

impl Fault {
    /// The answer comes later. The wait is a real one: see [`Fault::no_answer`] for a time-out that is not waited for.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::of(Effect::Delay(delay))
    }

    /// No answer comes until the client gives up.
    ///
    /// A client's time-out of 30 s need not be waited for: once `MockServer::received` says that the request has come,
    /// pause the clock of the test's runtime (`tokio::time::pause`), and the time-out is all that is left to happen.
    #[must_use]
    pub fn no_answer() -> Self {
        Self::of(Effect::NoAnswer)
    }

    /// The connection is reset instead of an answer. With HTTP/2 all requests of the connection go with it.
    #[must_use]
    pub fn reset() -> Self {
        Self::of(Effect::Reset)
    }

    /// Bytes come that are not HTTP, and then the end of the connection. The seed of the options decides the bytes.
    #[must_use]
    pub fn garbage() -> Self {
        Self::of(Effect::Garbage)
    }

    /// The answer promises its whole body, and the connection breaks half way through it.
    #[must_use]
    pub fn truncated_body() -> Self {
        Self::of(Effect::TruncatedBody)
    }

    /// The answer is whole as HTTP, and its body is not what its content type says: half a JSON document, text that is
    /// not UTF-8.
    #[must_use]
    pub fn malformed_body() -> Self {
        Self::of(Effect::MalformedBody)
    }

    /// An answer with this status and nothing else: `401` for an expired token, `503` for a provider that is down.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::of(Effect::Status {
            status,
            retry_after: None,
        })
    }

    /// Status 429 with a `Retry-After` header, in whole seconds.
    #[must_use]
    pub fn too_many_requests(retry_after: Duration) -> Self {
        Self::of(Effect::Status {
            status: 429,
            retry_after: Some(retry_after),
        })
    }

    fn of(effect: Effect) -> Self {
        Self {
            effect,
            on: None,
            calls: Calls::All,
        }
    }

    /// Only for the interactions with this description.
    #[must_use]
    pub fn on(self, description: impl Into<String>) -> Self {
        Self {
            on: Some(description.into()),
            ..self
        }
    }

    /// Only for the first calls, so that a client that tries again gets through.
    #[must_use]
    pub fn first(self, calls: usize) -> Self {
        self.calls(Calls::First(calls))
    }

    /// Only for one call, counted from 1.
    #[must_use]
    pub fn nth(self, call: usize) -> Self {
        self.calls(Calls::Nth(call))
    }

    /// Only for one call in so many: `every_nth(200)` for a load balancer that answers 502 now and then.
    #[must_use]
    pub fn every_nth(self, calls: usize) -> Self {
        self.calls(Calls::EveryNth(calls))
    }

    /// Only for some calls, with this probability; the seed of the options decides which.
    #[must_use]
    pub fn randomly(self, probability: f64) -> Self {
        self.calls(Calls::Randomly(probability))
    }

    fn calls(self, calls: Calls) -> Self {
        Self { calls, ..self }
    }

    /// Whether the client never gets through, however often it tries.
    pub(crate) fn is_permanent(&self) -> bool {
        self.calls == Calls::All
    }

    /// Whether a seed has a say in it.
    pub(crate) fn is_random(&self) -> bool {
        matches!(self.calls, Calls::Randomly(_)) || self.effect == Effect::Garbage
    }

    /// Whether it can happen only to an answer with a body.
    pub(crate) fn needs_body(&self) -> bool {
        matches!(self.effect, Effect::TruncatedBody | Effect::MalformedBody)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(delay) => write!(f, "a delay of {delay:?}"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::Reset => f.write_str("a reset"),
            Self::Garbage => f.write_str("bytes that are not HTTP"),
            Self::TruncatedBody => f.write_str("a truncated body"),
            Self::MalformedBody => f.write_str("a malformed body"),
            Self::Status {
                status,
                retry_after: None,
            } => write!(f, "status {status}"),
            Self::Status {
                status,
                retry_after: Some(wait),
            } => write!(f, "status {status}, to be retried after {wait:?}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, on ", self.effect)?;
        match self.calls {
            Calls::All => f.write_str("every call")?,
            Calls::First(1) => f.write_str("the first call")?,
            Calls::First(calls) => write!(f, "the first {calls} calls")?,
            Calls::Nth(call) => write!(f, "call {call}")?,
            Calls::EveryNth(calls) => write!(f, "one call in {calls}")?,
            Calls::Randomly(probability) => write!(f, "each call with probability {probability}")?,
        }
        match &self.on {
            Some(description) => write!(f, " of {description}"),
            None => f.write_str(" of any interaction"),
        }
    }
}

/// Why faults cannot happen as they are described.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// No interaction has the description that a fault is for.
    #[error(
        "no interaction is called {description:?}; there are {}",
        listed(known)
    )]
    UnknownInteraction {
        /// What the fault is for.
        description: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A fault of the body for an interaction whose response has none.
    #[error("{interaction} has no body, so it cannot get {fault}")]
    NoBody {
        /// What cannot happen.
        fault: String,
        /// To which interaction.
        interaction: String,
    },
    /// The fault cannot happen to anybody.
    #[error("{fault} cannot happen: {reason}")]
    Impossible {
        /// What cannot happen.
        fault: String,
        /// Why.
        reason: &'static str,
    },
}

fn listed(known: &[String]) -> String {
    match known {
        [] => "none".to_owned(),
        known => known
            .iter()
            .map(|name| format!("{name:?}"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}
