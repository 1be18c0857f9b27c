//! What a document goes through between a file and a verdict.

use std::cell::Cell;

use fastrand::Rng;
use serde_json::Value;
use treaty_core::document::{Parts, load, render};
use treaty_core::interaction::Interaction;
use treaty_core::lint::{lint, report};
use treaty_core::matching::{match_request, match_response};

use crate::campaign::{campaign, inputs};
use crate::documents::Documents;

/// At least one of so many changed documents must still be a pact: what is refused at once tries little.
const PACTS_ONE_IN: u64 = 20;

#[test]
fn no_document_brings_down_the_reader_the_linter_or_the_writer() {
    let documents = Documents::read();
    for document in documents.unchanged() {
        read_lint_and_write(document);
    }
    let (inputs, pacts) = (inputs(1), Cell::new(0));
    let make = |random: &mut Rng| documents.changed(random);
    campaign("document", inputs, make, |input| {
        pacts.set(pacts.get() + u64::from(read_lint_and_write(input)));
    });
    let pacts = pacts.get();
    assert!(
        pacts >= inputs / PACTS_ONE_IN,
        "only {pacts} of {inputs} documents were pacts"
    );
}

/// Whether it is a pact.
fn read_lint_and_write(bytes: &[u8]) -> bool {
    let loaded = load("f", bytes);
    let findings = lint("f", bytes);
    assert_eq!(
        loaded.is_ok(),
        findings.is_ok(),
        "the linter reads what the reader reads"
    );
    if let Ok(findings) = findings {
        let file = "f".to_owned();
        let linted = [report::Linted { file, findings }];
        drop((report::text(&linted), report::sarif(&linted)));
    }
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return false;
    };
    if let Ok(parts) = Parts::of(document.clone()) {
        let text = parts.text();
        let again = Parts::of(serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(
            again.text(),
            text,
            "what is written is read again as the same"
        );
    }
    let Ok(pact) = loaded else {
        return false;
    };
    let again = load("f", render(document).as_bytes()).unwrap();
    assert_eq!(again, pact, "the canonical text is the same contract");
    pact.interactions.iter().for_each(match_itself);
    true
}

fn match_itself(interaction: &Interaction) {
    if let Interaction::Http(http) = interaction {
        drop(match_request(&http.request, &http.request));
        drop(match_response(&http.response, &http.response));
    }
}
