use super::*;

fn publication(consumer: i64, version: i64, content: i64) -> Publication {
    Publication {
        id: version,
        consumer_id: consumer,
        consumer: format!("C{consumer}"),
        provider_id: 9,
        provider: "Orders".to_owned(),
        version_id: version,
        version_number: version.to_string(),
        content_id: content,
        hash: content.to_string(),
        created_at: String::new(),
    }
}

fn selected(publication: Publication, kind: ReasonKind) -> Selected {
    Selected {
        publication,
        reason: Reason {
            kind,
            consumer: None,
            is_default: false,
        },
    }
}

#[test]
fn one_content_of_two_versions_is_verified_once_and_named_after_the_later() {
    let merged = merge(vec![
        selected(publication(1, 5, 50), ReasonKind::Branch("main".to_owned())),
        selected(
            publication(1, 7, 50),
            ReasonKind::Deployed("prod".to_owned()),
        ),
        selected(publication(2, 6, 60), ReasonKind::Latest),
    ]);
    let names: Vec<_> = merged
        .iter()
        .map(|verifiable| verifiable.publication.title())
        .collect();
    assert_eq!(
        names,
        [
            "Pact between C1 (7) and Orders",
            "Pact between C2 (6) and Orders"
        ]
    );
    let reasons: Vec<_> = merged[0]
        .reasons
        .iter()
        .map(|(reason, ..)| reason.short())
        .collect();
    assert_eq!(reasons, ["deployed to prod", "latest from branch main"]);
}

#[test]
fn the_selection_is_told_as_a_list() {
    let merged = merge(vec![selected(publication(1, 5, 50), ReasonKind::Latest)]);
    assert_eq!(
        selection_text(&merged[0], "http://b/pact"),
        "The pact at http://b/pact is being verified because the pact content belongs to the consumer version matching \
         the following criterion:\n    * latest version of a consumer that has a pact with Orders (5)"
    );
}

#[test]
fn a_pact_that_is_not_pending_says_what_a_failure_means() {
    let notices = pending_notices("Orders", &PendingScope::Branch("main".to_owned()), false);
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0]
            .1
            .contains("verified by a version of Orders from branch 'main'. If")
    );
}

#[test]
fn a_pending_pact_has_a_sentence_for_every_outcome() {
    let whens: Vec<_> = pending_notices("Orders", &PendingScope::Provider, true)
        .into_iter()
        .map(|(when, _)| when)
        .collect();
    assert_eq!(whens.len(), 5);
    assert_eq!(whens[0], "before_verification");
}
