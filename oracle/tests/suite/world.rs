//! What a scenario knows, from its first step to its last.

use std::collections::BTreeMap;
use std::path::Path;

use cucumber::gherkin::Feature;
use pact_models::v4::synch_http::SynchronousHttp;

use crate::consumer::ConsumerTest;
use crate::content::Fixtures;
use crate::definition::Definition;
use crate::generating::Preparation;
use crate::matching::Comparison;
use crate::message::MessageTest;
use crate::not_run::file;
use crate::provider::ProviderTest;

/// The world of one scenario: made new for each, and dropped with everything that runs in it.
#[derive(Debug, Default, cucumber::World)]
pub(crate) struct World {
    /// The folder of the feature, `V1` to `V4`: the version of the specification that it is about.
    pub(crate) version: String,
    pub(crate) fixtures: Fixtures,
    /// The numbered interactions of the background.
    pub(crate) interactions: BTreeMap<usize, SynchronousHttp>,
    pub(crate) comparison: Comparison,
    pub(crate) preparation: Preparation,
    pub(crate) definition: Definition,
    pub(crate) messages: MessageTest,
    pub(crate) consumer: ConsumerTest,
    pub(crate) provider: ProviderTest,
}

impl World {
    /// Tells a new world where it is.
    pub(crate) fn enter(&mut self, suite: &Path, feature: &Feature) {
        let file = file(feature);
        self.version = file.split('/').next().unwrap_or_default().to_owned();
        self.fixtures = Fixtures::new(suite.join("fixtures"));
    }

    /// An interaction of the background by its number.
    pub(crate) fn interaction(&self, number: usize) -> SynchronousHttp {
        let interaction = self.interactions.get(&number);
        interaction.expect("an interaction of that number").clone()
    }
}
