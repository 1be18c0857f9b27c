//! What every handler is given.

use std::sync::Arc;

use crate::Config;
use crate::store::Store;

/// The store and the configuration, shared by all requests.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) config: Arc<Config>,
}

impl State {
    pub(crate) fn new(store: Store, config: Config) -> Self {
        Self {
            store,
            config: Arc::new(config),
        }
    }
}
