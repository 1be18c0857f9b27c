//! Where we mean to differ from `pact_verifier`, why, and a test for each.
//!
//! The comparison of verdicts allows those of requests, and counts them; the others do not come up in it, because it
//! tells the peer not to follow redirects, hands the values of provider states back, and takes documents that both read.

use pact_models::pact::load_pact_from_json;
use pact_verifier::callback_executors::HttpRequestProviderStateExecutor;
use serde_json::{Map, Value, json};
use treaty_core::document::load_json;
use treaty_provider::Verifier;

use crate::case::{Case, cases, description};
use crate::peers::Options;
use crate::provider::{Asked, Provider, STATES};
use crate::variant::Answer;
use crate::verdict::{Verdict, Verdicts};
use crate::{ours, peers};

const USER_AGENT: &str = "no `User-Agent` is sent";
const CONTENT_TYPE: &str = "the type of a request's body is sent";
const QUERY: &str = "a query parameter without a value is sent";
const PATH: &str = "a path is a path";
const MEMBERS: &str = "each missing member is a mismatch";
const REDIRECT: &str = "a redirect is an answer";
const VALUES: &str = "a value that no state handed back stops the request";
const DOCUMENTS: &str = "what is no pact is refused";

/// Each with its reason. The table in ARCHITECTURE.md has the same names.
const DIFFERENCES: [(&str, &str); 8] = [
    (
        USER_AGENT,
        "a provider in the same process gets none either, and the two ways should ask the same",
    ),
    (
        CONTENT_TYPE,
        "the pact says what the body is, if not among the headers, and providers refuse a body of no type",
    ),
    (
        QUERY,
        "the pact says that it is there, and the peer leaves it out",
    ),
    (
        PATH,
        "`?` and `#` in a path are escaped, where the peer makes a query and a fragment of what follows",
    ),
    (
        MEMBERS,
        "the peer tells all of an object as one at the object, and a reader wants the path and its rule",
    ),
    (
        REDIRECT,
        "the peer follows it, and so cannot verify a pact that expects one or a provider that should not redirect",
    ),
    (
        VALUES,
        "the peer sends the example of the pact, and the answer to that is green for nothing",
    ),
    (
        DOCUMENTS,
        "the peer reads a rule that it does not know, or a status of 600, and verifies something else",
    ),
];

/// The deliberate differences between two requests for the same interaction; `None` if there are others.
pub(crate) fn of_requests(ours: &Asked, peers: &Asked) -> Option<Vec<&'static str>> {
    let (ours, mut peers) = (ours.clone(), peers.clone());
    let mut names = Vec::new();
    if !ours.headers.contains_key("user-agent") && peers.headers.remove("user-agent").is_some() {
        names.push(USER_AGENT);
    }
    if let (Some(sent), None) = (
        ours.headers.get("content-type"),
        peers.headers.get("content-type"),
    ) {
        peers
            .headers
            .insert("content-type".to_owned(), sent.clone());
        names.push(CONTENT_TYPE);
    }
    if ours.target != peers.target && with_values(&ours.target) == with_values(&peers.target) {
        peers.target.clone_from(&ours.target);
        names.push(QUERY);
    }
    (ours == peers).then_some(names)
}

/// The target without the parameters that have no value.
fn with_values(target: &str) -> (&str, Vec<&str>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (
        path,
        query
            .split('&')
            .filter(|parameter| parameter.contains('='))
            .collect(),
    )
}

/// The only interaction of a pact, version 4.
fn case(request: &Value, response: &Value) -> Case {
    let interaction = json!({
        "type": "Synchronous/HTTP", "description": "x", "request": request, "response": response,
    });
    let document = json!({
        "consumer": { "name": "A" }, "provider": { "name": "B" }, "interactions": [interaction],
        "metadata": { "pactSpecification": { "version": "4.0" } },
    });
    cases("a pact", &document).remove(0)
}

fn only(verdicts: &Verdicts) -> &Verdict {
    &verdicts[&description(0)]
}

/// What both make of the right answer, and the requests of both.
async fn both(case: &Case) -> [(Verdict, Asked); 2] {
    let provider = Provider::start().await;
    provider.tell(vec![Answer::right(&case.http.response)], Map::new());
    let document = case.copies(1);
    let ours = ours::verdicts("B", &document, &provider).await;
    let asked_by_us = provider.asked().remove(&0).unwrap();
    let peers = peers::verdicts(&document, &provider).await;
    let asked_by_peer = provider.asked().remove(&0).unwrap();
    [
        (only(&ours).clone(), asked_by_us),
        (only(&peers).clone(), asked_by_peer),
    ]
}

async fn check_request(request: &Value, difference: &str) {
    let [(ours, asked_by_us), (peers, asked_by_peer)] = both(&case(request, &json!({}))).await;
    assert_eq!((ours, peers), (Verdict::Passed, Verdict::Passed));
    let names = of_requests(&asked_by_us, &asked_by_peer).unwrap();
    assert!(names.contains(&difference), "{names:?}");
}

#[test]
fn every_difference_stands_in_the_architecture_with_its_reason() {
    let text = include_str!("../../../ARCHITECTURE.md");
    for (name, reason) in DIFFERENCES {
        let row = format!("| {name} | {reason} |");
        assert!(
            text.contains(&row),
            "ARCHITECTURE.md lacks this row:\n{row}"
        );
    }
}

#[tokio::test]
async fn we_send_no_user_agent() {
    check_request(&json!({ "path": "/" }), USER_AGENT).await;
}

#[tokio::test]
async fn we_send_the_type_of_the_body() {
    let body = json!({ "content": { "a": 1 }, "contentType": "application/json" });
    check_request(
        &json!({ "method": "POST", "path": "/", "body": body }),
        CONTENT_TYPE,
    )
    .await;
}

#[tokio::test]
async fn we_send_a_parameter_without_a_value() {
    let query = json!({ "flag": [null], "id": ["1"] });
    check_request(&json!({ "path": "/", "query": query }), QUERY).await;
}

#[tokio::test]
async fn we_ask_for_the_path_of_the_pact() {
    let [(_, ours), (_, peers)] = both(&case(&json!({ "path": "/a?b#c" }), &json!({}))).await;
    assert_eq!((&*ours.target, &*peers.target), ("/a%3Fb%23c", "/a?b"));
}

#[tokio::test]
async fn we_name_each_missing_member() {
    let body = json!({ "content": { "a": 1, "b": 2 }, "contentType": "application/json" });
    let case = case(&json!({ "path": "/" }), &json!({ "body": body }));
    let mut answer = Answer::right(&case.http.response);
    answer.body = "{}".into();
    let provider = Provider::start().await;
    provider.tell(vec![answer], Map::new());
    let document = case.copies(1);
    let missing = Verdict::failed([("body", "$.a"), ("body", "$.b")]);
    assert_eq!(
        only(&ours::verdicts("B", &document, &provider).await),
        &missing
    );
    assert_eq!(
        only(&peers::verdicts(&document, &provider).await),
        &missing,
        "normalised"
    );
    let one = peers::body_places("$", "Actual map is missing the following keys: a, b");
    assert_eq!(one.len(), 2);
}

#[tokio::test]
async fn we_follow_no_redirect() {
    let case = case(&json!({ "path": "/" }), &json!({ "status": 200 }));
    let answer = Answer {
        status: 302,
        headers: vec![("Location".to_owned(), STATES.to_owned())],
        body: bytes::Bytes::new(),
    };
    let provider = Provider::start().await;
    provider.tell(vec![answer], Map::new());
    let document = case.copies(1);
    let ours = ours::verdicts("B", &document, &provider).await;
    assert_eq!(only(&ours), &Verdict::failed([("status", "status")]));
    let follows = Options {
        follow_redirects: true,
        ..peers::options()
    };
    let states = HttpRequestProviderStateExecutor::default();
    let peers = peers::verdicts_of(states, &follows, &document, &provider).await;
    assert_eq!(only(&peers), &Verdict::Passed);
}

#[tokio::test]
async fn we_do_not_ask_for_the_example_in_place_of_a_value() {
    let generator = json!({ "type": "ProviderState", "expression": "/users/${id}" });
    let request = json!({ "path": "/users/1", "generators": { "path": generator } });
    let case = case(&request, &json!({}));
    let provider = Provider::start().await;
    provider.tell(vec![Answer::right(&case.http.response)], Map::new());
    let document = case.copies(1);
    let ours = ours::verdicts_of(Verifier::new("B"), &document, &provider).await;
    assert!(matches!(only(&ours), Verdict::NotFoundOut(_)), "{ours:?}");
    assert!(provider.asked().is_empty());
    let states = HttpRequestProviderStateExecutor::default();
    let peers = peers::verdicts_of(states, &peers::options(), &document, &provider).await;
    assert_eq!(only(&peers), &Verdict::Passed);
    assert_eq!(provider.asked()[&0].target, "/users/1");
}

#[test]
fn we_refuse_what_is_no_pact() {
    let unknown = json!({ "$.body.id": { "match": "unknown" } });
    for response in [
        json!({ "status": 600 }),
        json!({ "matchingRules": unknown }),
    ] {
        let document = json!({
            "consumer": { "name": "A" }, "provider": { "name": "B" },
            "interactions": [{ "description": "x", "request": { "path": "/" }, "response": response }],
            "metadata": { "pactSpecification": { "version": "2.0.0" } },
        });
        assert!(load_json("a pact", &document).is_err(), "{document}");
        assert!(
            load_pact_from_json("a pact", &document).is_ok(),
            "{document}"
        );
    }
}
