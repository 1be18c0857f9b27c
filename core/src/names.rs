//! The names that travel through every part of Treaty, checked once where they come in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest name Treaty accepts, in bytes. No broker in the field stores a longer one.
pub const NAME_BYTES_MAX: usize = 1024;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing but white space.
    #[error("{} {what} must not be blank", article(what))]
    Blank {
        /// Which kind of name was asked for.
        what: &'static str,
    },
    /// More than [`NAME_BYTES_MAX`] bytes.
    #[error(
        "{} {what} of {bytes} bytes is too long: at most {NAME_BYTES_MAX} are accepted",
        article(what)
    )]
    TooLong {
        /// Which kind of name was asked for.
        what: &'static str,
        /// How long the text is.
        bytes: usize,
    },
}

fn article(what: &str) -> &'static str {
    if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Checks that the text can be a ", $what, ".")]
            ///
            /// # Errors
            /// [`NameError`] for a blank or overlong text.
            pub fn parse(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                if text.trim().is_empty() {
                    return Err(NameError::Blank { what: $what });
                }
                if text.len() > NAME_BYTES_MAX {
                    return Err(NameError::TooLong { what: $what, bytes: text.len() });
                }
                Ok(Self(text))
            }

            /// The name as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// The name of a pacticipant: an application that is consumer or provider in some pact.
    PacticipantName,
    "pacticipant name"
);
name!(
    /// The version number of a pacticipant: any text, most often a commit id.
    VersionNumber,
    "version number"
);
name!(
    /// A branch of a pacticipant's repository.
    BranchName,
    "branch name"
);
name!(
    /// A tag on a pacticipant version: the older form of a branch or an environment.
    TagName,
    "tag name"
);
name!(
    /// A named place where versions are deployed or released.
    EnvironmentName,
    "environment name"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_name_is_refused_and_says_what_it_was_to_be() {
        let error = VersionNumber::parse("  ").unwrap_err();
        assert_eq!(error.to_string(), "a version number must not be blank");
    }

    #[test]
    fn an_overlong_name_is_refused_with_its_length() {
        let error = PacticipantName::parse("x".repeat(NAME_BYTES_MAX + 1)).unwrap_err();
        assert_eq!(
            error,
            NameError::TooLong {
                what: "pacticipant name",
                bytes: NAME_BYTES_MAX + 1
            }
        );
    }

    #[test]
    fn a_name_read_from_json_is_checked_too() {
        assert!(serde_json::from_str::<BranchName>("\"\"").is_err());
        assert_eq!(
            serde_json::from_str::<BranchName>("\"main\"")
                .unwrap()
                .as_str(),
            "main"
        );
    }
}
