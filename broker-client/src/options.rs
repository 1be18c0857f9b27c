//! How a client speaks to its broker: credentials, headers, patience.

use std::fmt;
use std::time::Duration;

/// How long one question to the broker may take, its repetitions included, unless the options say otherwise.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);

/// How often a safe request is repeated unless the options say otherwise.
const RETRIES_DEFAULT: u32 = 3;

/// How a client speaks to its broker. A proxy is not among it: the client uses the one that the variables `HTTP_PROXY`,
/// `HTTPS_PROXY` and `NO_PROXY` name.
///
/// ```
/// use treaty_broker_client::{Auth, Options};
///
/// let options = Options::default()
///     .auth(Auth::Bearer("secret".to_owned()))
///     .header("X-Team", "orders");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Who is asking.
    pub auth: Option<Auth>,
    /// Headers that go with every request.
    pub headers: Vec<(String, String)>,
    /// How long one question may take, its repetitions included.
    pub timeout: Duration,
    /// How often a request is repeated: any that the broker turns away with 408, 429 or a 503 that says when to come back;
    /// one that can do no harm twice also when the broker answers another 5xx or hangs up.
    pub retries_max: u32,
    /// Which certificates are trusted.
    pub tls: Tls,
    /// A certificate that the client shows, and its key, in one PEM text.
    pub identity: Option<Vec<u8>>,
}

/// Without what is secret: the credentials, the headers, the key.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Options")
            .field("auth", &self.auth)
            .field("headers", &headers)
            .field("timeout", &self.timeout)
            .field("retries_max", &self.retries_max)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            auth: None,
            headers: Vec::new(),
            timeout: TIMEOUT_DEFAULT,
            retries_max: RETRIES_DEFAULT,
            tls: Tls::Public,
            identity: None,
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

    /// Sets how often a request is repeated.
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

    /// Sets the certificate that the client shows, and its key, in one PEM text.
    #[must_use]
    pub fn identity(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(pem.into());
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
    /// Only the certificates in this PEM text.
    Only {
        /// One or more certificates.
        pem: Vec<u8>,
    },
    /// Any certificate at all.
    Unverified,
}
