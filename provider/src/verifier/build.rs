//! The verifier: what it is told, and the question that it answers.

use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;

use super::settings::{Progress, RequestFilter, Reset, Settings};
use super::targets::{NoTarget, Target};
use crate::filter::Filter;
use crate::options::VerifyOptions;
use crate::publish::Publish;
use crate::redact::Redaction;
use crate::report::Report;
use crate::source::Sources;
use crate::state::{IntoStateValues, StateChange, StateHandler};
use crate::target::web_url;
use crate::verify::verify;

/// Verifies pacts with one provider. It becomes able to when it is told where the provider answers:
/// [`Verifier::service`], [`Verifier::base_url`] or one of their company.
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
    pub(crate) target: T,
    pub(crate) settings: Settings,
}

impl Verifier {
    /// A verifier for the provider of this name.
    pub fn new(provider: impl Into<String>) -> Self {
        Self {
            target: NoTarget,
            settings: Settings::new(provider.into()),
        }
    }
}

impl<T> Verifier<T> {
    /// How the provider gets into the states whose names fit the pattern: `a user with ID {id} exists`. A placeholder
    /// takes any text, and hands it to the handler as a parameter. Where several fit, a handler with the very name of
    /// the state goes first, then the one that was given first.
    pub fn state<K>(mut self, pattern: impl Into<String>, handler: impl StateHandler<K>) -> Self {
        self.settings
            .handlers
            .states
            .on_set_up(pattern.into(), handler);
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
        self.settings
            .handlers
            .states
            .on_tear_down(pattern.into(), handler);
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
        let filter: RequestFilter =
            Box::new(move |request| filter.clone()(request).map(Ok).boxed());
        self.settings.request_filter = Some(filter);
        self
    }

    /// Brings the provider back to where it was before the run. It is called before every further run of an interaction
    /// by which [`VerifyOptions::find_order_dependence`] looks for what it depends on, and before every round but the
    /// first of [`VerifyOptions::repeat`]. A failure of it is the failure of a provider state: the interaction is
    /// inconclusive.
    pub fn reset<C, F, R>(mut self, reset: C) -> Self
    where
        C: FnOnce() -> F + Clone + Send + Sync + 'static,
        F: Future<Output = R> + Send + 'static,
        R: IntoStateValues + 'static,
    {
        let reset: Reset = Box::new(move || {
            let done = reset.clone()();
            async move { done.await.into_state_values().map(drop) }.boxed()
        });
        self.settings.reset = Some(reset);
        self
    }

    /// Is told of every replay as soon as it is over, in whatever order they end: for a line that moves while the
    /// verification runs. The report itself comes at the end, in the order of the pacts.
    pub fn on_progress(mut self, observer: impl Fn(&Progress<'_>) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Box::new(observer));
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

    /// What nobody is to read in the report, its publication, or what an observer is told:
    /// [`REDACTED_HEADERS`](crate::REDACTED_HEADERS) unless this is called. Values that were given to
    /// [`Verifier::header`] for one of its headers are redacted wherever they stand.
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.settings.redaction = redaction;
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
    /// Reads the pacts, replays their interactions, several at a time where they cannot meet, and says what came of it,
    /// in the order of the pacts. A question that cannot be asked is a report too: with a
    /// [`Refusal`](crate::Refusal), and nothing done. It runs on `tokio`, whose clock it needs.
    ///
    /// With the feature `plugins`, do not run two verifications with different plugins beside each other on a runtime of
    /// one thread, but one after the other, or on a runtime of several: the plugin driver holds a lock of the whole process
    /// while it loads a plugin, a run that ends takes the same lock, and if that is on the only thread, neither goes on.
    pub async fn verify(&self, sources: impl Into<Sources>) -> Report {
        verify(&self.settings, &self.target.0, sources.into()).await
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Verifier<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier")
            .field("provider", &self.settings.provider)
            .field("target", &self.target)
            .field("handlers", &self.settings.handlers)
            .finish_non_exhaustive()
    }
}
