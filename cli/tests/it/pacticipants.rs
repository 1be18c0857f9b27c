//! Pacticipants and their labels.

use crate::broker::each;

#[test]
fn a_pacticipant_is_created_changed_shown_listed_and_deleted() {
    each(|place| {
        place
            .run("create-or-update-pacticipant --name A --display-name Orders --repository-url https://git.example/a")
            .ends_with(0)
            .says("The broker knows pacticipant A as told.");
        let told = place
            .run("create-or-update-pacticipant --name A --main-branch main -o json")
            .ends_with(0);
        assert_eq!(told.json()["displayName"], "Orders");
        place
            .run("describe-pacticipant --name A")
            .ends_with(0)
            .says("main branch   main\n")
            .says("repository    https://git.example/a\n");
        let told = place
            .run("describe-pacticipant --name A --output json")
            .ends_with(0);
        assert_eq!(told.json()["mainBranch"], "main");
        let told = place.run("list-pacticipants -o json").ends_with(0);
        assert_eq!(told.json()[0]["name"], "A");
        place.run("list-pacticipants").ends_with(0).says("NAME ");
        place
            .run("delete-pacticipant --name A")
            .ends_with(0)
            .says("Deleted pacticipant A");
        place
            .run("describe-pacticipant --name A")
            .ends_with(2)
            .complains("the broker has no pacticipant \"A\"");
    });
}

#[test]
fn labels_come_and_go() {
    each(|place| {
        place
            .run("create-or-update-pacticipant --name A")
            .ends_with(0);
        place
            .run("create-label --name A --label team/x")
            .ends_with(0)
            .says("Pacticipant A has the label team/x.");
        place
            .run("describe-pacticipant --name A")
            .ends_with(0)
            .says("labels        team/x");
        place
            .run("delete-label --name A --label team/x")
            .ends_with(0);
        place
            .run("delete-label --name A --label team/x")
            .ends_with(2)
            .complains("no label \"team/x\" of \"A\"");
    });
}
