//! Why a question to a broker has no answer.

use std::fmt;

use http::{Method, StatusCode};
use treaty_core::causes::with_causes;
use treaty_core::shell::word;
use url::Url;

/// What was asked of the broker. The URL carries no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The HTTP method.
    pub method: Method,
    /// The URL, without user name and password.
    pub url: String,
}

impl Asked {
    pub(crate) fn new(method: &Method, url: &Url) -> Self {
        Self {
            method: method.clone(),
            url: bare(url),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

/// The URL without user name and password.
pub(crate) fn bare(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that cannot carry credentials in the first place.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

/// What a broker, or whatever stands in front of it, said when it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokerWords {
    /// The broker's own texts, in its order; none if it said nothing.
    Texts(Vec<String>),
    /// A web page, which no broker sends to a client: a proxy, a login page, another server.
    WebPage {
        /// The page's title, where it has one.
        title: Option<String>,
    },
}

impl fmt::Display for BrokerWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Texts(texts) if texts.is_empty() => f.write_str("no explanation"),
            Self::Texts(texts) => f.write_str(&texts.join("\n")),
            Self::WebPage { title: Some(title) } => write!(f, "a web page, {title:?}"),
            Self::WebPage { title: None } => f.write_str("a web page"),
        }
    }
}

/// Why a question to a broker has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The text that should be the broker's address is not a URL of the web.
    #[error("{given:?} is not the URL of a broker: {reason}")]
    BaseUrl {
        /// What was given.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A header, credential or certificate that cannot be sent.
    #[error("the {what} cannot be used: {reason}")]
    Option {
        /// What it was to be.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answered.
    #[error("{asked} got no answer")]
    Unreachable {
        /// The request.
        asked: Asked,
        /// What the transport says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The broker took too long.
    #[error("{asked} got no answer within {timeout_ms} ms")]
    TimedOut {
        /// The request.
        asked: Asked,
        /// How long the client waited.
        timeout_ms: u128,
    },
    /// The broker answered that it will not, or cannot.
    #[error("{asked} was answered with {status}: {words}")]
    Refused {
        /// The request.
        asked: Asked,
        /// The answer's status.
        status: StatusCode,
        /// The answer's text.
        words: BrokerWords,
    },
    /// The answer points elsewhere.
    #[error("{asked} was answered with {status}: it is to be found at {location}")]
    Moved {
        /// The request.
        asked: Asked,
        /// The answer's status.
        status: StatusCode,
        /// Where to.
        location: String,
    },
    /// The answer is not what a Pact Broker sends.
    #[error("the answer to {asked} is not a Pact Broker's: {what}")]
    NotABroker {
        /// The request.
        asked: Asked,
        /// What came instead.
        what: String,
    },
    /// Whoever answers at the broker's URL has nothing there.
    #[error("no Pact Broker answers at {url}")]
    NoBroker {
        /// The broker's URL, without user name and password.
        url: String,
    },
    /// A document lacks the link that leads on.
    #[error("{url} has no link {relation:?}{}", offered(candidates))]
    MissingLink {
        /// The document.
        url: String,
        /// The relation looked for.
        relation: String,
        /// The names that links of this relation do have.
        candidates: Vec<String>,
    },
    /// The broker has no such environment.
    #[error("the broker has no environment {name:?}{}", known_ones(known))]
    UnknownEnvironment {
        /// The name asked for.
        name: String,
        /// The environments it has.
        known: Vec<String>,
    },
    /// The broker has no such thing.
    #[error("the broker has no {what}")]
    Unknown {
        /// What was asked for.
        what: String,
    },
    /// Something is not in the environment that it is to leave.
    #[error("{what} is not in {environment}{}", instances_told(instances))]
    NotThere {
        /// What is not there.
        what: String,
        /// Where it is not.
        environment: String,
        /// The application instances in which it is, where that is known.
        instances: Vec<String>,
    },
    /// The broker has no such version of the pacticipant.
    #[error("the broker has no version {version:?} of {pacticipant:?}")]
    UnknownVersion {
        /// The pacticipant.
        pacticipant: String,
        /// Its version number.
        version: String,
    },
    /// The broker accepted a result without saying where it keeps it, so it may have kept nothing.
    #[error("the answer to {asked} does not acknowledge the result: no link and no location")]
    NotAcknowledged {
        /// The request.
        asked: Asked,
    },
}

impl ClientError {
    /// The status of the broker's answer, where there was one that refused.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } | Self::Moved { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the broker itself, not a proxy, said that there is no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: StatusCode::NOT_FOUND,
                words: BrokerWords::Texts(_),
                ..
            }
        )
    }

    /// The same error; but where the broker said that there is no such thing, one that says of what.
    pub(crate) fn or_unknown(self, what: impl FnOnce() -> String) -> Self {
        if self.is_not_found() {
            Self::Unknown { what: what() }
        } else {
            self
        }
    }

    /// What to try, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::BaseUrl { given, .. } if looks_like_a_host(given) => {
                format!("did you mean http://{given}?")
            }
            Self::BaseUrl { .. } => {
                "give the address at which the broker's index is, such as https://broker.example.com"
                    .to_owned()
            }
            Self::Option { what, .. } => format!("correct the {what}"),
            Self::Unreachable { source, .. } => unreachable_remedy(source.as_ref()).to_owned(),
            Self::TimedOut { .. } => "try again, or allow more time".to_owned(),
            Self::Refused { status, words, .. } => refusal_remedy(*status, words),
            Self::Moved { location, .. } if looks_like_a_login(location) => {
                "give the broker's token, or user name and password: it sends people to a login page"
                    .to_owned()
            }
            Self::Moved { location, .. } => {
                format!("give the broker's URL as it is after the redirection to {location}")
            }
            Self::NotABroker { .. } => {
                "check that the URL is that of the broker's index, path prefix included".to_owned()
            }
            Self::NoBroker { .. } => "check the port and the path prefix of its URL".to_owned(),
            Self::MissingLink { .. } => {
                "upgrade the broker, or check that the URL is that of its index".to_owned()
            }
            Self::UnknownEnvironment { name, .. } => format!(
                "correct its name, or create it first: treaty create-environment --name {}",
                word(name)
            ),
            Self::UnknownVersion { .. } => {
                "publish a pact or a verification result for this version first".to_owned()
            }
            Self::Unknown { .. } => "correct the name, or create it first".to_owned(),
            Self::NotThere { instances, .. } if !instances.is_empty() => {
                "name the application instance that it leaves".to_owned()
            }
            Self::NotThere { .. } => {
                "check the environment's name, and what is recorded to be there".to_owned()
            }
            Self::NotAcknowledged { .. } => {
                "look in the broker whether the result is there, and publish it again if not"
                    .to_owned()
            }
        }
    }
}

/// `localhost:9292` or `broker.example.com/prefix`: a host whose scheme is missing.
fn looks_like_a_host(given: &str) -> bool {
    let host = given.split(['/', ':']).next().unwrap_or_default();
    !given.contains("://") && (host == "localhost" || host.contains('.'))
}

fn looks_like_a_login(location: &str) -> bool {
    let location = location.to_lowercase();
    let words = [
        "login", "signin", "sign-in", "sign_in", "oauth", "saml", "sso",
    ];
    words.iter().any(|word| location.contains(word))
}

/// By the causes that the transport tells in its own words.
fn unreachable_remedy(error: &(dyn std::error::Error + 'static)) -> &'static str {
    let causes = with_causes(error);
    if causes.contains("certificate") {
        "renew the broker's certificate, or have the one that signed it trusted"
    } else if causes.contains("dns error") {
        "correct the broker's host name, or check the network"
    } else {
        "check that the broker is running and that its URL is right"
    }
}

fn refusal_remedy(status: StatusCode, words: &BrokerWords) -> String {
    let text = match (status, words) {
        (StatusCode::UNAUTHORIZED, _) => "give the broker's token, or user name and password",
        (StatusCode::FORBIDDEN, _) => "use credentials that may do this",
        (_, BrokerWords::WebPage { .. }) => {
            "check that the URL is the broker's and not that of a proxy or web site before it"
        }
        (StatusCode::CONFLICT, _) => {
            "publish changed content under a new version number, the commit id for example"
        }
        (StatusCode::TOO_MANY_REQUESTS, _) => "try again later: the broker has too much to do",
        (status, _) if status.is_server_error() => "try again; if it stays, see the broker's log",
        _ => "correct what the broker complains of",
    };
    text.to_owned()
}

fn instances_told(instances: &[String]) -> String {
    if instances.is_empty() {
        String::new()
    } else {
        format!(
            " without an application instance of that name: there it is in {}",
            instances.join(", ")
        )
    }
}

fn offered(candidates: &[String]) -> String {
    if candidates.is_empty() {
        String::new()
    } else {
        format!(" of that name: there are {}", candidates.join(", "))
    }
}

fn known_ones(known: &[String]) -> String {
    if known.is_empty() {
        ": it has none yet".to_owned()
    } else {
        format!(": it has {}", known.join(", "))
    }
}
