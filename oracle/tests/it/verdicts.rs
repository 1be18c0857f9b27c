//! The comparison: for every interaction and every answer to it, both verifiers say the same about the same places.

use std::collections::BTreeMap;

use pact_models::pact::load_pact_from_json;
use treaty_core::document::{LoadError, load_json};

use crate::case::{Case, cases, description};
use crate::corpus::documents;
use crate::differences;
use crate::provider::{Asked, Provider};
use crate::verdict::Verdict;
use crate::{ours, peers, rules};

/// The counts of a comparison, and what was not equal.
#[derive(Debug, Default)]
struct Account {
    interactions: usize,
    /// Those whose right answer passes: not every pact's own example keeps its own rules.
    right: usize,
    answers: usize,
    passed: usize,
    failed: usize,
    not_found_out: usize,
    /// How often each deliberate difference was met.
    differences: BTreeMap<&'static str, usize>,
    disagreements: Vec<String>,
}

impl Account {
    async fn compare(&mut self, case: &Case, provider: &Provider) {
        let variants = case.variants();
        let document = case.copies(variants.len());
        let answers = variants.iter().map(|variant| variant.answer.clone());
        provider.tell(answers.collect(), case.values());
        let ours = ours::verdicts(&case.provider, &document, provider).await;
        let asked_by_us = provider.asked();
        let peers = peers::verdicts(&document, provider).await;
        let asked_by_peer = provider.asked();
        assert_eq!(ours.len(), variants.len(), "{}", case.title);
        assert_eq!(peers.len(), variants.len(), "{}", case.title);
        self.interactions += 1;
        if !case.is_random() {
            self.requests(case, asked_by_us.get(&0), asked_by_peer.get(&0));
        }
        for (number, variant) in variants.iter().enumerate() {
            let name = description(number);
            let (ours, peers) = (&ours[&name], &peers[&name]);
            self.answers += 1;
            match ours {
                Verdict::Passed => self.passed += 1,
                Verdict::Failed(_) => self.failed += 1,
                Verdict::NotFoundOut(_) => self.not_found_out += 1,
            }
            self.right += usize::from(number == 0 && *ours == Verdict::Passed);
            if ours != peers {
                let (title, what) = (&case.title, &variant.what);
                self.disagreements.push(format!(
                    "{title}: {what}\n  ours {ours:?}\n  peer {peers:?}"
                ));
            }
        }
    }

    /// The requests for the right answer.
    fn requests(&mut self, case: &Case, ours: Option<&Asked>, peers: Option<&Asked>) {
        let (Some(ours), Some(peers)) = (ours, peers) else {
            assert_eq!(ours, peers, "{}", case.title);
            return;
        };
        match differences::of_requests(ours, peers) {
            Some(names) => {
                for name in names {
                    *self.differences.entry(name).or_default() += 1;
                }
            }
            None => self.disagreements.push(format!(
                "{}: the request\n  ours {ours:?}\n  peer {peers:?}",
                case.title
            )),
        }
    }

    fn check(&self) {
        let Self {
            interactions,
            right,
            answers,
            passed,
            failed,
            not_found_out,
            differences,
            disagreements,
        } = self;
        eprintln!(
            "{interactions} interactions, {right} right; {answers} answers: {passed} passed, {failed} failed, {not_found_out} not found out; differences: {differences:?}"
        );
        assert!(
            *interactions == 0 || (*right > 0 && *failed > 0),
            "nothing was compared"
        );
        assert!(
            disagreements.is_empty(),
            "{} disagreements:\n{}",
            disagreements.len(),
            disagreements.join("\n")
        );
    }
}

#[tokio::test]
async fn every_answer_to_the_corpus_gets_the_peer_s_verdict() {
    let provider = Provider::start().await;
    let mut account = Account::default();
    let documents = documents();
    for (name, document) in &documents {
        for case in cases(name, document) {
            account.compare(&case, &provider).await;
        }
    }
    account.check();
    assert!(
        account.interactions > 0 || documents.is_empty(),
        "nothing was compared"
    );
}

#[tokio::test]
async fn every_answer_to_every_matching_rule_gets_the_peer_s_verdict() {
    let provider = Provider::start().await;
    let mut account = Account::default();
    for case in cases("the rules", &rules::document()) {
        account.compare(&case, &provider).await;
    }
    account.check();
}

/// What we refuse and the peer reads is no pact, or needs a plugin; nothing is the other way round.
#[test]
fn what_we_read_the_peer_reads_and_what_we_refuse_we_have_a_reason_for() {
    let documents = documents();
    let (mut read_by_both, mut refused_by_both, mut refused_by_us) = (0, 0, 0);
    for (name, document) in &documents {
        let peers = load_pact_from_json(name, document);
        match (load_json(name, document), peers) {
            (Ok(_), Ok(_)) => read_by_both += 1,
            (Err(_), Err(_)) => refused_by_both += 1,
            (Err(LoadError::NotAPact { .. } | LoadError::NeedsPlugin { .. }), Ok(_)) => {
                refused_by_us += 1;
            }
            (ours, peers) => panic!("{name}: ours {ours:?}, peer {:?}", peers.err()),
        }
    }
    eprintln!(
        "{} documents: {read_by_both} read by both, {refused_by_both} refused by both, {refused_by_us} refused by us",
        documents.len()
    );
}
