use serde_json::{Value, json};

use crate::support::TestBroker;

const PAIR: (&str, &str) = ("Web", "Orders");

async fn published() -> (TestBroker, String, String) {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let prod = broker.environment("prod").await;
    (broker, hash, prod)
}

#[track_caller]
fn summary(answer: &Value) -> (Value, String) {
    let summary = &answer["summary"];
    (
        summary["deployable"].clone(),
        summary["reason"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned(),
    )
}

#[tokio::test]
async fn a_verified_pact_may_be_deployed() {
    let (broker, hash, prod) = published().await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": true, "providerApplicationVersion": "p1" }),
        )
        .await;
    broker.deploy("Orders", "p1", &prod).await;
    let answer = broker
        .get("/can-i-deploy?pacticipant=Web&version=1&environment=prod")
        .await
        .json();
    let reason = "All required verification results are published and successful".to_owned();
    assert_eq!(summary(&answer), (json!(true), reason));
    assert_eq!(answer["matrix"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_deployed_is_unknown_and_never_yes() {
    let (broker, _, _) = published().await;
    let answer = broker
        .get("/can-i-deploy?pacticipant=Web&version=1&environment=prod")
        .await
        .json();
    let reason = "There is no verified pact between version 1 of Web and a version of Orders currently in prod (no \
                  version is currently recorded as deployed/released in this environment)";
    assert_eq!(summary(&answer), (Value::Null, reason.to_owned()));
}

#[tokio::test]
async fn a_version_that_does_not_exist_is_no() {
    let (broker, _, _) = published().await;
    let answer = broker
        .get("/can-i-deploy?pacticipant=Web&version=9&environment=prod")
        .await
        .json();
    let reason = "No pacts or verifications have been published for version 9 of Web".to_owned();
    assert_eq!(summary(&answer), (json!(false), reason));
}

#[tokio::test]
async fn a_provider_is_held_by_each_consumer_in_the_environment() {
    let (broker, hash, prod) = published().await;
    broker.deploy("Web", "1", &prod).await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": false, "providerApplicationVersion": "p2" }),
        )
        .await;
    let answer = broker
        .get("/can-i-deploy?pacticipant=Orders&version=p2&environment=prod")
        .await
        .json();
    let reason = "The verification for the pact between the version of Web currently in prod (1) and version p2 of \
                  Orders failed";
    assert_eq!(summary(&answer), (json!(false), reason.to_owned()));
}

#[tokio::test]
async fn an_ignored_pacticipant_does_not_count_and_is_shown() {
    let (broker, _, _) = published().await;
    let path = "/can-i-deploy?pacticipant=Web&version=1&environment=prod&ignore[]=Orders";
    let answer = broker.get(path).await.json();
    assert_eq!(
        (
            &answer["summary"]["deployable"],
            &answer["summary"]["ignored"]
        ),
        (&json!(true), &json!(1))
    );
    assert_eq!(answer["matrix"][0]["ignored"], true);
}

#[tokio::test]
async fn unknown_names_are_refused() {
    let (broker, _, _) = published().await;
    let answer = broker
        .get("/matrix?q[][pacticipant]=Nobody&latestby=cvp")
        .await;
    assert_eq!(
        answer.json(),
        json!({ "errors": ["Pacticipant Nobody not found"] })
    );
    let answer = broker
        .get("/can-i-deploy?pacticipant=Web&version=1&environment=moon")
        .await;
    assert_eq!(
        answer.json(),
        json!({ "errors": { "environment": ["with name 'moon' does not exist"] } })
    );
    let answer = broker.get("/matrix?q[][pacticipant]=Web&limit=0").await;
    assert_eq!(
        answer.json(),
        json!({ "errors": ["The limit must be 1 or greater."] })
    );
    assert_eq!(broker.get("/matrix").await.status, 400);
    assert_eq!(broker.get("/can-i-deploy").await.status, 400);
}

#[tokio::test]
async fn a_question_without_a_place_is_warned_about() {
    let (broker, _, _) = published().await;
    let answer = broker
        .get("/matrix?q[][pacticipant]=Web&q[][version]=1&latestby=cvp&latest=true")
        .await
        .json();
    assert_eq!(answer["notices"][0]["type"], "warning");
    assert_eq!(answer["summary"]["deployable"], Value::Null);
}

#[tokio::test]
async fn every_version_that_lives_in_an_environment_must_be_verified() {
    let (broker, hash, prod) = published().await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": true, "providerApplicationVersion": "p1" }),
        )
        .await;
    broker
        .put("/pacticipants/Orders/versions/p2", json!({}))
        .await;
    for (number, instance) in [("p1", "blue"), ("p2", "green")] {
        let path =
            format!("/pacticipants/Orders/versions/{number}/deployed-versions/environment/{prod}");
        broker
            .post(&path, json!({ "applicationInstance": instance }))
            .await;
    }
    let answer = broker
        .get("/can-i-deploy?pacticipant=Web&version=1&environment=prod")
        .await
        .json();
    assert_eq!(summary(&answer).0, Value::Null, "{answer}");
    assert_eq!(answer["summary"]["unknown"], 1);
}

/// Web 1 has a pact with Orders, of which p1 failed and p2 passed.
async fn one_of_two_failed() -> (TestBroker, String) {
    let (broker, hash, prod) = published().await;
    for (number, success) in [("p1", false), ("p2", true)] {
        let result = json!({ "success": success, "providerApplicationVersion": number });
        broker.verify(PAIR, &hash, result).await;
    }
    (broker, prod)
}

#[tokio::test]
async fn what_lives_beside_a_later_version_is_told_if_the_question_passes_it_over() {
    let (broker, prod) = one_of_two_failed().await;
    for number in ["p1", "p2"] {
        let path =
            format!("/pacticipants/Orders/versions/{number}/released-versions/environment/{prod}");
        assert_eq!(broker.post(&path, json!({})).await.status, 201);
    }
    let to = "/matrix?q[][pacticipant]=Web&q[][version]=1&environment=prod";
    let beside = "/matrix?q[][pacticipant]=Web&q[][version]=1\
                  &q[][pacticipant]=Orders&q[][environment]=prod";
    for question in [to, beside] {
        for (latest_by, deployable, causes) in [
            ("cvpv", false, json!(["failed"])),
            ("", false, json!(["failed"])),
            ("cvp", true, json!(["passed_over"])),
            ("cp", true, json!(["passed_over"])),
        ] {
            let path = format!("{question}&latestby={latest_by}");
            let answer = broker.get(&path).await.json();
            assert_eq!(summary(&answer).0, json!(deployable), "{path}: {answer}");
            let reasons = answer["treaty"]["reasons"].as_array().unwrap();
            let told: Vec<_> = reasons.iter().map(|reason| &reason["cause"]).collect();
            assert_eq!(json!(told), causes, "{path}: {answer}");
            assert_eq!(answer["treaty"]["checked"]["required"], 2, "{path}");
        }
    }
}

#[tokio::test]
async fn a_version_must_fulfil_every_criterion() {
    let (broker, prod) = one_of_two_failed().await;
    for path in [
        "/pacticipants/Orders/branches/main/versions/p2",
        "/pacticipants/Orders/versions/p2/tags/dev",
    ] {
        assert_eq!(broker.put(path, json!({})).await.status, 201);
    }
    broker.deploy("Orders", "p2", &prod).await;
    let ask = async |criteria: &str| {
        let path = format!(
            "/matrix?q[][pacticipant]=Web&q[][version]=1&q[][pacticipant]=Orders&latestby=cvpv&{criteria}"
        );
        summary(&broker.get(&path).await.json())
    };
    for criteria in [
        "q[][version]=p2&q[][branch]=main&q[][tag]=dev&q[][environment]=prod",
        "q[][version]=p2&q[][mainBranch]=true",
        "q[][branch]=main&q[][environment]=prod&q[][latest]=true",
        "q[][tag]=dev&q[][environment]=prod",
    ] {
        assert_eq!(ask(criteria).await.0, json!(true), "{criteria}");
    }
    for (criteria, missing) in [
        (
            "q[][version]=p2&q[][branch]=nope",
            "version p2, from branch nope",
        ),
        ("q[][version]=p2&q[][tag]=nope", "version p2, with tag nope"),
        (
            "q[][version]=p1&q[][environment]=prod",
            "version p1, currently in prod",
        ),
        (
            "q[][version]=p1&q[][mainBranch]=true",
            "version p1, from the main branch",
        ),
        (
            "q[][tag]=dev&q[][branch]=nope",
            "with tag dev, from branch nope",
        ),
        (
            "q[][tag]=nope&q[][environment]=prod",
            "with tag nope, currently in prod",
        ),
        (
            "q[][branch]=nope&q[][environment]=prod&q[][latest]=true",
            "from branch nope, currently in prod",
        ),
    ] {
        let reason = format!("No version of Orders is all of this: {missing}");
        assert_eq!(ask(criteria).await, (json!(false), reason));
    }
}

#[tokio::test]
async fn contradictory_questions_are_refused() {
    let (broker, _, _) = published().await;
    let one_place = "Cannot specify more than one of tag, environment and mainBranch.";
    for (rest, fault) in [
        (
            "q[][latest]=true",
            "A version number and latest flag cannot both be specified for Web",
        ),
        ("environment=prod&tag=x", one_place),
        ("environment=prod&mainBranch=true", one_place),
        ("tag=x&mainBranch=true&latest=true", one_place),
        (
            "environment=prod&latest=true",
            "Cannot specify both latest=true and an environment.",
        ),
        (
            "environment=prod&ignore[][version]=10",
            "Please specify the pacticipant name to ignore",
        ),
    ] {
        let path = format!("/matrix?q[][pacticipant]=Web&q[][version]=1&{rest}");
        let answer = broker.get(&path).await;
        assert_eq!(answer.json(), json!({ "errors": [fault] }), "{path}");
        assert_eq!(answer.status, 400, "{path}");
    }
    let path = "/can-i-deploy?pacticipant=Web&version=1&environment=prod&ignore[][version]=10";
    let errors = json!({ "errors": { "ignore": ["must name a pacticipant"] } });
    assert_eq!(broker.get(path).await.json(), errors);
}

#[tokio::test]
async fn the_matrix_is_a_table_for_who_asks_for_text() {
    let (broker, prod) = one_of_two_failed().await;
    broker.deploy("Orders", "p2", &prod).await;
    let table = "CONSUMER | C.VERSION | PROVIDER | P.VERSION | RESULT\n\
                 ---------|-----------|----------|-----------|--------\n";
    let all = "Web      | 1         | Orders   | p2        | success\n\
               Web      | 1         | Orders   | p1        | failed\n\n\
               Deployable: no\nThe verification for the pact between any version of Web and any version of Orders failed\n";
    let one = "Web      | 1         | Orders   | p2        | success\n\n\
               Deployable: yes\nAll required verification results are published and successful\n";
    let ignored = "Web      | 1         | Orders   | p2        | success (ignored)\n\n\
                   Deployable: yes\nThere are no missing dependencies\n";
    let wide = "CONSUMER | C.VERSION | PROVIDER | P.VERSION | RESULT\n\
                ---------|-----------|----------|-----------|------------------\n";
    let to_prod = "/can-i-deploy?pacticipant=Web&version=1&environment=prod";
    let with_ignored = format!("{to_prod}&ignore[]=Orders");
    for (path, head, rest) in [
        (
            "/matrix?q[][pacticipant]=Web&q[][pacticipant]=Orders",
            table,
            all,
        ),
        ("/matrix/provider/Orders/consumer/Web", table, all),
        (to_prod, table, one),
        (&with_ignored, wide, ignored),
    ] {
        let answer = broker.get_as(path, "text/plain").await;
        assert_eq!(answer.header("content-type"), "text/plain;charset=utf-8");
        assert_eq!(answer.text, format!("{head}{rest}"), "{path}");
    }
    // What a common client sends that reads JSON.
    let answer = broker
        .get_as(to_prod, "application/json, text/plain, */*")
        .await;
    assert_eq!(answer.json()["summary"]["deployable"], true);
}
