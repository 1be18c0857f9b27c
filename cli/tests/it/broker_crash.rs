//! `treaty broker serve`, killed again and again while many clients write: what was acknowledged is there, nothing is
//! half there, and a start needs no repair.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::broker::Served;
use crate::command::Place;
use crate::postgres_server::Database;

const KILLS: usize = 50;
const CLIENTS: usize = 8;
/// A broker lives until so many changes were acknowledged, and a moment longer.
const ACKNOWLEDGED_MAX: usize = 30;
const MOMENT_US_MAX: u64 = 3_000;

/// What a client did, in the life of one broker.
enum Done {
    /// It begins to publish a version.
    Begins(String),
    /// The broker said that the version is published.
    Published(String),
    /// The broker said that a result or a deployment is kept under this path.
    Kept(String),
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    let place = Place::new();
    survives(&place, "sqlite:pacts.sqlite");
}

#[test]
fn nothing_acknowledged_is_lost_on_postgresql() {
    let Some(database) = Database::new() else {
        return;
    };
    survives(&Place::new(), &database.url());
}

fn serve(place: &Place, database: &str) -> Served {
    let line = format!("broker serve --port 0 --database-url {database}");
    Served::run(place, &line)
}

fn survives(place: &Place, database: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut random = Rng::with_seed(7);
        let mut versions = 0;
        let mut served = serve(place, database);
        let mut api = Api::of(&served);
        let environment = environment(&api).await;
        for life in 0..KILLS {
            let (done, mut told) = unbounded_channel();
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let client = (life, client);
                clients.spawn(write(
                    api.clone(),
                    environment.clone(),
                    done.clone(),
                    client,
                ));
            }
            drop(done);
            let wanted = random.usize(1..=ACKNOWLEDGED_MAX);
            let mut seen = acknowledged(&mut told, wanted).await;
            // Waits for nothing: it makes the moment of the kill random, from the seed.
            tokio::time::sleep(Duration::from_micros(random.u64(0..MOMENT_US_MAX))).await;
            served.process.kill().unwrap();
            served.process.wait().unwrap();
            clients.join_all().await;
            while let Some(done) = told.recv().await {
                seen.push(done);
            }
            served = serve(place, database);
            api.url.clone_from(&served.url);
            versions += check(&api, &seen).await;
        }
        let all = api.get("/pacticipants/Web/versions").await.unwrap();
        let all = all["_embedded"]["versions"].as_array().unwrap();
        assert_eq!(all.len(), versions, "each version is there once");
    });
}

/// What was done until so many changes were acknowledged.
async fn acknowledged(told: &mut UnboundedReceiver<Done>, wanted: usize) -> Vec<Done> {
    let mut seen = Vec::new();
    let mut count = 0;
    while count < wanted {
        let done = told.recv().await.expect("the clients go on until the kill");
        count += usize::from(!matches!(done, Done::Begins(_)));
        seen.push(done);
    }
    seen
}

async fn environment(api: &Api) -> String {
    let body = json!({ "name": "production", "production": true });
    let made = api.post("/environments", &body).await.unwrap();
    made["uuid"].as_str().unwrap().to_owned()
}

/// Publishes, verifies and deploys one version after the other until the broker is gone.
async fn write(
    api: Api,
    environment: String,
    done: UnboundedSender<Done>,
    (life, client): (usize, usize),
) {
    for count in 0.. {
        let number = format!("{life}.{client}.{count}");
        done.send(Done::Begins(number.clone())).unwrap();
        if exchange(&api, &environment, &done, &number).await.is_none() {
            return;
        }
    }
}

async fn exchange(
    api: &Api,
    environment: &str,
    done: &UnboundedSender<Done>,
    number: &str,
) -> Option<()> {
    api.post("/contracts/publish", &publication(number)).await?;
    done.send(Done::Published(number.to_owned())).unwrap();
    let pact = api.get(&pact_path(number)).await?;
    let results = api.path(&pact["_links"]["pb:publish-verification-results"]["href"])?;
    let result = json!({ "success": true, "providerApplicationVersion": number });
    let kept = api.post(&results, &result).await?;
    done.send(Done::Kept(api.path(&kept["_links"]["self"]["href"])?))
        .unwrap();
    let path =
        format!("/pacticipants/Web/versions/{number}/deployed-versions/environment/{environment}");
    let kept = api.post(&path, &json!({})).await?;
    done.send(Done::Kept(api.path(&kept["_links"]["self"]["href"])?))
        .unwrap();
    Some(())
}

fn pact_path(number: &str) -> String {
    format!("/pacts/provider/Orders/consumer/Web/version/{number}")
}

/// A version on a branch, with a tag, and with a pact that no other version has.
fn publication(number: &str) -> Value {
    let pact = json!({
        "consumer": { "name": "Web" },
        "provider": { "name": "Orders" },
        "interactions": [{
            "description": number,
            "request": { "method": "GET", "path": "/" },
            "response": { "status": 200 },
        }],
        "metadata": { "pactSpecification": { "version": "2.0.0" } },
    });
    json!({
        "pacticipantName": "Web",
        "pacticipantVersionNumber": number,
        "branch": "main",
        "tags": ["built"],
        "contracts": [{
            "consumerName": "Web",
            "providerName": "Orders",
            "specification": "pact",
            "contentType": "application/json",
            "content": STANDARD.encode(pact.to_string()),
        }],
    })
}

/// Checks what a life of the broker left behind; says how many versions.
async fn check(api: &Api, seen: &[Done]) -> usize {
    let mut versions = 0;
    for done in seen {
        match done {
            Done::Begins(number) => versions += usize::from(is_whole(api, number).await),
            Done::Published(number) => {
                assert!(
                    is_whole(api, number).await,
                    "{number} was published and is lost"
                );
            }
            Done::Kept(path) => {
                assert!(api.get(path).await.is_some(), "{path} was kept and is lost");
            }
        }
    }
    versions
}

/// Whether a version is there, which it must be with all that was published with it, or not at all.
async fn is_whole(api: &Api, number: &str) -> bool {
    let version = api
        .get(&format!("/pacticipants/Web/versions/{number}"))
        .await;
    let pact = api.get(&pact_path(number)).await;
    let Some(version) = version else {
        assert!(pact.is_none(), "{number} has a pact and is not there");
        return false;
    };
    let pact = pact.unwrap_or_else(|| panic!("{number} has no pact"));
    assert_eq!(pact["interactions"][0]["description"], *number);
    let embedded = &version["_embedded"];
    assert_eq!(embedded["branchVersions"][0]["name"], "main", "{version}");
    assert_eq!(embedded["tags"][0]["name"], "built", "{version}");
    true
}

/// The broker as its clients see it.
#[derive(Clone)]
struct Api {
    client: Client,
    url: String,
}

impl Api {
    fn of(served: &Served) -> Self {
        Self {
            client: Client::new(),
            url: served.url.clone(),
        }
    }

    /// The document of an answer, if there is one and it is a success.
    async fn get(&self, path: &str) -> Option<Value> {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await;
        answer.ok()?.error_for_status().ok()?.json().await.ok()
    }

    async fn post(&self, path: &str, body: &Value) -> Option<Value> {
        let request = self.client.post(format!("{}{path}", self.url)).json(body);
        let answer = request.send().await.ok()?;
        answer.error_for_status().ok()?.json().await.ok()
    }

    /// The path of a link of this broker.
    fn path(&self, href: &Value) -> Option<String> {
        Some(href.as_str()?.strip_prefix(&self.url)?.to_owned())
    }
}
