//! Access: who may do what.

use std::fmt;

/// What stands for every name in a scope.
const EVERY: &str = "*";

/// The scopes as people write them, for messages.
const FORMS: &str = "read, publish:PACTICIPANT, verify:PACTICIPANT, deploy:ENVIRONMENT, admin";

/// What somebody is trusted with. Whoever has any of these may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    /// To read.
    Read,
    /// To publish the pacts of a pacticipant, and to say what its versions are.
    Publish(String),
    /// To publish what the verification of a pacticipant came to, and to say what its versions are.
    Verify(String),
    /// To record what is deployed to an environment and released there.
    Deploy(String),
    /// Everything.
    Admin,
}

impl Scope {
    /// Reads a scope as people write it: `publish:Web`, or `publish:*` for every pacticipant.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        match (kind, name.trim()) {
            ("read", "") => Ok(Self::Read),
            ("admin", "") => Ok(Self::Admin),
            ("publish", name) if !name.is_empty() => Ok(Self::Publish(name.to_owned())),
            ("verify", name) if !name.is_empty() => Ok(Self::Verify(name.to_owned())),
            ("deploy", name) if !name.is_empty() => Ok(Self::Deploy(name.to_owned())),
            _ => Err(format!("'{text}' is not a scope: use one of {FORMS}")),
        }
    }

    fn allows(&self, act: &Act<'_>) -> bool {
        let is = |own: &str, name: &str| own == EVERY || own == name;
        match (self, act) {
            (Self::Admin, _) | (_, Act::Probe | Act::Badge | Act::Read) => true,
            (Self::Publish(own), Act::Publish(name) | Act::Describe(name))
            | (Self::Verify(own), Act::Verify(name) | Act::Describe(name))
            | (Self::Publish(own) | Self::Verify(own), Act::Tag { name, .. })
            | (Self::Deploy(own), Act::Deploy(name) | Act::Tag { tag: name, .. }) => is(own, name),
            (Self::Publish(_) | Self::Verify(_) | Self::Deploy(_) | Self::Read, _) => false,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read => f.write_str("read"),
            Self::Publish(name) => write!(f, "publish:{name}"),
            Self::Verify(name) => write!(f, "verify:{name}"),
            Self::Deploy(name) => write!(f, "deploy:{name}"),
            Self::Admin => f.write_str("admin"),
        }
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act<'a> {
    /// To find out whether the broker is well.
    Probe,
    /// To see a badge.
    Badge,
    /// To read anything else but tokens and the audit log.
    Read,
    /// To publish a pact of this consumer.
    Publish(&'a str),
    /// To publish a result of this provider.
    Verify(&'a str),
    /// To say something about this pacticipant or its versions: branches, tags, labels.
    Describe(&'a str),
    /// To tag a version of this pacticipant, or to take a tag off it. A tag that is named like an environment has always
    /// said what is there.
    Tag {
        /// The pacticipant.
        name: &'a str,
        /// The tag.
        tag: &'a str,
    },
    /// To change what is recorded as being in this environment.
    Deploy(&'a str),
    /// Everything else.
    Administer,
}

impl Act<'_> {
    /// The scopes of which one is needed, for messages.
    fn needs(&self) -> String {
        match self {
            Self::Probe | Self::Badge | Self::Read => "read".to_owned(),
            Self::Publish(name) => format!("publish:{name}"),
            Self::Verify(name) => format!("verify:{name}"),
            Self::Describe(name) => format!("publish:{name} or verify:{name}"),
            Self::Tag { name, tag } => format!("publish:{name}, verify:{name} or deploy:{tag}"),
            Self::Deploy(name) => format!("deploy:{name}"),
            Self::Administer => "admin".to_owned(),
        }
    }
}

/// What everybody may do, known or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Everything: nobody is asked who they are.
    pub(crate) everything: bool,
    /// To read.
    pub(crate) read: bool,
    /// To find out whether the broker is well.
    pub(crate) probe: bool,
    /// To see badges.
    pub(crate) badges: bool,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody who does not say.
    Unknown,
    /// Somebody who showed it.
    Known {
        /// The user or the token, for the audit log and for messages.
        name: String,
        /// What they are trusted with.
        scopes: Vec<Scope>,
    },
}

/// Whether somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Yes.
    Allowed,
    /// Not before they say who they are.
    NeedsCredentials,
    /// No, and what it takes.
    Refused(String),
}

/// Decides whether the caller may do it.
pub(crate) fn decide(rules: Rules, caller: &Caller, act: &Act<'_>) -> Decision {
    let is_public = match act {
        Act::Probe => rules.probe || rules.read,
        Act::Badge => rules.badges || rules.read,
        Act::Read => rules.read,
        _ => false,
    };
    match caller {
        _ if rules.everything || is_public => Decision::Allowed,
        Caller::Unknown => Decision::NeedsCredentials,
        Caller::Known { scopes, .. } if scopes.iter().any(|scope| scope.allows(act)) => {
            Decision::Allowed
        }
        Caller::Known { name, scopes } => {
            let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            Decision::Refused(format!(
                "This needs {}; {name} has {}.",
                act.needs(),
                scopes.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests;
