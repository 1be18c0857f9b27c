//! What contracts protect: answers that passed, changed in one place at a time.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_provider::{
    MUTANTS_MAX, Message, Mutation, PactSource, PlaceProtection, Protection, REPORT_SCHEMA,
    Redaction, Report, Target, Verifier, VerifyOptions, redacted,
};

use crate::console::check;
use crate::fakes::{get_of, only, pact, pact_of, source, up, verifier};

fn mutating(body: Value) -> Verifier<Target> {
    let mut options = VerifyOptions::default();
    options.mutate = true;
    let answer = get(async move || ([("x-rate", "10")], Json(body)));
    verifier()
        .service(Router::new().route("/user", answer))
        .options(options)
}

fn jane() -> Value {
    json!({ "id": 42, "email": "jane@example.com", "name": "Jane", "tags": ["a", "b"], "address": { "city": "Bern" } })
}

/// An interaction that asks for these members, each by its type.
fn wants(body: &Value) -> Value {
    let mut interaction = get_of("/user");
    interaction["response"]["body"] = body.clone();
    let rule = json!({ "matchers": [{ "match": "type" }] });
    interaction["response"]["matchingRules"] = json!({ "body": { "$": rule } });
    interaction
}

fn protection(report: &Report) -> &Protection {
    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
    only(report).protection.as_ref().unwrap()
}

#[track_caller]
fn place<'p>(protection: &'p Protection, path: &str) -> &'p PlaceProtection {
    let place = protection.places.iter().find(|place| place.path == path);
    place.unwrap_or_else(|| panic!("no {path} in {:?}", protection.places))
}

#[tokio::test]
async fn a_member_that_the_contract_names_is_protected_and_another_is_not() {
    let wanted = wants(&json!({ "id": 1, "address": { "city": "x" } }));
    let report = mutating(jane()).verify(source(&[wanted])).await;
    let found = protection(&report);
    for path in ["$.id", "$.address", "$.address.city", "$", "status"] {
        assert!(place(found, path).is_protected(), "{path}");
    }
    for path in ["$.email", "$.name", "$.tags", "$.tags[*]", "x-rate"] {
        assert!(!place(found, path).is_protected(), "{path}");
    }
    let id = place(found, "$.id");
    assert_eq!(
        id.killed,
        [Mutation::Dropped, Mutation::Null, Mutation::Retyped]
    );
    assert_eq!(place(found, "$").survived, [Mutation::Added]);
    assert_eq!(place(found, "$.address.city").survived, [Mutation::Emptied]);
    assert_eq!(found.mutants_left_out, 0);
}

#[tokio::test]
async fn a_header_that_the_contract_names_is_protected() {
    let mut wanted = wants(&json!({ "id": 1 }));
    wanted["response"]["headers"] = json!({ "X-Rate": "10" });
    let report = mutating(jane()).verify(source(&[wanted])).await;
    assert_eq!(
        place(protection(&report), "x-rate").killed,
        [Mutation::Dropped, Mutation::Changed]
    );
}

#[tokio::test]
async fn contracts_of_several_consumers_protect_together() {
    let of = |consumer: &str, body: Value| {
        PactSource::json(consumer, pact_of(consumer, "UserService", &[wants(&body)]))
    };
    let sources = [
        of("OrderService", json!({ "id": 1, "email": "x" })),
        of("BillingService", json!({ "id": 1, "name": "x" })),
    ];
    let report = mutating(jane()).verify(sources).await;
    let [response] = report.protection().try_into().unwrap();
    assert_eq!(
        (response.request.as_str(), response.status),
        ("GET /user", Some(200))
    );
    let by = |path: &str| {
        let place = response.places.iter().find(|place| place.path == path);
        place.unwrap().protected_by.clone()
    };
    assert_eq!(by("$.id"), ["OrderService", "BillingService"]);
    assert_eq!(by("$.email"), ["OrderService"]);
    assert_eq!(by("$.name"), ["BillingService"]);
    assert_eq!(by("$.tags"), [""; 0]);
    check("mutate_console", &report.to_string());
}

#[tokio::test]
async fn a_contract_that_protects_everything_is_told_as_such() {
    let mut wanted = wants(&json!({ "id": 1 }));
    wanted["response"]["headers"] = json!({ "X-Rate": "10", "Content-Type": "application/json" });
    let report = mutating(json!({ "id": 7 })).verify(source(&[wanted])).await;
    let text = report.to_string();
    assert!(
        text.contains(
            "A contract protects each of 5 places of the answers: 12 of 13 changes noticed."
        ),
        "{text}"
    );
}

#[tokio::test]
async fn views_and_schema_know_it() {
    let report = mutating(jane())
        .verify(source(&[wants(&json!({ "id": 1 }))]))
        .await;
    let json = report.to_json();
    let schema = serde_json::from_str(REPORT_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = schema
        .iter_errors(&json)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(json["protection"][0]["request"], "GET /user");
    assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
    assert!(
        report
            .html()
            .to_string()
            .contains("<li><code>$.email</code></li>")
    );
    assert!(report.markdown().to_string().contains("  - $.email\n"));
}

#[tokio::test]
async fn what_failed_and_what_nobody_asked_for_is_not_changed() {
    let report = mutating(json!({}))
        .verify(source(&[wants(&json!({ "id": 1 }))]))
        .await;
    assert_eq!(only(&report).protection, None);
    let report = up().verify(source(&[get_of("/ok")])).await;
    assert_eq!(only(&report).protection, None);
    assert_eq!(report.protection(), []);
}

#[tokio::test]
async fn a_body_that_is_no_json_can_only_be_emptied() {
    let mut options = VerifyOptions::default();
    options.mutate = true;
    let mut wanted = get_of("/ok");
    wanted["response"]["body"] = json!("ok");
    wanted["response"]["headers"] = json!({ "Content-Type": "text/plain" });
    let report = up().options(options).verify(source(&[wanted])).await;
    assert_eq!(place(protection(&report), "$").killed, [Mutation::Emptied]);
}

#[tokio::test]
async fn there_is_a_limit_and_what_is_beyond_it_is_counted() {
    let many: serde_json::Map<String, Value> =
        (0..400).map(|i| (format!("m{i}"), json!(i))).collect();
    let report = mutating(json!(many))
        .verify(source(&[get_of("/user")]))
        .await;
    let found = protection(&report);
    assert_eq!(found.mutants, MUTANTS_MAX);
    assert!(found.mutants_left_out > 700, "{}", found.mutants_left_out);
    assert!(
        report.to_string().contains("more were not tried"),
        "{report}"
    );
}

#[tokio::test]
async fn a_redacted_place_is_not_looked_into() {
    let body = json!({ "tokens": { "tok-1234567": true } });
    let report = mutating(body)
        .verify(PactSource::json("x", pact(&[get_of("/user")])))
        .await;
    assert!(report.to_json().to_string().contains("tok-1234567"));
    let report = redacted(report, &Redaction::default().json_path("$.tokens").unwrap());
    assert!(!report.to_json().to_string().contains("tok-1234567"));
}

#[tokio::test]
async fn a_message_s_contents_and_metadata_are_changed_too() {
    let like = json!({ "matchers": [{ "match": "type" }] });
    let pact = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
        "messages": [{
            "description": "a user was created",
            "contents": { "id": 1 },
            "metadata": { "topic": "users" },
            "matchingRules": { "body": { "$": like } },
        }],
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });
    let mut options = VerifyOptions::default();
    options.mutate = true;
    let report = verifier()
        .message("a user was created", async || {
            let message = Message::json(&json!({ "id": 42, "name": "Jane" }));
            message.map(|message| message.metadata("topic", "users").metadata("key", "42"))
        })
        .options(options)
        .verify(PactSource::json("a pact", pact))
        .await;
    let found = protection(&report);
    assert_eq!(found.request, "message \"a user was created\"");
    assert_eq!(found.status, None);
    for path in ["$", "$.id", "topic"] {
        assert!(place(found, path).is_protected(), "{path}");
    }
    for path in ["$.name", "key"] {
        assert!(!place(found, path).is_protected(), "{path}");
    }
    let text = report.to_string();
    assert!(
        text.contains("  message \"a user was created\"\n"),
        "{text}"
    );
    assert!(text.contains("metadata key\n"), "{text}");
    let schema: Value = serde_json::from_str(REPORT_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&report.to_json()));
}

/// A question that is answered twice, the second time with a secret of this type.
fn answered_twice(secret: &Value) -> PactSource {
    let contents = |content: Value| {
        json!({
            "contents": { "content": content, "contentType": "application/json", "encoded": false },
            "matchingRules": { "body": { "$": { "matchers": [{ "match": "type" }] } } },
        })
    };
    let question = json!({
        "type": "Synchronous/Messages", "description": "a question",
        "request": contents(json!({ "id": 7 })),
        "response": [contents(json!({ "id": 1 })), contents(json!({ "secret": secret }))],
    });
    let mut pact = pact(&[question]);
    pact["metadata"]["pactSpecification"]["version"] = json!("4.0");
    PactSource::json("a pact", pact)
}

fn answering() -> Verifier<Target> {
    let mut options = VerifyOptions::default();
    options.mutate = true;
    let answers = [
        json!({ "id": 42, "name": "Jane" }),
        json!({ "secret": "tok-1234567" }),
    ];
    let respond = async move |_: Message| -> Result<Vec<Message>, serde_json::Error> {
        answers.iter().map(Message::json).collect()
    };
    verifier()
        .sync_message("a question", respond)
        .options(options)
}

#[tokio::test]
async fn each_response_to_a_message_is_changed() {
    let source = answered_twice(&json!("text"));
    let report = answering().verify(source).await;
    let found = protection(&report);
    assert_eq!(found.request, "message \"a question\"");
    for path in ["$.id", "response 2: $", "response 2: $.secret"] {
        assert!(place(found, path).is_protected(), "{path}");
    }
    assert!(!place(found, "$.name").is_protected());
    assert_eq!(found.mutants_left_out, 0);
    assert!(report.to_string().contains("    $.name\n"), "{report}");
}

#[tokio::test]
async fn a_redacted_place_of_a_later_response_is_redacted_too() {
    let redaction = Redaction::default().json_path("$.secret").unwrap();
    let source = answered_twice(&json!(1));
    let report = answering().redaction(redaction).verify(source).await;
    assert_eq!(report.verdict(), Verdict::No);
    let json = report.to_json().to_string();
    assert!(json.contains("response 2: $.secret"), "{json}");
    assert!(!json.contains("tok-1234567"), "{json}");
}
