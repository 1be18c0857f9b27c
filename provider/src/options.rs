//! Limits and leniencies of a verification.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use treaty_core::receipt::Shard;

/// How long the provider may take until it begins to answer, unless the options say otherwise.
pub const REQUEST_TIMEOUT: Duration = Duration::from_millis(5000);

/// How long the body of an answer may take after its beginning, unless the options say otherwise.
pub const BODY_TIMEOUT: Duration = Duration::from_millis(5000);

/// How long one provider state may take to be set up or torn down, unless the options say otherwise.
pub const STATE_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest body of an answer, in bytes, unless the options say otherwise.
pub const BODY_BYTES_MAX: usize = 50 * 1024 * 1024;

/// How many interactions run at a time where they cannot meet, unless the options say otherwise.
pub const JOBS: NonZeroUsize = NonZeroUsize::new(8).expect("eight is not zero");

/// Limits and leniencies of a verification.
///
/// ```
/// use std::time::Duration;
/// use treaty_provider::VerifyOptions;
///
/// let mut options = VerifyOptions::default();
/// assert_eq!(options.request_timeout, Duration::from_millis(5000));
/// options.allow_unknown_states = true;
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VerifyOptions {
    /// How long the provider may take until it begins to answer: [`REQUEST_TIMEOUT`].
    pub request_timeout: Duration,
    /// How long the body of an answer may take after its beginning: [`BODY_TIMEOUT`].
    pub body_timeout: Duration,
    /// How long one provider state may take: [`STATE_TIMEOUT`].
    pub state_timeout: Duration,
    /// The largest body of an answer, in bytes: [`BODY_BYTES_MAX`].
    pub body_bytes_max: usize,
    /// Whether an interaction is replayed although nobody knows one of its states. The report names such states.
    pub allow_unknown_states: bool,
    /// Whether it is as it should be that a directory or a broker has no pact for the provider.
    pub ignore_no_pacts_error: bool,
    /// Whether a provider may show a certificate that nobody vouches for.
    pub accept_invalid_certificates: bool,
    /// How many interactions run at a time. Without a number it is [`JOBS`] where they cannot meet: no interaction has a
    /// state and there is no state-change URL, or a factory makes a provider for each. Otherwise it is one.
    pub jobs: Option<NonZeroUsize>,
    /// The seed of the order in which the interactions run; without one it is the order of the sources.
    pub shuffle_seed: Option<u64>,
    /// How often every interaction is replayed: once. Each reports its [`Stability`](crate::Stability) if it is more.
    pub repeat: NonZeroU32,
    /// The part of every pact's interactions that this run replays: all.
    pub shard: Option<Shard>,
    /// Whether no further interaction is replayed after the first that did not pass and is not pending. What was found
    /// out until then is reported, and published if it is a failure.
    pub fail_fast: bool,
    /// Whether interactions that failed are replayed again, alone and after others, until it is clear whether their
    /// failure depends on the order. It makes the run serial.
    pub find_order_dependence: bool,
    /// Whether the answer of every interaction that passed is changed in one place at a time and matched again, to find
    /// out what the contract [protects](crate::Report::protection). The provider is not asked again.
    pub mutate: bool,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            request_timeout: REQUEST_TIMEOUT,
            body_timeout: BODY_TIMEOUT,
            state_timeout: STATE_TIMEOUT,
            body_bytes_max: BODY_BYTES_MAX,
            allow_unknown_states: false,
            ignore_no_pacts_error: false,
            accept_invalid_certificates: false,
            jobs: None,
            shuffle_seed: None,
            repeat: NonZeroU32::MIN,
            shard: None,
            fail_fast: false,
            find_order_dependence: false,
            mutate: false,
        }
    }
}
