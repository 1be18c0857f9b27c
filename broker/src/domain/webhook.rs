//! Webhooks: requests that the broker sends when something happens to a pact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::template::fill_all_with;

/// What a secret looks like in every answer.
pub(crate) const STARS: &str = "**********";

/// Parts of the names of headers whose values are secrets.
const SECRET_PARTS: [&str; 8] = [
    "authorization",
    "api-key",
    "token",
    "secret",
    "apikey",
    "cookie",
    "password",
    "credential",
];

/// Words of such names, as in `Ocp-Apim-Subscription-Key`; as parts they would be in `X-Author` and `X-Keyboard` too.
const SECRET_WORDS: [&str; 2] = ["auth", "key"];

/// Names with such a word, whose values say nothing that others may not know.
const HARMLESS: [&str; 2] = ["idempotency-key", "surrogate-key"];

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventName {
    /// A pact was published.
    ContractPublished,
    /// A pact was published whose content, or one of whose tags, is new.
    ContractContentChanged,
    /// A result was published.
    ProviderVerificationPublished,
    /// A result was published that is a success.
    ProviderVerificationSucceeded,
    /// A result was published that is a failure.
    ProviderVerificationFailed,
    /// A pact was published that a provider version that matters has no result for.
    ContractRequiringVerificationPublished,
}

impl EventName {
    /// Every event, in the order in which clients are told of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::ContractPublished,
        Self::ContractContentChanged,
        Self::ProviderVerificationPublished,
        Self::ProviderVerificationSucceeded,
        Self::ProviderVerificationFailed,
        Self::ContractRequiringVerificationPublished,
    ];

    /// The name on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ContractPublished => "contract_published",
            Self::ContractContentChanged => "contract_content_changed",
            Self::ProviderVerificationPublished => "provider_verification_published",
            Self::ProviderVerificationSucceeded => "provider_verification_succeeded",
            Self::ProviderVerificationFailed => "provider_verification_failed",
            Self::ContractRequiringVerificationPublished => {
                "contract_requiring_verification_published"
            }
        }
    }

    /// The event of a name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}

/// Which pacticipants one side of a webhook is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Party {
    /// All of them.
    #[default]
    Any,
    /// The one of this name.
    Named(String),
    /// Those with this label.
    Labelled(String),
}

/// A request that is sent when something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) description: Option<String>,
    pub(crate) consumer: Party,
    pub(crate) provider: Party,
    pub(crate) enabled: bool,
    pub(crate) events: Vec<EventName>,
    /// The request, with stars in the place of its secrets.
    pub(crate) request: Request,
    /// The secrets of the request, sealed.
    pub(crate) secrets: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

impl Webhook {
    /// What people know the webhook by.
    pub(crate) fn name(&self) -> String {
        self.description
            .clone()
            .unwrap_or_else(|| self.request.name())
    }
}

/// What is sent, before its templates are filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    /// The headers by their names in lower case, in the order given.
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    /// JSON as it was given. If it is a string, that string is the body, else the JSON is.
    #[serde(default)]
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) username: Option<String>,
    #[serde(default)]
    pub(crate) password: Option<String>,
    /// What the body is signed with.
    #[serde(default)]
    pub(crate) signing_secret: Option<String>,
}

/// The secrets of a request by the place they stand in.
pub(crate) type Secrets = BTreeMap<String, String>;

impl Request {
    /// The host that the request goes to.
    pub(crate) fn host(&self) -> String {
        let url = Url::parse(&fill_all_with(&self.url, "x")).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        host.to_owned()
    }

    /// The method and the host, as in `POST ci.example.com`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.host())
    }

    /// Takes the secrets out of the request, leaving stars.
    pub(crate) fn take_secrets(&mut self) -> Secrets {
        let mut secrets = Secrets::new();
        for (place, value) in self.secret_places() {
            secrets.insert(place, std::mem::replace(value, STARS.to_owned()));
        }
        secrets
    }

    /// Puts secrets back where stars are; what has no secret keeps its stars.
    pub(crate) fn put_secrets(&mut self, secrets: &Secrets) {
        for (place, value) in self.secret_places() {
            if let Some(secret) = secrets.get(&place).filter(|_| value == STARS) {
                value.clone_from(secret);
            }
        }
    }

    /// Whether a client sent stars for something, which means that the secret known stays.
    pub(crate) fn has_stars(&mut self) -> bool {
        self.secret_places()
            .iter()
            .any(|(_, value)| *value == STARS)
    }

    fn secret_places(&mut self) -> Vec<(String, &mut String)> {
        let mut places = Vec::new();
        for (name, value) in &mut self.headers {
            if is_secret(name) {
                places.push((format!("headers.{name}"), value));
            }
        }
        places.extend(
            self.password
                .as_mut()
                .map(|value| ("password".to_owned(), value)),
        );
        let secret = self.signing_secret.as_mut();
        places.extend(secret.map(|value| ("signingSecret".to_owned(), value)));
        places
    }
}

/// Whether the value of a header is a secret.
pub(crate) fn is_secret(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    let mut words = header.split(['-', '_']);
    let is_secret = SECRET_PARTS.iter().any(|part| header.contains(part))
        || words.any(|word| SECRET_WORDS.contains(&word));
    is_secret && !HARMLESS.contains(&header.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            method: "POST".to_owned(),
            url: "https://ci.example.com:8443/${pactbroker.eventName}?x=1".to_owned(),
            headers: vec![
                ("accept".to_owned(), "*/*".to_owned()),
                ("x-auth-token".to_owned(), "t0ken".to_owned()),
            ],
            password: Some("pass".to_owned()),
            ..Request::default()
        }
    }

    #[test]
    fn a_request_is_named_by_its_method_and_host() {
        assert_eq!(request().name(), "POST ci.example.com");
        let url = r"https://evil.org\@ci.example.com/".to_owned();
        assert_eq!(Request { url, ..request() }.name(), "POST evil.org");
    }

    #[test]
    fn secrets_are_taken_out_and_put_back() {
        let mut shown = request();
        let secrets = shown.take_secrets();
        let text = serde_json::to_string(&shown).unwrap();
        assert!(
            !text.contains("t0ken") && !text.contains("pass\""),
            "{text}"
        );
        assert_eq!(shown.headers[0].1, "*/*");
        shown.put_secrets(&secrets);
        assert_eq!(shown, request());
    }

    #[test]
    fn a_new_secret_is_not_replaced_by_the_old_one() {
        let old = request().take_secrets();
        let mut new = request();
        new.password = Some("changed".to_owned());
        new.headers[1].1 = STARS.to_owned();
        assert!(new.has_stars());
        new.put_secrets(&old);
        assert_eq!(new.password.as_deref(), Some("changed"));
        assert_eq!(new.headers[1].1, "t0ken");
    }

    #[test]
    fn secrets_are_told_by_the_name_of_their_header() {
        for secret in [
            "Authorization",
            "X-Api-Key",
            "Ocp-Apim-Subscription-Key",
            "x-functions-key",
            "X-Auth",
            "X-GitlabToken",
            "DB_PASSWORD",
            "Set-Cookie",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for harmless in [
            "Accept",
            "X-Author",
            "X-Keyboard",
            "Idempotency-Key",
            "X-Build",
        ] {
            assert!(!is_secret(harmless), "{harmless}");
        }
    }

    #[test]
    fn names_of_events_are_read_as_they_are_written() {
        for event in EventName::ALL {
            assert_eq!(EventName::parse(event.as_str()), Some(event));
        }
        assert_eq!(EventName::parse("nope"), None);
    }
}
