//! What goes into a document that is there already, and what is refused instead.

use pact_models::provider_states::ProviderState;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Value, json};
use treaty_core::document::{Draft, Parts, SpecVersion, render};
use treaty_core::interaction::Interaction;

fn http(description: &str, states: &[&str], status: u16) -> Interaction {
    let mut http = SynchronousHttp {
        description: description.to_owned(),
        provider_states: states
            .iter()
            .map(|state| ProviderState::default(*state))
            .collect(),
        ..SynchronousHttp::default()
    };
    http.response.status = status;
    Interaction::Http(Box::new(http))
}

fn draft(version: SpecVersion, interactions: Vec<Interaction>) -> Draft {
    let (consumer, provider) = ("A".parse().unwrap(), "B".parse().unwrap());
    Draft {
        consumer,
        provider,
        version,
        interactions,
    }
}

fn v4(interactions: Vec<Interaction>) -> Draft {
    draft(SpecVersion::V4, interactions)
}

/// The descriptions, first state and status of a document, in its order.
fn told(document: &Value) -> Vec<String> {
    let interactions = document["interactions"].as_array().unwrap().iter();
    let text = |interaction: &Value| {
        let state = interaction["providerStates"][0]["name"]
            .as_str()
            .unwrap_or("-");
        format!(
            "{} {state} {}",
            interaction["description"].as_str().unwrap(),
            interaction["response"]["status"]
        )
    };
    interactions.map(text).collect()
}

#[track_caller]
fn refuses(ours: &Draft, there: Value, expected: &str) {
    assert_eq!(
        ours.merge_into(Some(there)).unwrap_err().to_string(),
        expected
    );
}

fn there(metadata: &Value) -> Value {
    json!({"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": [], "metadata": metadata})
}

#[test]
fn a_document_of_another_version_is_refused_however_it_names_it() {
    let refusal = |there: &str| {
        format!(
            "the pact that is there is of specification version {there}, these interactions are of version 4.0: \
             use one version in all tests of this consumer and provider, or remove the file"
        )
    };
    for (metadata, version) in [
        (json!({"pactSpecification": {"version": "2.0.0"}}), "2.0.0"),
        (json!({"pact-specification": {"version": "2.0.0"}}), "2.0.0"),
        (json!({"pactSpecificationVersion": "1.0.0"}), "1.0.0"),
        (json!({}), "3.0.0"),
    ] {
        refuses(
            &v4(vec![http("x", &[], 200)]),
            there(&metadata),
            &refusal(version),
        );
    }
}

/// `A-B` with `C` and `A` with `B-C` have one file name: neither may write into the other's pact.
#[test]
fn the_pact_of_another_consumer_or_provider_is_refused() {
    for (consumer, provider) in [("A2", "B"), ("A", "B2")] {
        let mut other = there(&json!({"pactSpecification": {"version": "4.0"}}));
        other["consumer"]["name"] = json!(consumer);
        other["provider"]["name"] = json!(provider);
        refuses(
            &v4(vec![http("x", &[], 200)]),
            other,
            &format!(
                "the pact that is there is between {consumer} and {provider}: \
                 give these two another directory, or one of them another name"
            ),
        );
    }
}

#[test]
fn a_message_that_is_answered_cannot_be_written_in_version_3() {
    let message = SynchronousMessage {
        description: "m".to_owned(),
        ..SynchronousMessage::default()
    };
    let error = draft(
        SpecVersion::V3,
        vec![Interaction::SyncMessage(Box::new(message))],
    )
    .merge_into(None)
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "a synchronous message needs specification version 4: m"
    );
}

#[test]
fn an_interaction_in_another_state_is_another_interaction() {
    let before = v4(vec![http("x", &["a user"], 200)])
        .merge_into(None)
        .unwrap();
    let after = v4(vec![http("x", &["no user"], 404), http("x", &[], 500)])
        .merge_into(Some(before))
        .unwrap();
    assert_eq!(told(&after), ["x a user 200", "x no user 404", "x - 500"]);
}

#[test]
fn an_edited_interaction_replaces_its_former_self_and_no_other() {
    for version in [SpecVersion::V3, SpecVersion::V4] {
        let before = draft(
            version,
            vec![http("x", &["s"], 200), http("y", &["s"], 200)],
        )
        .merge_into(None)
        .unwrap();
        let after = draft(version, vec![http("x", &["s"], 404)])
            .merge_into(Some(before))
            .unwrap();
        assert_eq!(told(&after), ["x s 404", "y s 200"]);
    }
}

#[test]
fn writing_the_same_again_changes_nothing() {
    let draft = v4(vec![http("x", &["s"], 200), http("y", &[], 200)]);
    let once = draft.merge_into(None).unwrap();
    let twice = draft.merge_into(Some(once.clone())).unwrap();
    assert_eq!(render(once), render(twice));
}

/// Every order of the same five writes, each an interaction of its own, gives one text.
#[test]
fn every_order_of_the_writers_gives_the_same_text() {
    let drafts: Vec<Draft> = ["b", "a", "a\0", "aa", "B"]
        .iter()
        .map(|description| v4(vec![http(description, &["s"], 200)]))
        .collect();
    let text = |order: &[usize]| {
        let written = order.iter().fold(None, |there, place| {
            Some(drafts[*place].merge_into(there).unwrap())
        });
        render(written.unwrap())
    };
    let first = text(&[0, 1, 2, 3, 4]);
    let mut orders = 0;
    permute(&mut [0, 1, 2, 3, 4], 0, &mut |order| {
        assert_eq!(text(order), first, "{order:?}");
        orders += 1;
    });
    assert_eq!(orders, 120);
}

fn permute(items: &mut [usize; 5], from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == items.len() {
        return visit(items);
    }
    for place in from..items.len() {
        items.swap(from, place);
        permute(items, from + 1, visit);
        items.swap(from, place);
    }
}

#[test]
fn two_contents_of_one_interaction_are_two_texts() {
    let added = |interaction| Parts::default().add(&v4(vec![interaction])).unwrap();
    let one = added(http("x", &["s"], 200));
    let other = added(http("x", &["s"], 404));
    let elsewhere = added(http("x", &["t"], 404));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    assert_ne!(one, other);
    assert_ne!(one.keys().next(), elsewhere.keys().next());
}

/// An HTTP interaction of version 4, as its document has it.
fn read(mut interaction: Value) -> Interaction {
    interaction["type"] = json!("Synchronous/HTTP");
    interaction["description"] = json!("x");
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    });
    let mut pact = treaty_core::document::load_json("a-b.json", &document).unwrap();
    pact.interactions.remove(0)
}

fn with_rules(rules: &Value) -> Value {
    json!({
        "request": {"method": "GET", "path": "/"},
        "response": {
            "status": 200,
            "body": {"contentType": "application/json", "content": {"id": 1, "a$b": 2, "list": [3]}},
            "matchingRules": {"body": rules},
        },
    })
}

fn rule(path: &str, matchers: &Value) -> Value {
    json!({path: {"combine": "AND", "matchers": matchers}})
}

#[test]
fn version_2_holds_one_state_and_its_own_rules() {
    let mut described = with_rules(&rule("$.list", &json!([{"match": "type", "min": 1}])));
    described["providerStates"] = json!([{"name": "a user"}]);
    described["request"]["query"] = json!({"q": ["1", "2"]});
    let interaction = read(described);
    let document = draft(SpecVersion::V2, vec![interaction.clone()])
        .merge_into(None)
        .unwrap();
    let written = &document["interactions"][0];
    assert_eq!(written["providerState"], "a user");
    assert_eq!(written["request"]["query"], "q=1&q=2");
    assert_eq!(
        written["response"]["matchingRules"],
        json!({"$.body.list": {"match": "type", "min": 1}})
    );
    let read_again = treaty_core::document::load_json("a-b.json", &document).unwrap();
    assert_eq!(
        read_again.interactions[0].provider_states()[0].name,
        "a user"
    );

    let mut edited = interaction;
    let Interaction::Http(http) = &mut edited else {
        unreachable!()
    };
    http.response.status = 404;
    let after = draft(SpecVersion::V2, vec![edited])
        .merge_into(Some(document))
        .unwrap();
    assert_eq!(after["interactions"].as_array().unwrap().len(), 1);
    let names = Parts::of(after).unwrap();
    assert_eq!(
        names.names().next().unwrap().to_string(),
        "x (given a user)"
    );
}

#[test]
fn what_version_2_cannot_say_is_refused() {
    let mut states = with_rules(&json!({}));
    states["providerStates"] = json!([{"name": "a"}, {"name": "b"}]);
    let mut parameters = with_rules(&json!({}));
    parameters["providerStates"] = json!([{"name": "a", "params": {"id": 1}}]);
    let mut generators = with_rules(&json!({}));
    generators["response"]["generators"] = json!({"body": {"$.id": {"type": "RandomInt"}}});
    let several = rule(
        "$.id",
        &json!([{"match": "type"}, {"match": "regex", "regex": "1"}]),
    );
    for (interaction, expected) in [
        (states, "several provider states (it has 2)"),
        (parameters, "parameters of provider states (\"a\" has some)"),
        (generators, "generators (its response has some)"),
        (
            with_rules(&several),
            "several rules for one place (the body of its response at $.id)",
        ),
        (
            with_rules(&rule("$.id", &json!([{"match": "integer"}]))),
            "the rule `integer` (the body of its response at $.id)",
        ),
        (
            with_rules(&rule("$['a$b']", &json!([{"match": "type"}]))),
            "paths that are told from each other, for the rules of its response: a name there holds `$` or a dot",
        ),
    ] {
        let error = draft(SpecVersion::V2, vec![read(interaction)])
            .merge_into(None)
            .unwrap_err();
        let text = error.to_string();
        let what = text
            .strip_prefix("specification version 2 has no words for ")
            .unwrap();
        assert!(what.starts_with(expected), "{text}");
    }
    let message = SynchronousMessage {
        description: "m".to_owned(),
        ..SynchronousMessage::default()
    };
    let error = draft(
        SpecVersion::V2,
        vec![Interaction::SyncMessage(Box::new(message))],
    )
    .merge_into(None);
    assert_eq!(
        error.unwrap_err().to_string(),
        "specification version 2 has no words for messages: m"
    );
}

/// A document of one interaction as some tool writes it.
fn file(description: &str, metadata: &Value) -> Parts {
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "metadata": metadata,
        "interactions": [{"description": description, "request": {"path": "/"}, "response": {"status": 200}}],
    });
    Parts::of(document).unwrap()
}

#[test]
fn two_spellings_of_one_version_are_joined() {
    let of = |description, version| {
        file(
            description,
            &json!({"pactSpecification": {"version": version}}),
        )
    };
    let mut document = of("one", "3.0.0");
    document.join(of("two", "3.0")).unwrap();
    assert_eq!(document.names().count(), 2);
    let error = document.join(of("three", "2.0.0")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "one is of specification version 3.0.0, the other of version 2.0.0"
    );
}

#[test]
fn what_two_tools_say_about_themselves_is_joined() {
    let mut document = file("one", &json!({"ours": {"models": "1", "mock": "2"}}));
    let theirs = json!({"ours": {"models": "3", "ffi": "4"}, "theirs": {"version": "5"}});
    document.join(file("two", &theirs)).unwrap();
    assert_eq!(
        document.into_json()["metadata"],
        json!({
            "ours": {"models": "1", "mock": "2", "ffi": "4"},
            "theirs": {"version": "5"},
        })
    );
}
