//! Versions, their branches and tags.

use crate::broker::each;
use crate::command::Place;

fn version(place: &Place) {
    place
        .run("create-or-update-version -a A -e 1 --branch feat/x -t dev --tag qa")
        .ends_with(0)
        .says("The broker knows version 1 of A.");
}

#[test]
fn a_version_is_created_shown_and_deleted() {
    each(|place| {
        version(place);
        let told = place
            .run("create-or-update-version --pacticipant A --version 2 -o json")
            .ends_with(0);
        assert_eq!(told.json()["number"], "2");
        for line in ["-e 1", "--version 1", "-l dev", "--latest qa"] {
            place
                .run(&format!("describe-version -a A {line}"))
                .ends_with(0)
                .says("number        1\n")
                .says("branches      feat/x\n")
                .says("tags          dev, qa\n");
        }
        let told = place
            .run("describe-version --pacticipant A -l -o id")
            .ends_with(0);
        assert_eq!(told.stdout, "2\n");
        place
            .run("describe-version -a A -o table")
            .ends_with(0)
            .says("NUMBER  BRANCHES");
        place
            .run("delete-version -a A -e 2")
            .ends_with(0)
            .says("Deleted version 2 of A.");
        place
            .run("describe-version -a A -e 2")
            .ends_with(2)
            .complains("the broker has no version \"2\" of \"A\"");
        place
            .run("describe-version -a A --latest prod")
            .ends_with(2)
            .complains("with the tag \"prod\"");
    });
}

#[test]
fn a_tag_is_given_to_a_version_that_there_is() {
    each(|place| {
        version(place);
        place
            .run("create-version-tag -a A -e 1 -t prod")
            .ends_with(0)
            .says("Tagged version 1 of A as prod.");
        place
            .run("create-version-tag --pacticipant A --version 9 --tag prod")
            .ends_with(2)
            .complains("the broker has no version \"9\"");
        place
            .run("create-version-tag -a A -e 9 -t prod --auto-create-version")
            .ends_with(0);
        place
            .run("delete-version-tag -a A -e 9 -t prod")
            .ends_with(0)
            .says("Version 9 of A has no tag prod any more.");
        place
            .run("delete-version-tag --pacticipant A --version 9 --tag prod")
            .ends_with(2)
            .complains("no tag \"prod\"");
    });
}

#[test]
fn a_tag_can_be_the_branch_that_is_built() {
    let mut place = Place::new();
    place.set("GITLAB_CI", "true");
    place.set("CI_COMMIT_REF_NAME", "feat/y");
    place
        .run("create-version-tag -a A -e 1 --tag-with-git-branch --auto-create-version")
        .ends_with(0)
        .says("as feat/y.");
    place
        .run("create-version-tag -a A -e 1 -g")
        .ends_with(0)
        .says("as feat/y.");
}

#[test]
fn branches_are_listed_and_deleted() {
    each(|place| {
        version(place);
        place.run("list-branches -a A").ends_with(0).says("feat/x");
        place
            .run("delete-branch -a A --branch feat/x")
            .ends_with(0)
            .says("Deleted branch feat/x of A.");
        place
            .run("delete-branch --pacticipant A --branch feat/x")
            .ends_with(2)
            .complains("no branch \"feat/x\" of \"A\"");
        for lenient in ["--error-when-not-found false", "--no-error-when-not-found"] {
            place
                .run(&format!("delete-branch -a A --branch feat/x {lenient}"))
                .ends_with(0)
                .says("There was no branch feat/x of A to delete.");
        }
        place
            .run("list-branches -a A")
            .ends_with(0)
            .says("There are no branches of A.");
    });
}
