//! What can be wrong with a pact: the facts of each kind, how it reads, and what to do about it.

use std::fmt;

use super::finding::Severity;
use super::rule::Rule;

const NO_VERSION: &str =
    "interactions of version 4, but no version in `metadata`: readers take them for version 3";

/// What a value looks like that is not the same in the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VolatileKind {
    /// A point in time.
    Timestamp,
    /// A random identifier.
    Uuid,
}

/// What kind of credential a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretKind {
    /// A JSON Web Token.
    Jwt,
    /// The id of an access key of AWS.
    AwsAccessKey,
    /// A token of GitHub.
    GithubToken,
    /// A private key.
    PrivateKey,
    /// A bearer token.
    BearerToken,
}

/// What is wrong at a place, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the fields are the facts that the text of the variant names"
)]
pub enum Flaw {
    /// A body cannot be read as its content type says.
    BrokenBody {
        content_type: String,
        reason: String,
    },
    /// A rule rejects the example beside it.
    BrokenExample { rule: String, example: String },
    /// An example has fewer or more items than its own rule asks for.
    WrongLength { items: usize, asked: String },
    /// A regular expression does not compile.
    BrokenRegex { regex: String },
    /// Another interaction has the same description and provider states.
    DuplicateDescription { first: String },
    /// Another interaction is the same but for its description.
    DuplicateInteraction { other: String },
    /// A rule for the items of a list that has none.
    EmptyExample { rule: String },
    /// No interaction at all.
    EmptyPact,
    /// The minimum is above the maximum.
    MinOverMax { min: usize, max: usize },
    /// Interactions of version 4 in a document that does not say so.
    NoVersion,
    /// A rule for a place that the example does not have.
    OrphanRule { rule: String, path: String },
    /// Another interaction has the same request and provider states, and another response.
    SameRequest { other: String },
    /// Something that looks like a credential; only its beginning is kept.
    Secret { kind: SecretKind, beginning: String },
    /// A departure from the specification.
    Specification { what: String },
    /// Another interaction writes this provider state in another way.
    StateSpelling { state: String, other: String },
    /// The method is not registered.
    UnknownMethod {
        method: String,
        near: Option<String>,
    },
    /// A value that will not be the same in the next run, and is compared exactly.
    VolatileValue { kind: VolatileKind, value: String },
}

impl Flaw {
    /// The rule that finds such flaws.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::BrokenBody { .. } => Rule::BrokenBody,
            Self::BrokenExample { .. } | Self::WrongLength { .. } => Rule::BrokenExample,
            Self::BrokenRegex { .. } => Rule::BrokenRegex,
            Self::DuplicateDescription { .. } => Rule::DuplicateDescription,
            Self::DuplicateInteraction { .. } => Rule::DuplicateInteraction,
            Self::EmptyExample { .. } => Rule::EmptyExample,
            Self::EmptyPact => Rule::EmptyPact,
            Self::MinOverMax { .. } => Rule::MinOverMax,
            Self::NoVersion => Rule::NoVersion,
            Self::OrphanRule { .. } => Rule::OrphanRule,
            Self::SameRequest { .. } => Rule::SameRequest,
            Self::Secret { .. } => Rule::Secret,
            Self::Specification { .. } => Rule::Specification,
            Self::StateSpelling { .. } => Rule::StateSpelling,
            Self::UnknownMethod { .. } => Rule::UnknownMethod,
            Self::VolatileValue { .. } => Rule::VolatileValue,
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::BrokenBody { .. }
            | Self::BrokenExample { .. }
            | Self::BrokenRegex { .. }
            | Self::MinOverMax { .. }
            | Self::SameRequest { .. }
            | Self::Specification { .. }
            | Self::UnknownMethod { .. } => Severity::Error,
            Self::Secret { kind, .. } => kind.severity(),
            Self::WrongLength { .. }
            | Self::DuplicateDescription { .. }
            | Self::DuplicateInteraction { .. }
            | Self::EmptyExample { .. }
            | Self::EmptyPact
            | Self::NoVersion
            | Self::OrphanRule { .. }
            | Self::StateSpelling { .. }
            | Self::VolatileValue { .. } => Severity::Warning,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::BrokenBody { .. } => "correct the body, or its content type".to_owned(),
            Self::BrokenExample { .. } => "correct the example, or the rule".to_owned(),
            Self::WrongLength { asked, .. } => format!("give the example {asked} items"),
            Self::BrokenRegex { .. } => "correct the regular expression".to_owned(),
            Self::DuplicateDescription { .. } => {
                "give each interaction its own description, or its own provider state".to_owned()
            }
            Self::DuplicateInteraction { .. } => "remove one of the two".to_owned(),
            Self::EmptyExample { .. } => "add an item to the example".to_owned(),
            Self::EmptyPact => "remove the file, or add an interaction".to_owned(),
            Self::MinOverMax { .. } => "exchange the two, or correct one".to_owned(),
            Self::NoVersion => {
                "add \"pactSpecification\": {\"version\": \"4.0\"} to `metadata`".to_owned()
            }
            Self::OrphanRule { .. } => {
                "add the place to the example, or remove the rule".to_owned()
            }
            Self::SameRequest { .. } => {
                "tell the two apart by a provider state, or by the request".to_owned()
            }
            Self::Secret { .. } => {
                "replace it by a made-up value, and revoke it if it is a real one".to_owned()
            }
            Self::Specification { .. } => "write what the specification says there".to_owned(),
            Self::StateSpelling { other, .. } => format!("write {other:?} in both places"),
            Self::UnknownMethod {
                near: Some(near), ..
            } => format!("write {near:?}"),
            Self::UnknownMethod { near: None, .. } => "write a registered method".to_owned(),
            Self::VolatileValue { kind, .. } => kind.fix().to_owned(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokenBody {
                content_type,
                reason,
            } => {
                write!(
                    f,
                    "the body is not what its content type {content_type} says: {reason}"
                )
            }
            Self::BrokenExample { rule, example } => {
                write!(f, "the rule {rule} rejects the example {example}")
            }
            Self::WrongLength { items, asked } => {
                write!(
                    f,
                    "the example has {items} items, and its own rule asks for {asked}"
                )
            }
            Self::BrokenRegex { regex } => write!(f, "{regex:?} is not a regular expression"),
            Self::DuplicateDescription { first } => {
                write!(f, "the same description and provider states as {first}")
            }
            Self::DuplicateInteraction { other } => {
                write!(f, "the same as {other:?}, but for the description")
            }
            Self::EmptyExample { rule } => {
                write!(
                    f,
                    "the example is an empty list, about whose items the rule {rule} says nothing"
                )
            }
            Self::EmptyPact => write!(f, "there is no interaction to verify"),
            Self::MinOverMax { min, max } => {
                write!(f, "the minimum {min} is above the maximum {max}")
            }
            Self::NoVersion => f.write_str(NO_VERSION),
            Self::OrphanRule { rule, path } => {
                write!(
                    f,
                    "the rule {rule} is for {path}, which the example does not have"
                )
            }
            Self::SameRequest { other } => write!(
                f,
                "the same request in the same provider states as {other:?}, but another response"
            ),
            Self::Secret { kind, beginning } => {
                write!(f, "{beginning:?}... looks like {}", kind.words())
            }
            Self::Specification { what } => f.write_str(what),
            Self::StateSpelling { state, other } => {
                write!(
                    f,
                    "the provider state {state:?} is written {other:?} elsewhere"
                )
            }
            Self::UnknownMethod { method, .. } => {
                write!(f, "no HTTP method of the name {method:?} is registered")
            }
            Self::VolatileValue { kind, value } => {
                write!(
                    f,
                    "{value} looks like {}, and is compared exactly",
                    kind.words()
                )
            }
        }
    }
}

impl VolatileKind {
    fn words(self) -> &'static str {
        match self {
            Self::Timestamp => "a point in time",
            Self::Uuid => "a random UUID",
        }
    }

    fn fix(self) -> &'static str {
        match self {
            Self::Timestamp => "add a matcher for a date and time, or a generator",
            Self::Uuid => "add a matcher for a UUID, or a generator",
        }
    }
}

impl SecretKind {
    fn words(self) -> &'static str {
        match self {
            Self::Jwt => "a JSON Web Token",
            Self::AwsAccessKey => "an access key of AWS",
            Self::GithubToken => "a token of GitHub",
            Self::PrivateKey => "a private key",
            Self::BearerToken => "a bearer token",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::AwsAccessKey | Self::GithubToken | Self::PrivateKey => Severity::Error,
            Self::Jwt | Self::BearerToken => Severity::Warning,
        }
    }
}
