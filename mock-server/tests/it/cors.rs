use reqwest::{Client, Method, RequestBuilder};
use treaty_mock_server::{MockServer, MockServerOptions};

use crate::support::start;

fn preflight(server: &MockServer) -> RequestBuilder {
    let request = Client::new().request(Method::OPTIONS, format!("{}/users/42", server.url()));
    request
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "GET")
        .header(
            "access-control-request-headers",
            "authorization, x-request-id",
        )
}

#[tokio::test]
async fn nothing_allows_another_origin_unless_asked() {
    let server = start(MockServerOptions::default());
    let refused = preflight(&server).send().await.unwrap();
    assert_eq!(refused.status(), 500);
    let request = Client::new().get(format!("{}/users/42", server.url()));
    let answer = request
        .header("origin", "https://shop.example")
        .send()
        .await
        .unwrap();
    let allowing = answer
        .headers()
        .keys()
        .filter(|name| name.as_str().starts_with("access-control"));
    assert_eq!(allowing.count(), 0);
    assert_eq!(server.report().unexpected.len(), 1);
}

#[tokio::test]
async fn a_preflight_is_answered_and_is_in_no_account() {
    let server = start(MockServerOptions::default().cors());
    let allowed = preflight(&server).send().await.unwrap();
    assert_eq!(allowed.status(), 204);
    let header = |name: &str| allowed.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert_eq!(
        header("access-control-allow-headers"),
        "authorization, x-request-id"
    );
    assert_eq!(header("access-control-allow-credentials"), "true");
    assert!(header("access-control-allow-methods").contains("PATCH"));
    let report = server.report();
    assert_eq!((report.answered, report.unexpected.len()), (0, 0));
}

#[tokio::test]
async fn answers_can_be_read_by_a_page_of_another_origin() {
    let server = start(MockServerOptions::default().cors());
    for path in ["/users/42", "/nothing"] {
        let request = Client::new().get(format!("{}{path}", server.url()));
        let answer = request
            .header("origin", "https://shop.example")
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.headers()["access-control-allow-origin"],
            "https://shop.example"
        );
        assert!(
            answer.headers()["access-control-expose-headers"]
                .to_str()
                .unwrap()
                .contains("content-type")
        );
    }
}

#[tokio::test]
async fn any_other_options_request_is_a_request() {
    let server = start(MockServerOptions::default().cors());
    let request = Client::new().request(Method::OPTIONS, format!("{}/users/42", server.url()));
    assert_eq!(request.send().await.unwrap().status(), 500);
    assert_eq!(server.report().unexpected.len(), 1);
}
