//! Environments, and what is recorded to be in them.

use crate::broker::each;
use crate::command::Place;
use crate::provider::pact;

fn publish(place: &Place) {
    place.write("a.json", &pact());
    place.run("publish a.json -a 1").ends_with(0);
}

#[test]
fn an_environment_is_created_and_deployed_to() {
    each(|place| {
        publish(place);
        place
            .run("create-environment --name production --production --contact-name Team")
            .ends_with(0)
            .says("Created environment production.");
        place
            .run("record-deployment -a OrderService -e 1 --environment production --application-instance blue")
            .ends_with(0)
            .says("Recorded deployment of OrderService 1 to production (instance blue).");
    });
}

#[test]
fn the_id_of_an_environment_can_be_all_that_is_printed() {
    each(|place| {
        let told = place
            .run("create-environment --name test -o id")
            .ends_with(0);
        assert_eq!(told.stdout.trim().len(), 36, "{told:?}");
        let told = place
            .run("create-environment --name uat --no-production -o json")
            .ends_with(0);
        assert_eq!(told.json()["production"], false);
    });
}

#[test]
fn an_environment_that_is_there_already_is_a_wrong_command_line() {
    each(|place| {
        place.run("create-environment --name test").ends_with(0);
        place
            .run("create-environment --name test")
            .ends_with(2)
            .complains("400 Bad Request");
    });
}

#[test]
fn an_unknown_environment_is_told_with_those_that_there_are() {
    each(|place| {
        publish(place);
        place
            .run("create-environment --name production")
            .ends_with(0);
        place
            .run("record-deployment -a OrderService -e 1 --environment prod")
            .ends_with(2)
            .complains("no environment \"prod\": it has production");
    });
}

#[test]
fn an_unknown_version_is_told() {
    each(|place| {
        place
            .run("create-environment --name production")
            .ends_with(0);
        place
            .run("record-deployment -a OrderService -e 9 --environment production")
            .ends_with(2)
            .complains("no version \"9\" of \"OrderService\"")
            .complains("publish a pact");
    });
}

#[test]
fn an_environment_is_changed_shown_listed_and_deleted() {
    each(|place| {
        let told = place
            .run("create-environment --name test --display-name Test --contact-name Team --contact-email-address t@example.com -o id")
            .ends_with(0);
        let uuid = told.stdout.trim().to_owned();
        place
            .run(&format!(
                "update-environment --uuid {uuid} --name uat --production"
            ))
            .ends_with(0)
            .says("Updated environment uat.");
        place
            .run(&format!("describe-environment --uuid {uuid}"))
            .ends_with(0)
            .says("name          uat\n")
            .says("display name  Test\n")
            .says("production    yes\n")
            .says("email         t@example.com\n");
        let told = place
            .run("describe-environment --name uat -o json")
            .ends_with(0);
        assert_eq!(told.json()["displayName"], "Test");
        place
            .run(&format!(
                "update-environment --uuid {uuid} --display-name U --contact-name A --contact-email-address a@example.com --no-production -o json"
            ))
            .ends_with(0)
            .says("\"production\": false")
            .says("a@example.com");
        let told = place.run("list-environments --output table").ends_with(0);
        assert!(told.stdout.starts_with("UUID "), "{told:?}");
        assert!(told.stdout.contains(&uuid), "{told:?}");
        let told = place.run("list-environments -o id").ends_with(0);
        assert_eq!(told.stdout.trim(), uuid);
        place
            .run(&format!("delete-environment --uuid {uuid} -o text"))
            .ends_with(0)
            .says("Deleted environment uat.");
        place
            .run("list-environments")
            .ends_with(0)
            .says("There are no environments.");
        place
            .run(&format!("describe-environment --uuid {uuid}"))
            .ends_with(2)
            .complains("the broker has no environment");
    });
}

#[test]
fn what_is_deployed_can_be_undeployed_by_its_instance() {
    each(|place| {
        publish(place);
        place
            .run("create-environment --name production")
            .ends_with(0);
        place
            .run("record-deployment -a OrderService -e 1 --environment production --target blue -o json")
            .ends_with(0);
        place
            .run("record-undeployment -a OrderService --environment production")
            .ends_with(2)
            .complains("there it is in blue")
            .complains("name the application instance");
        place
            .run("record-undeployment --pacticipant OrderService --environment production --application-instance blue")
            .ends_with(0)
            .says("Recorded undeployment of OrderService from production (instance blue).");
        place
            .run("record-undeployment -a OrderService --environment production --target blue -o json")
            .ends_with(2)
            .complains("OrderService is not in production");
    });
}

#[test]
fn a_release_is_recorded_and_its_support_ends() {
    each(|place| {
        publish(place);
        place
            .run("create-environment --name production")
            .ends_with(0);
        place
            .run("record-release -a OrderService -e 1 --environment production -o text")
            .ends_with(0)
            .says("Recorded release of OrderService 1 to production.");
        place
            .run("describe-version -a OrderService --environment production --released")
            .ends_with(0)
            .says("Production");
        place
            .run("describe-version -a OrderService --environment production --deployed")
            .ends_with(0)
            .says("There are no versions of OrderService in production.");
        let told = place
            .run("record-support-ended -a OrderService -e 1 --environment production -o json")
            .ends_with(0);
        assert_eq!(told.json()["currentlySupported"], false);
        place
            .run("record-support-ended --pacticipant OrderService --version 1 --environment production")
            .ends_with(2)
            .complains("OrderService 1 is not in production");
    });
}
