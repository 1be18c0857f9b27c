//! Which versions a question is about: the nouns that a broker and its clients share.

use serde::{Deserialize, Serialize};

/// A *consumer version selector*: which consumer versions' pacts a provider verifies.
///
/// The members are those of the Pact Broker's `consumerVersionSelectors`; which of them may stand together is the
/// broker's to say.
///
/// ```
/// use treaty_core::selectors::ConsumerVersionSelector;
///
/// let selector = ConsumerVersionSelector { deployed_or_released: Some(true), ..Default::default() };
/// assert_eq!(serde_json::to_string(&selector).unwrap(), r#"{"deployedOrReleased":true}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsumerVersionSelector {
    /// The latest version of the consumer's main branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_branch: Option<bool>,
    /// The latest version of this branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The branch to use where `branch` has no pact. Pact Brokers take it, and find nothing by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_branch: Option<String>,
    /// The branch that is named like the provider's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matching_branch: Option<bool>,
    /// The latest version, of all or of those with `tag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<bool>,
    /// Versions with this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The tag to use where `tag` has no pact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_tag: Option<String>,
    /// Versions that are deployed somewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployed: Option<bool>,
    /// Versions that are released and supported somewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<bool>,
    /// Versions that are deployed, or released and supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployed_or_released: Option<bool>,
    /// Only what is deployed or released in this environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Only this consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<String>,
}
