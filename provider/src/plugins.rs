//! Pacts that need a plugin: the peer, which knows plugins, asks the provider in our place. What happens before and after
//! that stays ours: states, order, report, publication.

use std::collections::HashMap;
use std::panic::RefUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pact_models::pact::{Pact as PactModel, load_pact_from_json};
use pact_models::provider_states::ProviderState;
use pact_plugin_driver::plugin_manager::{drop_plugin_access, load_plugin, load_plugin_manifest};
use pact_plugin_driver::plugin_models::{PluginDependency, PluginDependencyType};
use pact_verifier::callback_executors::ProviderStateExecutor;
use pact_verifier::{
    FilterInfo, MismatchResult, NullRequestFilterExecutor, ProviderInfo, ProviderTransport,
    VerificationOptions, verify_pact_internal,
};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use treaty_core::document::{LoadError, load_for_plugins};
use treaty_core::mismatch::{Mismatch, Part};
use treaty_core::outcome::Cause;
use treaty_core::pact::Pact;

use crate::evidence::Compared;
use crate::exchange::millis;
use crate::replay::{Run, Stage, Way};

/// Values by name that the provider states handed back.
type Values = HashMap<String, Value>;

/// One interaction of a pact that needs plugins.
#[derive(Debug, Clone)]
pub(crate) struct Delegate {
    of: Arc<Document>,
    place: usize,
}

/// A pact that needs plugins. They are processes, and end with the last of those that hold the pact.
#[derive(Debug)]
struct Document {
    /// All but the interactions.
    rest: Value,
    interactions: Vec<Value>,
    /// A plugin as often as it was asked for.
    started: Mutex<Vec<PluginDependency>>,
}

/// The pact that was refused for its plugins, and who replays each of its interactions.
pub(crate) fn load(
    refusal: LoadError,
    document: Option<Value>,
) -> Result<(Pact, Vec<Delegate>), LoadError> {
    let (LoadError::NeedsPlugin { origin, .. }, Some(mut document)) = (&refusal, document) else {
        return Err(refusal);
    };
    let pact = load_for_plugins(origin, &document)?;
    let interactions = match document["interactions"].take() {
        Value::Array(interactions) if interactions.len() == pact.interactions.len() => interactions,
        _ => return Err(refusal),
    };
    let of = Arc::new(Document {
        rest: document,
        interactions,
        started: Mutex::default(),
    });
    let places = 0..pact.interactions.len();
    let delegates = places.map(|place| Delegate {
        of: Arc::clone(&of),
        place,
    });
    Ok((pact, delegates.collect()))
}

impl Delegate {
    pub(crate) async fn compared(
        &self,
        stage: &Stage<'_>,
        values: &Values,
    ) -> Result<Compared, Cause> {
        let (provider, options) = (provider(stage)?, options(stage.run));
        let limits = &stage.run.settings.options;
        let limit = limits.request_timeout.saturating_add(limits.body_timeout);
        let (delegate, values) = (self.clone(), values.clone());
        // The peer's futures stay on one thread, and ours must not.
        let handle = Handle::current();
        let asked = move || handle.block_on(delegate.verified(&provider, &options, values, limit));
        let mismatches = tokio::task::spawn_blocking(asked).await;
        let mismatches = mismatches.map_err(|panic| not_compared(panic.to_string()))?;
        mismatches.map(Compared::of)
    }

    async fn verified(
        &self,
        provider: &ProviderInfo,
        options: &VerificationOptions<NullRequestFilterExecutor>,
        values: Values,
        limit: Duration,
    ) -> Result<Vec<Mismatch>, Cause> {
        let pact = load_pact_from_json("a pact", &self.alone());
        let pact = pact.map_err(|error| not_compared(error.to_string()))?;
        self.of.start_plugins(pact.as_ref()).await?;
        let states = Arc::new(SetUpAlready(values));
        let (filter, none) = (FilterInfo::None, Duration::ZERO);
        let verified = verify_pact_internal(provider, &filter, pact, options, &states, false, none);
        // The limits of the peer are none for the transport of a plugin.
        let verified = tokio::time::timeout(limit, verified).await;
        let verified = verified
            .map_err(|_| Cause::AnswerDeadline {
                limit_ms: millis(limit),
            })?
            .map_err(|error| not_compared(format!("{error:#}")))?;
        let mut mismatches = Vec::new();
        for result in verified.results {
            match result.result {
                Ok(()) => {}
                Err(MismatchResult::Mismatches {
                    mismatches: found, ..
                }) => {
                    // The peer leaves out what a plugin calls an error: nothing came of it that could be compared.
                    if found.is_empty() {
                        return Err(not_compared("the plugin says no, and not why".to_owned()));
                    }
                    mismatches.extend(found.iter().map(|found| mismatch(&found.to_json())));
                }
                Err(MismatchResult::Error(reason, _)) => return Err(not_compared(reason)),
            }
        }
        Ok(mismatches)
    }

    /// The pact, as if it had no other interaction than this one.
    fn alone(&self) -> Value {
        let mut alone = self.of.rest.clone();
        alone["interactions"] = json!([self.of.interactions[self.place]]);
        alone
    }
}

impl Document {
    /// Starts what is installed. What is not is named: a verification installs nothing.
    async fn start_plugins(
        &self,
        pact: &(dyn PactModel + Send + Sync + RefUnwindSafe),
    ) -> Result<(), Cause> {
        for plugin in pact.plugin_data() {
            let of = format!("the plugin {} {}", plugin.name, plugin.version);
            let mut wanted = PluginDependency {
                name: plugin.name,
                version: Some(plugin.version),
                dependency_type: PluginDependencyType::Plugin,
            };
            let installed = load_plugin_manifest(&wanted)
                .map_err(|error| not_compared(format!("{of} is not installed: {error}")))?;
            // It may be a later one, and a process is found again by its very version.
            wanted.version = Some(installed.version);
            let started = load_plugin(&wanted).await;
            started.map_err(|error| not_compared(format!("{of} does not start: {error:#}")))?;
            let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            started.push(wanted);
        }
        Ok(())
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        let started = self.started.get_mut();
        let started = started.unwrap_or_else(PoisonError::into_inner);
        started.iter().for_each(drop_plugin_access);
    }
}

fn not_compared(reason: String) -> Cause {
    Cause::NotCompared { reason }
}

/// Where the provider is, in the peer's words; or what it was told about the way there that the peer has no words for.
fn provider(stage: &Stage<'_>) -> Result<ProviderInfo, Cause> {
    let (run, settings) = (stage.run, stage.run.settings);
    if settings.request_filter.is_some() {
        return Err(unsupported("a request filter"));
    }
    if let Some(what) = settings.connection.beyond_the_plain() {
        return Err(unsupported(what));
    }
    let main = run.main.iter().map(|way| ("http", way));
    let named = run.named.iter().map(|(name, way)| (*name, way));
    let mut provider = ProviderInfo {
        name: settings.provider.clone(),
        host: String::new(),
        ..ProviderInfo::default()
    };
    for (name, way) in main.chain(named) {
        let Way::Http(target) = way else {
            return Err(unsupported("a provider in this process"));
        };
        let base = target.base();
        let host = base.host_str().unwrap_or_default();
        if !provider.transports.is_empty() && provider.host != host {
            return Err(unsupported("a provider at several hosts"));
        }
        provider.host = host.to_owned();
        provider.transports.push(ProviderTransport {
            transport: name.to_owned(),
            port: base.port_or_known_default(),
            path: Some(base.path().trim_end_matches('/').to_owned()),
            scheme: Some(base.scheme().to_owned()),
        });
    }
    if provider.transports.is_empty() {
        return Err(stage.no_transport("http"));
    }
    Ok(provider)
}

fn unsupported(what: &str) -> Cause {
    let what = format!("{what}, for a pact that needs a plugin,");
    Cause::Unsupported { what }
}

fn options(run: &Run<'_>) -> VerificationOptions<NullRequestFilterExecutor> {
    let options = &run.settings.options;
    let headers = run.settings.headers.iter();
    VerificationOptions {
        disable_ssl_verification: options.accept_invalid_certificates,
        request_timeout: millis(options.request_timeout),
        custom_headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        coloured_output: false,
        follow_redirects: false,
        ..VerificationOptions::default()
    }
}

/// A difference as the peer tells it.
fn mismatch(told: &Value) -> Mismatch {
    let text = |name: &str| match &told[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let kind = told["type"].as_str().unwrap_or_default();
    let (part, path) = match kind.trim_end_matches("Mismatch") {
        "Method" => (Part::Method, "method".to_owned()),
        "Path" => (Part::Path, "path".to_owned()),
        "Status" => (Part::Status, "status".to_owned()),
        "Query" => (Part::Query, text("parameter")),
        "Header" => (Part::Header, text("key")),
        "Metadata" => (Part::Metadata, text("key")),
        "BodyType" => (Part::ContentType, "body".to_owned()),
        _ => (Part::Body, text("path")),
    };
    let mut mismatch = Mismatch::new(part, path, text("expected"), text("actual"));
    mismatch.rule = "plugin".to_owned();
    mismatch.description = text("mismatch");
    mismatch
}

/// The states were set up before the peer is asked; it only learns their values.
#[derive(Debug)]
struct SetUpAlready(Values);

impl ProviderStateExecutor for SetUpAlready {
    fn call<'a, 'b, 'f>(
        self: Arc<Self>,
        _interaction_id: Option<String>,
        _state: &'a ProviderState,
        _set_up: bool,
        _client: Option<&'b reqwest::Client>,
    ) -> Pin<Box<dyn Future<Output = anyhow::Result<Values>> + Send + 'f>>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn teardown(&self) -> bool {
        false
    }
}
