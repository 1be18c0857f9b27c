//! A broker as others have built theirs: it has one pact, and takes results for it.

use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use treaty_broker_client::Client;
use treaty_provider::{BrokerSource, PactSource};

use crate::fakes::Diary;

/// How the broker offers its pact.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Offered {
    Nothing,
    Selected,
    Pending,
    Wip,
}

pub(crate) struct FakeBroker {
    app: Router,
    received: Diary,
}

impl FakeBroker {
    pub(crate) fn new(pact: &Value, offered: Offered) -> Self {
        Self::answering(pact, offered, StatusCode::CREATED)
    }

    /// A broker that answers results with this status.
    pub(crate) fn answering(pact: &Value, offered: Offered, status: StatusCode) -> Self {
        let received = Diary::default();
        let app = reading(pact, offered, &received).merge(writing(&received, status));
        Self { app, received }
    }

    pub(crate) fn client(&self) -> Client {
        let app = self.app.clone();
        Client::over::<_, Body, _>(app, "http://broker.local").unwrap()
    }

    pub(crate) fn source(&self) -> PactSource {
        PactSource::broker(BrokerSource::new(self.client()))
    }

    /// Everything that was sent to the broker, in its order.
    pub(crate) fn received(&self) -> Vec<String> {
        self.received.read()
    }
}

fn reading(pact: &Value, offered: Offered, received: &Diary) -> Router {
    let index = json!({ "_links": {
        "pb:provider-pacts-for-verification": { "href": "/for-verification/{provider}" },
    } });
    let (pact, list, received) = (linked(pact), list(offered), received.clone());
    let wanted = async move |body: String| {
        received.note(body);
        Json(list)
    };
    let provider = json!({ "_links": {
        "pb:branch-version": { "href": "/branches/{branch}/versions/{version}" },
        "pb:version-tag": { "href": "/versions/{version}/tags/{tag}" },
    } });
    Router::new()
        .route("/", get(async move || Json(index)))
        .route("/for-verification/{provider}", post(wanted))
        .route("/pact", get(async move || Json(pact)))
        .route("/provider", get(async move || Json(provider)))
}

fn writing(received: &Diary, status: StatusCode) -> Router {
    let [results, branches, tags] = [(); 3].map(|()| received.clone());
    let result = async move |body: String| {
        results.note(body);
        let answer = json!({ "_links": { "self": { "href": "http://broker.local/results/1" } } });
        (status, Json(answer))
    };
    let branch = async move |Path((branch, version)): Path<(String, String)>| {
        branches.note(format!("branch {branch} of {version}"));
        Json(json!({}))
    };
    let tag = async move |Path((version, tag)): Path<(String, String)>| {
        tags.note(format!("tag {tag} of {version}"));
        Json(json!({}))
    };
    Router::new()
        .route("/results", post(result))
        .route("/branches/{branch}/versions/{version}", put(branch))
        .route("/versions/{version}/tags/{tag}", put(tag))
}

/// The pact with the links and ids that a broker adds.
fn linked(pact: &Value) -> Value {
    let mut pact = pact.clone();
    let interactions = pact["interactions"].as_array_mut().unwrap();
    for (position, interaction) in interactions.iter_mut().enumerate() {
        interaction["_id"] = json!(format!("i{}", position + 1));
    }
    pact["_links"] = json!({
        "self": { "href": "http://broker.local/pact" },
        "pb:provider": { "href": "http://broker.local/provider" },
        "pb:publish-verification-results": { "href": "http://broker.local/results" },
    });
    pact
}

fn list(offered: Offered) -> Value {
    let pact = json!({
        "shortDescription": "latest",
        "verificationProperties": {
            "pending": matches!(offered, Offered::Pending | Offered::Wip),
            "wip": offered == Offered::Wip,
            "notices": [
                { "when": "before_verification", "text": "The pact was chosen because:\n    * it is the latest" },
                { "when": "after_verification:success_true_published_true", "text": "Well done." },
                { "when": "after_verification:success_true_published_false", "text": "Nobody will know." },
                { "when": "after_verification:success_false_published_false", "text": "This will fail." },
            ],
        },
        "_links": { "self": { "href": "http://broker.local/pact", "name": "Pact between them" } },
    });
    match offered {
        Offered::Nothing => json!({ "_embedded": { "pacts": [] } }),
        _ => json!({ "_embedded": { "pacts": [pact] } }),
    }
}
