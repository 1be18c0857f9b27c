//! One interaction of somebody's pact, in as many copies as there are answers to it.

use std::collections::HashMap;

use pact_models::generators::Generator;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Map, Value, json};
use treaty_core::document::load_json;
use treaty_core::interaction::Interaction;
use treaty_core::matching::missing_values;

use crate::provider::ANSWER;
use crate::variant::{Variant, variants};

/// An HTTP interaction, its document around it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) provider: String,
    document: Value,
    interaction: Value,
    pub(crate) http: Box<SynchronousHttp>,
}

/// Every HTTP interaction of a document that we can read.
pub(crate) fn cases(origin: &str, document: &Value) -> Vec<Case> {
    let interactions = document.get("interactions").and_then(Value::as_array);
    let numbered = interactions.into_iter().flatten().enumerate();
    let case = |(number, interaction): (usize, &Value)| {
        Case::new(
            format!("{origin}, interaction {number}"),
            document,
            interaction,
        )
    };
    numbered.filter_map(case).collect()
}

impl Case {
    fn new(title: String, document: &Value, interaction: &Value) -> Option<Self> {
        let document = with_interactions(document, vec![interaction.clone()]);
        let pact = load_json(&title, &document).ok()?;
        let Some(Interaction::Http(http)) = pact.interactions.into_iter().next() else {
            return None;
        };
        Some(Self {
            title,
            provider: pact.provider.to_string(),
            document,
            interaction: interaction.clone(),
            http,
        })
    }

    pub(crate) fn variants(&self) -> Vec<Variant> {
        variants(&self.http.response)
    }

    /// The values that the provider states have to hand back for the request.
    pub(crate) fn values(&self) -> Map<String, Value> {
        let names = missing_values(&self.http.request.generators, &HashMap::new());
        names.into_iter().map(|name| (name, json!(1))).collect()
    }

    /// Whether two requests for the interaction differ by chance.
    pub(crate) fn is_random(&self) -> bool {
        let mut generators = self
            .http
            .request
            .generators
            .categories
            .values()
            .flat_map(HashMap::values);
        generators.any(|one| !matches!(one, Generator::ProviderStateGenerator(..)))
    }

    /// The document with a copy of the interaction for every answer, described by the number of the answer.
    pub(crate) fn copies(&self, answers: usize) -> Value {
        let copies = (0..answers).map(|number| {
            let mut copy = self.interaction.clone();
            // Names by which a reader could take two copies for one.
            if let Some(members) = copy.as_object_mut() {
                members.remove("_id");
                members.remove("key");
            }
            copy["description"] = json!(description(number));
            if copy["request"]["headers"].is_null() {
                copy["request"]["headers"] = json!({});
            }
            copy["request"]["headers"][ANSWER] = json!(number.to_string());
            copy
        });
        with_interactions(&self.document, copies.collect())
    }
}

pub(crate) fn description(number: usize) -> String {
    format!("answer {number}")
}

fn with_interactions(document: &Value, interactions: Vec<Value>) -> Value {
    let mut document = document.clone();
    document["interactions"] = interactions.into();
    document
}
