//! Who may use a broker.

use std::fmt;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rights {
    /// To read, and to ask for the pacts to verify.
    Read,
    /// Everything.
    Write,
}

/// Somebody who is known by name and password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) rights: Rights,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, rights, .. } = self;
        write!(f, "User({name:?}, {rights:?})")
    }
}

/// Who may use a broker: everybody, until there is a user or a token.
///
/// A broker that [listens](crate::Broker::start) asks for credentials if there is a user here or a token in its
/// database; without either it listens on loopback only.
///
/// ```
/// use treaty_broker::{Access, Rights};
///
/// let access = Access::default()
///     .user("ci", "secret", Rights::Write)
///     .user("reader", "secret too", Rights::Read)
///     .public_badges(true);
/// assert!(!format!("{access:?}").contains("secret"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    pub(crate) users: Vec<User>,
    pub(crate) public_read: bool,
    pub(crate) public_heartbeat: bool,
    pub(crate) public_badges: bool,
    pub(crate) insecure: bool,
}

impl Access {
    /// Adds somebody who is known by name and password.
    #[must_use]
    pub fn user(
        mut self,
        name: impl Into<String>,
        password: impl Into<String>,
        rights: Rights,
    ) -> Self {
        self.users.push(User {
            name: name.into(),
            password: password.into(),
            rights,
        });
        self
    }

    /// Whether everybody may read.
    #[must_use]
    pub fn public_read(mut self, is_public: bool) -> Self {
        self.public_read = is_public;
        self
    }

    /// Whether everybody may ask whether the broker is well.
    #[must_use]
    pub fn public_heartbeat(mut self, is_public: bool) -> Self {
        self.public_heartbeat = is_public;
        self
    }

    /// Whether everybody may see badges.
    #[must_use]
    pub fn public_badges(mut self, is_public: bool) -> Self {
        self.public_badges = is_public;
        self
    }

    /// Whether a broker that everybody may use listens on any address.
    #[must_use]
    pub fn insecure(mut self, is_insecure: bool) -> Self {
        self.insecure = is_insecure;
        self
    }
}
