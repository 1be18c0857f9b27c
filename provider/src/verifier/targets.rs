//! Where a verifier's provider answers: over the network, in this process, and over which transports.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::Service;

use super::build::Verifier;
use crate::instance::{Factory, IntoInstance};
use crate::message::{MessageProducer, MessageResponder};
use crate::target::{BoxError, ServiceTarget, web_url};

/// A [`Verifier`] that does not know yet where its provider answers.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoTarget;

/// Where a [`Verifier`]'s provider answers.
#[derive(Debug)]
pub struct Target(pub(crate) Targets);

/// What a [`Verifier`] may know of where its provider answers: nothing yet, or something to which more can be added.
pub trait IntoTarget: sealed::Sealed {
    /// What is known.
    fn into_target(self) -> Target;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NoTarget {}
    impl Sealed for super::Target {}
}

impl IntoTarget for NoTarget {
    fn into_target(self) -> Target {
        Target(Targets::default())
    }
}

impl IntoTarget for Target {
    fn into_target(self) -> Target {
        self
    }
}

/// The provider by transport.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// Over HTTP, where a pact names no other transport.
    pub(crate) main: Option<TargetKind>,
    /// Over the transports that were given a name.
    pub(crate) named: BTreeMap<String, TargetKind>,
}

#[derive(Debug)]
pub(crate) enum TargetKind {
    Http(String),
    Service(ServiceTarget),
    Factory(Factory),
}

/// The names that a message URL goes by, as with every Pact verifier.
pub(crate) const MESSAGE_TRANSPORTS: [&str; 3] = ["message", "async-message", "sync-message"];

impl<T: IntoTarget> Verifier<T> {
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
        self.main(TargetKind::Service(ServiceTarget::new(service)))
    }

    /// Every interaction gets a provider of its own, in this process, with its own store: nothing that one interaction
    /// does can be seen by another, so they run at the same time. The closure makes an
    /// [`Instance`](crate::Instance), or a `Result` of one.
    pub fn service_factory<C, F, I>(self, factory: C) -> Verifier<Target>
    where
        C: FnOnce() -> F + Clone + Send + Sync + 'static,
        F: Future<Output = I> + Send + 'static,
        I: IntoInstance + 'static,
    {
        self.main(TargetKind::Factory(Factory::new(factory)))
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
        self.main(TargetKind::Http(url))
    }

    /// Where interactions are sent that name this transport in their pact: a second port, most often.
    pub fn transport(
        mut self,
        name: impl Into<String>,
        url: impl Into<String>,
    ) -> Verifier<Target> {
        let url = url.into();
        self.settings.note(web_url(&url).map(drop));
        self.named(name.into(), TargetKind::Http(url))
    }

    /// As [`Verifier::transport`], for a service in this process.
    pub fn transport_service<S, B>(self, name: impl Into<String>, service: S) -> Verifier<Target>
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: BodyExt<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.named(
            name.into(),
            TargetKind::Service(ServiceTarget::new(service)),
        )
    }

    /// Where messages are asked for that no closure produces: `POST {"description": "...", "providerStates": [...]}`,
    /// answered with the contents, and with the metadata as JSON in base64 in the header `pact-message-metadata`.
    /// Without it they are asked for at the [`Verifier::base_url`].
    pub fn message_url(self, url: impl Into<String>) -> Verifier<Target> {
        self.transport(MESSAGE_TRANSPORTS[0], url)
    }

    /// Produces the messages whose descriptions fit the pattern: by an async closure, without a parameter or with one
    /// that is made from the placeholders' texts, the parameters of the provider states, and the values that they
    /// handed back.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use treaty_provider::{Message, PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
    /// #     "messages": [{ "description": "user 42 was created", "contents": { "id": 42 } }],
    /// #     "metadata": { "pactSpecification": { "version": "3.0.0" } }
    /// # });
    /// #[derive(Deserialize)]
    /// struct User { id: u64 }
    ///
    /// let report = Verifier::new("UserService")
    ///     .message("user {id} was created", async |user: User| Message::json(&serde_json::json!({ "id": user.id })))
    ///     .verify(PactSource::json("a pact", pact))
    ///     .await;
    /// report.assert_ok();
    /// # }
    /// ```
    pub fn message<K>(
        mut self,
        pattern: impl Into<String>,
        producer: impl MessageProducer<K>,
    ) -> Verifier<Target> {
        let messages = &mut self.settings.handlers.messages;
        messages.on_message(pattern.into(), producer);
        self.known()
    }

    /// Answers the synchronous messages whose descriptions fit the pattern: by an async closure that gets the request
    /// as a [`Message`](crate::Message) and gives back one message, or a list of them.
    pub fn sync_message<K>(
        mut self,
        pattern: impl Into<String>,
        responder: impl MessageResponder<K>,
    ) -> Verifier<Target> {
        let messages = &mut self.settings.handlers.messages;
        messages.on_request(pattern.into(), responder);
        self.known()
    }

    fn main(self, kind: TargetKind) -> Verifier<Target> {
        let mut verifier = self.known();
        verifier.target.0.main = Some(kind);
        verifier
    }

    fn named(self, name: String, kind: TargetKind) -> Verifier<Target> {
        let mut verifier = self.known();
        verifier.target.0.named.insert(name, kind);
        verifier
    }

    fn known(self) -> Verifier<Target> {
        Verifier {
            target: self.target.into_target(),
            settings: self.settings,
        }
    }
}
