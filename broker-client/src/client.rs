//! The client itself: where its broker is, and how every question is asked.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::Service;
use tracing::{Instrument, Span, field};
use url::Url;

use crate::answer::Answer;
use crate::error::{Asked, BrokerWords, ClientError, bare};
use crate::hal::Document;
use crate::options::{Auth, Options};
use crate::transport::{Transport, TransportError, broke};

/// How long the client waits before the first repetition; every further wait is twice as long.
const FIRST_PAUSE_MS: u64 = 200;

/// The kinds of document that the client reads.
const ACCEPT: &str = "application/hal+json, application/json";

/// The kinds of document that the client sends.
const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Asks one broker; clones share the connection.
#[derive(Debug, Clone)]
pub struct Client {
    base: Url,
    transport: Transport,
    headers: HeaderMap,
    authorization: Option<HeaderValue>,
    timeout: Duration,
    retries_max: u32,
    index: Arc<OnceLock<Document>>,
}

impl Client {
    /// A client for the broker whose index is at the URL, which may have a path prefix and credentials.
    ///
    /// ```
    /// use treaty_broker_client::{Client, Options};
    ///
    /// assert!(Client::new("https://broker.example.com/pacts", Options::default()).is_ok());
    /// let error = Client::new("localhost:9292", Options::default()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "\"localhost:9292\" is not the URL of a broker: it must start with http:// or https://"
    /// );
    /// ```
    ///
    /// # Errors
    /// [`ClientError::BaseUrl`] or [`ClientError::Option`] for what cannot be used.
    pub fn new(base_url: &str, options: Options) -> Result<Self, ClientError> {
        let transport = Transport::network(&options)?;
        Self::with(transport, base_url, options)
    }

    /// A client for a broker that is a service in this process: no socket. The URL is what its links start with.
    ///
    /// # Errors
    /// [`ClientError::BaseUrl`] if the URL is none.
    pub fn over<S, B, R>(service: S, base_url: &str) -> Result<Self, ClientError>
    where
        S: Service<Request<B>, Response = Response<R>> + Clone + Send + Sync + 'static,
        S::Error: Into<TransportError>,
        S::Future: Send,
        B: From<Bytes> + Send + 'static,
        R: BodyExt + Send + 'static,
        R::Data: Send,
        R::Error: Into<TransportError>,
    {
        Self::with(Transport::service(service), base_url, Options::default())
    }

    fn with(transport: Transport, base_url: &str, options: Options) -> Result<Self, ClientError> {
        let (base, own) = base(base_url)?;
        let auth = options.auth.or(own);
        Ok(Self {
            base,
            transport,
            headers: headers(&options.headers)?,
            authorization: auth.as_ref().map(authorization).transpose()?,
            timeout: options.timeout,
            retries_max: options.retries_max,
            index: Arc::default(),
        })
    }

    /// Where the broker's index is, without credentials.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.base.as_str()
    }

    /// The broker's index, read once.
    pub(crate) async fn index(&self) -> Result<Document, ClientError> {
        if let Some(index) = self.index.get() {
            return Ok(index.clone());
        }
        let index = self.get(&self.base).await?;
        if !index.body.get("_links").is_some_and(Value::is_object) {
            return Err(ClientError::NotABroker {
                asked: Asked::new(&Method::GET, &self.base),
                what: "a document without links".to_owned(),
            });
        }
        Ok(self.index.get_or_init(|| index).clone())
    }

    /// A URL below the base, for the few resources that no index links to.
    pub(crate) fn below_base(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!(
            "{}/{path}",
            self.base.path().trim_end_matches('/')
        ));
        url
    }

    /// Reads a document that may be anybody's.
    pub(crate) async fn get_from_anybody(&self, url: &Url) -> Result<Document, ClientError> {
        let question = Question::new(Method::GET, url, None);
        document(&Method::GET, url, &self.answered(&question).await?)
    }

    /// Reads a document.
    pub(crate) async fn get(&self, url: &Url) -> Result<Document, ClientError> {
        let answer = self.ask(Method::GET, url, None).await?;
        document(&Method::GET, url, &answer)
    }

    /// Sends a document and reads the one that answers it.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
    ) -> Result<(Document, Answer), ClientError> {
        let answer = self.ask(method.clone(), url, Some(body)).await?;
        Ok((document(&method, url, &answer)?, answer))
    }

    /// The same for a POST that may be sent twice, because it changes nothing, or the second time nothing more.
    pub(crate) async fn send_repeatable(
        &self,
        url: &Url,
        body: &Value,
    ) -> Result<Document, ClientError> {
        let question = Question::new(Method::POST, url, Some(body)).repeated_freely();
        document(&Method::POST, url, &self.exchange(&question).await?)
    }

    /// Changes some members of a document, and reads what became of it.
    pub(crate) async fn change(&self, url: &Url, body: &Value) -> Result<Document, ClientError> {
        let question = Question::new(Method::PATCH, url, Some(body)).of_kind(MERGE_PATCH);
        document(&Method::PATCH, url, &self.exchange(&question).await?)
    }

    /// Asks, within the deadline, and again where that is safe and may help.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
    ) -> Result<Answer, ClientError> {
        self.exchange(&Question::new(method, url, body)).await
    }

    /// Sends the question. Where there is nothing, a look at the index tells a name that the broker does not have from a
    /// URL that is not the broker's.
    async fn exchange(&self, question: &Question<'_>) -> Result<Answer, ClientError> {
        let refused = match self.answered(question).await {
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => error,
            outcome => return outcome,
        };
        if self.index.get().is_some() || !self.is_home(question.url) {
            return Err(refused);
        }
        let is_index = |answer: &Answer| {
            let index: Option<Value> = serde_json::from_slice(&answer.body).ok();
            index.is_some_and(|index| index["_links"].is_object())
        };
        let index = Question::new(Method::GET, &self.base, None);
        let has_index = *question.url != self.base
            && match self.answered(&index).await {
                Ok(answer) => is_index(&answer),
                // What says anything else may be in front of a broker.
                Err(error) => error.status() != Some(StatusCode::NOT_FOUND),
            };
        Err(if has_index {
            refused
        } else {
            let url = bare(&self.base);
            ClientError::NoBroker { url }
        })
    }

    async fn answered(&self, question: &Question<'_>) -> Result<Answer, ClientError> {
        let asked = Asked::new(&question.method, question.url);
        let span = span(question);
        let tries = self.try_until_answered(question).instrument(span.clone());
        let answer = match tokio::time::timeout(self.timeout, tries).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(source)) => {
                span.record("error.type", "unreachable");
                return Err(ClientError::Unreachable { asked, source });
            }
            Err(_) => {
                span.record("error.type", "timeout");
                let timeout_ms = self.timeout.as_millis();
                return Err(ClientError::TimedOut { asked, timeout_ms });
            }
        };
        span.record("http.response.status_code", answer.status.as_u16());
        accepted(asked, answer)
    }

    /// An answer is worth more than a deadline: where the next try would come too late, the last one counts.
    async fn try_until_answered(&self, question: &Question<'_>) -> Result<Answer, TransportError> {
        let started = Instant::now();
        let mut retry = 0;
        loop {
            let outcome = self.transport.exchange(self.request(question)?).await;
            told(question, &outcome);
            let pause = wait_before_next(&outcome, question.repeat, retry);
            let Some(pause) = pause.filter(|_| retry < self.retries_max) else {
                return outcome;
            };
            if started.elapsed().saturating_add(pause) >= self.timeout {
                return outcome;
            }
            // The pause before a repeat, never past the deadline.
            tokio::time::sleep(pause).await;
            retry += 1;
        }
    }

    fn request(&self, question: &Question<'_>) -> Result<Request<Bytes>, TransportError> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = question.method.clone();
        *request.uri_mut() = bare(question.url).parse()?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
        if self.is_home(question.url) {
            headers.extend(self.headers.clone());
            let authorization = self.authorization.clone();
            headers.extend(authorization.map(|value| (header::AUTHORIZATION, value)));
        }
        if let Some(body) = question.body {
            let kind = HeaderValue::from_static(question.kind);
            headers.insert(header::CONTENT_TYPE, kind);
            *request.body_mut() = serde_json::to_vec(body)?.into();
        }
        Ok(request)
    }

    /// Whether the URL is the broker's own, so that credentials may go there: its origin, or the same host secured.
    fn is_home(&self, url: &Url) -> bool {
        let secured = url.scheme() == "https" && url.host() == self.base.host();
        secured || url.origin() == self.base.origin()
    }
}

/// The URL without its credentials, and those.
fn base(given: &str) -> Result<(Url, Option<Auth>), ClientError> {
    let wrong = |reason: &str| ClientError::BaseUrl {
        given: given.to_owned(),
        reason: reason.to_owned(),
    };
    let url = Url::parse(given);
    let mut url = match url {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => {
            return Err(wrong("it must start with http:// or https://"));
        }
        Err(error) => return Err(wrong(&error.to_string())),
    };
    let decoded = |text: &str| {
        let text = percent_encoding::percent_decode_str(text);
        text.decode_utf8_lossy().into_owned()
    };
    let auth = (!url.username().is_empty()).then(|| Auth::Basic {
        user: decoded(url.username()),
        password: url.password().map(decoded),
    });
    url = bare(&url)
        .parse()
        .map_err(|_| wrong("its credentials cannot be removed"))?;
    Ok((url, auth))
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, ClientError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let wrong = |reason: String| ClientError::Option {
            what: format!("header {name:?}"),
            reason,
        };
        let parsed: HeaderName = name
            .parse()
            .map_err(|_| wrong("not a header's name".to_owned()))?;
        let value = HeaderValue::from_str(value);
        headers.append(parsed, value.map_err(|error| wrong(error.to_string()))?);
    }
    Ok(headers)
}

fn authorization(auth: &Auth) -> Result<HeaderValue, ClientError> {
    let text = match auth {
        Auth::Basic { user, password } => {
            let pair = format!("{user}:{}", password.as_deref().unwrap_or_default());
            format!("Basic {}", BASE64_STANDARD.encode(pair))
        }
        Auth::Bearer(token) => format!("Bearer {token}"),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|error| ClientError::Option {
        what: "token".to_owned(),
        reason: error.to_string(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn accepted(asked: Asked, answer: Answer) -> Result<Answer, ClientError> {
    let status = answer.status;
    if status.is_success() {
        return Ok(answer);
    }
    let location = answer.header(header::LOCATION).map(str::to_owned);
    match location {
        Some(location) if status.is_redirection() => Err(ClientError::Moved {
            asked,
            status,
            location,
        }),
        _ => Err(ClientError::Refused {
            asked,
            status,
            words: answer.words(),
        }),
    }
}

fn document(method: &Method, url: &Url, answer: &Answer) -> Result<Document, ClientError> {
    let body = serde_json::from_slice(&answer.body).map_err(|error| {
        let bytes = answer.body.len();
        ClientError::NotABroker {
            asked: Asked::new(method, url),
            what: match answer.words() {
                page @ BrokerWords::WebPage { .. } => format!("{page} instead of JSON"),
                _ if error.is_eof() => format!("JSON that breaks off after {bytes} bytes"),
                _ => format!("{bytes} bytes that are not JSON"),
            },
        }
    })?;
    Ok(Document {
        url: url.clone(),
        body,
    })
}

/// What is asked of the broker.
struct Question<'a> {
    method: Method,
    url: &'a Url,
    body: Option<&'a Value>,
    kind: &'static str,
    repeat: Repeat,
}

impl<'a> Question<'a> {
    fn new(method: Method, url: &'a Url, body: Option<&'a Value>) -> Self {
        let freely = method.is_safe() || method == Method::PUT;
        Self {
            method,
            url,
            body,
            kind: JSON,
            repeat: if freely {
                Repeat::Freely
            } else {
                Repeat::IfTurnedAway
            },
        }
    }

    fn repeated_freely(self) -> Self {
        let repeat = Repeat::Freely;
        Self { repeat, ..self }
    }

    fn of_kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }
}

/// The span of a question with all its tries, for whoever collects spans: no query and no credentials.
fn span(question: &Question<'_>) -> Span {
    tracing::info_span!(
        target: "treaty::span",
        "request",
        otel.name = question.method.as_str(),
        otel.kind = "client",
        http.request.method = question.method.as_str(),
        server.address = question.url.host_str(),
        server.port = question.url.port_or_known_default(),
        url.path = question.url.path(),
        http.response.status_code = field::Empty,
        "error.type" = field::Empty,
    )
}

/// Logs what was asked and what came of it: no headers and no bodies, which hold secrets.
fn told(question: &Question<'_>, outcome: &Result<Answer, TransportError>) {
    let (method, url) = (&question.method, bare(question.url));
    match outcome {
        Ok(answer) => tracing::debug!("{method} {url} was answered with {}", answer.status),
        Err(error) => tracing::debug!("{method} {url} got no answer: {error}"),
    }
}

/// When a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// Whatever became of it.
    Freely,
    /// Only if whoever answered did nothing with it.
    IfTurnedAway,
}

/// How long to wait before the same request is sent again; nothing if that is not safe or cannot help.
fn wait_before_next(
    outcome: &Result<Answer, TransportError>,
    repeat: Repeat,
    retry: u32,
) -> Option<Duration> {
    let freely = repeat == Repeat::Freely;
    match outcome {
        Ok(answer) => {
            let wished = answer.retry_after();
            let turned_away = match answer.status {
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => true,
                StatusCode::SERVICE_UNAVAILABLE => wished.is_some(),
                _ => false,
            };
            let again = turned_away || (freely && answer.status.is_server_error());
            again.then(|| wished.unwrap_or_else(|| pause(retry)))
        }
        Err(error) => (freely && broke(error)).then(|| pause(retry)),
    }
}

/// Half of the wait is fixed, half is random, so that many clients do not come back at once.
fn pause(retry: u32) -> Duration {
    let whole = FIRST_PAUSE_MS.saturating_mul(1 << retry.min(10));
    let random = RandomState::new().hash_one(retry) % (whole / 2 + 1);
    Duration::from_millis(whole / 2 + random)
}
