//! What Treaty's own client needs of the broker, as the client's tests wrote it down.

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;
use treaty_broker::{Broker, BrokerService};
use treaty_provider::{PactSource, Verifier};

use crate::support::{config, database};

async fn post(broker: &BrokerService, path: &str, body: Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    let answer = broker.clone().oneshot(request).await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
}

#[tokio::test]
async fn the_broker_keeps_what_its_client_needs() {
    let broker = Broker::open(config(database())).unwrap();
    let [with_environment, with_pact] = [(); 2].map(|()| broker.clone());
    Verifier::new("treaty-broker")
        .state("there is an environment production", async move || {
            let new = json!({"name": "production", "production": true});
            post(&with_environment, "/environments", new).await;
        })
        .state("A has published a pact with B", async move || {
            let publication = json!({
                "pacticipantName": "A", "pacticipantVersionNumber": "1", "branch": "main",
                "contracts": [{
                    "consumerName": "A", "providerName": "B", "specification": "pact", "contentType": "application/json",
                    "content": "eyJjb25zdW1lciI6eyJuYW1lIjoiQSJ9LCJwcm92aWRlciI6eyJuYW1lIjoiQiJ9LCJpbnRlcmFjdGlvbnMiOltdfQ==",
                }],
            });
            post(&with_pact, "/contracts/publish", publication).await;
        })
        .service(broker.map_request(|request: Request<_>| request.map(Body::new)))
        .verify(PactSource::dir("../broker-client/pacts"))
        .await
        .assert_ok();
}
