//! What was really done: the account that every verdict carries.

use serde::{Deserialize, Serialize};

use crate::content::ContentHash;
use crate::names::{PacticipantName, VersionNumber};

/// The JSON Schema of a [`Receipt`] in its JSON form.
pub const RECEIPT_SCHEMA: &str = include_str!("../schemas/receipt.json");

/// The account of one pact's verification: what was found, what was replayed, what was left out and why.
///
/// It stands in the report. A broker is told each interaction that was replayed, and knows by itself which were not. A
/// receipt with nothing replayed backs no "yes".
///
/// ```
/// use treaty_core::content::ContentHash;
/// use treaty_core::receipt::{LeftOut, Receipt};
///
/// let mut receipt = Receipt::new("OrderService".parse()?, "UserService".parse()?, ContentHash::parse("0".repeat(40))?);
/// receipt.interactions_found = 2;
/// receipt.interactions_replayed = 1;
/// receipt.left_out.push(LeftOut { interaction: "a ping".into(), reason: "filtered".into() });
/// assert!(!receipt.is_whole());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Receipt {
    /// The consumer of the pact.
    pub consumer: PacticipantName,
    /// The provider of the pact.
    pub provider: PacticipantName,
    /// The content that was verified.
    pub pact_hash: ContentHash,
    /// How many interactions the pact has.
    pub interactions_found: usize,
    /// How many of them were sent to the provider.
    pub interactions_replayed: usize,
    /// The others, each with its reason.
    pub left_out: Vec<LeftOut>,
    /// How many provider states were set up.
    pub states_run: usize,
    /// The seed of everything random in the run; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The part of the interactions that this run had to do; absent where it had to do all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// What the broker said to the published result; absent before it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<Acknowledgement>,
}

/// An interaction that was not replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its description.
    pub interaction: String,
    /// Why.
    pub reason: String,
}

/// One of several runs that share the interactions between them. As text it is `2/5`.
///
/// ```
/// use treaty_core::receipt::Shard;
///
/// assert_eq!("2/5".parse(), Ok(Shard { number: 2, of: 5 }));
/// assert_eq!("6/5".parse::<Shard>().unwrap_err().to_string(), "\"6/5\" is not a shard: 1/5 to 5/5 are");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    /// Which run, from 1.
    pub number: u32,
    /// How many runs there are.
    pub of: u32,
}

/// A text is not a shard, or no run can have it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a shard: {} are", shards(*of))]
pub struct ShardError {
    /// What was given.
    pub text: String,
    /// How many shards there are, where that could be read.
    pub of: Option<u32>,
}

fn shards(of: Option<u32>) -> String {
    let of = of.unwrap_or(5);
    format!("1/{of} to {of}/{of}")
}

impl Shard {
    /// Checks that there can be such a run: its number is from 1 to how many there are.
    ///
    /// # Errors
    /// [`ShardError`] for every other number.
    pub fn new(number: u32, of: u32) -> Result<Self, ShardError> {
        if (1..=of).contains(&number) {
            return Ok(Self { number, of });
        }
        Err(ShardError {
            text: format!("{number}/{of}"),
            of: (of > 0).then_some(of),
        })
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        let Some((number, of)) = parts else {
            return Err(ShardError {
                text: text.to_owned(),
                of: None,
            });
        };
        Self::new(number, of)
    }
}

/// A broker's word that it has stored a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// Where the broker keeps the result.
    pub url: String,
    /// The provider version that the result is about.
    pub provider_version: VersionNumber,
}

impl Receipt {
    /// A receipt for a pact with which nothing has been done yet.
    #[must_use]
    pub fn new(
        consumer: PacticipantName,
        provider: PacticipantName,
        pact_hash: ContentHash,
    ) -> Self {
        Self {
            consumer,
            provider,
            pact_hash,
            interactions_found: 0,
            interactions_replayed: 0,
            left_out: Vec::new(),
            states_run: 0,
            seed: None,
            shard: None,
            acknowledgement: None,
        }
    }

    /// Whether every interaction of the pact was replayed, and there was one: only then may a success be published.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.interactions_found > 0 && self.interactions_replayed == self.interactions_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        let name = |name| PacticipantName::parse(name).unwrap();
        Receipt::new(
            name("A"),
            name("B"),
            ContentHash::parse("0".repeat(40)).unwrap(),
        )
    }

    #[track_caller]
    fn check(receipt: &Receipt) {
        let schema = serde_json::from_str(RECEIPT_SCHEMA).unwrap();
        let json = serde_json::to_value(receipt).unwrap();
        let problems: Vec<String> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&json)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(&serde_json::from_value::<Receipt>(json).unwrap(), receipt);
    }

    #[test]
    fn an_empty_receipt_keeps_to_its_schema() {
        check(&receipt());
    }

    #[test]
    fn a_full_receipt_keeps_to_its_schema() {
        let mut receipt = receipt();
        receipt.left_out.push(LeftOut {
            interaction: "x".to_owned(),
            reason: "filtered".to_owned(),
        });
        receipt.seed = Some(u64::MAX);
        receipt.shard = Some(Shard { number: 1, of: 2 });
        let provider_version = VersionNumber::parse("1").unwrap();
        receipt.acknowledgement = Some(Acknowledgement {
            url: "http://b/1".to_owned(),
            provider_version,
        });
        check(&receipt);
    }

    #[test]
    fn a_pact_without_interactions_is_never_whole() {
        assert!(!receipt().is_whole());
    }
}
