//! `treaty diff`, `treaty who-uses`, `treaty matrix`, `treaty status`.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::broker;
use crate::command::Place;
use crate::golden;
use crate::provider;
use crate::verify_flags;

fn user(members: &Value) -> Value {
    let like = json!({ "combine": "AND", "matchers": [{ "match": "type" }] });
    json!({
        "description": "a request for user 42",
        "request": {"method": "GET", "path": "/users/42"},
        "response": {
            "status": 200, "headers": {"Content-Type": "application/json"}, "body": members,
            "matchingRules": {"body": {"$.id": like, "$.name": like}},
        },
    })
}

fn ping() -> Value {
    json!({
        "description": "a ping", "request": {"method": "GET", "path": "/ping"}, "response": {"status": 204},
    })
}

fn pact(consumer: &str, interactions: &[Value]) -> String {
    let pact = json!({
        "consumer": {"name": consumer}, "provider": {"name": "UserService"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    pact.to_string()
}

fn old() -> String {
    pact("OrderService", &[user(&json!({"id": 1, "name": "Jane"}))])
}

fn new() -> String {
    pact(
        "OrderService",
        &[
            user(&json!({"id": 1, "name": "Jane", "email": "a@b"})),
            ping(),
        ],
    )
}

#[test]
fn what_breaks_a_provider_is_major_and_a_no_and_is_proved() {
    let place = Place::new();
    place.write("old.json", &old());
    place.write("new.json", &new());
    let told = place.run("diff old.json new.json").ends_with(1);
    golden::check("diff-major", &told.stdout);
    let back = place.run("diff new.json old.json").ends_with(0);
    golden::check("diff-patch", &back.stdout);
    let json = place
        .run("diff old.json new.json -o json")
        .ends_with(1)
        .json();
    assert_eq!(json["level"], "major");
    assert_eq!(json["changes"][0]["demands_more"][0]["path"], "$.email");
    assert_eq!(json["verdict"], "no");
}

#[test]
fn the_same_and_more_of_it_are_no_reason_to_stop() {
    let place = Place::new();
    place.write("old.json", &old());
    place.write(
        "more.json",
        &pact(
            "OrderService",
            &[ping(), user(&json!({"id": 1, "name": "Jane"}))],
        ),
    );
    place
        .run("diff old.json old.json")
        .ends_with(0)
        .says("none: the same contract");
    place
        .run("diff old.json more.json")
        .ends_with(0)
        .says("minor: ")
        .says("added  a ping");
}

#[test]
fn a_rule_that_is_narrower_is_proved_by_an_answer_that_the_old_one_allowed() {
    let place = Place::new();
    place.write("old.json", &old());
    place.write("new.json", &old().replace("\"type\"", "\"integer\""));
    let told = place.run("diff old.json new.json").ends_with(1);
    golden::check("diff-narrower", &told.stdout);
}

#[test]
fn two_versions_in_a_broker_are_compared() {
    broker::each(|place| {
        place.write("a.json", &old());
        place.run("publish a.json -a 1").ends_with(0);
        place.write("a.json", &new());
        place.run("publish a.json -a 2").ends_with(0);
        let line = "diff 1 2 --consumer OrderService --provider UserService";
        place.run(line).ends_with(1).says("major: ");
        let line = "diff 1 3 --consumer OrderService --provider UserService";
        let none = r#"the broker has no pact of "OrderService" version "3" with "UserService""#;
        place.run(line).ends_with(2).complains(none);
    });
}

#[test]
fn the_brokers_credentials_go_to_the_broker_alone() {
    let document: Value = serde_json::from_str(&old()).unwrap();
    let (broker, log) = verify_flags::listener(200, document.clone());
    let (stranger, others) = verify_flags::listener(200, document);
    for who in [
        "-k s3cret",
        "-u user -p s3cret",
        "--custom-header X-Team:s3cret",
    ] {
        Place::new()
            .run(&format!("diff {broker}/1 {stranger}/2 -b {broker}/ {who}"))
            .ends_with(0);
        let (ours, theirs) = (verify_flags::asked(&log), verify_flags::asked(&others));
        assert_eq!(ours.len() + theirs.len(), 2);
        assert_ne!(ours[0], "GET /1   ", "{who}");
        assert_eq!(theirs[0], "GET /2   ", "{who}");
    }
}

#[test]
fn pacts_of_others_are_not_compared() {
    let place = Place::new();
    place.write("old.json", &old());
    place.write("new.json", &pact("Billing", &[ping()]));
    place
        .run("diff old.json new.json")
        .ends_with(2)
        .complains("compare two versions of the same pact");
    place
        .run("diff old.json no.json")
        .ends_with(2)
        .complains("cannot read no.json");
}

fn place_with_users() -> Place {
    let place = Place::new();
    place.write("pacts/a.json", &new());
    place.write("pacts/b.json", &pact("Billing", &[user(&json!({"id": 7}))]));
    place.write("pacts/c.json", &pact("Monitor", &[ping()]));
    place
}

#[test]
fn who_uses_a_request_or_a_member_of_its_answer_is_told() {
    let place = place_with_users();
    let told = place
        .run("who-uses GET /users/{id} --pacts pacts")
        .ends_with(0);
    golden::check("who-uses", &told.stdout);
    let told = place
        .run("who-uses get /users/:id $.email --pacts pacts")
        .ends_with(0);
    golden::check("who-uses-field", &told.stdout);
    let told = place
        .run("who-uses GET /users/42 phone --pacts pacts")
        .ends_with(1);
    golden::check("who-uses-nobody", &told.stdout);
    let json = place
        .run("who-uses * /users/* email --pacts pacts -o json")
        .ends_with(0)
        .json();
    assert_eq!(
        json["users"][0]["interactions"][0]["reads"],
        json!(["$.email"])
    );
    assert_eq!(json["pacts"], 3);
    place
        .run("who-uses GET / --pacts pacts --provider ^Order")
        .ends_with(2)
        .complains("there is no pact to look at");
}

#[test]
fn a_question_that_nobody_can_be_the_answer_to_is_refused() {
    let place = place_with_users();
    for (question, told) in [
        ("GET users/42", "\"users/42\" is no path"),
        ("GET *", "\"*\" is no path"),
        ("FOO /users/42", "no request has the method \"FOO\""),
        ("GET /users/42 $[", "names no member of a body"),
        ("GET /users/42 $", "it is the whole body"),
        ("GET /users/42 --provider (", "there is no pact to look at"),
    ] {
        place
            .run(&format!("who-uses {question} --pacts pacts"))
            .ends_with(2)
            .complains(told);
    }
}

#[test]
fn the_path_of_a_url_and_a_method_of_a_pact_are_understood() {
    let place = place_with_users();
    for path in [
        "/users/42?verbose=true",
        "http://users.example:8080/users/42#top",
        "/users/42",
    ] {
        let told = place.run(&format!("who-uses GET {path} $['email'] --pacts pacts"));
        let told = told
            .ends_with(0)
            .says("GET /users/42 $['email'] is used in");
        assert_eq!(
            told.stderr.contains("the question is about /users/42"),
            path != "/users/42"
        );
    }
    place.write("pacts/d.json", &new().replace("GET", "PURGE"));
    place
        .run("who-uses purge /users/42 --pacts pacts")
        .ends_with(0);
}

#[test]
fn a_brokers_pacts_tell_who_uses_something_and_in_which_version() {
    broker::each(|place| {
        place.write("a.json", &new());
        place.run("publish a.json -a 1.8.0").ends_with(0);
        place
            .run("who-uses GET /users/42 email --provider UserService")
            .ends_with(0)
            .says("OrderService 1.8.0, of UserService");
    });
}

#[test]
fn the_matrix_is_shown_row_by_row() {
    broker::each(|place| {
        place.write("a.json", &new());
        place.run("publish a.json -a 1.8.0").ends_with(0);
        let told = place.run("matrix --pacticipant OrderService").ends_with(0);
        golden::check("matrix", &told.stdout);
        let json = place
            .run("matrix --pacticipant OrderService -o json")
            .ends_with(0)
            .json();
        assert_eq!(json["matrix"][0]["consumer"]["name"], "OrderService");
    });
}

#[test]
fn the_status_leads_from_a_first_publication_to_a_deployment() {
    broker::each(|place| {
        place.write("a.json", &pact("OrderService", &[ping()]));
        place
            .run("publish a.json -a 1.8.0 --branch main")
            .ends_with(0);
        place
            .run("status -a OrderService")
            .ends_with(0)
            .says("next: treaty create-environment --name production --production");
        place
            .run("create-environment --name production --production")
            .ends_with(0);
        place.run("create-environment --name test").ends_with(0);
        let told = place.run("status -a OrderService").ends_with(0);
        golden::check("status-blocked", &told.stdout);

        let provider = provider::serve(axum::Router::new().route(
            "/ping",
            axum::routing::get(async || axum::http::StatusCode::NO_CONTENT),
        ));
        let verify = format!(
            "verify --provider-name UserService --provider-base-url {provider} --provider-version 7 --publish"
        );
        place.run(&verify).ends_with(0);
        place
            .run("record-deployment -a UserService -e 7 --environment production")
            .ends_with(0);
        let told = place.run("status -a OrderService").ends_with(0);
        golden::check("status-free", &told.stdout);

        place
            .run("record-deployment -a OrderService -e 1.8.0 --environment production")
            .ends_with(0);
        let told = place.run("status -a OrderService -e 1.8.0").ends_with(0);
        golden::check("status-deployed", &told.stdout);
        let json = place
            .run("status -a OrderService -o json")
            .ends_with(0)
            .json();
        assert_eq!(json["environments"][0]["versions"], json!(["1.8.0"]));
    });
}

#[test]
fn a_list_that_is_cut_makes_no_status_a_yes() {
    let row = json!({"consumer": {"name": "OrderService", "version": {"number": "1"}}, "provider": {"name": "P"}});
    let matrix =
        json!({"summary": {"deployable": true, "success": 1000}, "matrix": vec![row; 1000]});
    let links = json!({"_links": {
        "pb:environments": {"href": "/environments"},
        "pb:environment": {"href": "/environments/{uuid}"},
        "pb:pacticipant-version": {"href": "/versions/{pacticipant}/{version}"},
    }});
    let environment = json!({"uuid": "1", "name": "production"});
    let all = json!({"_embedded": {"environments": [environment]}});
    let none = json!({"_embedded": {"deployedVersions": [], "releasedVersions": []}});
    let one = json!({"uuid": "1", "name": "production", "_links": {
        "pb:currently-deployed-deployed-versions": {"href": "/there"},
        "pb:currently-supported-released-versions": {"href": "/there"},
    }});
    let answer = |document: Value| get(async || Json(document));
    let place = broker::fake(
        Router::new()
            .route("/", answer(links))
            .route("/matrix", answer(matrix))
            .route("/versions/OrderService/1", answer(json!({"number": "1"})))
            .route("/environments", answer(all))
            .route("/environments/1", answer(one))
            .route("/there", answer(none)),
    );
    place
        .run("status -a OrderService -e 1")
        .ends_with(0)
        .says("whether 1 can go there cannot be said: the broker's list ends after 1000 rows")
        .says("next: clear what stands in the way");
    let told = place
        .run("status -a OrderService -e 1 -o json")
        .ends_with(0);
    assert_eq!(told.json()["environments"][0]["deployable"], Value::Null);
}

#[test]
fn a_status_of_nobody_says_how_to_begin() {
    let place = Place::new();
    let told = place.run("status").ends_with(2);
    golden::check("status-nobody", &told.stderr);
    place.run("create-environment --name test").ends_with(0);
    place
        .run("status -a Unheard")
        .ends_with(2)
        .complains("Unheard");
}
