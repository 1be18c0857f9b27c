//! State executors and request filters that were written for `pact_verifier`.

use std::sync::Arc;

use futures_util::FutureExt;
use pact_models::provider_states::ProviderState;
use pact_verifier::callback_executors::{ProviderStateExecutor, RequestFilterExecutor};
use treaty_core::wire;

use crate::state::Executor;
use crate::target::{CustomHeaders, request};
use crate::verifier::Verifier;

impl<T> Verifier<T> {
    /// Sets up and tears down by this executor all states for which there is no handler. As with `pact_verifier`, it also
    /// hears of interactions without states, by an empty name, and of the end of states only if it says so; unlike there,
    /// a failure of it names its reason, and what was set up is always torn down. It is given no HTTP client.
    pub fn provider_state_executor<S>(mut self, executor: Arc<S>) -> Self
    where
        S: ProviderStateExecutor + Send + Sync + 'static,
    {
        let tear_down = executor.teardown();
        let tell = move |id: Option<String>, state: ProviderState, set_up: bool| {
            let executor = executor.clone();
            async move {
                let values = executor.call(id, &state, set_up, None).await;
                let values = values.map_err(|error| format!("{error:#}"))?;
                Ok(values.into_iter().collect())
            }
            .boxed()
        };
        self.settings.executor = Some(Executor::new(tear_down, tell));
        self
    }

    /// Changes every request by this filter before it is sent.
    pub fn request_filter_executor<F>(mut self, filter: Arc<F>) -> Self
    where
        F: RequestFilterExecutor + Send + Sync + 'static,
    {
        let filtered = move |asked: http::Request<bytes::Bytes>| {
            let (head, body) = asked.into_parts();
            let headers = head.headers.iter();
            let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
            let (path, query) = (head.uri.path(), head.uri.query());
            let asked = wire::request(head.method.as_str(), path, query, headers, body);
            let changed = filter.clone().call(&asked);
            futures_util::future::ready(request(&changed, &CustomHeaders::default())).boxed()
        };
        self.settings.request_filter = Some(Box::new(filtered));
        self
    }
}
