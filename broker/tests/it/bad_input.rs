use serde_json::{Value, json};
use treaty_broker::Route;

use crate::support::{Answer, TestBroker, config, database, publication};

/// The largest body of these tests, so that a body can be too large without taking long.
const BODY_BYTES_MAX: usize = 20_000;

/// Names as a path may hold them, percent-encoded.
const NAMES: [&str; 12] = [
    "%00",
    "%FF%FE",
    "%0d%0aSet-Cookie:%20a=b",
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "'%20OR%201=1;--",
    "%22;DROP%20TABLE%20versions;--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%25s%25n%25",
    "%F0%9F%A6%80",
    "%20",
    "9223372036854775808",
];

const QUERIES: [&str; 9] = [
    "page=-1&size=abc&pageNumber=9999999999999999999999&pageSize=0",
    "page=1&size=0",
    "q=%00&q=%FF",
    "q[][pacticipant]=%00&q[][version]='&latestby=nothing&limit=-1",
    "q[]=1&q[][]=&q[][pacticipant",
    "pacticipant=%3Cb%3E&version=%FF&environment='&to=",
    "before=x&size=-1",
    "%=%&&&==&%zz=%zz",
    "consumer_version_selectors[][tag]=%00&include_wip_pacts_since=tomorrow&provider_version_branch[]=x",
];

fn bodies() -> Vec<Vec<u8>> {
    let wrong = |value: &Value| {
        let names = [
            "name",
            "displayName",
            "mainBranch",
            "repositoryUrl",
            "production",
            "contacts",
            "scopes",
            "success",
            "providerApplicationVersion",
            "buildUrl",
            "testResults",
            "verifiedBy",
            "tags",
            "branch",
            "contracts",
            "pacticipantName",
            "pacticipantVersionNumber",
            "consumerVersionSelectors",
            "providerVersionBranch",
            "providerVersionTags",
            "includePendingStatus",
            "includeWipPactsSince",
            "currentlyDeployed",
            "currentlySupported",
            "applicationInstance",
            "target",
            "interactions",
            "messages",
            "consumer",
            "provider",
            "metadata",
            "events",
            "request",
            "description",
            "enabled",
        ];
        let all = names.map(|name| (name.to_owned(), value.clone()));
        Value::Object(all.into_iter().collect())
            .to_string()
            .into_bytes()
    };
    vec![
        b"{".to_vec(),
        b"\xff\xfe{}".to_vec(),
        b"{\"name\":\"\xc3\x28\"}".to_vec(),
        b"[1]".to_vec(),
        b"7".to_vec(),
        b"null".to_vec(),
        b"{\"a\":1}{\"b\":2}".to_vec(),
        "[".repeat(9_000).into_bytes(),
        [r#"{"a":"#.repeat(3_000), "1".to_owned(), "}".repeat(3_000)]
            .concat()
            .into_bytes(),
        vec![b' '; BODY_BYTES_MAX + 1],
        wrong(&json!(null)),
        wrong(&json!(7)),
        wrong(&json!(-1e300)),
        wrong(&json!([])),
        wrong(&json!({})),
        wrong(&json!([[7], null, "x"])),
        wrong(&json!([{ "name": 7 }, { "consumerName": [], "content": "!", "tag": {} }])),
        wrong(&json!("")),
        wrong(&json!(" \n")),
        wrong(&json!("a\u{0}b")),
        wrong(&json!("'; DROP TABLE versions; --<script>")),
        wrong(&json!(true)),
    ]
}

/// Requests whose body names something, and the field that does.
fn named(name: &str) -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let publish = |field: &str, value: Value| {
        let mut body = publication("Web", "2", "Orders", 1);
        body[field] = value;
        body
    };
    let mut of_provider = publication("Web", "2", name, 1);
    of_provider["contracts"][0]["providerName"] = json!(name);
    vec![
        ("POST", "/pacticipants", json!({ "name": name }), "name"),
        (
            "PATCH",
            "/pacticipants/Web",
            json!({ "mainBranch": name }),
            "mainBranch",
        ),
        (
            "PUT",
            "/pacticipants/Web/versions/3",
            json!({ "tags": [{ "name": name }] }),
            "tags",
        ),
        (
            "POST",
            "/environments",
            json!({ "name": name, "production": true }),
            "name",
        ),
        (
            "POST",
            "/tokens",
            json!({ "name": name, "scopes": ["read"] }),
            "name",
        ),
        (
            "POST",
            "/contracts/publish",
            publish("pacticipantName", json!(name)),
            "pacticipantName",
        ),
        (
            "POST",
            "/contracts/publish",
            publish("pacticipantVersionNumber", json!(name)),
            "pacticipantVersionNumber",
        ),
        (
            "POST",
            "/contracts/publish",
            publish("branch", json!(name)),
            "branch",
        ),
        (
            "POST",
            "/contracts/publish",
            publish("tags", json!([name])),
            "tags",
        ),
        ("POST", "/contracts/publish", of_provider, "contracts"),
        (
            "POST",
            "/pacts/provider/Orders/consumer/Web/pact-version/x/verification-results",
            json!({ "success": true, "providerApplicationVersion": name }),
            "providerApplicationVersion",
        ),
    ]
}

/// A result of a content that nobody published: what is wrong with it is told first.
const RESULT: &str = "POST /pacts/provider/Orders/consumer/Web/pact-version/x/verification-results";

/// The path of a route with every parameter replaced.
fn filled(route: &Route, value: &str) -> String {
    let parts = route.path.split('/');
    let parts = parts.map(|part| {
        let (before, rest) = part.split_once('{').unwrap_or((part, ""));
        let after = rest.split_once('}').map(|(_, after)| after);
        after.map_or(part.to_owned(), |after| format!("{before}{value}{after}"))
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What is stored, as far as counting tells.
async fn stored(broker: &TestBroker) -> Value {
    let audited = broker.get("/audit?size=1").await.json()["_embedded"]["entries"][0]["id"].clone();
    json!([broker.get("/metrics").await.json(), audited])
}

/// No request may end in a fault of the broker, and one that is refused changes nothing and says why.
#[track_caller]
fn check(what: &str, answer: &Answer) {
    assert!(
        answer.status.as_u16() < 500,
        "{what}: {} {}",
        answer.status,
        answer.text
    );
    if answer.status == 400 || answer.status == 413 {
        let text = &answer.text;
        let is_told = text.contains("\"error\"") || text.contains("\"errors\"");
        assert!(is_told, "{what} is refused without a reason: {text:?}");
    }
}

async fn unchanged(broker: &TestBroker, what: &str, answer: &Answer, before: &mut Value) {
    let after = stored(broker).await;
    if answer.status.is_client_error() {
        assert_eq!(
            *before, after,
            "{what} was refused with {} and changed something",
            answer.status
        );
    }
    *before = after;
}

async fn seeded() -> TestBroker {
    let broker = TestBroker::open(config(database()).body_bytes_max(BODY_BYTES_MAX));
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({ "success": true, "providerApplicationVersion": "2" });
    broker.verify(("Web", "Orders"), &hash, result).await;
    broker.environment("test").await;
    broker
}

#[tokio::test]
async fn no_name_in_a_path_and_no_query_breaks_a_route() {
    let broker = seeded().await;
    let mut before = stored(&broker).await;
    let long = "x".repeat(5_000);
    for route in treaty_broker::routes() {
        for name in NAMES.into_iter().chain([long.as_str()]) {
            let path = filled(&route, name);
            let what = format!("{} {path}", route.method);
            let answer = broker
                .with_body(route.method, &path, "application/json", "{}")
                .await;
            check(&what, &answer);
            if route.method != "GET" {
                unchanged(&broker, &what, &answer, &mut before).await;
            }
        }
        for query in QUERIES {
            let path = format!("{}?{query}", filled(&route, "Web"));
            let answer = broker
                .with_body(route.method, &path, "application/json", "{}")
                .await;
            check(&format!("{} {path}", route.method), &answer);
        }
        before = stored(&broker).await;
    }
}

#[tokio::test]
async fn no_body_breaks_a_route_or_is_stored_in_part() {
    let broker = seeded().await;
    let bodies = bodies();
    let mut before = stored(&broker).await;
    for route in treaty_broker::routes() {
        if !["POST", "PUT", "PATCH"].contains(&route.method) {
            continue;
        }
        let kind = match route.method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/json",
        };
        for (index, body) in bodies.iter().enumerate() {
            let path = filled(&route, "Web");
            let what = format!("{} {path} with body {index}", route.method);
            let answer = broker
                .with_body(route.method, &path, kind, body.clone())
                .await;
            check(&what, &answer);
            unchanged(&broker, &what, &answer, &mut before).await;
        }
        let path = filled(&route, "Web");
        let answer = broker
            .with_body(route.method, &path, "text/yaml; charset=x", "{}")
            .await;
        check(&format!("{} {path} in YAML", route.method), &answer);
        before = stored(&broker).await;
    }
}

/// A request, its body, and the field at fault.
const FAULTS: [(&str, &str, &str); 19] = [
    ("POST /pacticipants", r#"{"name":7}"#, "name"),
    (
        "PATCH /pacticipants/Web",
        r#"{"mainBranch":7}"#,
        "mainBranch",
    ),
    (
        "PUT /pacticipants/Web/versions/1",
        r#"{"buildUrl":7}"#,
        "buildUrl",
    ),
    (
        "PUT /pacticipants/Web/versions/1",
        r#"{"tags":"x"}"#,
        "tags",
    ),
    (
        "PUT /pacticipants/Web/versions/1",
        r#"{"tags":[7]}"#,
        "tags",
    ),
    (
        "PUT /pacticipants/Web/versions/1",
        r#"{"tags":[{"name":7}]}"#,
        "tags",
    ),
    (
        "POST /environments",
        r#"{"name":"x","production":"yes"}"#,
        "production",
    ),
    (
        "POST /contracts/publish",
        r#"{"pacticipantName":[]}"#,
        "pacticipantName",
    ),
    (
        "POST /pacts/provider/Orders/for-verification",
        r#"{"consumerVersionSelectors":7}"#,
        "consumerVersionSelectors",
    ),
    ("POST /tokens", r#"{"name":"x","scopes":[7]}"#, "scopes"),
    (
        RESULT,
        r#"{"success":true,"providerApplicationVersion":5}"#,
        "providerApplicationVersion",
    ),
    (
        RESULT,
        r#"{"success":true,"providerApplicationVersion":"5","buildUrl":"x y"}"#,
        "buildUrl",
    ),
    ("GET /pacticipants?page=0&size=-5", "", "page"),
    ("GET /pacticipants?page=0&size=-5", "", "size"),
    ("GET /pacticipants?page=x", "", "page"),
    ("GET /pacticipants/Web/versions?pageSize=0", "", "pageSize"),
    ("GET /pacticipants/Web/branches?page=-1", "", "page"),
    ("GET /dashboard?size=1.5", "", "size"),
    ("GET /integrations?pageNumber=", "", ""),
];

#[tokio::test]
async fn the_field_at_fault_is_named() {
    let broker = seeded().await;
    for (line, body, field) in FAULTS {
        let (method, path) = line.split_once(' ').unwrap();
        let kind = match method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/json",
        };
        let answer = broker.with_body(method, path, kind, body).await;
        if field.is_empty() {
            assert_eq!(answer.status, 200, "{line} {body}: {}", answer.text);
            continue;
        }
        assert_eq!(answer.status, 400, "{line} {body}: {}", answer.text);
        assert!(
            !answer.json()["errors"][field].is_null(),
            "{line} {body}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_name_with_a_control_character_is_refused_wherever_it_stands() {
    let broker = seeded().await;
    let known = broker.get("/pacticipants/Web").await.text;
    for name in ["k\tz", "\u{1}", "a\r", "\u{7f}", "b\u{85}c", "d\ne"] {
        for (method, path, body, field) in named(name) {
            let kind = match method {
                "PATCH" => "application/merge-patch+json",
                _ => "application/json",
            };
            let answer = broker.with_body(method, path, kind, body.to_string()).await;
            let told = format!("{method} {path} {body}: {} {}", answer.status, answer.text);
            assert_eq!(answer.status, 400, "{told}");
            assert!(!answer.json()["errors"][field].is_null(), "{told}");
        }
        let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let answer = broker.get(&format!("/pacticipants/{name}")).await;
        assert_eq!(answer.status, 400);
        assert!(!answer.json()["errors"]["name"].is_null());
    }
    assert_eq!(broker.get("/pacticipants/Web").await.text, known);
}

#[tokio::test]
async fn a_tag_has_a_name() {
    let broker = seeded().await;
    let body = json!({ "tags": [{ "name": "a" }, { "name": "" }] });
    let answer = broker.put("/pacticipants/Web/versions/3", body).await;
    assert_eq!(answer.status, 400);
    let told = json!({ "errors": { "tags": ["name cannot be blank (at index 1)"] } });
    assert_eq!(answer.json(), told);
}
