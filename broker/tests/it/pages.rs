use serde_json::json;

use crate::support::{Answer, TestBroker};

/// What a browser accepts.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
const PATH: &str = "/pacts/provider/Orders/consumer/Web";
const PAIR: (&str, &str) = ("Web", "Orders");

async fn page(broker: &TestBroker, path: &str) -> Answer {
    let answer = broker.get_as(path, BROWSER).await;
    assert_eq!(
        answer.header("content-type"),
        "text/html;charset=utf-8",
        "{path}"
    );
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'"),
        "{path}: {policy}"
    );
    assert!(answer.text.starts_with("<!DOCTYPE html>"), "{path}");
    for foreign in ["<script", "style=", "href=\"http", "src=\"http"] {
        assert!(
            !answer.text.contains(foreign),
            "{path} has {foreign}: {}",
            answer.text
        );
    }
    answer
}

async fn two_versions() -> (TestBroker, String) {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let hash = broker.publish("Web", "2", "Orders", 2).await;
    let tests = json!([{ "description": "a request for the answer", "success": false,
        "mismatches": [{ "path": "$.answer", "expected": 2, "actual": 3 }] }]);
    let result =
        json!({ "success": false, "providerApplicationVersion": "7", "testResults": tests });
    broker.verify(PAIR, &hash, result).await;
    (broker, hash)
}

#[tokio::test]
async fn every_page_says_what_it_is_about() {
    let (broker, hash) = two_versions().await;
    let result = format!("{PATH}/pact-version/{hash}/verification-results/1");
    let expected = [
        ("/".to_owned(), vec!["Integrations", ">Web</a>", "✗ failed", "⎇ main (latest)"]),
        ("/?q=nobody".to_owned(), vec!["No name holds “nobody”."]),
        ("/dashboard".to_owned(), vec!["Dashboard", ">Orders</a>"]),
        ("/dashboard/provider/Orders/consumer/Web".to_owned(), vec!["Web and Orders"]),
        ("/matrix".to_owned(), vec!["Can I deploy?", "<form"]),
        (
            "/matrix?q%5B%5D%5Bpacticipant%5D=Web&q%5B%5D%5Bversion%5D=2&q%5B%5D%5Bpacticipant%5D=Orders&environment="
                .to_owned(),
            vec!["<h2>No</h2>", "1 row<", "✗ failed"],
        ),
        ("/matrix?q%5B%5D%5Bpacticipant%5D=Nobody".to_owned(), vec!["Pacticipant Nobody not found"]),
        (
            "/matrix?q%5B%5D%5Bpacticipant%5D=Web&q%5B%5D%5Bversion%5D=2&q%5B%5D%5Bbranch%5D=nope&q%5B%5D%5Blatest%5D=true"
                .to_owned(),
            vec!["<h2>No</h2>", "No version of Web is all of this: version 2, from branch nope"],
        ),
        ("/matrix/provider/Orders/consumer/Web".to_owned(), vec!["2 rows"]),
        ("/pacticipants/Web".to_owned(), vec!["<svg", "Pacts as a consumer", "ask the matrix"]),
        (format!("{PATH}/version/2"), vec!["a request for the answer", "Given <b>there is an answer</b>", "GET /answer"]),
        (format!("{PATH}/latest"), vec!["✗ failed"]),
        (format!("{PATH}/pact-version/{hash}"), vec![hash.as_str()]),
        (format!("{PATH}/branch/main/latest"), vec!["⎇ main (latest)"]),
        (format!("{PATH}/version/2/diff/previous-distinct"), vec!["line minus", "line plus"]),
        (format!("{PATH}/version/2/diff/version/1"), vec!["pact of version 1"]),
        (result, vec!["$.answer", "<code>2</code>", "<code>3</code>"]),
        (format!("{PATH}/version/2/verification-results/latest"), vec!["Orders 7 and Web 2"]),
        ("/doc/publish-contracts".to_owned(), vec!["pb:publish-contracts"]),
        ("/doc/webhooks".to_owned(), vec!["id=\"whitelist\"", "--webhook-hosts"]),
    ];
    for (path, words) in expected {
        let answer = page(&broker, &path).await;
        assert_eq!(answer.status, 200, "{path}");
        for word in words {
            assert!(
                answer.text.contains(word),
                "{path} lacks {word}: {}",
                answer.text
            );
        }
    }
}

/// Links to these pages stand in answers for programs, whose users follow them with what they have at hand.
#[tokio::test]
async fn what_links_mean_is_told_to_everybody() {
    let broker = TestBroker::new();
    for accept in ["*/*", "application/hal+json", "text/plain"] {
        let answer = broker.get_as("/doc/webhooks?context=index", accept).await;
        assert_eq!(answer.status, 200, "{accept}");
        assert!(answer.text.contains("--webhook-hosts"), "{}", answer.text);
        assert_eq!(broker.get_as("/doc/no-such", accept).await.status, 404);
    }
}

#[tokio::test]
async fn the_form_asks_about_the_latest_of_a_branch_in_each_live_version() {
    let (broker, _) = two_versions().await;
    let form = page(&broker, "/matrix").await.text;
    for choice in [
        "<option value=\"true\" selected>the latest version</option>",
        "<option value=\"cvpv\" selected>",
    ] {
        assert!(form.contains(choice), "{form}");
    }
    // What a browser sends of a form in which the name and the branch were filled in.
    let sent = |latest: &str, version: &str| {
        format!(
            "/matrix?q[][pacticipant]=Web&q[][version]={version}&q[][branch]=main&q[][tag]=&q[][latest]={latest}\
             &q[][pacticipant]=&q[][version]=&q[][branch]=&q[][tag]=&q[][latest]=true&environment=&latestby=cvpv"
        )
    };
    for (latest, version, rows) in [
        ("true", "", "1 row<"),
        ("", "", "2 rows<"),
        ("true", "1", "1 row<"),
    ] {
        let path = sent(latest, version);
        let text = page(&broker, &path).await.text;
        assert!(text.contains(rows), "{path}: {text}");
    }
    let nobody = "/matrix?q[][pacticipant]=Web&q[][version]=2&q[][pacticipant]=&q[][version]=7";
    let text = page(&broker, nobody).await.text;
    assert!(
        text.contains("Please specify the pacticipant name"),
        "{text}"
    );
}

#[tokio::test]
async fn a_page_tells_which_rows_do_not_count() {
    let (broker, hash) = two_versions().await;
    let result = json!({ "success": true, "providerApplicationVersion": "8" });
    broker.verify(PAIR, &hash, result).await;
    let prod = broker.environment("prod").await;
    for number in ["7", "8"] {
        let path =
            format!("/pacticipants/Orders/versions/{number}/released-versions/environment/{prod}");
        broker.post(&path, json!({})).await;
    }
    let ask = "/matrix?q[][pacticipant]=Web&q[][version]=2&environment=prod";
    let told = "ask again with latestby=cvpv: 1 rows";
    for (latest_by, answer, is_told) in [
        ("cvp", "<h2>Yes</h2>", true),
        ("cvpv", "<h2>No</h2>", false),
    ] {
        let text = page(&broker, &format!("{ask}&latestby={latest_by}"))
            .await
            .text;
        assert!(text.contains(answer), "{text}");
        assert_eq!(text.contains(told), is_told, "{text}");
    }
}

#[tokio::test]
async fn a_search_goes_on_on_the_next_page() {
    let broker = TestBroker::new();
    for (consumer, provider) in [("App", "Orders"), ("Web", "Billing"), ("Web", "Orders")] {
        broker.publish(consumer, "1", provider, 1).await;
    }
    let first = page(&broker, "/?size=1&q=orders").await.text;
    assert!(first.contains("<b>2</b>integrations"), "{first}");
    let next = "/?size=1&amp;page=2&amp;q=orders";
    assert!(
        first.contains(&format!("<a href=\"{next}\" rel=\"next\">")),
        "{first}"
    );
    let second = page(&broker, &next.replace("&amp;", "&")).await.text;
    let consumers = |text: &str| ["App", "Web"].map(|name| text.contains(&format!(">{name}</a>")));
    let (one, other) = (consumers(&first), consumers(&second));
    assert_eq!(one, other.map(|shown| !shown), "{first} {second}");
    assert!(!second.contains("rel=\"next\""), "{second}");
    assert!(![first, second].concat().contains(">Billing</a>"));
}

#[tokio::test]
async fn interactions_of_one_description_each_have_their_own_failures() {
    let broker = TestBroker::new();
    let interaction = |state: &str| {
        json!({ "description": "a request", "providerState": state,
            "request": { "method": "GET", "path": "/" }, "response": { "status": 200 } })
    };
    let pact = json!({ "consumer": { "name": "Web" }, "provider": { "name": "Orders" },
        "interactions": [interaction("it is day"), interaction("it is night")] });
    broker.put(&format!("{PATH}/version/1"), pact).await;
    let pact = broker.get(&format!("{PATH}/version/1")).await.json();
    let hash = pact["_links"]["pb:pact-version"]["name"].as_str().unwrap();
    let tests = json!([
        { "description": "a request", "providerStates": [{ "name": "it is day" }], "success": true },
        { "description": "a request", "providerStates": [{ "name": "it is night" }], "success": false,
          "mismatches": [{ "path": "$.dark", "expected": 1, "actual": 2 }] },
    ]);
    let result =
        json!({ "success": false, "providerApplicationVersion": "7", "testResults": tests });
    broker.verify(PAIR, hash, result).await;
    let text = page(&broker, &format!("{PATH}/version/1")).await.text;
    let shown: Vec<(bool, bool)> = text
        .split("id=\"i")
        .skip(1)
        .map(|part| (part.contains("it is night"), part.contains("✗ failed")))
        .collect();
    assert_eq!(shown, [(false, false), (true, true)], "{text}");
}

#[tokio::test]
async fn names_are_text_and_never_markup() {
    let broker = TestBroker::new();
    let evil = "<img src=x onerror=alert(1)>\"'";
    let pact = json!({ "consumer": { "name": evil }, "provider": { "name": "Orders" }, "interactions": [
        { "description": evil, "providerState": evil, "request": { "method": "GET", "path": evil } },
    ] });
    let own = "/pacts/provider/Orders/consumer/%3Cimg%20src=x%20onerror=alert(1)%3E%22'";
    let put = broker.put(&format!("{own}/version/1"), pact).await;
    assert_eq!(put.status, 201, "{}", put.text);
    let pages = [
        "/".to_owned(),
        "/dashboard".to_owned(),
        "/pacticipants/Orders".to_owned(),
        format!("{own}/version/1"),
        "/?q=%3Cimg%20src".to_owned(),
    ];
    for path in pages {
        let text = page(&broker, &path).await.text;
        assert!(text.contains("&lt;img src"), "{path}: {text}");
        assert!(!text.contains("<img"), "{path}: {text}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_a_browser() {
    let broker = TestBroker::new();
    let answer = page(&broker, "/pacticipants/Nobody").await;
    assert_eq!(answer.status, 404);
    assert!(answer.text.contains("Not Found"));
    let answer = page(&broker, "/").await;
    assert!(answer.text.contains("No pact has been published yet."));
}

#[tokio::test]
async fn programs_get_documents_whatever_they_accept_besides() {
    let broker = TestBroker::new();
    for accept in [
        "",
        "*/*",
        "application/hal+json, */*",
        "application/json;q=0.9,text/html",
    ] {
        let answer = broker.get_as("/", accept).await;
        assert_eq!(
            answer.header("content-type"),
            "application/hal+json;charset=utf-8",
            "{accept}"
        );
    }
}

#[tokio::test]
async fn a_name_that_ends_like_a_form_is_a_name() {
    let broker = TestBroker::new();
    for name in ["node.json", "report.csv", "node"] {
        let made = broker.post("/pacticipants", json!({ "name": name })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/pacticipants/{name}");
        assert_eq!(broker.get(&path).await.json()["name"], name);
        broker
            .put(&format!("{path}/versions/1.json"), json!({}))
            .await;
        let version = broker.get(&format!("{path}/versions/1.json")).await;
        assert_eq!(version.json()["number"], "1.json", "{}", version.text);
        let page = page(&broker, &path).await;
        assert!(page.text.contains(&format!("<h1>{name}")), "{}", page.text);
    }
    let filters = [
        "/pacticipants/label/x",
        "/pacts/provider/node/latest/x",
        "/pacts/provider/node/branch/x",
    ];
    for filter in filters {
        let plain = broker.get(filter).await;
        let with_form = broker.get(&format!("{filter}.json")).await;
        assert_eq!(
            (plain.status, plain.text),
            (with_form.status, with_form.text),
            "{filter}"
        );
    }
    // What is not there is the document of what is.
    let node = broker.get("/pacticipants/node.csv").await;
    assert_eq!(node.json()["name"], "node");
}

#[tokio::test]
async fn an_ending_names_the_form() {
    let (broker, _) = two_versions().await;
    let answer = broker
        .get_as(&format!("{PATH}/version/2.json"), BROWSER)
        .await;
    assert_eq!(answer.json()["consumer"]["name"], "Web");
}

#[tokio::test]
async fn the_style_comes_from_the_broker() {
    let style = TestBroker::new()
        .get_as("/assets/style.css", "text/css,*/*;q=0.1")
        .await;
    assert_eq!(style.status, 200);
    assert_eq!(style.header("content-type"), "text/css;charset=utf-8");
}
