//! A provider for one interaction alone: its own service, its own store, and the handlers that know both.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::Service;
use treaty_core::outcome::Cause;

use crate::message::{MessageProducer, MessageResponder, Producers};
use crate::state::{Registry, StateHandler};
use crate::target::{BoxError, ServiceTarget, panic_text};

/// What a provider's own code brings along: handlers for states, producers of messages.
#[derive(Debug, Default)]
pub(crate) struct Handlers {
    pub(crate) states: Registry,
    pub(crate) messages: Producers,
}

/// A provider in this process that serves one interaction and no other: what
/// [`Verifier::service_factory`](crate::Verifier::service_factory) makes.
///
/// ```
/// use axum::{Router, routing::get};
/// use treaty_provider::{Instance, PactSource, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let pact = serde_json::json!({
/// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
/// #     "interactions": [{ "description": "x", "providerState": "user 42 exists",
/// #         "request": { "path": "/" }, "response": { "status": 200 } }]
/// # });
/// let report = Verifier::new("UserService")
///     .service_factory(async || {
///         Instance::new(Router::new().route("/", get(async || "hello"))).state("user 42 exists", async || {})
///     })
///     .verify(PactSource::json("a pact", pact))
///     .await;
/// report.assert_ok();
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use]
pub struct Instance {
    pub(crate) service: Option<ServiceTarget>,
    pub(crate) handlers: Handlers,
}

impl Instance {
    /// A provider that answers requests with this service.
    pub fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: BodyExt<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            service: Some(ServiceTarget::new(service)),
            handlers: Handlers::default(),
        }
    }

    /// A provider that answers no request and only produces messages.
    pub fn without_service() -> Self {
        Self::default()
    }

    /// As [`Verifier::state`](crate::Verifier::state), for this instance alone.
    pub fn state<K>(mut self, pattern: impl Into<String>, handler: impl StateHandler<K>) -> Self {
        self.handlers.states.on_set_up(pattern.into(), handler);
        self
    }

    /// As [`Verifier::tear_down`](crate::Verifier::tear_down), for this instance alone.
    pub fn tear_down<K>(
        mut self,
        pattern: impl Into<String>,
        handler: impl StateHandler<K>,
    ) -> Self {
        self.handlers.states.on_tear_down(pattern.into(), handler);
        self
    }

    /// As [`Verifier::message`](crate::Verifier::message), for this instance alone.
    pub fn message<K>(
        mut self,
        pattern: impl Into<String>,
        producer: impl MessageProducer<K>,
    ) -> Self {
        self.handlers.messages.on_message(pattern.into(), producer);
        self
    }

    /// As [`Verifier::sync_message`](crate::Verifier::sync_message), for this instance alone.
    pub fn sync_message<K>(
        mut self,
        pattern: impl Into<String>,
        responder: impl MessageResponder<K>,
    ) -> Self {
        self.handlers.messages.on_request(pattern.into(), responder);
        self
    }
}

/// What a factory may return: an [`Instance`], or a `Result` of one.
pub trait IntoInstance {
    /// The instance, or why there is none.
    ///
    /// # Errors
    /// The factory's own failure, in words.
    fn into_instance(self) -> Result<Instance, String>;
}

impl IntoInstance for Instance {
    fn into_instance(self) -> Result<Instance, String> {
        Ok(self)
    }
}

impl<E: fmt::Display> IntoInstance for Result<Instance, E> {
    fn into_instance(self) -> Result<Instance, String> {
        self.map_err(|error| error.to_string())
    }
}

/// A factory whose type is forgotten.
pub(crate) struct Factory(
    Box<dyn Fn() -> BoxFuture<'static, Result<Instance, String>> + Send + Sync>,
);

impl Factory {
    pub(crate) fn new<C, F, I>(factory: C) -> Self
    where
        C: FnOnce() -> F + Clone + Send + Sync + 'static,
        F: Future<Output = I> + Send + 'static,
        I: IntoInstance + 'static,
    {
        let make = move || factory.clone()().map(I::into_instance).boxed();
        Self(Box::new(make))
    }

    pub(crate) async fn make(&self, timeout: Duration) -> Result<Instance, Cause> {
        let made = AssertUnwindSafe(async { self.0().await }).catch_unwind();
        let made = match tokio::time::timeout(timeout, made).await {
            Ok(Ok(made)) => made,
            Ok(Err(panic)) => Err(format!("the factory panicked: {}", panic_text(&*panic))),
            Err(_) => Err(format!("not done within {} ms", timeout.as_millis())),
        };
        made.map_err(|reason| Cause::NoInstance { reason })
    }
}

impl fmt::Debug for Factory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Factory")
    }
}
