//! The commands of the README, run as they stand there.

use std::path::Path;

use crate::broker::Served;
use crate::command::Place;
use crate::provider;

/// The commands of a section, without `treaty` and what is said about them.
fn commands(section: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split(&format!("## {section}\n")).nth(1).unwrap();
    let block = section
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let lines = block
        .lines()
        .map(|line| line.split(" # ").next().unwrap_or_default());
    let lines = lines.map(|line| {
        line.strip_prefix("treaty ")
            .unwrap_or_else(|| panic!("{line}"))
    });
    lines.map(|line| line.trim().replace('\'', "")).collect()
}

/// A directory in which there is a broker with a pact, and two pacts to compare.
fn place() -> Place {
    let mut place = Place::new();
    let home = place.path("home").to_string_lossy().into_owned();
    for variable in ["XDG_CONFIG_HOME", "APPDATA"] {
        place.set(variable, &home);
    }
    place.write("pacts/a.json", &provider::pact());
    place.write("old.json", &provider::pact());
    place.write(
        "new.json",
        &provider::pact().replace("\"email\":\"x\"", "\"email\":\"x\",\"phone\":\"1\""),
    );
    place.set("PACT_BROKER_BASE_URL", "sqlite:broker.sqlite");
    place.run("publish pacts -a 1.8.0").ends_with(0);
    place
        .run("create-environment --name production --production")
        .ends_with(0);
    place
}

#[test]
fn what_stands_beside_the_pipeline_works() {
    let place = place();
    let commands = commands("Beside the pipeline");
    assert_eq!(commands.len(), 9, "{commands:#?}");
    for line in &commands {
        match line.split(' ').next().unwrap() {
            "stub" | "mock" => assert!(Served::run(&place, line).url.starts_with("http://")),
            "init" => drop(
                place
                    .run(&format!("{line} --pacticipant OrderService"))
                    .ends_with(0),
            ),
            "diff" => drop(place.run(line).ends_with(1).says("$.phone")),
            "who-uses" => drop(place.run(line).ends_with(0).says("OrderService 1.8.0")),
            "login" => drop(
                place
                    .run(&format!("{line} -b http://127.0.0.1:1"))
                    .ends_with(0),
            ),
            _ => drop(place.run(line).ends_with(0).says("OrderService")),
        }
    }
}
