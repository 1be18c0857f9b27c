use super::*;
use crate::domain::matrix::{Choice, LatestBy, RowResult, VersionRef};

fn version(id: i64, number: &str) -> VersionRef {
    VersionRef {
        id,
        number: number.to_owned(),
    }
}

fn selector(name: &str) -> MatrixSelector {
    MatrixSelector {
        pacticipant: name.to_owned(),
        ..MatrixSelector::default()
    }
}

fn web_version_1() -> Resolved {
    Resolved {
        selector: MatrixSelector {
            version: Some("1".to_owned()),
            ..selector("Web")
        },
        pacticipant_id: 1,
        origin: Origin::Specified,
        choice: Choice::Versions(vec![version(11, "1")]),
    }
}

fn orders_in_prod(versions: Vec<VersionRef>) -> Resolved {
    Resolved {
        selector: MatrixSelector {
            environment: Some("prod".to_owned()),
            ..selector("Orders")
        },
        pacticipant_id: 2,
        origin: Origin::Inferred,
        choice: Choice::Versions(versions),
    }
}

fn row(success: Option<bool>) -> Row {
    let result = success.map(|success| RowResult {
        id: 1,
        provider_version: version(21, "p1"),
        success,
        verified_at: String::new(),
    });
    Row {
        consumer_id: 1,
        consumer: "Web".to_owned(),
        consumer_version: version(11, "1"),
        provider_id: 2,
        provider: "Orders".to_owned(),
        hash: String::new(),
        content_id: 1,
        published_at: String::new(),
        result,
    }
}

fn question() -> Question {
    Question {
        selectors: vec![web_version_1().selector],
        target: Some(Target::Environment("prod".to_owned())),
        latest_by: LatestBy::ConsumerVersionProviderVersion,
        success: vec![],
        limit: None,
        ignore: vec![],
    }
}

fn needed() -> Integration {
    Integration {
        consumer_id: 1,
        consumer: "Web".to_owned(),
        provider_id: 2,
        provider: "Orders".to_owned(),
        required: true,
    }
}

#[track_caller]
fn check(resolved: &[Resolved], considered: Vec<Row>, deployable: Deployable, text: &str) {
    let rows = Rows {
        considered,
        ..Rows::default()
    };
    let question = question();
    let verdict = decide(Evidence {
        question: &question,
        resolved,
        integrations: &[needed()],
        rows: &rows,
    });
    let texts: Vec<_> = verdict
        .notices
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        (verdict.deployable, texts.join("|").as_str()),
        (deployable, text)
    );
}

#[test]
fn all_verified_is_yes() {
    let resolved = [web_version_1(), orders_in_prod(vec![version(21, "p1")])];
    check(
        &resolved,
        vec![row(Some(true))],
        Deployable::Yes,
        ALL_VERIFIED,
    );
}

#[test]
fn a_failure_is_no_and_names_both_sides() {
    let resolved = [web_version_1(), orders_in_prod(vec![version(21, "p1")])];
    let text = "The verification for the pact between version 1 of Web and the version of Orders currently in prod \
                (p1) failed";
    check(&resolved, vec![row(Some(false))], Deployable::No, text);
}

#[test]
fn a_missing_result_is_unknown_even_beside_a_failure() {
    let resolved = [
        web_version_1(),
        orders_in_prod(vec![version(21, "p1"), version(22, "p2")]),
    ];
    let text = "The verification for the pact between version 1 of Web and one of the versions of Orders currently in \
                prod (p1) failed|There is no verified pact between version 1 of Web and one of the versions of Orders \
                currently in prod (p1)";
    check(
        &resolved,
        vec![row(Some(false)), row(None)],
        Deployable::Unknown,
        text,
    );
}

#[test]
fn a_needed_integration_without_row_is_unknown() {
    let resolved = [web_version_1(), orders_in_prod(vec![])];
    let text = "There is no verified pact between version 1 of Web and a version of Orders currently in prod (no \
                version is currently recorded as deployed/released in this environment)";
    check(&resolved, vec![], Deployable::Unknown, text);
}

#[test]
fn a_version_that_does_not_exist_is_no() {
    let missing = Resolved {
        choice: Choice::Versions(vec![]),
        ..web_version_1()
    };
    let text = "No pacts or verifications have been published for version 1 of Web";
    check(&[missing], vec![], Deployable::No, text);
}
