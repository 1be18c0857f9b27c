//! A stub: the answers of many pacts, for whoever asks, as often as they ask.
//!
//! A [`crate::Session`] keeps the account of one test; a stub keeps none, so what a request gets depends on the request
//! alone. That lets it remember which interaction a request matched.

mod memory;
mod miss;
mod states;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response, header};
use treaty_core::interaction::Interaction;
use treaty_core::matching::generate_response;
use treaty_core::wire;

use crate::cors;
use crate::index::Index;
use crate::rank::is_match;
use crate::respond::{allow, sent, unreadable};
use memory::Memory;

pub use states::{NamePattern, STATE_HEADER, States};

/// One interaction of a stub, and why it may not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Stubbed {
    /// The interaction.
    pub interaction: Interaction,
    /// Why the stub does not answer from it, in a few words; absent where it does.
    pub withheld: Option<String>,
}

impl From<Interaction> for Stubbed {
    fn from(interaction: Interaction) -> Self {
        Self {
            interaction,
            withheld: None,
        }
    }
}

/// How a stub answers, beyond what its interactions say.
///
/// ```
/// use treaty_mock_server::{NamePattern, StubOptions};
///
/// let options = StubOptions::default().cors().state(NamePattern::new("user .* exists"));
/// assert!(options.is_cors());
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct StubOptions {
    pub(crate) states: States,
    pub(crate) cors: bool,
    pub(crate) cors_by_referer: bool,
}

impl StubOptions {
    /// Answers CORS pre-flight requests, and allows the client's origin in every answer.
    #[must_use]
    pub fn cors(self) -> Self {
        Self { cors: true, ..self }
    }

    /// As [`StubOptions::cors`], and takes the origin from `Referer` where a request has no `Origin`.
    #[must_use]
    pub fn cors_by_referer(self) -> Self {
        Self {
            cors: true,
            cors_by_referer: true,
            ..self
        }
    }

    /// Answers only from interactions with such a provider state, unless a request asks for another one.
    #[must_use]
    pub fn state(mut self, pattern: NamePattern) -> Self {
        self.states.default = Some(pattern);
        self
    }

    /// Beside those with a state that is asked for, answers from interactions without any.
    #[must_use]
    pub fn or_stateless(mut self) -> Self {
        self.states.or_stateless = true;
        self
    }

    /// The header by which a request asks for a provider state; [`STATE_HEADER`] unless it is set.
    #[must_use]
    pub fn state_header(mut self, name: impl Into<String>) -> Self {
        self.states.header = name.into().to_lowercase();
        self
    }

    /// Whether browsers of other origins may ask.
    #[must_use]
    pub fn is_cors(&self) -> bool {
        self.cors
    }
}

/// What a stub answers from.
///
/// ```
/// use treaty_mock_server::{Stub, StubOptions};
///
/// let pact = treaty_core::document::load("a-b.json", br#"{
///   "consumer": {"name": "A"}, "provider": {"name": "B"},
///   "interactions": [{"description": "a ping", "request": {"path": "/ping"}, "response": {"status": 204}}]
/// }"#).unwrap();
/// let interactions = pact.interactions.into_iter().map(Into::into).collect();
/// let stub = Stub::new(interactions, StubOptions::default(), "http://127.0.0.1:1234");
///
/// let request = |path: &str| http::Request::get(path).body(()).unwrap().into_parts().0;
/// assert_eq!(stub.answer(&request("/ping"), Default::default()).status(), 204);
/// assert_eq!(stub.answer(&request("/pong"), Default::default()).status(), 404);
/// ```
#[derive(Debug)]
pub struct Stub {
    stubbed: Vec<Stubbed>,
    /// The answer of each interaction that always gives the same one.
    ready: Vec<Option<Response<Bytes>>>,
    index: Index,
    memory: Memory,
    options: StubOptions,
    url: String,
}

impl Stub {
    /// A stub that answers from these interactions, the earlier one first where several match. `url` is where it
    /// answers, for generators that use it.
    #[must_use]
    pub fn new(stubbed: Vec<Stubbed>, options: StubOptions, url: &str) -> Self {
        let interactions: Vec<&Interaction> = stubbed.iter().map(|one| &one.interaction).collect();
        Self {
            ready: interactions.iter().map(|one| ready(one)).collect(),
            index: Index::new(interactions.iter().copied()),
            memory: Memory::new(&interactions, &options.states),
            stubbed,
            options,
            url: url.to_owned(),
        }
    }

    /// The answer to a request.
    #[must_use]
    pub fn answer(&self, head: &Parts, body: Bytes) -> Response<Bytes> {
        let mut response = self.respond(head, body);
        if self.options.cors {
            allow(
                self.origin(&head.headers).as_deref(),
                response.headers_mut(),
            );
        }
        response
    }

    fn respond(&self, head: &Parts, body: Bytes) -> Response<Bytes> {
        let key = self.memory.key(head, &body);
        if let Some(place) = key.as_ref().and_then(|key| self.memory.recall(key)) {
            return self.response(place);
        }
        let (path, query) = (head.uri.path(), head.uri.query());
        let headers = head.headers.iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        let request = wire::request(head.method.as_str(), path, query, headers, body);

        let wanted = self.options.states.wanted(&head.headers);
        let matching = self.index.candidates(&request).into_iter();
        let matching = matching.filter(|place| match &self.stubbed[*place].interaction {
            Interaction::Http(http) => is_match(&http.request, &request),
            _ => false,
        });
        let matching: Vec<usize> = matching.collect();
        let fits = |place: &&usize| {
            let states = self.stubbed[**place].interaction.provider_states();
            wanted.fits(states) && self.stubbed[**place].withheld.is_none()
        };
        if let Some(place) = matching.iter().find(fits) {
            if let Some(key) = key {
                self.memory.keep(key, *place);
            }
            return self.response(*place);
        }
        let preflight = cors::preflight(&request).filter(|_| self.options.cors);
        if let Some(Ok(response)) = preflight.map(|response| sent("preflight", &response)) {
            return response;
        }
        miss::explained(&self.stubbed, &request, &matching, &wanted)
    }

    fn response(&self, place: usize) -> Response<Bytes> {
        if let Some(ready) = &self.ready[place] {
            return ready.clone();
        }
        let Interaction::Http(http) = &self.stubbed[place].interaction else {
            unreachable!("the index holds HTTP interactions only");
        };
        let response = generate_response(&http.response, &self.url);
        sent("matched", &response).unwrap_or_else(|reason| unreadable(&reason))
    }

    fn origin(&self, headers: &HeaderMap) -> Option<String> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let referer = || {
            let url = text(header::REFERER).filter(|_| self.options.cors_by_referer)?;
            let uri: http::Uri = url.parse().ok()?;
            Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
        };
        text(header::ORIGIN).map(str::to_owned).or_else(referer)
    }
}

/// The response of an interaction without generators is made once.
fn ready(interaction: &Interaction) -> Option<Response<Bytes>> {
    match interaction {
        Interaction::Http(http) if http.response.generators.categories.is_empty() => {
            sent("matched", &http.response).ok()
        }
        _ => None,
    }
}
