//! The verifier in Rust, in a process whose environment says where the plugin is.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_provider::{PactSource, Report, Target, Verifier, VerifyOptions};

use crate::pact::{over_a_line, over_http, pact};
use crate::provider;

fn source(interactions: &[Value]) -> PactSource {
    assert!(
        std::env::var_os("PACT_PLUGIN_DIR").is_some(),
        "PACT_PLUGIN_DIR does not say where the plugin is: run oracle/plugins.sh"
    );
    PactSource::json("a pact", pact(interactions))
}

fn verifier() -> Verifier<Target> {
    Verifier::new("UserService")
        .base_url(format!("http://127.0.0.1:{}", provider::http()))
        .transport("shout", format!("http://127.0.0.1:{}", provider::line()))
        .state("a word", async || {})
}

#[track_caller]
fn says(report: &Report, text: &str) {
    assert!(report.to_string().contains(text), "{report}");
}

#[tokio::test]
async fn bodies_and_transports_of_a_plugin_are_verified() {
    let interactions = [over_http("/hello", "hello"), over_a_line("hello", "HELLO")];
    let report = verifier().verify(source(&interactions)).await;
    report.assert_ok();
    assert_eq!(report.summary().interactions_replayed, 2);
}

#[tokio::test]
async fn runs_side_by_side_do_not_stop_each_other_s_plugin() {
    let verify = async || {
        for _ in 0..4 {
            let report = verifier()
                .verify(source(&[over_http("/hello", "hello")]))
                .await;
            report.assert_ok();
        }
    };
    tokio::join!(verify(), verify(), verify());
}

#[tokio::test]
async fn a_no_without_a_reason_is_not_a_yes() {
    let report = verifier()
        .verify(source(&[over_a_line("silence", "HELLO")]))
        .await;
    says(&report, "the plugin says no, and not why");
}

#[tokio::test]
async fn a_provider_that_never_answers_a_plugin_is_given_up() {
    let mut options = VerifyOptions::default();
    options.request_timeout = Duration::from_millis(300);
    options.body_timeout = Duration::from_millis(300);
    let verifier = verifier().options(options);
    let report = verifier
        .verify(source(&[over_a_line("nothing", "HELLO")]))
        .await;
    says(&report, "no answer from the provider within 600 ms");
}

#[tokio::test]
async fn a_value_that_no_state_handed_back_stops_the_request() {
    let mut interaction = over_http("/bye", "hello");
    let generator = json!({ "type": "ProviderState", "expression": "/${word}" });
    interaction["request"]["generators"] = json!({ "path": generator });
    let report = verifier().verify(source(&[interaction.clone()])).await;
    assert_eq!(report.verdict(), Verdict::Unknown, "{report}");
    assert_eq!(report.summary().interactions_replayed, 0);

    interaction["providerStates"] = json!([{ "name": "a word to say" }]);
    let values = || HashMap::from([("word".to_owned(), json!("hello"))]);
    let verifier = verifier().state("a word to say", async move || values());
    verifier.verify(source(&[interaction])).await.assert_ok();
}

#[tokio::test]
async fn what_the_peer_cannot_do_is_refused_by_its_name() {
    let interactions = [over_http("/hello", "hello")];
    let filtered = verifier().request_filter(async |request| request);
    let elsewhere = verifier().transport("admin", "http://localhost:1");
    let proxied = verifier().proxy("http://127.0.0.1:1");
    let here = Verifier::new("UserService")
        .service(axum::Router::new())
        .state("a word", async || {});
    for (verifier, what) in [
        (filtered, "a request filter"),
        (elsewhere, "a provider at several hosts"),
        (proxied, "a proxy"),
        (here, "a provider in this process"),
    ] {
        let report = verifier.verify(source(&interactions)).await;
        says(
            &report,
            &format!("{what}, for a pact that needs a plugin, cannot be verified"),
        );
    }
}

#[tokio::test]
async fn a_body_that_a_plugin_of_another_pact_has_taken_over_is_inconclusive() {
    let plain = json!({
        "consumer": { "name": "BillingService" }, "provider": { "name": "UserService" },
        "interactions": [over_http("/hello", "HELLO")],
        "metadata": { "pactSpecification": { "version": "4.0" } },
    });
    let sources = [
        source(&[over_http("/hello", "hello")]),
        PactSource::json("another pact", plain),
    ];
    let report = verifier().verify(sources.to_vec()).await;
    assert_eq!(report.verdict(), Verdict::Unknown, "{report}");
    says(&report, "a plugin of another pact has taken over");
}
