//! How a client speaks to its broker: credentials, headers, patience.

use std::fmt;
use std::time::Duration;

/// How long one question to the broker may take, its repetitions included, unless the options say otherwise.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);

/// How often a safe request is repeated unless the options say otherwise.
const RETRIES_DEFAULT: u32 = 3;

/// How a client speaks to its broker.
///
/// ```
/// use treaty_broker_client::{Auth, Options};
///
/// let options = Options::default()
///     .auth(Auth::Bearer("secret".to_owned()))
///     .header("X-Team", "orders");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Who is asking.
    pub auth: Option<Auth>,
    /// Headers that go with every request.
    pub headers: Vec<(String, String)>,
    /// How long one question may take, its repetitions included.
    pub timeout: Duration,
    /// How often a request that changes nothing is repeated when the broker answers 5xx or hangs up.
    pub retries_max: u32,
    /// Which certificates are trusted.
    pub tls: Tls,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            auth: None,
            headers: Vec::new(),
            timeout: TIMEOUT_DEFAULT,
            retries_max: RETRIES_DEFAULT,
            tls: Tls::Public,
        }
    }
}

impl Options {
    /// Says who is asking.
    #[must_use]
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets how long one question may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how often a request that changes nothing is repeated.
    #[must_use]
    pub fn retries_max(mut self, retries: u32) -> Self {
        self.retries_max = retries;
        self
    }

    /// Sets which certificates are trusted.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }
}

/// The credentials that a broker asks for. They go to the broker's own origin only, wherever its links point.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// A user name and its password.
    Basic {
        /// The user name.
        user: String,
        /// The password, which may be absent.
        password: Option<String>,
    },
    /// A token.
    Bearer(String),
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic(..)",
            Self::Bearer(_) => "Bearer(..)",
        })
    }
}

/// Which certificates are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// Those of the public authorities and of the operating system.
    Public,
    /// Those, and the certificates in this PEM text.
    And {
        /// One or more certificates.
        pem: Vec<u8>,
    },
    /// Any certificate at all.
    Unverified,
}
