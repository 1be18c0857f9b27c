//! Limits and leniencies of a verification.

use std::time::Duration;

/// How long the provider may take for one whole answer, unless the options say otherwise.
pub const REQUEST_TIMEOUT: Duration = Duration::from_millis(5000);

/// How long one provider state may take to be set up or torn down, unless the options say otherwise.
pub const STATE_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest body of an answer, in bytes, unless the options say otherwise.
pub const BODY_BYTES_MAX: usize = 50 * 1024 * 1024;

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
    /// How long the provider may take for one whole answer: [`REQUEST_TIMEOUT`].
    pub request_timeout: Duration,
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
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            request_timeout: REQUEST_TIMEOUT,
            state_timeout: STATE_TIMEOUT,
            body_bytes_max: BODY_BYTES_MAX,
            allow_unknown_states: false,
            ignore_no_pacts_error: false,
            accept_invalid_certificates: false,
        }
    }
}
