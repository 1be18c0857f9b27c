//! `treaty create-environment` and `treaty record-deployment`.

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
