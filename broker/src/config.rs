//! What a broker is started with: its database, its address for links, its clock and its limits.

mod access;
mod tls;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::store::PostgresUrl;
use crate::webhooks::{SecretKey, WebhookSettings};
pub(crate) use access::User;
pub use access::{Access, Rights};
pub use tls::{Tls, TlsError};

/// The largest request body accepted unless the configuration says otherwise.
const BODY_BYTES_MAX: usize = 50 * 1024 * 1024;

/// What those are called who do not say who they are, unless the configuration says otherwise.
const ANYBODY: &str = "anybody";

/// How long a request may take unless the configuration says otherwise.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// What clean-up keeps in any case unless the configuration says otherwise.
pub const CLEAN_UP_KEEP_DAYS: u32 = 90;

/// How long webhooks that were sent and the audit log can be read unless the configuration says otherwise.
const HISTORY_KEEP_DAYS: u32 = 365;

/// Everything that makes one broker differ from another.
///
/// ```
/// use treaty_broker::{Config, DatabaseUrl};
///
/// let config = Config::new(DatabaseUrl::parse("sqlite:pacts.db")?)
///     .base_url("https://pacts.example.com");
/// assert_eq!(config.base_url.as_deref(), Some("https://pacts.example.com"));
/// # Ok::<(), treaty_broker::DatabaseUrlError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where everything is kept.
    pub database: DatabaseUrl,
    /// What links start with; without it, the address that each request was sent to.
    pub base_url: Option<String>,
    /// Who may use the broker.
    pub access: Access,
    /// What the audit log calls those who do not say who they are.
    pub anybody: String,
    /// The largest request body accepted, in bytes; a larger one is answered with 413.
    pub body_bytes_max: usize,
    /// Whether a version may publish another content for a pact that it has published.
    pub contract_modification: bool,
    /// Whether a pact is refused whose consumer or provider is new and named almost like one that is known.
    pub duplicate_name_check: bool,
    /// What webhooks may do.
    pub webhooks: WebhookSettings,
    /// What the secrets of webhooks are sealed with; without it, a key in a file beside the SQLite file.
    pub secret_key: Option<SecretKey>,
    /// How long a request may take; one that takes longer is answered with 503.
    pub request_timeout: Duration,
    /// How many requests each client may send in a minute; one that sends more is answered with 429.
    pub requests_per_minute_max: Option<u32>,
    /// With what connections are encrypted.
    pub tls: Option<Tls>,
    /// Whether a broker that listens cleans up once a day.
    pub clean_up: bool,
    /// What clean-up keeps in any case: versions that something came with in the last days, this many.
    pub clean_up_keep_days: u32,
    /// Of how many days clean-up keeps the webhooks that were sent and the audit log.
    pub history_keep_days: u32,
    /// What time it is.
    pub clock: Clock,
    /// Where new identifiers come from.
    pub ids: Ids,
    /// What time it really is, where the clock shows when something happened long ago: see
    /// [`Broker::open_for_history`](crate::Broker::open_for_history).
    pub(crate) history: Option<Clock>,
}

impl Config {
    /// A configuration with the system's clock and every limit at its default.
    #[must_use]
    pub fn new(database: DatabaseUrl) -> Self {
        Self {
            database,
            base_url: None,
            access: Access::default(),
            anybody: ANYBODY.to_owned(),
            body_bytes_max: BODY_BYTES_MAX,
            contract_modification: false,
            duplicate_name_check: true,
            webhooks: WebhookSettings::default(),
            secret_key: None,
            request_timeout: REQUEST_TIMEOUT,
            requests_per_minute_max: None,
            tls: None,
            clean_up: true,
            clean_up_keep_days: CLEAN_UP_KEEP_DAYS,
            history_keep_days: HISTORY_KEEP_DAYS,
            clock: Clock::system(),
            ids: Ids::random(),
            history: None,
        }
    }

    /// Sets what every link starts with, for a broker behind a proxy that hides its address.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Sets who may use the broker.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Sets what the audit log calls those who do not say who they are, for a program that opens a broker inside itself.
    #[must_use]
    pub fn anybody(mut self, name: impl Into<String>) -> Self {
        self.anybody = name.into();
        self
    }

    /// Sets the largest request body accepted.
    #[must_use]
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.body_bytes_max = bytes;
        self
    }

    /// Sets whether a version may publish another content for a pact that it has published. The new content takes the place
    /// of the old one, of which *can-i-deploy* may have spoken already: without this, such a publication is refused.
    #[must_use]
    pub fn allow_dangerous_contract_modification(mut self, allowed: bool) -> Self {
        self.contract_modification = allowed;
        self
    }

    /// Sets whether a pact is refused whose consumer or provider is new and named almost like one that is known, as
    /// `Order API` is named like `orders`.
    #[must_use]
    pub fn check_for_potential_duplicate_pacticipant_names(mut self, checks: bool) -> Self {
        self.duplicate_name_check = checks;
        self
    }

    /// Sets what webhooks may do.
    #[must_use]
    pub fn webhooks(mut self, settings: WebhookSettings) -> Self {
        self.webhooks = settings;
        self
    }

    /// Sets what the secrets of webhooks are sealed with.
    #[must_use]
    pub fn secret_key(mut self, key: SecretKey) -> Self {
        self.secret_key = Some(key);
        self
    }

    /// Sets how long a request may take.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets how many requests each client may send in a minute: each user, each token, and each address without either.
    #[must_use]
    pub fn requests_per_minute_max(mut self, requests: u32) -> Self {
        self.requests_per_minute_max = Some(requests);
        self
    }

    /// Sets with what connections are encrypted.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sets whether a broker that listens cleans up once a day.
    #[must_use]
    pub fn clean_up(mut self, cleans_up: bool) -> Self {
        self.clean_up = cleans_up;
        self
    }

    /// Sets of how many days clean-up keeps everything.
    #[must_use]
    pub fn clean_up_keep_days(mut self, days: u32) -> Self {
        self.clean_up_keep_days = days;
        self
    }

    /// Sets of how many days clean-up keeps the webhooks that were sent and the audit log.
    #[must_use]
    pub fn history_keep_days(mut self, days: u32) -> Self {
        self.history_keep_days = days;
        self
    }

    /// Sets the clock, so that a test decides what time it is.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the source of new identifiers, so that a test decides what they are.
    #[must_use]
    pub fn ids(mut self, ids: Ids) -> Self {
        self.ids = ids;
        self
    }
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock that asks the function given.
    #[must_use]
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Makes the identifiers of environments, deployments and releases.
#[derive(Clone)]
pub struct Ids(Arc<dyn Fn() -> String + Send + Sync>);

impl Ids {
    /// Random UUIDs.
    #[must_use]
    pub fn random() -> Self {
        Self(Arc::new(|| uuid::Uuid::new_v4().to_string()))
    }

    /// Identifiers from the function given, which must never return the same one twice.
    #[must_use]
    pub fn new(next: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(next))
    }

    /// The next identifier.
    #[must_use]
    pub fn next(&self) -> String {
        (self.0)()
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

/// Names the database: `sqlite:PATH`, `sqlite::memory:` for one that lives as long as the broker, or
/// `postgres://USER:PASSWORD@HOST/DATABASE`.
///
/// ```
/// use treaty_broker::DatabaseUrl;
///
/// assert!(DatabaseUrl::parse("sqlite:/var/lib/treaty/pacts.db").is_ok());
/// assert!(DatabaseUrl::parse("postgres://pacts@db.example.com/pacts").is_ok());
/// assert!(DatabaseUrl::parse("mysql://localhost/pacts").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Location);

/// The places a database can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// An SQLite database that vanishes with the broker.
    Memory,
    /// An SQLite database in this file.
    File(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
}

/// Why a text does not name a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseUrlError {
    /// The part before the colon is not a kind of database that is supported.
    #[error(
        "`{url}` is no database that is supported: use `sqlite:PATH` or `postgres://HOST/DATABASE`"
    )]
    Unsupported {
        /// What was given.
        url: String,
    },
    /// A `postgres://` URL that cannot be read. It is not shown, because it may hold a password.
    #[error("the `postgres://` URL of the database cannot be read: {reason}")]
    Postgres {
        /// What is wrong with it.
        reason: String,
    },
    /// `sqlite:` and nothing behind it.
    #[error("`{url}` names no file: use `sqlite:PATH` or `sqlite::memory:`")]
    NoPath {
        /// What was given.
        url: String,
    },
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `sqlite::memory:`, `postgres://...` or `postgresql://...`.
    ///
    /// # Errors
    /// [`DatabaseUrlError`] for any other text.
    pub fn parse(url: &str) -> Result<Self, DatabaseUrlError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return match PostgresUrl::parse(url) {
                Ok(url) => Ok(Self(Location::Postgres(url))),
                Err(reason) => Err(DatabaseUrlError::Postgres { reason }),
            };
        }
        let Some(place) = url.strip_prefix("sqlite:") else {
            return Err(DatabaseUrlError::Unsupported {
                url: url.to_owned(),
            });
        };
        match place.strip_prefix("//").unwrap_or(place) {
            ":memory:" => Ok(Self(Location::Memory)),
            "" => Err(DatabaseUrlError::NoPath {
                url: url.to_owned(),
            }),
            path => Ok(Self::file(path)),
        }
    }

    /// The SQLite database in the file given.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Location::File(path.into()))
    }

    /// An SQLite database that lives as long as the broker.
    #[must_use]
    pub fn memory() -> Self {
        Self(Location::Memory)
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Location::File(path) => Some(path),
            Location::Memory | Location::Postgres(_) => None,
        }
    }

    pub(crate) fn location(&self) -> &Location {
        &self.0
    }
}
