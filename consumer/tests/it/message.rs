//! Messages: what gets into the pact file, what a handler is given, and what is said when it fails.

use std::error::Error;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pact_models::bodies::OptionalBody;
use pact_models::generators::{Generator, GeneratorCategory, Generators};
use pact_models::path_exp::DocPath;
use pact_models::v4::message_parts::MessageContents;
use serde_json::{Value, json};
use tempfile::TempDir;
use treaty_consumer::prelude::*;

const XML: &str = "<values><one>A</one></values>";

pub(crate) struct Bench {
    pub(crate) builder: PactBuilder,
    pacts: TempDir,
}

fn bench(mut builder: PactBuilder) -> Bench {
    let pacts = tempfile::tempdir().unwrap();
    builder.with_output_dir(pacts.path());
    Bench { builder, pacts }
}

pub(crate) fn v4() -> Bench {
    bench(PactBuilder::new_v4("BillingService", "OrderService"))
}

fn v3() -> Bench {
    bench(PactBuilder::new_v3_message(
        "BillingService",
        "OrderService",
    ))
}

impl Bench {
    /// The pact file, if one was written.
    pub(crate) fn file(&self) -> Option<Value> {
        let path = self.pacts.path().join("BillingService-OrderService.json");
        let text = fs::read_to_string(path).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }

    fn interaction(&self) -> Value {
        self.file().unwrap()["interactions"][0].take()
    }
}

async fn agree(_message: Message) -> Result<(), String> {
    Ok(())
}

pub(crate) async fn agree_to_all(_message: SyncMessage) -> Result<(), String> {
    Ok(())
}

pub(crate) fn panic_of(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn a_v3_pact_holds_messages_and_no_interactions() {
    let mut bench = v3();
    bench
        .builder
        .message_interaction("an order was placed", |mut m| {
            m.given("an order exists");
            m.given_with_params("a user exists", &json!({ "age": 66 }));
            m.metadata("origin", "shop")
                .matching_metadata("attempt", random_integer(1, 6));
            m.json_body(json_pattern!({ "order": integer(42), "session": random_hexadecimal(4) }));
            m
        });
    bench.builder.hand_to(agree).await.unwrap();
    let all = |matcher: Value| json!({ "combine": "AND", "matchers": [matcher] });
    assert_eq!(
        bench.file().unwrap(),
        json!({
            "consumer": { "name": "BillingService" },
            "provider": { "name": "OrderService" },
            "messages": [{
                "description": "an order was placed",
                "providerStates": [
                    { "name": "an order exists" },
                    { "name": "a user exists", "params": { "age": 66 } }
                ],
                "contents": { "order": 42, "session": "a0a0" },
                "metadata": { "attempt": 1, "contentType": "application/json", "origin": "shop" },
                "matchingRules": {
                    "body": {
                        "$.order": all(json!({ "match": "integer" })),
                        "$.session": all(json!({ "match": "regex", "regex": "^[0-9a-fA-F]+$" }))
                    },
                    "metadata": { "attempt": all(json!({ "match": "integer" })) }
                },
                "generators": {
                    "body": { "$.session": { "type": "RandomHexadecimal", "digits": 4 } },
                    "metadata": { "attempt": { "type": "RandomInt", "min": 1, "max": 6 } }
                }
            }],
            "metadata": { "pactSpecification": { "version": "3.0.0" } }
        })
    );
}

#[tokio::test]
async fn a_v4_message_has_type_key_comments_and_pending() {
    let mut bench = v4();
    bench.builder.message_interaction("m", |mut m| {
        m.with_key("123ABC")
            .pending(true)
            .comment("this is a comment");
        m.json_body(json_pattern!({ "order": integer(42) }));
        m
    });
    bench.builder.hand_to(agree).await.unwrap();
    assert_eq!(
        bench.interaction(),
        json!({
            "type": "Asynchronous/Messages",
            "description": "m",
            "key": "123ABC",
            "pending": true,
            "comments": { "text": ["this is a comment"] },
            "contents": {
                "content": { "order": 42 }, "contentType": "application/json", "encoded": false
            },
            "matchingRules": {
                "body": { "$.order": { "combine": "AND", "matchers": [{ "match": "integer" }] } }
            }
        })
    );
}

#[tokio::test]
async fn a_synchronous_message_keeps_each_response_apart() {
    let mut bench = v4();
    let described = |mut m: treaty_consumer::builders::SyncMessageInteractionBuilder| {
        m.request_json_body(json_pattern!({ "id": random_integer(1, 6) }));
        m.response_json_body(json_pattern!({ "part": integer(1), "token": random_hexadecimal(4) }));
        m.matching_response_metadata("trace", uuid("0e3a4f0c-9e1b-4a3c-8f53-6a7f9a1f2b11"));
        m.response_body(XML, Some("application/xml".to_owned()));
        m
    };
    bench
        .builder
        .synchronous_message_interaction("a question", described);
    bench
        .builder
        .hand_synchronous_to(async |message: SyncMessage| {
            assert_eq!(message.responses.len(), 2);
            assert_eq!(message.responses[1].text()?, XML);
            let content_type = message.responses[1].content_type();
            assert_eq!(content_type.as_deref(), Some("application/xml"));
            Ok::<_, std::str::Utf8Error>(())
        })
        .await
        .unwrap();
    let interaction = bench.interaction();
    assert_eq!(interaction["type"], "Synchronous/Messages");
    let generators = |part: &Value| part["generators"].clone();
    let id = json!({ "body": { "$.id": { "type": "RandomInt", "min": 1, "max": 6 } } });
    let token = json!({ "body": { "$.token": { "type": "RandomHexadecimal", "digits": 4 } } });
    assert_eq!(generators(&interaction["request"]), id);
    let responses = interaction["response"].as_array().unwrap();
    assert_eq!(generators(&responses[0]), token);
    assert_eq!(generators(&responses[1]), Value::Null);
    let trace = &responses[0]["matchingRules"]["metadata"]["trace"]["matchers"][0]["match"];
    assert_eq!(trace, "regex");
    assert_eq!(
        responses[1]["metadata"],
        json!({ "contentType": "application/xml" })
    );
}

#[tokio::test]
async fn a_handler_gets_payload_metadata_and_states() {
    let mut bench = v3();
    bench.builder.message_interaction("m", |mut m| {
        m.given("state one").given("state two");
        m.metadata("Origin", "Some Text");
        m.metadata("TagData", json!({ "ID": "sjhdjkshsdjh", "weight": 100.5 }));
        m.json_body(json_pattern!({ "one": "a" }));
        m
    });
    let handled = bench.builder.hand_to(async |message: Message| {
        assert_eq!(message.description(), "m");
        assert_eq!(message.provider_states()[1].name, "state two");
        assert_eq!(message.json::<Value>()?, json!({ "one": "a" }));
        assert_eq!(message.content_type().as_deref(), Some("application/json"));
        assert_eq!(message.metadata()["Origin"], "Some Text");
        assert_eq!(message.metadata()["TagData"]["weight"], 100.5);
        Ok::<_, serde_json::Error>(())
    });
    handled.await.unwrap();
}

/// Generators that were set by hand, as tests for `pact_consumer` do.
#[tokio::test]
async fn generators_are_applied_to_contents_and_metadata() {
    let mut generators = Generators::default();
    for (category, path) in [
        (GeneratorCategory::BODY, "$.one"),
        (GeneratorCategory::METADATA, "ID"),
    ] {
        let path = DocPath::new(path).unwrap();
        generators.add_generator_with_subcategory(
            &category,
            path,
            Generator::RandomInt(1000, 2000),
        );
    }
    let mut bench = v4();
    bench.builder.message_interaction("m", |mut m| {
        m.metadata("ID", 1).metadata("weight", 100.5);
        m.json_body(json_pattern!({ "one": 1 }));
        m.message_contents.generators = Some(generators.clone());
        m
    });
    let contents = MessageContents {
        contents: OptionalBody::Present(
            r#"{"one":1}"#.into(),
            Some("application/json".into()),
            None,
        ),
        generators,
        ..MessageContents::default()
    };
    bench.builder.synchronous_message_interaction("s", |mut m| {
        m.request_contents(&contents).response_contents(&contents);
        m
    });
    let handled = bench.builder.hand_to(async |message: Message| {
        assert!(is_generated(&message.json::<Value>()?["one"]));
        assert!(is_generated(&message.metadata()["ID"]));
        assert_eq!(message.metadata()["weight"], 100.5);
        Ok::<_, serde_json::Error>(())
    });
    handled.await.unwrap();
    for message in bench.builder.synchronous_messages() {
        for part in [&message.request, &message.response[0]] {
            assert!(is_generated(&part.metadata["ID"]));
            let body: Value = serde_json::from_slice(&part.contents.value().unwrap()).unwrap();
            assert!(is_generated(&body["one"]));
        }
    }
    assert_eq!(bench.file().unwrap()["interactions"][0]["description"], "m");
}

fn is_generated(value: &Value) -> bool {
    value.as_i64().is_some_and(|value| value >= 1000)
}

#[tokio::test]
async fn a_failure_names_each_message_and_writes_nothing() {
    #[derive(Debug, thiserror::Error)]
    #[error("the order cannot be read")]
    struct Unreadable(#[from] serde_json::Error);

    let mut bench = v4();
    for (description, order) in [("a good order", 1), ("a big order", 999)] {
        bench.builder.message_interaction(description, |mut m| {
            m.given("an order exists");
            m.json_body(json!({ "order": order }));
            m
        });
    }
    bench.builder.message_interaction("a word", |mut m| {
        m.body("no number", Some("text/plain".to_owned()));
        m
    });
    let handled = bench.builder.hand_to(async |message: Message| {
        let order: Value = message.json().map_err(Unreadable)?;
        if order["order"] == 999 {
            return Err("the limit is 100".into());
        }
        Ok::<_, Box<dyn Error>>(())
    });
    assert_eq!(
        format!("{:?}", handled.await.unwrap_err()),
        "BillingService handled 1 of 3 messages of OrderService, so no pact was written
  a big order (given an order exists)
    the limit is 100
  a word
    the order cannot be read: expected ident at line 1 column 2"
    );
    assert_eq!(bench.file(), None);
}

#[tokio::test]
async fn nothing_to_handle_is_no_success() {
    let mut bench = v4();
    bench.builder.message_interaction("m", |m| m);
    let unhandled = bench.builder.hand_synchronous_to(agree_to_all).await;
    assert_eq!(
        unhandled.unwrap_err().to_string(),
        "the pact between BillingService and OrderService holds no synchronous message, so nothing was handled: \
         add one with `synchronous_message_interaction`"
    );
    assert_eq!(bench.file(), None);
}

#[tokio::test]
async fn the_consumers_own_request_is_held_against_the_pact() {
    let mut bench = v4();
    bench
        .builder
        .synchronous_message_interaction("a question", |mut m| {
            m.request_json_body(json_pattern!({ "article": integer(7) }));
            m.matching_request_metadata("tenant", regex("^t[0-9]+$", "t1"));
            m.response_json_body(json_pattern!({ "cents": integer(995) }));
            m
        });
    let asks = async |sent: Sent| {
        let check = async |message: SyncMessage| message.check_request(&sent);
        bench.builder.hand_synchronous_to(check).await
    };
    asks(Sent::json(&json!({ "article": 3 })).metadata("tenant", "t77"))
        .await
        .unwrap();
    let wrong = asks(Sent::json(&json!({ "article": "3" })).metadata("tenant", "x")).await;
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "BillingService handled 0 of 1 messages of OrderService, so no pact was written
  a question
    the request is not the one of the pact: $.article  expected an integer, got \"3\"  (rule: integer); \
         metadata tenant  expected a string that matches /^t[0-9]+$/, got \"x\"  (rule: regex)"
    );
}

#[test]
fn the_iterators_write_the_pact_when_all_was_taken() {
    let mut bench = v4();
    for description in ["one", "two"] {
        bench.builder.message_interaction(description, |m| m);
    }
    let taken: Vec<_> = bench.builder.messages().map(|m| m.description).collect();
    assert_eq!(taken, ["one", "two"]);
    assert_eq!(
        bench.file().unwrap()["interactions"][1]["description"],
        "two"
    );
}

/// `pact_consumer`'s iterators hang here.
#[tokio::test(flavor = "current_thread")]
async fn the_iterators_wait_for_nobody() {
    let mut bench = v4();
    bench.builder.message_interaction("one", |m| m);
    bench.builder.synchronous_message_interaction("two", |m| m);
    assert_eq!(bench.builder.v3_messages().count(), 1);
    assert_eq!(bench.builder.synchronous_messages().count(), 1);
    let interactions = bench.file().unwrap()["interactions"].take();
    assert_eq!(interactions.as_array().unwrap().len(), 2);
}

#[test]
fn an_iterator_that_was_left_early_fails_the_test() {
    let mut bench = v4();
    for description in ["one", "two", "three"] {
        bench.builder.message_interaction(description, |m| m);
    }
    let text = panic_of(|| drop(bench.builder.messages().next()));
    assert_eq!(
        text,
        "BillingService took 1 of 3 messages of OrderService, so no pact was written; not taken: two, three. \
         If an error ended the loop, this hides it: `hand_to` shows it"
    );
    let text = panic_of(|| drop(bench.builder.synchronous_messages()));
    assert_eq!(
        text,
        "the pact between BillingService and OrderService holds no such message, so nothing was handled"
    );
    assert_eq!(bench.file(), None);
}

#[test]
fn an_iterator_in_a_failing_test_writes_nothing() {
    let mut bench = v4();
    bench.builder.message_interaction("one", |m| m);
    let text = panic_of(|| {
        let mut messages = bench.builder.messages();
        let message = messages.next().unwrap();
        panic!("{} is wrong", message.description);
    });
    assert_eq!(text, "one is wrong");
    assert_eq!(bench.file(), None);
}

#[tokio::test]
async fn http_and_messages_share_a_v4_pact() {
    let mut bench = v4();
    bench.builder.interaction("a ping", "", |mut i| {
        i.request.path("/ping");
        i
    });
    bench.builder.message_interaction("a message", |m| m);
    bench.builder.hand_to(agree).await.unwrap();
    assert_eq!(told(&bench), ["a message"]);

    let mock = bench.builder.mock_server();
    reqwest::get(mock.path("/ping")).await.unwrap();
    mock.finish().unwrap();
    assert_eq!(told(&bench), ["a message", "a ping"]);
}

#[tokio::test]
async fn a_mock_server_writes_no_message_that_nobody_handled() {
    let mut bench = v4();
    bench.builder.interaction("a ping", "", |mut i| {
        i.request.path("/ping");
        i
    });
    bench.builder.message_interaction("a message", |m| m);
    let mock = bench.builder.mock_server();
    reqwest::get(mock.path("/ping")).await.unwrap();
    mock.finish().unwrap();
    assert_eq!(told(&bench), ["a ping"]);
}

fn told(bench: &Bench) -> Vec<String> {
    let file = bench.file().unwrap();
    let interactions = file["interactions"].as_array().unwrap().iter();
    let description = |interaction: &Value| interaction["description"].as_str().unwrap().to_owned();
    interactions.map(description).collect()
}

#[tokio::test]
async fn version_3_refuses_what_it_cannot_hold() {
    let mut bench = v3();
    bench
        .builder
        .synchronous_message_interaction("a question", |m| m);
    let unhandled = bench.builder.hand_synchronous_to(agree_to_all).await;
    let text = format!("{:?}", unhandled.unwrap_err());
    let reason = "a synchronous message needs specification version 4: a question";
    assert!(text.ends_with(reason), "{text}");
}

#[test]
fn what_is_built_elsewhere_can_be_added_whatever_its_kind() {
    let mut other = v4();
    other.builder.interaction("a ping", "", |i| i);
    other.builder.message_interaction("an order", |m| m);
    other
        .builder
        .synchronous_message_interaction("a question", |m| m);
    let mut bench = v4();
    for interaction in other.builder.build().interactions() {
        bench.builder.push_interaction(interaction.as_ref());
    }
    let built = bench.builder.build();
    let kinds: Vec<String> = built.interactions().iter().map(|i| i.type_of()).collect();
    assert_eq!(
        kinds,
        [
            "V4 Synchronous/HTTP",
            "V4 Asynchronous/Messages",
            "V4 Synchronous/Messages"
        ]
    );
    let mut old = v3();
    old.builder.message_interaction("an order", |m| m);
    assert_eq!(old.builder.build().interactions().len(), 1);
}
