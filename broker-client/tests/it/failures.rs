//! When there is no broker, or not a well one. Two of these tests use a socket.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use treaty_broker_client::{Auth, Client, ClientError, NewEnvironment, Options, StatesOf};

use crate::fake::{BASE, Fake};

const ENVIRONMENTS: (&str, &str) = ("pb:environments", "/environments");
const PATH: &str = "/pacts/environments";

/// Far longer than a refused connection needs, so that only an error at once passes.
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_closed_port_is_an_error_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(&url, Options::default()).unwrap();
    let answer = tokio::time::timeout(AT_ONCE, client.environments()).await;
    let error = answer.expect("an error at once").unwrap_err();
    assert!(
        matches!(error, ClientError::Unreachable { .. }),
        "{error:?}"
    );
    assert_eq!(error.to_string(), format!("GET {url}/ got no answer"));
}

#[tokio::test]
async fn a_broker_that_never_answers_is_given_up_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://user:secret@{}", listener.local_addr().unwrap());
    let options = Options::default().timeout(Duration::from_millis(50));
    let error = Client::new(&url, options)
        .unwrap()
        .environments()
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with("got no answer within 50 ms"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn reading_is_tried_again_after_an_error_of_the_broker() {
    let fake = Fake::with_links(&[ENVIRONMENTS])
        .on("GET", PATH, 502, &json!({}))
        .on(
            "GET",
            PATH,
            200,
            &json!({"_embedded": {"environments": []}}),
        );
    assert_eq!(fake.client().environments().await.unwrap(), []);
    assert_eq!(fake.lines().len(), 2);
}

#[tokio::test]
async fn what_is_turned_away_is_sent_again_whatever_it_is() {
    for status in [408, 429, 503] {
        let fake = Fake::with_links(&[ENVIRONMENTS])
            .on_text("POST", PATH, status, &[("retry-after", "0")], "later")
            .on("POST", PATH, 201, &json!({"uuid": "1", "name": "test"}));
        let new = NewEnvironment {
            name: "test".parse().unwrap(),
            display_name: None,
            production: false,
            contact: None,
        };
        fake.client().create_environment(&new).await.unwrap();
        assert_eq!(fake.lines().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_not_sent_again() {
    let fake = Fake::with_links(&[ENVIRONMENTS])
        .on("POST", PATH, 500, &json!({"error": "broken"}))
        .on("POST", PATH, 201, &json!({"uuid": "1", "name": "test"}));
    let new = NewEnvironment {
        name: "test".parse().unwrap(),
        display_name: None,
        production: false,
        contact: None,
    };
    assert!(fake.client().create_environment(&new).await.is_err());
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn a_wish_to_be_left_alone_for_longer_than_the_deadline_is_the_answer() {
    for wish in ["3600", "18446744073709551615"] {
        let fake = Fake::with_links(&[ENVIRONMENTS]).on_text(
            "GET",
            PATH,
            429,
            &[("retry-after", wish)],
            "busy",
        );
        let error = fake.client().environments().await.unwrap_err();
        assert_eq!(error.status().map(|s| s.as_u16()), Some(429));
        assert_eq!(
            error.remedy(),
            "try again later: the broker has too much to do"
        );
    }
}

#[tokio::test]
async fn patience_may_be_without_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options = Options::default().timeout(Duration::MAX);
    let asked = Client::new(&url, options).unwrap().environments().await;
    assert!(matches!(asked, Err(ClientError::Unreachable { .. })));
}

#[tokio::test]
async fn a_document_that_breaks_off_is_told_as_such() {
    let fake = Fake::default().on_text("GET", "/pacts", 200, &[], "{\"_links\": {");
    let error = fake.client().environments().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer to GET http://broker.local/pacts is not a Pact Broker's: JSON that breaks off after 12 bytes"
    );
}

#[tokio::test]
async fn a_login_page_asks_for_credentials() {
    let fake =
        Fake::default().on_text("GET", "/pacts", 302, &[("location", "https://b/login")], "");
    let error = fake.client().environments().await.unwrap_err();
    assert_eq!(
        error.remedy(),
        "give the broker's token, or user name and password: it sends people to a login page"
    );
}

#[tokio::test]
async fn a_list_is_read_through_all_of_its_pages() {
    let page = |name: &str, next: &str| {
        json!({"_embedded": {"pacticipants": [{"name": name}]},
            "_links": if next.is_empty() { json!({}) } else { json!({"next": {"href": next}}) }})
    };
    let fake = Fake::with_links(&[("pb:pacticipants", "/pacticipants")])
        .on(
            "GET",
            "/pacts/pacticipants",
            200,
            &page("A", "/pacts/second"),
        )
        .on("GET", "/pacts/second", 200, &page("B", ""));
    let all = fake.client().pacticipants().await.unwrap();
    let names: Vec<&str> = all.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
}

#[tokio::test]
async fn a_refusal_is_not_tried_again() {
    let fake = Fake::with_links(&[ENVIRONMENTS]).on("GET", PATH, 401, &json!({"error": "no"}));
    let error = fake.client().environments().await.unwrap_err();
    assert_eq!(
        error.remedy(),
        "give the broker's token, or user name and password"
    );
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn a_web_site_is_not_taken_for_a_broker() {
    let fake = Fake::default().on_text(
        "GET",
        "/pacts",
        200,
        &[],
        "<!doctype html><title>Hi</title>",
    );
    let error = fake.client().environments().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer to GET http://broker.local/pacts is not a Pact Broker's: a web page, \"Hi\" instead of JSON"
    );
}

#[tokio::test]
async fn a_redirection_is_told_and_not_followed() {
    let fake = Fake::default().on_text("GET", "/pacts", 301, &[("location", "https://b/")], "");
    let error = fake.client().environments().await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("it is to be found at https://b/"),
        "{error}"
    );
}

#[tokio::test]
async fn credentials_stay_with_the_broker_whatever_its_links_say() {
    let fake = Fake::default()
        .on(
            "GET",
            "/pacts",
            200,
            &json!({"_links": {"pb:environments": {"href": "http://elsewhere/pacts/e"}}}),
        )
        .on("GET", "/pacts/e", 200, &json!({}));
    let base = BASE.replace("http://", "http://user:secret@");
    let client = Client::over(fake.clone(), &base).unwrap();
    client.environments().await.unwrap();
    assert_eq!(fake.lines(), ["GET /pacts/e"]);
    assert_eq!(fake.seen()[0].authorization, None);
    client
        .fetch_pact("http://broker.local/pacts/e")
        .await
        .unwrap();
    assert_eq!(
        fake.seen()[1].authorization.as_deref(),
        Some("Basic dXNlcjpzZWNyZXQ=")
    );
}

#[test]
fn a_header_that_cannot_be_sent_is_refused_by_name() {
    let options = Options::default()
        .auth(Auth::Bearer("t".to_owned()))
        .header("a b", "c");
    let error = Client::new(BASE, options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header \"a b\" cannot be used: not a header's name"
    );
}

#[tokio::test]
async fn where_nothing_is_a_look_at_the_index_tells_whether_there_is_a_broker() {
    let name = "A".parse().unwrap();
    for (fake, told) in [
        (Fake::with_links(&[]), "the broker has no"),
        (
            Fake::default(),
            "no Pact Broker answers at http://broker.local/pacts",
        ),
        (
            Fake::default().on("GET", "/pacts", 200, &json!({"ok": true})),
            "no Pact Broker answers at http://broker.local/pacts",
        ),
        (
            Fake::default().on("GET", "/pacts", 401, &json!({"error": "who are you?"})),
            "the broker has no",
        ),
    ] {
        let error = fake
            .client()
            .provider_states(&name, &StatesOf::MainBranch)
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(told), "{text}");
    }
}
