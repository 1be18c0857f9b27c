//! `treaty broker import`: a served broker, taken over into a file.

use crate::broker::Served;
use crate::command::Place;
use crate::golden;
use crate::provider::{good, pact};

const QUESTION: &str = "can-i-deploy --pacticipant UserService --to-environment production";

/// A broker in which something was verified and deployed, and its password.
fn filled(place: &Place) -> Served {
    let access = "--basic-auth-username ci --basic-auth-password secret";
    let served = Served::run(
        place,
        &format!("broker serve -p 0 -d sqlite:old.sqlite {access}"),
    );
    place.write("a.json", &pact());
    let at = format!("-b {} -u ci -p secret", served.url);
    let good = good();
    for line in [
        format!("publish a.json -a 1 --branch main --tag dev {at}"),
        format!("create-environment --name production --production {at}"),
        format!("record-deployment -a OrderService -e 1 --environment production {at}"),
        format!("create-label --name UserService --label team {at}"),
        format!(
            "create-webhook https://example.com/hook -X POST --contract-published --description plain {at}"
        ),
        format!(
            "create-webhook https://example.com/hook -X POST --contract-published --user a:b --description secret {at}"
        ),
        format!(
            "verify -n UserService --provider-base-url {good} --publish --provider-version 7 --broker-url {} --user ci --password secret",
            served.url
        ),
    ] {
        place.run(&line).ends_with(0);
    }
    served
}

#[test]
fn a_broker_is_taken_over_and_what_is_left_out_is_told() {
    let place = Place::new();
    let served = filled(&place);
    let (url, into) = (&served.url, "-d sqlite:new.sqlite");
    place
        .run(&format!("broker import {url} {into}"))
        .ends_with(3)
        .complains("401");
    let line = format!("broker import {url} {into} -u ci -p secret");
    let told = place.run(&line).ends_with(1);
    let uuid = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
    let words = told.stdout.replace(url.as_str(), "URL");
    let words = words
        .split(' ')
        .map(|word| if uuid(word) { "UUID" } else { word });
    golden::check("broker-import", &words.collect::<Vec<_>>().join(" "));
    let log = place
        .run("broker audit -o json -b sqlite:new.sqlite")
        .ends_with(0)
        .json();
    let imports = log["entries"].as_array().unwrap();
    // One that was refused, and this one.
    assert_eq!(imports.len(), 2, "{log}");
    assert_eq!(imports[0]["method"], "IMPORT");
    assert_eq!(imports[0]["about"], format!("{url}/"));
    assert_eq!(imports[0]["who"], "command line on the database");
    for (version, code) in [("7", 0), ("8", 1)] {
        let ask = |at: &str| {
            let told = place.run(&format!("{QUESTION} --version {version} {at}"));
            told.ends_with(code).stdout
        };
        let old = ask(&format!("-b {url} -u ci -p secret"));
        assert_eq!(ask("-b sqlite:new.sqlite"), old);
    }
    let told = place.run(&format!("{line} -o json")).ends_with(1).json();
    assert_eq!(told["counts"][0]["kind"], "pacticipants");
    assert_eq!(told["counts"][0]["here"], 2);
    assert_eq!(told["counts"][3]["kind"], "branch_versions");
    assert_eq!(told["leftOut"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["leftOut"][0]["kind"], "secret");
    assert_eq!(told["leftOut"][0]["description"], "secret");
    assert_eq!(told["notCarried"][2], "work_in_progress");
}

#[test]
fn a_broker_without_secrets_is_taken_over_whole() {
    let place = Place::new();
    place.write("a.json", &pact());
    place
        .run("publish a.json -a 1 -b sqlite:old.sqlite")
        .ends_with(0);
    let served = Served::run(&place, "broker serve -p 0 -d sqlite:old.sqlite");
    for _ in 0..2 {
        place
            .run(&format!(
                "broker import {} -d sqlite:new.sqlite",
                served.url
            ))
            .ends_with(0)
            .complains("the same command goes on where it ended");
    }
    place
        .run("describe-version -a OrderService -e 1 -b sqlite:new.sqlite")
        .ends_with(0);
}
