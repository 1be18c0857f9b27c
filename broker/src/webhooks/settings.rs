//! What webhooks may do.

use std::time::Duration;

use super::HostPattern;

/// How long to wait before each further attempt.
const RETRY_SCHEDULE_SECS: [u64; 6] = [10, 60, 120, 300, 600, 1200];

/// How long after an event its webhooks are first sent, so that what belongs to one publication is there.
const FIRST_ATTEMPT_AFTER: Duration = Duration::from_secs(1);

/// What webhooks may do: to whom they may go, how, and how often they are tried.
///
/// ```
/// use treaty_broker::{HostPattern, WebhookSettings};
///
/// let settings = WebhookSettings::default().hosts(vec![HostPattern::parse("ci.internal")?]);
/// assert_eq!(settings.methods, ["POST"]);
/// assert_eq!(settings.schemes, ["https"]);
/// # Ok::<(), treaty_broker::HostPatternError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WebhookSettings {
    /// The methods a webhook may have.
    pub methods: Vec<String>,
    /// The schemes its URL may have.
    pub schemes: Vec<String>,
    /// The hosts it may go to. A host that is listed may be at any address, and what it answers stands in the logs.
    /// With an empty list a webhook may go to any host, but only at a public address.
    pub hosts: Vec<HostPattern>,
    /// How long to wait before each further attempt; when it ends, the webhook has failed.
    pub retry_schedule: Vec<Duration>,
    /// The statuses that mean that the webhook was received; when there are none, all from 200 to 299.
    pub success_codes: Vec<u16>,
    /// How long after the event the first attempt is made.
    pub first_attempt_after: Duration,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            methods: vec!["POST".to_owned()],
            schemes: vec!["https".to_owned()],
            hosts: Vec::new(),
            retry_schedule: RETRY_SCHEDULE_SECS.map(Duration::from_secs).to_vec(),
            success_codes: Vec::new(),
            first_attempt_after: FIRST_ATTEMPT_AFTER,
        }
    }
}

impl WebhookSettings {
    /// Sets the methods a webhook may have.
    #[must_use]
    pub fn methods(mut self, methods: Vec<String>) -> Self {
        self.methods = methods;
        self
    }

    /// Sets the schemes its URL may have.
    #[must_use]
    pub fn schemes(mut self, schemes: Vec<String>) -> Self {
        self.schemes = schemes;
        self
    }

    /// Sets the hosts it may go to.
    #[must_use]
    pub fn hosts(mut self, hosts: Vec<HostPattern>) -> Self {
        self.hosts = hosts;
        self
    }

    /// Sets how long to wait before each further attempt.
    #[must_use]
    pub fn retry_schedule(mut self, schedule: Vec<Duration>) -> Self {
        self.retry_schedule = schedule;
        self
    }

    /// Sets the statuses that mean that the webhook was received.
    #[must_use]
    pub fn success_codes(mut self, codes: Vec<u16>) -> Self {
        self.success_codes = codes;
        self
    }

    /// Sets how long after the event the first attempt is made.
    #[must_use]
    pub fn first_attempt_after(mut self, delay: Duration) -> Self {
        self.first_attempt_after = delay;
        self
    }

    /// Whether a host is listed.
    pub(crate) fn lists(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| pattern.matches(host))
    }

    /// Whether a status means that the webhook was received.
    pub(crate) fn is_success(&self, status: u16) -> bool {
        if self.success_codes.is_empty() {
            (200..300).contains(&status)
        } else {
            self.success_codes.contains(&status)
        }
    }
}
