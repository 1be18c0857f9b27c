//! A broker in a file answers as the same broker does that is served: the same histories, asked of both.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use fastrand::Rng;
use http::Request;
use http_body_util::BodyExt;
use serde_json::json;
use tempfile::TempDir;
use tower::ServiceExt;
use treaty_broker::{Broker, BrokerService, Clock, Config, DatabaseUrl, Ids};
use treaty_broker_client::{
    Client, ContractToPublish, DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget,
    DeploymentToRecord, MatrixSelector, NewEnvironment, OnConflict, Options, PactsForVerification,
    PactsOfProvider, ProviderVersion, PublishContracts, VerificationResult, VerifiedBy,
    VersionChoice, WhichVersion,
};

const HISTORIES: u64 = 200;

/// How many run at a time.
const LANES: u64 = 8;

/// How much happens in one of them.
const EVENTS: usize = 12;

/// When a history begins, in seconds; an event later it is a minute more.
const BEGIN: i64 = 1_790_000_000;

const NAMES: [&str; 4] = ["Web", "Order Service", "Users/v2", "Billing"];
const VERSIONS: [&str; 4] = ["1", "2", "3", "feat/x+1"];
const BRANCHES: [&str; 3] = ["main", "feat/x", "fix"];
const TAGS: [&str; 2] = ["dev", "prod"];
const ENVIRONMENTS: [&str; 2] = ["test", "production"];

/// What is answered over HTTP without the client: each path is read to its bytes.
const PATHS: [&str; 7] = [
    "/",
    "/pacts/latest",
    "/pacticipants",
    "/environments",
    "/integrations",
    "/pacticipants/Web/versions",
    "/pacts/provider/Billing/consumer/Web/latest",
];

/// The same broker twice: over HTTP, and in a file without a server.
struct Both {
    served: Broker,
    online: Client,
    in_file: BrokerService,
    offline: Client,
    minutes: Arc<AtomicI64>,
    _files: TempDir,
}

fn config(files: &TempDir, name: &str, minutes: &Arc<AtomicI64>) -> Config {
    let minutes = Arc::clone(minutes);
    let now = move || BEGIN + 60 * minutes.load(Ordering::SeqCst);
    let count = AtomicI64::new(0);
    let id = move || {
        let number = count.fetch_add(1, Ordering::SeqCst);
        format!("00000000-0000-4000-8000-{number:012}")
    };
    Config::new(DatabaseUrl::file(files.path().join(name)))
        .clean_up(false)
        .clock(Clock::new(move || {
            DateTime::from_timestamp(now(), 0).unwrap()
        }))
        .ids(Ids::new(id))
}

impl Both {
    async fn start() -> Self {
        let files = TempDir::new().unwrap();
        let minutes = Arc::new(AtomicI64::new(0));
        let served = Broker::start(
            config(&files, "online.sqlite", &minutes),
            ([127, 0, 0, 1], 0),
        );
        let served = served.await.unwrap();
        let in_file = Broker::open(config(&files, "offline.sqlite", &minutes)).unwrap();
        Self {
            online: Client::new(served.url(), Options::default()).unwrap(),
            offline: Client::over(in_file.clone(), served.url()).unwrap(),
            served,
            in_file,
            minutes,
            _files: files,
        }
    }

    /// The bytes at a path: those that are sent, and those that are handed over.
    async fn bytes(&self, http: &reqwest::Client, path: &str) -> (Vec<u8>, Vec<u8>) {
        let url = format!("{}{path}", self.served.url());
        let sent = http.get(&url).send().await.unwrap();
        let status = sent.status();
        let sent = sent.bytes().await.unwrap();
        let host = self.served.address().to_string();
        let request = Request::get(&url).header("host", host);
        let request = request.body(String::new().into()).unwrap();
        let handed = self.in_file.clone().oneshot(request).await.unwrap();
        assert_eq!(status, handed.status(), "{path}");
        let handed = handed.into_body().collect().await.unwrap().to_bytes();
        (sent.to_vec(), handed.to_vec())
    }
}

fn told(answer: impl Debug) -> String {
    format!("{answer:?}")
}

fn any<'a>(random: &mut Rng, of: &[&'a str]) -> &'a str {
    random.choice(of).unwrap()
}

fn publication(random: &mut Rng) -> PublishContracts {
    let (consumer, provider) = (any(random, &NAMES), any(random, &NAMES));
    let path = format!("/{}", random.u8(0..3));
    let pact = json!({
        "consumer": {"name": consumer}, "provider": {"name": provider},
        "interactions": [{"description": "a ping", "providerState": any(random, &TAGS),
            "request": {"method": "GET", "path": path}, "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "2.0.0"}}
    });
    PublishContracts {
        pacticipant: consumer.parse().unwrap(),
        version: any(random, &VERSIONS).parse().unwrap(),
        branch: random
            .bool()
            .then(|| any(random, &BRANCHES).parse().unwrap()),
        tags: vec![any(random, &TAGS).parse().unwrap()],
        build_url: random.bool().then(|| "http://ci.example/1".to_owned()),
        contracts: vec![ContractToPublish {
            provider: provider.parse().unwrap(),
            content: pact.to_string().into(),
            on_conflict: if random.bool() {
                OnConflict::Merge
            } else {
                OnConflict::AsTheBrokerDoes
            },
        }],
    }
}

async fn verify(client: &Client, random: &mut Rng) -> String {
    let pacts = client.latest_pacts().await.unwrap();
    let Some(pact) = random.choice(&pacts) else {
        return "no pact".to_owned();
    };
    let fetched = client.fetch_pact(&pact.url).await.unwrap();
    let result = VerificationResult {
        success: random.u8(0..3) > 0,
        provider_version: any(random, &VERSIONS).parse().unwrap(),
        build_url: None,
        test_results: json!({"interactions": []}),
        verified_by: VerifiedBy {
            implementation: "test".to_owned(),
            version: "1".to_owned(),
        },
    };
    let about = ProviderVersion {
        branch: Some(any(random, &BRANCHES).parse().unwrap()),
        tags: Vec::new(),
    };
    told(client.publish_verification(&fetched, &result, &about).await)
}

/// Something that happens; the same for the same numbers.
async fn event(client: &Client, random: &mut Rng) -> String {
    let name = any(random, &NAMES).parse().unwrap();
    let version = any(random, &VERSIONS).parse().unwrap();
    let environment = any(random, &ENVIRONMENTS).parse().unwrap();
    let branch = any(random, &BRANCHES).parse().unwrap();
    let tag = any(random, &TAGS).parse().unwrap();
    match random.u8(0..12) {
        0..=3 => told(client.publish_contracts(&publication(random)).await),
        4 | 5 => verify(client, random).await,
        6 => {
            let new = NewEnvironment {
                production: environment == ENVIRONMENTS[1].parse().unwrap(),
                name: environment,
                display_name: None,
                contact: None,
            };
            told(client.create_environment(&new).await)
        }
        7 => {
            let deployment = DeploymentToRecord {
                pacticipant: name,
                version,
                environment,
                application_instance: None,
            };
            told(client.record_deployment(&deployment).await)
        }
        8 => told(client.record_release(&name, &version, &environment).await),
        9 => {
            let tags = [tag];
            let made = client.create_or_update_version(&name, &version, Some(&branch), &tags);
            told(made.await)
        }
        10 => told(client.delete_branch(&name, &branch).await),
        _ => told(client.delete_version(&name, &version).await),
    }
}

/// What can be asked about what has happened.
async fn questions(client: &Client) -> Vec<String> {
    let mut answers = vec![
        told(client.latest_pacts().await),
        told(client.pacticipants().await),
        told(client.environments().await),
    ];
    for name in NAMES.map(|name| name.parse().unwrap()) {
        answers.push(told(client.branches(&name).await));
        answers.push(told(
            client.describe_version(&name, &WhichVersion::Latest).await,
        ));
        let wanted = PactsForVerification::default();
        answers.push(told(client.pacts_for_verification(&name, &wanted).await));
        let of = PactsOfProvider {
            provider: name.clone(),
            consumer: None,
            branch: None,
            latest: true,
        };
        answers.push(told(client.pacts_of_provider(&of).await));
        let environment = ENVIRONMENTS[1].parse().unwrap();
        for target in [DeployTarget::Latest, DeployTarget::Environment(environment)] {
            let question = DeployQuestion {
                selectors: vec![MatrixSelector {
                    pacticipant: name.clone(),
                    versions: VersionChoice::Latest,
                }],
                target: Some(target),
                ignored: Vec::new(),
                rows_max: DEPLOY_ROWS_MAX_DEFAULT,
            };
            answers.push(told(client.can_i_deploy(&question).await));
        }
    }
    answers
}

/// One history, asked of both; how many verdicts and refusals it has.
async fn history(seed: u64, http: &reqwest::Client) -> (usize, usize) {
    let both = Both::start().await;
    let mut random = Rng::with_seed(seed);
    let mut refusals = 0;
    for number in 0..EVENTS {
        both.minutes.fetch_add(1, Ordering::SeqCst);
        let mut other = random.clone();
        let online = event(&both.online, &mut random).await;
        let offline = event(&both.offline, &mut other).await;
        assert_eq!(online, offline, "history {seed}, event {number}");
        refusals += usize::from(online.starts_with("Err"));
    }
    let online = questions(&both.online).await;
    assert_eq!(online, questions(&both.offline).await, "history {seed}");
    for path in PATHS {
        let (sent, handed) = both.bytes(http, path).await;
        assert_eq!(sent, handed, "history {seed}, {path}");
    }
    both.served.shutdown().await;
    let decided = |text: &&String| text.contains("deployable: Some(");
    (online.iter().filter(decided).count(), refusals)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_in_a_file_answers_to_the_byte_as_one_that_is_served() {
    let http = reqwest::Client::new();
    // Side by side, because most of the time goes into waiting for the disk.
    let lanes = (0..LANES).map(|lane| {
        let http = http.clone();
        tokio::spawn(async move {
            let (mut verdicts, mut refusals) = (0, 0);
            for seed in (0..HISTORIES).filter(|seed| seed % LANES == lane) {
                let (more_verdicts, more_refusals) = history(seed, &http).await;
                verdicts += more_verdicts;
                refusals += more_refusals;
            }
            (verdicts, refusals)
        })
    });
    let (mut verdicts, mut refusals) = (0, 0);
    for lane in lanes.collect::<Vec<_>>() {
        let (more_verdicts, more_refusals) = lane.await.unwrap();
        verdicts += more_verdicts;
        refusals += more_refusals;
    }
    // Histories in which nothing comes about would show nothing.
    assert!(verdicts > 100 && refusals > 100, "{verdicts}, {refusals}");
}
