//! Pacts that need a plugin: the peer, which knows plugins, asks the provider in our place. What happens before and after
//! that stays ours: states, order, report, publication.

use std::collections::HashMap;
use std::panic::RefUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use pact_models::pact::{Pact as PactModel, load_pact_from_json};
use pact_models::provider_states::ProviderState;
use pact_plugin_driver::plugin_manager::{load_plugin, load_plugin_manifest, shutdown_plugins};
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
use crate::replay::{Run, Stage, Way};
use crate::source::Loaded;

/// Values by name that the provider states handed back.
type Values = HashMap<String, Value>;

/// The pact, as if it had no other interaction than this one.
#[derive(Debug, Clone)]
pub(crate) struct Delegate(Value);

/// The pact that was refused for its plugins, and who replays each of its interactions.
pub(crate) fn load(
    refusal: LoadError,
    document: Option<Value>,
) -> Result<(Pact, Vec<Delegate>), LoadError> {
    let (LoadError::NeedsPlugin { origin, .. }, Some(document)) = (&refusal, document) else {
        return Err(refusal);
    };
    let pact = load_for_plugins(origin, &document)?;
    let interactions = document["interactions"].as_array();
    let interactions = interactions.map_or(&[][..], Vec::as_slice);
    if interactions.len() != pact.interactions.len() {
        return Err(refusal);
    }
    let alone = interactions.iter().map(|interaction| {
        let mut alone = document.clone();
        alone["interactions"] = json!([interaction]);
        Delegate(alone)
    });
    Ok((pact, alone.collect()))
}

/// Ends the plugins of a run that is over: they are processes that would stay.
pub(crate) fn stop(pacts: &[Loaded]) {
    if pacts.iter().any(|pact| !pact.delegates.is_empty()) {
        shutdown_plugins();
    }
}

impl Delegate {
    pub(crate) async fn compared(
        &self,
        stage: &Stage<'_>,
        values: &Values,
    ) -> Result<Compared, Cause> {
        let (provider, options) = (provider(stage.run)?, options(stage.run));
        let (document, values) = (self.0.clone(), values.clone());
        // The peer's futures stay on one thread, and ours must not.
        let handle = Handle::current();
        let asked = move || handle.block_on(verified(&document, &provider, &options, values));
        let mismatches = tokio::task::spawn_blocking(asked).await;
        let mismatches = mismatches.map_err(|panic| not_compared(panic.to_string()))?;
        mismatches.map(Compared::of)
    }
}

fn not_compared(reason: String) -> Cause {
    Cause::NotCompared { reason }
}

/// Where the provider is, in the peer's words.
fn provider(run: &Run<'_>) -> Result<ProviderInfo, Cause> {
    let main = run.main.iter().map(|way| ("http", way));
    let named = run.named.iter().map(|(name, way)| (*name, way));
    let mut provider = ProviderInfo {
        name: run.settings.provider.clone(),
        ..ProviderInfo::default()
    };
    for (name, way) in main.chain(named) {
        let Way::Http(target) = way else {
            let what = "a pact that needs plugins, with a provider in this process,".to_owned();
            return Err(Cause::Unsupported { what });
        };
        let base = target.base();
        provider.host = base.host_str().unwrap_or_default().to_owned();
        provider.transports.push(ProviderTransport {
            transport: name.to_owned(),
            port: base.port_or_known_default(),
            path: Some(base.path().trim_end_matches('/').to_owned()),
            scheme: Some(base.scheme().to_owned()),
        });
    }
    Ok(provider)
}

fn options(run: &Run<'_>) -> VerificationOptions<NullRequestFilterExecutor> {
    let options = &run.settings.options;
    let headers = run.settings.headers.iter();
    VerificationOptions {
        disable_ssl_verification: options.accept_invalid_certificates,
        request_timeout: u64::try_from(options.request_timeout.as_millis()).unwrap_or(u64::MAX),
        custom_headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        coloured_output: false,
        follow_redirects: false,
        ..VerificationOptions::default()
    }
}

async fn verified(
    document: &Value,
    provider: &ProviderInfo,
    options: &VerificationOptions<NullRequestFilterExecutor>,
    values: Values,
) -> Result<Vec<Mismatch>, Cause> {
    let pact = load_pact_from_json("a pact", document);
    let pact = pact.map_err(|error| not_compared(error.to_string()))?;
    start_plugins(pact.as_ref()).await?;
    let states = Arc::new(SetUpAlready(values));
    let (filter, none) = (FilterInfo::None, Duration::ZERO);
    let verified = verify_pact_internal(provider, &filter, pact, options, &states, false, none);
    let verified = verified
        .await
        .map_err(|error| not_compared(format!("{error:#}")))?;
    let mut mismatches = Vec::new();
    for result in verified.results {
        match result.result {
            Ok(()) => {}
            Err(MismatchResult::Mismatches {
                mismatches: found, ..
            }) => {
                mismatches.extend(found.iter().map(|found| mismatch(&found.to_json())));
            }
            Err(MismatchResult::Error(reason, _)) => return Err(not_compared(reason)),
        }
    }
    Ok(mismatches)
}

/// Starts what is installed. What is not is named: a verification installs nothing.
async fn start_plugins(pact: &(dyn PactModel + Send + Sync + RefUnwindSafe)) -> Result<(), Cause> {
    for plugin in pact.plugin_data() {
        let of = format!("the plugin {} {}", plugin.name, plugin.version);
        let wanted = PluginDependency {
            name: plugin.name,
            version: Some(plugin.version),
            dependency_type: PluginDependencyType::Plugin,
        };
        load_plugin_manifest(&wanted)
            .map_err(|error| not_compared(format!("{of} is not installed: {error}")))?;
        let started = load_plugin(&wanted).await;
        started.map_err(|error| not_compared(format!("{of} does not start: {error:#}")))?;
    }
    Ok(())
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
