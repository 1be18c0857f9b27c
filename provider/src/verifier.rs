//! A provider as its build knows it: where it answers, how it gets into its states, what is asked of it.

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::Service;

use crate::filter::Filter;
use crate::options::VerifyOptions;
use crate::publish::Publish;
use crate::report::{Refusal, Report};
use crate::source::Sources;
use crate::state::{Registry, StateChange, StateHandler};
use crate::target::{BoxError, CustomHeaders, ServiceTarget, web_url};
use crate::verify::verify;

/// A [`Verifier`] that does not know yet where its provider answers.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoTarget;

/// Where a [`Verifier`]'s provider answers.
#[derive(Debug)]
pub struct Target(pub(crate) TargetKind);

#[derive(Debug)]
pub(crate) enum TargetKind {
    Http(String),
    Service(ServiceTarget),
}

/// A request filter whose type is forgotten.
type RequestFilter =
    Box<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Request<Bytes>> + Send + Sync>;

/// Verifies pacts with one provider. It becomes able to when it is told where the provider answers:
/// [`Verifier::service`] or [`Verifier::base_url`].
///
/// ```
/// use axum::{Router, routing::get};
/// use treaty_provider::{PactSource, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let pact = serde_json::json!({
/// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
/// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
/// #         "request": { "path": "/" }, "response": { "status": 200 } }]
/// # });
/// #[derive(serde::Deserialize)]
/// struct User { id: u64 }
///
/// let report = Verifier::new("UserService")
///     .service(Router::new().route("/", get(async || "hello")))
///     .state("user {id} exists", async |user: User| assert_eq!(user.id, 42))
///     .verify(PactSource::json("a pact", pact))
///     .await;
/// report.assert_ok();
/// assert_eq!(report.summary().states_run, 1);
/// # }
/// ```
#[must_use]
pub struct Verifier<T = NoTarget> {
    target: T,
    settings: Settings,
}

/// Everything that a verifier was told except where the provider answers.
pub(crate) struct Settings {
    pub(crate) provider: String,
    pub(crate) registry: Registry,
    pub(crate) state_change: Option<StateChange>,
    pub(crate) headers: CustomHeaders,
    pub(crate) request_filter: Option<RequestFilter>,
    pub(crate) filter: Filter,
    pub(crate) publish: Option<Publish>,
    pub(crate) options: VerifyOptions,
    /// The first thing that was wrong with what the verifier was told.
    pub(crate) refusal: Option<Refusal>,
}

impl Verifier {
    /// A verifier for the provider of this name.
    pub fn new(provider: impl Into<String>) -> Self {
        Self {
            target: NoTarget,
            settings: Settings {
                provider: provider.into(),
                registry: Registry::default(),
                state_change: None,
                headers: CustomHeaders::default(),
                request_filter: None,
                filter: Filter::new(),
                publish: None,
                options: VerifyOptions::default(),
                refusal: None,
            },
        }
    }

    /// The provider is this service, in this process: no port, no socket. An `axum::Router` fits as it is. A service
    /// that insists on another body than `Full<Bytes>` fits after a
    /// `ServiceExt::map_request(|request: Request<Full<Bytes>>| request.map(Body::new))` of `tower`.
    pub fn service<S, B>(self, service: S) -> Verifier<Target>
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: BodyExt<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.target(TargetKind::Service(ServiceTarget::new(service)))
    }

    /// The provider answers below this URL.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").base_url("127.0.0.1:8080");
    /// let report = verifier.verify(PactSource::dir("../../pacts")).await;
    /// assert!(report.refusal.unwrap().to_string().starts_with("\"127.0.0.1:8080\" is not a URL of a web server"));
    /// # }
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Verifier<Target> {
        let url = url.into();
        self.settings.note(web_url(&url).map(drop));
        self.target(TargetKind::Http(url))
    }

    fn target(self, kind: TargetKind) -> Verifier<Target> {
        Verifier {
            target: Target(kind),
            settings: self.settings,
        }
    }
}

impl<T> Verifier<T> {
    /// How the provider gets into the states whose names fit the pattern: `a user with ID {id} exists`. A placeholder
    /// takes any text, and hands it to the handler as a parameter. Where several fit, a handler with the very name of
    /// the state goes first, then the one that was given first.
    pub fn state<K>(mut self, pattern: impl Into<String>, handler: impl StateHandler<K>) -> Self {
        self.settings.registry.on_set_up(pattern.into(), handler);
        self
    }

    /// How the provider gets out of those states again. It is called for every state that was set up, the last one
    /// first, however the interaction ended.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use treaty_provider::{PactSource, Verifier};
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
    /// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
    /// #         "request": { "path": "/" }, "response": { "status": 200 } }]
    /// # });
    /// # let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
    /// let report = Verifier::new("UserService")
    ///     .service(app)
    ///     .state("user {id} exists", async || {})
    ///     .tear_down("user {id} exists", async || Err::<(), _>("the database is locked"))
    ///     .verify(PactSource::json("a pact", pact))
    ///     .await;
    /// let reason = report.pacts[0].interactions[0].tear_down_failures[0].to_string();
    /// assert!(reason.ends_with("could not be torn down: the database is locked"));
    /// # }
    /// ```
    pub fn tear_down<K>(
        mut self,
        pattern: impl Into<String>,
        handler: impl StateHandler<K>,
    ) -> Self {
        self.settings.registry.on_tear_down(pattern.into(), handler);
        self
    }

    /// A URL that sets up the states for which there is no handler.
    pub fn state_change_url(mut self, change: impl Into<StateChange>) -> Self {
        let change = change.into();
        self.settings.note(web_url(&change.url).map(drop));
        self.settings.state_change = Some(change);
        self
    }

    /// A header that is sent with every request, in place of what the pact gives under its name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let added = self.settings.headers.add(name, value);
        self.settings.note(added);
        self
    }

    /// Changes every request before it is sent: to sign it, most often. The request has a path and query, but no host;
    /// the closure is cloned for each call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use treaty_provider::{PactSource, Verifier};
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
    /// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
    /// #         "request": { "path": "/" }, "response": { "status": 200 } }]
    /// # });
    /// # let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
    /// let report = Verifier::new("UserService")
    ///     .service(app)
    ///     .state("user 42 exists", async || {})
    ///     .request_filter(async |mut request: http::Request<bytes::Bytes>| {
    ///         request.headers_mut().insert("authorization", http::HeaderValue::from_static("Bearer fresh"));
    ///         request
    ///     })
    ///     .verify(PactSource::json("a pact", pact))
    ///     .await;
    /// report.assert_ok();
    /// # }
    /// ```
    pub fn request_filter<C, F>(mut self, filter: C) -> Self
    where
        C: FnOnce(Request<Bytes>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Request<Bytes>> + Send + 'static,
    {
        let filter: RequestFilter = Box::new(move |request| filter.clone()(request).boxed());
        self.settings.request_filter = Some(filter);
        self
    }

    /// What is verified; everything unless this is called.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use treaty_provider::{PactSource, Verifier};
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
    /// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
    /// #         "request": { "path": "/" }, "response": { "status": 200 } }]
    /// # });
    /// # let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
    /// let verifier = Verifier::new("UserService").service(app);
    /// let verifier = verifier.filter(treaty_provider::Filter::new().no_state());
    /// let report = verifier.verify(PactSource::json("a pact", pact)).await;
    /// assert_eq!(report.summary().interactions_filtered, 1);
    /// # }
    /// ```
    pub fn filter(mut self, filter: Filter) -> Self {
        self.settings.filter = filter;
        self
    }

    /// Publishes the result of every pact that comes from a broker.
    pub fn publish(mut self, publish: Publish) -> Self {
        self.settings.publish = Some(publish);
        self
    }

    /// Limits and leniencies.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use treaty_provider::{PactSource, Verifier};
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
    /// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
    /// #         "request": { "path": "/" }, "response": { "status": 200 } }]
    /// # });
    /// # let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
    /// let mut options = treaty_provider::VerifyOptions::default();
    /// options.allow_unknown_states = true;
    /// let verifier = Verifier::new("UserService").service(app).options(options);
    /// verifier.verify(PactSource::json("a pact", pact)).await.assert_ok();
    /// # }
    /// ```
    pub fn options(mut self, options: VerifyOptions) -> Self {
        self.settings.options = options;
        self
    }
}

impl Verifier<Target> {
    /// Reads the pacts, replays their interactions one after the other, and says what came of it. A question that
    /// cannot be asked is a report too: with a [`Refusal`], and nothing done. It runs on `tokio`, whose clock it needs.
    pub async fn verify(&self, sources: impl Into<Sources>) -> Report {
        verify(&self.settings, &self.target.0, sources.into()).await
    }
}

impl Settings {
    fn note<T>(&mut self, checked: Result<T, Refusal>) {
        if let Err(refusal) = checked {
            self.refusal.get_or_insert(refusal);
        }
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Verifier<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier")
            .field("provider", &self.settings.provider)
            .field("target", &self.target)
            .field("states", &self.settings.registry)
            .finish_non_exhaustive()
    }
}
