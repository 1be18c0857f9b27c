//! Stands in for `plugins.rs` where the feature is off: a pact that needs a plugin is refused, and the plugin named.

use std::collections::HashMap;

use serde_json::Value;
use treaty_core::document::LoadError;
use treaty_core::outcome::Cause;
use treaty_core::pact::Pact;

use crate::evidence::Compared;
use crate::replay::Stage;

/// Nobody.
#[derive(Debug, Clone)]
pub(crate) enum Delegate {}

pub(crate) fn load(
    refusal: LoadError,
    _document: Option<Value>,
) -> Result<(Pact, Vec<Delegate>), LoadError> {
    Err(refusal)
}

impl Delegate {
    #[expect(clippy::unused_async, reason = "it is asked as its other form is")]
    pub(crate) async fn compared(
        &self,
        _stage: &Stage<'_>,
        _values: &HashMap<String, Value>,
    ) -> Result<Compared, Cause> {
        match *self {}
    }
}
