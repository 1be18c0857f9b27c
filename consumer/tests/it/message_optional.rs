//! Messages with members that may be absent or null.

use serde_json::{Value, json};
use treaty_consumer::prelude::*;

use crate::message::{agree_to_all, panic_of, v4};

#[tokio::test]
async fn a_message_with_an_optional_member_is_two_messages() {
    let mut bench = v4();
    bench.builder.message_interaction("an order", |mut m| {
        m.given("an order exists").json_body(json_pattern!({
            "id": integer(1),
            "note": optional("the order has no note", like!("by Friday")),
        }));
        m
    });
    let mut notes = Vec::new();
    let handled = bench.builder.hand_to(async |message: Message| {
        notes.push(message.json::<Value>().unwrap().get("note").cloned());
        Ok::<(), String>(())
    });
    handled.await.unwrap();
    assert_eq!(notes, [Some(json!("by Friday")), None]);
    let file = bench.file().unwrap();
    let without = &file["interactions"][0]; // the longer list of states sorts first
    assert_eq!(without["contents"]["content"], json!({"id": 1}));
    assert_eq!(
        without["matchingRules"]["body"],
        json!({"$.id": {"combine": "AND", "matchers": [{"match": "integer"}]}})
    );
    let states: Vec<&Value> = without["providerStates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["name"])
        .collect();
    assert_eq!(states, ["an order exists", "the order has no note"]);
}

#[tokio::test]
async fn an_answer_with_a_nullable_member_is_two_exchanges() {
    let mut bench = v4();
    bench
        .builder
        .synchronous_message_interaction("a question", |mut m| {
            m.request_json_body(json_pattern!({"article": integer(7)}));
            m.response_json_body(
                json_pattern!({"cents": nullable("it has no price", integer(995))}),
            );
            m
        });
    bench
        .builder
        .hand_synchronous_to(agree_to_all)
        .await
        .unwrap();
    let file = bench.file().unwrap();
    let contents =
        |place: usize| &file["interactions"][place]["response"][0]["contents"]["content"];
    // One without states sorts last.
    assert_eq!(
        [contents(0), contents(1)],
        [&json!({"cents": null}), &json!({"cents": 995})]
    );
}

#[test]
fn a_request_has_no_optional_members() {
    let mut bench = v4();
    let text = panic_of(|| {
        bench.builder.synchronous_message_interaction("m", |mut m| {
            m.request_json_body(json_pattern!({ "a": optional("no a", json_pattern!("x")) }));
            m
        });
    });
    assert!(
        text.starts_with("\"m\": optional() and nullable() stand in what the provider sends"),
        "{text}"
    );
}
