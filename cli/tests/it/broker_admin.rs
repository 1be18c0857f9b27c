//! Access to a served broker, and the commands that administer one.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::broker::Served;
use crate::command::Place;

const OFFLINE: &str = "-b sqlite:broker.sqlite";

fn create(place: &Place, scope: &str) -> String {
    let line = format!("broker token create --name ci --scope {scope} {OFFLINE}");
    let told = place.run(&line).ends_with(0).complains("shown this once");
    told.stdout.trim().to_owned()
}

#[test]
fn a_token_opens_a_broker_until_it_is_revoked() {
    let place = Place::new();
    let admin = create(&place, "admin");
    let reader = create(&place, "read");
    assert!(admin.starts_with("treaty_"), "{admin}");
    let served = Served::run(&place, "broker serve -p 0 -d sqlite:broker.sqlite");
    let environment = format!("create-environment --name test -b {}", served.url);

    place.run(&environment).ends_with(3).complains("401");
    let told = place.run(&format!("{environment} -k {reader}"));
    told.ends_with(3).complains("This needs admin; token ");
    place.run(&format!("{environment} -k {admin}")).ends_with(0);

    let audit = format!("broker audit -o json -b {} -k {admin}", served.url);
    let log = place.run(&audit).ends_with(0).json();
    let last = &log["entries"][0];
    assert_eq!(last["path"], "/environments");
    assert_eq!(last["about"], "test");
    assert!(last["who"].as_str().unwrap().ends_with(" (ci)"), "{last}");

    let id = admin.split('_').nth(1).unwrap();
    let revoke = format!("broker token revoke {id} {OFFLINE}");
    place.run(&revoke).ends_with(0);
    place.run(&format!("{environment} -k {admin}")).ends_with(3);
    place
        .run(&revoke)
        .ends_with(2)
        .complains("treaty broker token list");
    let log = place
        .run(&format!("broker audit -o json {OFFLINE}"))
        .ends_with(0)
        .json();
    let revoked = &log["entries"][0];
    assert_eq!(revoked["method"], "DELETE");
    assert_eq!(revoked["who"], "command line on the database");
    let list = place
        .run(&format!("broker token list {OFFLINE}"))
        .ends_with(0);
    assert!(!list.stdout.contains(&admin), "{}", list.stdout);
    list.says("admin").says("REVOKED");
}

#[test]
fn a_scope_that_is_none_is_answered_with_those_that_are() {
    let told = Place::new().run(&format!(
        "broker token create --name x --scope write {OFFLINE}"
    ));
    told.ends_with(2).complains("publish:PACTICIPANT");
}

#[test]
fn clean_up_can_be_tried_first() {
    let place = Place::new();
    let made = place.run(&format!("create-or-update-pacticipant --name A {OFFLINE}"));
    made.ends_with(0);
    let told = place.run(&format!("broker clean --dry-run {OFFLINE}"));
    told.ends_with(0).says("Would take out 0 of 0 versions");
    let told = place
        .run(&format!("broker clean -o json {OFFLINE}"))
        .ends_with(0);
    assert_eq!(told.json()["done"], true);
}

#[test]
fn a_flag_goes_before_its_variable_and_that_before_the_pact_brokers() {
    let mut place = Place::new();
    place.set("PACT_BROKER_PORT", "first");
    let line = "broker serve -d sqlite::memory: --host 192.0.2.1";
    place.run(line).ends_with(2).complains("'first'");
    place.set("TREATY_PORT", "second");
    place.run(line).ends_with(2).complains("'second'");
    place
        .run(&format!("{line} --port third"))
        .ends_with(2)
        .complains("'third'");
    place.set("TREATY_INSECURE", "yes");
    place.set("TREATY_PORT", "0");
    // Nobody has this address: that it is tried shows that the broker may be insecure.
    place
        .run(line)
        .ends_with(3)
        .complains("cannot listen on 192.0.2.1:0");
}

#[test]
fn a_key_file_that_is_named_goes_before_a_key_in_a_variable() {
    let mut place = Place::new();
    place.set("TREATY_SECRET_KEY", "no key");
    let line = "broker serve -p 0 -d sqlite::memory:";
    let told = place.run(line).ends_with(2);
    told.complains("TREATY_SECRET_KEY holds no secret key");
    place
        .run(&format!("{line} --secret-key-file missing.key"))
        .ends_with(2)
        .complains("cannot read the secret key missing.key");
}

#[test]
fn the_pact_brokers_variables_for_clean_up_are_read() {
    const SELECTORS: &str = "PACT_BROKER_DATABASE_CLEAN_KEEP_VERSION_SELECTORS";
    let mut place = Place::new();
    place.set(SELECTORS, r#"[{"branch": "main"}]"#);
    place
        .run("broker serve -p 0 -d sqlite::memory:")
        .ends_with(2)
        .complains(r#"holds {"branch":"main"}, which keeps more than clean-up does"#)
        .complains("--clean-keep-days");
    place.set(SELECTORS, r#"[{"max_age": 30}, {"latest": true}]"#);
    for (flag, days) in [("", 30), ("--clean-keep-days 7", 7)] {
        let line = format!("broker serve -p 0 -d sqlite::memory: {flag}");
        let served = Served::run(&place, line.trim());
        let told = place.run(&format!("broker clean --dry-run -o json -b {}", served.url));
        assert_eq!(told.ends_with(0).json()["keepDays"], days);
    }
    const OVERWRITTEN: &str = "PACT_BROKER_DATABASE_CLEAN_OVERWRITTEN_DATA_MAX_AGE";
    place.set(SELECTORS, "");
    for (age, days) in [("7", 90), ("200", 200)] {
        place.set(OVERWRITTEN, age);
        let served = Served::run(&place, "broker serve -p 0 -d sqlite::memory:");
        let told = place.run(&format!("broker clean --dry-run -o json -b {}", served.url));
        assert_eq!(told.ends_with(0).json()["keepDays"], days);
    }
}

#[test]
fn links_start_with_the_web() {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "sqlite:broker.sqlite");
    place
        .run("broker serve -p 0")
        .ends_with(2)
        .complains("https://HOST[/PREFIX]");
}

#[test]
fn https_is_spoken_with_a_certificate() {
    let place = Place::new();
    let names = vec!["127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    place.write("cert.pem", &made.cert.pem());
    place.write("key.pem", &made.signing_key.serialize_pem());
    let line = "broker serve -p 0 -d sqlite::memory: --tls-cert cert.pem --tls-key key.pem";
    let served = Served::run(&place, line);
    assert!(
        served.url.starts_with("https://127.0.0.1:"),
        "{}",
        served.url
    );
    let environment = format!("create-environment --name test -b {}", served.url);
    place
        .run(&format!("{environment} -c cert.pem"))
        .ends_with(0);
    place.run(&environment).ends_with(3);

    place.write("key.pem", "no key");
    place.run(line).ends_with(2).complains("--tls-key");
}

#[test]
fn a_log_in_json_holds_no_secrets() {
    let mut place = Place::new();
    place.set("TREATY_BASIC_AUTH_USERNAME", "ci");
    place.set("TREATY_BASIC_AUTH_PASSWORD", "hunter2");
    place.set("PACT_BROKER_LOG_FORMAT", "json");
    place.set("PACT_BROKER_LOG_LEVEL", "DEBUG");
    let words = ["broker", "serve", "-p", "0", "-d", "sqlite::memory:"];
    let mut process = place
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let url = line.strip_prefix("listening on ").unwrap().trim();
    let environment = format!("create-environment --name hidden -b {url} -u ci -p hunter2");
    place.run(&environment).ends_with(0);
    process.kill().unwrap();
    process.wait().unwrap();
    let log = BufReader::new(process.stderr.take().unwrap()).lines();
    let log: Vec<String> = log.map(Result::unwrap).collect();
    let events: Vec<Value> = log
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line} is no JSON")))
        .collect();
    let change = events
        .iter()
        .find(|event| event["fields"]["method"] == "POST");
    let change = change.unwrap_or_else(|| panic!("no change in {log:?}"));
    assert_eq!(change["fields"]["path"], "/environments");
    assert_eq!(change["fields"]["status"], 201);
    let all = log.join("\n");
    assert!(all.contains("clean-up is planned"), "{all}");
    assert!(!all.contains("hunter2") && !all.contains("hidden"), "{all}");
}
