//! Names that the broker does not know, and those that are meant.

use crate::broker::each;
use crate::command::{Place, Told};
use crate::provider::pact;

fn story(place: &Place) {
    place.write("a.json", &pact());
    place
        .run("publish a.json -a 1.0.0 --branch main")
        .ends_with(0);
    place
        .run("create-environment --name production")
        .ends_with(0);
}

fn suggests(told: Told, kind: &str, given: &str, meant: &str) {
    let text = format!("there is no {kind} {given:?}; did you mean {meant:?}?");
    told.complains(&text);
}

/// What can be asked of one pacticipant, whose name stands where it says `NAME`.
const OF_ONE: [&str; 17] = [
    "can-i-deploy -a NAME -e 1.0.0",
    "can-i-merge -a NAME -e 1.0.0",
    "matrix -a NAME",
    "status -a NAME",
    "describe-pacticipant --name NAME",
    "delete-pacticipant --name NAME",
    "describe-version -a NAME",
    "describe-version -a NAME -e 1.0.0",
    "delete-version -a NAME -e 1.0.0",
    "list-branches -a NAME",
    "delete-branch -a NAME --branch main --error-when-not-found",
    "record-deployment -a NAME -e 1.0.0 --environment production",
    "record-release -a NAME -e 1.0.0 --environment production",
    "create-label --name NAME --label x",
    "create-version-tag -a NAME -e 1.0.0 --tag x",
    "delete-version-tag -a NAME -e 1.0.0 --tag x",
    "diff 1.0.0 1.0.0 --consumer NAME --provider UserService",
];

#[test]
fn a_misspelt_pacticipant_is_answered_with_the_one_that_there_is() {
    each(|place| {
        story(place);
        for line in OF_ONE {
            let told = place.run(&line.replace("NAME", "OderService")).ends_with(2);
            suggests(told, "pacticipant", "OderService", "OrderService");
        }
    });
}

#[test]
fn one_that_is_like_nothing_ends_the_same_way() {
    each(|place| {
        story(place);
        for line in OF_ONE {
            let told = place.run(&line.replace("NAME", "Billing")).ends_with(2);
            assert!(!told.stderr.contains("did you mean"), "{told:?}");
        }
    });
}

#[test]
fn so_is_one_that_has_nothing_to_show() {
    each(|place| {
        story(place);
        let told = place.run("get-pacts --provider UserService --consumer OderService");
        suggests(
            told.ends_with(0),
            "pacticipant",
            "OderService",
            "OrderService",
        );
        let told = place.run("get-pacts --provider UserServic").ends_with(2);
        suggests(told, "pacticipant", "UserServic", "UserService");
        let line = "verify -n UserServic --provider-base-url http://127.0.0.1:1";
        let told = place.run(line).ends_with(1);
        suggests(told, "pacticipant", "UserServic", "UserService");
    });
}

#[test]
fn a_misspelt_environment_or_branch_is_told_too() {
    each(|place| {
        story(place);
        for line in [
            "can-i-deploy -a OrderService -e 1.0.0 --to-environment prodution",
            "record-deployment -a OrderService -e 1.0.0 --environment prodution",
            "describe-environment --name prodution",
        ] {
            let told = place.run(line).ends_with(2);
            suggests(told, "environment", "prodution", "production");
        }
        let told = place.run("can-i-deploy -a OrderService --branch mian");
        suggests(told.ends_with(1), "branch", "mian", "main");
        let line = "delete-branch -a OrderService --branch mian --error-when-not-found";
        suggests(place.run(line).ends_with(2), "branch", "mian", "main");
    });
}

#[test]
fn in_json_what_may_be_meant_is_how_to_fix_it() {
    each(|place| {
        story(place);
        let line = "describe-pacticipant --name OderService -o json";
        let told = place.run(line).ends_with(2);
        let fix = told.json()["error"]["fix"].clone();
        assert_eq!(
            fix,
            "there is no pacticipant \"OderService\"; did you mean \"OrderService\"?"
        );
    });
}
