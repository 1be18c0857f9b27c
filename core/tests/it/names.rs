//! The names and hashes that come in from outside.

use treaty_core::content::ContentHash;
use treaty_core::names::{
    BranchName, EnvironmentName, NAME_BYTES_MAX, PacticipantName, TagName, VersionNumber,
};

#[test]
fn every_kind_of_name_refuses_to_be_blank_and_says_what_it_is() {
    for blank in ["", " ", "\t\n", "\u{a0}"] {
        let texts = [
            PacticipantName::parse(blank).unwrap_err(),
            VersionNumber::parse(blank).unwrap_err(),
            BranchName::parse(blank).unwrap_err(),
            TagName::parse(blank).unwrap_err(),
            EnvironmentName::parse(blank).unwrap_err(),
        ]
        .map(|error| error.to_string());
        assert_eq!(
            texts,
            [
                "a pacticipant name must not be blank",
                "a version number must not be blank",
                "a branch name must not be blank",
                "a tag name must not be blank",
                "an environment name must not be blank",
            ]
        );
    }
}

#[test]
fn the_longest_name_is_accepted_and_one_byte_more_is_not() {
    let longest = "é".repeat(NAME_BYTES_MAX / 2);
    assert_eq!(
        PacticipantName::parse(longest.clone()).unwrap().as_str(),
        longest
    );
    let error = PacticipantName::parse(longest + "x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a pacticipant name of 1025 bytes is too long: at most 1024 are accepted"
    );
}

#[test]
fn a_name_is_kept_as_it_was_given() {
    let name: VersionNumber = " 1.0+é ".parse().unwrap();
    assert_eq!(name.to_string(), " 1.0+é ");
    assert_eq!(serde_json::to_string(&name).unwrap(), "\" 1.0+é \"");
}

#[test]
fn a_hash_that_is_none_is_refused_in_json_too() {
    let error = serde_json::from_str::<ContentHash>("\"0464\"").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`0464` is not the hash of a pact content: 40 lower-case hexadecimal digits are expected"
    );
}
