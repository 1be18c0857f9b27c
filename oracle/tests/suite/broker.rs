//! A broker made of the suite's own contracts: it answers as they say, and nothing else.

use pact_models::bodies::OptionalBody;
use pact_models::generators::Generators;
use pact_models::v4::http_parts::HttpRequest;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Value, json};
use treaty_broker_client::{Client, Options};
use treaty_core::document;
use treaty_core::interaction::Interaction;
use treaty_core::wire;
use treaty_provider::{BrokerSource, PactSource};

use crate::content::Fixtures;
use crate::server::{Heard, Log, Server, answers_of, listen};

/// Where the broker of the contracts was when they were written.
const HOME: &str = "http://localhost:9876";

/// A broker that has one pact, of one consumer with the provider `p`.
#[derive(Debug)]
pub(crate) struct Broker {
    consumer: String,
    server: Server,
    log: Log,
}

impl Broker {
    /// Starts the broker whose contract the suite has for this consumer.
    pub(crate) async fn start(fixtures: &Fixtures, log: &Log, consumer: &str, pact: Value) -> Self {
        let name = format!("pact-broker_{}.json", consumer.replace('_', ""));
        let contract = document::load(&name, &fixtures.read(&name)).unwrap();
        let by = format!("broker of {consumer}");
        let server = listen(&by, log, |url| {
            let mut interactions = contract.interactions;
            interactions.iter_mut().for_each(|it| moved(it, url));
            interactions.push(pact_of(consumer, pact, url));
            answers_of(interactions, url)
        });
        Self {
            consumer: consumer.to_owned(),
            server: server.await,
            log: log.clone(),
        }
    }

    /// Its pacts as a source.
    pub(crate) fn source(&self) -> PactSource {
        let client = Client::new(&self.server.url, Options::default()).unwrap();
        PactSource::broker(BrokerSource::new(client))
    }

    /// The results that were published for the consumer's pact, each with the broker's answer.
    pub(crate) fn results(&self) -> Vec<Heard> {
        let heard = self.log.heard_by(&format!("broker of {}", self.consumer));
        let path = results_path(&self.consumer);
        let heard = heard.into_iter().map(|(_, heard)| heard);
        heard
            .filter(|heard| heard.request.method == "POST" && heard.request.path == path)
            .collect()
    }

    /// Whether the pact is this consumer's.
    pub(crate) fn is_of(&self, consumer: &str) -> bool {
        self.consumer == consumer
    }
}

/// The links are those of a broker at the URL. The contracts have generators for that, but the one of the index has a
/// regular expression (`\Q...\E`) that the matching library reads otherwise.
///
/// The contracts say nothing of where a broker keeps a result; every broker does, and our client insists on it.
fn moved(interaction: &mut Interaction, url: &str) {
    let Interaction::Http(http) = interaction else {
        return;
    };
    let response = &mut http.response;
    if let OptionalBody::Present(body, ..) = &mut response.body {
        let text = String::from_utf8_lossy(body).replace(HOME, url);
        *body = text.into();
    }
    response.generators = Generators::default();
    if response.status == 201 {
        let headers = response.headers.get_or_insert_default();
        headers.insert("Location".to_owned(), vec!["/results/1".to_owned()]);
    }
}

/// The pact itself, as a broker gives it: with ids, and with the link to where results go.
fn pact_of(consumer: &str, mut pact: Value, url: &str) -> Interaction {
    let results = format!("{url}{}", results_path(consumer));
    for interaction in pact["interactions"].as_array_mut().into_iter().flatten() {
        interaction["_id"] = json!("ID1");
    }
    pact["_links"] = json!({
        "self": { "href": format!("{url}{}", pact_path(consumer)) },
        "pb:publish-verification-results": { "href": results },
    });
    let body = pact.to_string().into();
    let headers = [("content-type", b"application/hal+json".as_slice())];
    Interaction::Http(Box::new(SynchronousHttp {
        description: format!("a request for the pact of {consumer}"),
        request: HttpRequest {
            path: pact_path(consumer),
            body: OptionalBody::Missing,
            ..HttpRequest::default()
        },
        response: wire::response(200, headers, body),
        ..SynchronousHttp::default()
    }))
}

fn pact_path(consumer: &str) -> String {
    format!("/pacts/provider/p/consumer/{consumer}")
}

fn results_path(consumer: &str) -> String {
    format!("{}/verification-results", pact_path(consumer))
}
