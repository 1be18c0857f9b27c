use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use serde_json::{Value, json};
use treaty_broker::{Access, Broker, Config, DatabaseUrl, Rights, StartError};

use crate::support::{Answer, TestBroker, config, database, publication};

const ADMIN: &str = "admin:secret";
const READER: &str = "reader:secret too";

fn access() -> Access {
    Access::default()
        .user("admin", "secret", Rights::Write)
        .user("reader", "secret too", Rights::Read)
}

fn broker(access: Access) -> TestBroker {
    TestBroker::open(config(database()).access(access))
}

fn basic(user: &str) -> String {
    format!("Basic {}", STANDARD.encode(user))
}

/// Sends a request with these credentials, if any.
async fn send(broker: &TestBroker, who: &str, line: &str, body: &Value) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let kind = match method {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", kind);
    if !who.is_empty() {
        request = request.header("authorization", who);
    }
    let body = Body::from(body.to_string());
    broker.send(request.body(body).unwrap()).await
}

async fn token(broker: &TestBroker, scopes: &[&str]) -> String {
    let body = json!({ "name": "ci", "scopes": scopes });
    let made = send(broker, &basic(ADMIN), "POST /tokens", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    format!("Bearer {}", made.json()["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let broker = broker(access());
    for (line, origin, expected) in [
        ("POST /clean-up", "https://evil.example", 403),
        ("POST /clean-up", "null", 403),
        ("POST /clean-up", crate::support::BASE, 200),
        ("GET /audit", "https://evil.example", 200),
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", basic(ADMIN))
            .header("content-type", "text/plain")
            .header("origin", origin);
        let answer = broker.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, expected, "{line} {origin}: {}", answer.text);
        if expected == 403 {
            let told = format!("A page of {origin} asks for this change.");
            assert!(answer.text.contains(&told), "{}", answer.text);
        }
    }
    for route in treaty_broker::routes() {
        let path = route.path.replace(['{', '}'], "");
        let request = Request::builder().method(route.method).uri(path);
        let request = request
            .header("authorization", basic(ADMIN))
            .header("sec-fetch-site", "cross-site");
        let answer = broker.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status == 403, route.method != "GET", "{route:?}");
    }
}

#[tokio::test]
async fn nobody_passes_any_route_without_credentials() {
    let broker = broker(access());
    for route in treaty_broker::routes() {
        let line = format!("{} {}", route.method, route.path.replace(['{', '}'], ""));
        let answer = send(&broker, "", &line, &json!({})).await;
        assert_eq!(answer.status, 401, "{line}: {}", answer.text);
        assert_eq!(
            answer.header("www-authenticate"),
            "Basic realm=\"Restricted Area\""
        );
        let wrong = send(&broker, &basic("admin:wrong"), &line, &json!({})).await;
        assert_eq!(wrong.status, 401, "{line}: {}", wrong.text);
        let read = send(&broker, &basic(READER), &line, &json!({})).await;
        let reads = route.method == "GET" && route.needs.starts_with("read")
            || route.path.ends_with("/for-verification");
        // Whose environment it is decides, and there is none of this id.
        let is_refused =
            read.status == 403 || route.needs.starts_with("deploy") && read.status == 404;
        // What the body decides is decided after the body was found to be one.
        assert!(
            is_refused != reads || (route.needs.contains("body") && read.status == 400),
            "{line}: {}",
            read.status
        );
    }
}

#[tokio::test]
async fn guessing_a_password_is_limited() {
    // The clock of the test goes on less than a minute.
    let config = config(database()).access(access());
    let broker = TestBroker::open(config.requests_per_minute_max(3));
    let status = async |who: &str| {
        let answer = send(&broker, &basic(who), "GET /", &json!({})).await;
        answer.status.as_u16()
    };
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(status("admin:guess").await);
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    // Who guesses on is not told when it is right, and nobody else is kept out.
    assert_eq!(status(ADMIN).await, 429);
    assert_eq!(status(READER).await, 200);
}

#[tokio::test]
async fn what_is_public_is_public() {
    let heartbeat = "GET /diagnostic/status/heartbeat";
    let badge = "GET /pacts/provider/P/consumer/C/latest/badge.svg";
    let cases = [
        (access(), [401, 401, 401]),
        (access().public_heartbeat(true), [200, 401, 401]),
        (access().public_badges(true), [401, 200, 401]),
        (access().public_read(true), [200, 200, 200]),
    ];
    for (access, expected) in cases {
        let broker = broker(access);
        for (line, expected) in [heartbeat, badge, "GET /pacticipants"].iter().zip(expected) {
            let answer = send(&broker, "", line, &json!({})).await;
            assert_eq!(answer.status, expected, "{line}: {}", answer.text);
        }
        let write = send(&broker, "", "PUT /pacticipants/A/versions/1", &json!({})).await;
        assert_eq!(write.status, 401);
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    let broker = broker(access());
    let admin = basic(ADMIN);
    let new = json!({ "name": "test", "production": false });
    let made = send(&broker, &admin, "POST /environments", &new).await;
    let test = made.json()["uuid"].as_str().unwrap().to_owned();
    let web = token(&broker, &["publish:Web"]).await;
    let orders = token(&broker, &["verify:Orders", "deploy:test"]).await;
    let publish = publication("Web", "1", "Orders", 1);
    let mut tagged = publish.clone();
    tagged["tags"] = json!(["test"]);
    let result = json!({ "success": true, "providerApplicationVersion": "2" });
    let hash = "0".repeat(40);
    let results = format!(
        "POST /pacts/provider/Orders/consumer/Web/pact-version/{hash}/verification-results"
    );
    let deploy = format!("POST /pacticipants/Web/versions/1/deployed-versions/environment/{test}");
    let cases = [
        (&orders, "POST /contracts/publish", &publish, 403),
        (&web, "POST /contracts/publish", &tagged, 403),
        (&web, "POST /contracts/publish", &publish, 200),
        (
            &web,
            "PUT /pacticipants/Web/branches/b/versions/1",
            &json!({}),
            201,
        ),
        (
            &web,
            "PUT /pacticipants/Orders/branches/b/versions/1",
            &json!({}),
            403,
        ),
        (
            &orders,
            "PUT /pacticipants/Orders/branches/b/versions/1",
            &json!({}),
            201,
        ),
        (
            &web,
            "PUT /pacticipants/Web/versions/1/tags/test",
            &json!({}),
            403,
        ),
        (
            &web,
            "PUT /pacticipants/Web/versions/1/tags/dev",
            &json!({}),
            201,
        ),
        (&web, results.as_str(), &result, 403),
        (&orders, results.as_str(), &result, 404),
        (&web, deploy.as_str(), &json!({}), 403),
        (&orders, deploy.as_str(), &json!({}), 201),
        (&web, "POST /pacticipants", &json!({ "name": "Other" }), 403),
        (&web, "DELETE /pacticipants/Web", &json!({}), 403),
        (&web, "GET /pacticipants", &json!({}), 200),
        (&web, "GET /audit", &json!({}), 403),
        (&orders, "POST /tokens", &json!({}), 403),
    ];
    for (who, line, body, expected) in cases {
        let answer = send(&broker, who, line, body).await;
        assert_eq!(answer.status, expected, "{line}: {}", answer.text);
    }
}

#[tokio::test]
async fn who_deploys_sets_the_tag_that_is_named_like_the_environment() {
    let broker = broker(access());
    let publish = publication("Web", "2", "Orders", 1);
    let admin = basic(ADMIN);
    send(&broker, &admin, "POST /contracts/publish", &publish).await;
    let deployer = token(&broker, &["deploy:test"]).await;
    let other = token(&broker, &["deploy:production"]).await;
    for new in [None, Some(json!({ "name": "test", "production": false }))] {
        // With and without an environment of that name.
        if let Some(new) = new {
            send(&broker, &admin, "POST /environments", &new).await;
        }
        let tag = "/pacticipants/Web/versions/2/tags/test";
        for (who, method, expected) in [
            (&other, "PUT", 403),
            (&deployer, "PUT", 201),
            (&other, "DELETE", 403),
            (&deployer, "DELETE", 204),
        ] {
            let answer = send(&broker, who, &format!("{method} {tag}"), &json!({})).await;
            assert_eq!(answer.status, expected, "{method}: {}", answer.text);
        }
    }
    let line = "PUT /pacticipants/Web/versions/2/tags/main";
    let refused = send(&broker, &deployer, line, &json!({})).await;
    assert_eq!(refused.status, 403);
    let needs = "This needs publish:Web, verify:Web or deploy:main; token ";
    assert!(refused.text.contains(needs), "{}", refused.text);
}

#[tokio::test]
async fn a_deployment_belongs_to_its_environment() {
    let broker = broker(access());
    let admin = basic(ADMIN);
    let new = json!({ "name": "test", "production": false });
    let made = send(&broker, &admin, "POST /environments", &new).await;
    let test = made.json()["uuid"].as_str().unwrap().to_owned();
    send(
        &broker,
        &admin,
        "PUT /pacticipants/A/versions/1",
        &json!({}),
    )
    .await;
    for (kind, ended) in [
        ("deployed", "currentlyDeployed"),
        ("released", "currentlySupported"),
    ] {
        let line = format!("POST /pacticipants/A/versions/1/{kind}-versions/environment/{test}");
        let recorded = send(&broker, &admin, &line, &json!({})).await.json();
        let line = format!(
            "PATCH /{kind}-versions/{}",
            recorded["uuid"].as_str().unwrap()
        );
        let body = json!({ ended: false });
        let other = token(&broker, &["deploy:production"]).await;
        let refused = send(&broker, &other, &line, &body).await;
        assert_eq!(refused.status, 403, "{line}");
        let text = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(text.starts_with("This needs deploy:test; token "), "{text}");
        let own = token(&broker, &["deploy:test"]).await;
        assert_eq!(
            send(&broker, &own, &line, &body).await.status,
            200,
            "{line}"
        );
        let unknown = format!("PATCH /{kind}-versions/unknown");
        assert_eq!(send(&broker, &own, &unknown, &body).await.status, 404);
    }
}

#[tokio::test]
async fn a_token_is_shown_once_and_worth_nothing_once_it_is_revoked() {
    let broker = broker(access());
    let admin = basic(ADMIN);
    let bearer = token(&broker, &["read"]).await;
    let secret = bearer.rsplit('_').next().unwrap();
    let list = send(&broker, &admin, "GET /tokens", &json!({})).await;
    assert!(!list.text.contains(secret));
    let id = list.json()["_embedded"]["tokens"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        send(&broker, &bearer, "GET /", &json!({})).await.status,
        200
    );
    let wrong = bearer.replace(secret, "x");
    assert_eq!(send(&broker, &wrong, "GET /", &json!({})).await.status, 401);

    let line = format!("DELETE /tokens/{id}");
    assert_eq!(send(&broker, &admin, &line, &json!({})).await.status, 204);
    assert_eq!(
        send(&broker, &bearer, "GET /", &json!({})).await.status,
        401
    );
    assert_eq!(send(&broker, &admin, &line, &json!({})).await.status, 404);
    let list = send(&broker, &admin, "GET /tokens", &json!({}))
        .await
        .json();
    assert!(list["_embedded"]["tokens"][0]["revokedAt"].is_string());
}

#[tokio::test]
async fn a_token_names_what_is_wrong_with_it() {
    let broker = broker(access());
    let body = json!({ "scopes": ["read", "write"] });
    let answer = send(&broker, &basic(ADMIN), "POST /tokens", &body).await;
    assert_eq!(answer.status, 400);
    let errors = &answer.json()["errors"];
    assert_eq!(errors["name"][0], "is missing");
    let fault = errors["scopes"][0].as_str().unwrap();
    assert!(
        fault.starts_with("'write' is not a scope: use one of"),
        "{fault}"
    );
    assert!(fault.ends_with("(at index 1)"), "{fault}");
}

#[tokio::test]
async fn the_audit_log_tells_who_changed_what() {
    let broker = broker(access());
    let web = token(&broker, &["publish:Web"]).await;
    let publish = publication("Web", "1", "Orders", 1);
    send(&broker, &web, "POST /contracts/publish", &publish).await;
    let refused = publication("Other", "1", "Orders", 1);
    send(&broker, &web, "POST /contracts/publish", &refused).await;
    send(&broker, &web, "GET /pacticipants", &json!({})).await;
    let line = "PUT /pacticipants/Web/versions/1/tags/a%20b";
    send(&broker, &web, line, &json!({})).await;

    let log = send(&broker, &basic(ADMIN), "GET /audit?size=2", &json!({})).await;
    let log = log.json();
    let entry = |index: usize| {
        let entry = &log["_embedded"]["entries"][index];
        ["who", "method", "path", "about"]
            .map(|name| entry[name].as_str().unwrap_or("-").to_owned())
    };
    let who = entry(0)[0].clone();
    assert!(who.starts_with("token ") && who.ends_with(" (ci)"), "{who}");
    assert_eq!(
        entry(0)[1..],
        ["PUT", "/pacticipants/Web/versions/1/tags/a b", "-"]
    );
    assert_eq!(
        entry(1)[1..],
        ["POST", "/contracts/publish", "Web, version 1"]
    );
    assert!(log["_embedded"]["entries"][0]["at"].is_string());
    let next = log["_links"]["next"]["href"].as_str().unwrap();
    let line = format!("GET {}", next.trim_start_matches(crate::support::BASE));
    let rest = send(&broker, &basic(ADMIN), &line, &json!({})).await.json();
    let entries = rest["_embedded"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{rest}");
    assert_eq!(entries[0]["who"], "user admin");
    assert_eq!(entries[0]["about"], "ci: publish:Web");
}

#[tokio::test]
async fn without_users_it_listens_on_loopback_only() {
    let everywhere = ([0, 0, 0, 0], 0);
    let config = || Config::new(DatabaseUrl::memory());
    let error = Broker::start(config(), everywhere).await.unwrap_err();
    assert!(matches!(error, StartError::Exposed { .. }), "{error}");
    let insecure = config().access(Access::default().insecure(true));
    Broker::start(insecure, everywhere)
        .await
        .unwrap()
        .shutdown()
        .await;
    let guarded = config().access(access());
    Broker::start(guarded, everywhere)
        .await
        .unwrap()
        .shutdown()
        .await;
}

#[tokio::test]
async fn tokens_alone_close_a_broker_that_listens() {
    let directory = tempfile::tempdir().unwrap();
    let database = DatabaseUrl::file(directory.path().join("broker.sqlite"));
    let offline = TestBroker::open(config(database.clone()));
    let body = json!({ "name": "root", "scopes": ["admin"] });
    assert_eq!(offline.post("/tokens", body).await.status, 201);
    let log = offline.get("/audit").await.json();
    assert_eq!(log["_embedded"]["entries"][0]["who"], "anybody");

    let broker = Broker::start(Config::new(database), ([0, 0, 0, 0], 0))
        .await
        .unwrap();
    broker.shutdown().await;
}
