//! A broker in a file that is not there: who asks it is told so, who brings something makes it.

use crate::command::Place;
use crate::provider::pact;

#[test]
fn whoever_only_asks_makes_no_broker() {
    let place = Place::new();
    for line in [
        "list-pacticipants",
        "can-i-deploy -a A -e 1",
        "matrix -a A -e 1",
        "status -a A",
        "who-uses GET /",
        "delete-pacticipant --name A",
        "describe-environment --uuid 1",
        "verify -n A --provider-base-url http://127.0.0.1:1",
        "get-pacts --provider A",
        "broker audit",
        "broker token list",
        "broker clean",
        "stub",
    ] {
        for (broker, file) in [
            ("-b sqlite:typo.sqlite", "typo.sqlite"),
            ("", ".treaty/broker.sqlite"),
        ] {
            place
                .run(&format!("{line} {broker}"))
                .ends_with(2)
                .complains(&format!("there is no broker's database in {file}"));
        }
    }
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0);
}

#[test]
fn whoever_brings_something_makes_one_and_says_so() {
    for line in [
        "publish a.json -a 1",
        "create-environment --name production",
        "create-or-update-pacticipant --name A",
        "broker token create --name ci --scope read",
    ] {
        let place = Place::new();
        place.write("a.json", &pact());
        place
            .run(&format!("{line} -b sqlite:new.sqlite"))
            .ends_with(0)
            .complains("making a new broker in new.sqlite");
        let again = place.run("create-environment --name test -b sqlite:new.sqlite");
        assert_eq!(again.ends_with(0).stderr, "");
    }
}
