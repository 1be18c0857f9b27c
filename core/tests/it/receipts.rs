//! The account of what was done, as JSON: other tools read it out of a report.

use serde_json::{Value, json};
use treaty_core::content::ContentHash;
use treaty_core::receipt::{Acknowledgement, LeftOut, RECEIPT_SCHEMA, Receipt, Shard};

fn receipt() -> Receipt {
    let hash = ContentHash::parse("0123456789abcdef0123456789abcdef01234567").unwrap();
    Receipt::new(
        "OrderService".parse().unwrap(),
        "UserService".parse().unwrap(),
        hash,
    )
}

fn full_json() -> Value {
    json!({
        "consumer": "OrderService",
        "provider": "UserService",
        "pactHash": "0123456789abcdef0123456789abcdef01234567",
        "interactionsFound": 3,
        "interactionsReplayed": 2,
        "leftOut": [{"interaction": "a ping", "reason": "filtered"}],
        "statesRun": 1,
        "seed": 42,
        "shard": {"number": 2, "of": 5},
        "acknowledgement": {"url": "http://broker/results/1", "providerVersion": "1.0.0"},
    })
}

#[test]
fn a_receipt_without_its_account_is_refused() {
    for member in full_json().as_object().unwrap().keys() {
        let mut json = full_json();
        json.as_object_mut().unwrap().remove(member);
        let optional = ["seed", "shard", "acknowledgement"].contains(&member.as_str());
        assert_eq!(
            serde_json::from_value::<Receipt>(json).is_ok(),
            optional,
            "{member}"
        );
    }
}

#[test]
fn a_receipt_with_a_blank_name_or_no_hash_is_refused() {
    for (member, value) in [("consumer", " "), ("provider", ""), ("pactHash", "latest")] {
        let mut json = full_json();
        json[member] = json!(value);
        assert!(serde_json::from_value::<Receipt>(json).is_err(), "{member}");
    }
}

#[test]
fn a_receipt_has_these_members_in_json() {
    let mut receipt = receipt();
    receipt.interactions_found = 3;
    receipt.interactions_replayed = 2;
    receipt.states_run = 1;
    receipt.left_out.push(LeftOut {
        interaction: "a ping".to_owned(),
        reason: "filtered".to_owned(),
    });
    receipt.seed = Some(42);
    receipt.shard = Some(Shard { number: 2, of: 5 });
    receipt.acknowledgement = Some(Acknowledgement {
        url: "http://broker/results/1".to_owned(),
        provider_version: "1.0.0".parse().unwrap(),
    });
    assert_eq!(serde_json::to_value(&receipt).unwrap(), full_json());
    assert_eq!(
        serde_json::from_value::<Receipt>(full_json()).unwrap(),
        receipt
    );
}

#[test]
fn the_schema_and_the_type_know_the_same_members() {
    let schema: Value = serde_json::from_str(RECEIPT_SCHEMA).unwrap();
    let mut in_schema: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let full = full_json();
    let mut in_type: Vec<&String> = full.as_object().unwrap().keys().collect();
    in_schema.sort();
    in_type.sort();
    assert_eq!(in_schema, in_type);
}

#[test]
fn only_a_receipt_with_every_interaction_replayed_is_whole() {
    for (found, replayed, whole) in [
        (0, 0, false),
        (1, 0, false),
        (2, 1, false),
        (1, 1, true),
        (300, 300, true),
    ] {
        let mut receipt = receipt();
        receipt.interactions_found = found;
        receipt.interactions_replayed = replayed;
        assert_eq!(receipt.is_whole(), whole, "{replayed} of {found}");
    }
}
