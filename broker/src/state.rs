//! What every handler is given.

use std::fmt;
use std::sync::Arc;

use crate::Config;
use crate::domain::access::Rules;
use crate::http::Traffic;
use crate::store::Store;
use crate::store::audit::AuditedStore;
use crate::webhooks::Worker;

/// The store, the configuration and the sender of webhooks, shared by all requests.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) store: AuditedStore,
    pub(crate) config: Arc<Config>,
    /// What everybody may do.
    pub(crate) rules: Rules,
    pub(crate) webhooks: Worker,
    /// What this process counts.
    pub(crate) traffic: Arc<Traffic>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State")
    }
}

impl State {
    pub(crate) fn new(store: Store, config: Config, rules: Rules) -> Self {
        Self {
            webhooks: Worker::new(store.clone(), &config),
            store: AuditedStore::new(store),
            config: Arc::new(config),
            rules,
            traffic: Arc::default(),
        }
    }
}
