//! `treaty init`, `login`, `completions`, `man`, and the file that all commands share.

use std::io::Write;
use std::process::Stdio;

use axum::Json;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::command::Place;
use crate::golden;
use crate::provider;

#[test]
fn init_writes_settings_and_a_pipeline_and_says_what_to_do() {
    let place = Place::new();
    let told = place.run("init --pacticipant OrderService").ends_with(0);
    golden::check("init", &told.stdout);
    golden::check(
        "init-settings",
        &std::fs::read_to_string(place.path("treaty.toml")).unwrap(),
    );
    assert!(place.path("contracts.sh").exists());
    place
        .run("init --ci github")
        .ends_with(0)
        .says("treaty.toml is there, and stays as it is")
        .says("wrote .github/workflows/contracts.yml");
    let steps = std::fs::read_to_string(place.path(".github/workflows/contracts.yml")).unwrap();
    assert!(steps.contains("PACTICIPANT: \"OrderService\""), "{steps}");
    place
        .run("init --pacticipant Other --ci gitlab")
        .ends_with(2)
        .complains("treaty.toml says that OrderService lives here, and --pacticipant that Other");
    assert!(!place.path(".gitlab/contracts.yml").exists());
    place
        .run("init")
        .ends_with(0)
        .says(".github/workflows/contracts.yml is there");
    place
        .run("init --ci gitlab")
        .ends_with(0)
        .says("wrote .gitlab/contracts.yml");
}

#[test]
fn what_init_writes_is_read_by_the_other_commands() {
    let place = Place::new();
    place
        .run("init -a OrderService -b sqlite:b.sqlite")
        .ends_with(0);
    let pact = r#"{"consumer": {"name": "OrderService"}, "provider": {"name": "UserService"}, "interactions": [
        {"description": "a ping", "request": {"method": "GET", "path": "/ping"}, "response": {"status": 204}}]}"#;
    place.write("pacts/a.json", pact);
    place.run("lint").ends_with(0).says("1 file: ");
    place.run("publish -a 1").ends_with(0);
    assert!(place.path("b.sqlite").exists());
    place
        .run("can-i-deploy --version 1")
        .ends_with(1)
        .says("OrderService 1 cannot go");
    place.run("matrix").ends_with(0).says("OrderService");
    place
        .run("can-i-deploy --pacticipant UserService --version 1")
        .says("UserService 1");
}

#[test]
fn init_keeps_no_broker_that_no_command_could_open() {
    let place = Place::new();
    place
        .run("init -b foo")
        .ends_with(2)
        .complains("\"foo\"")
        .complains("to fix it: ");
    assert!(!place.path("treaty.toml").exists());
}

#[test]
fn who_lives_here_is_who_is_verified_where_nothing_else_says_it() {
    let place = Place::new();
    place.write("treaty.toml", "pacticipant = \"UserService\"\n");
    place.write("pacts/a.json", &provider::pact());
    let verify = format!("verify --provider-base-url {}", provider::good());
    place
        .run(&format!("{verify} -d pacts"))
        .ends_with(0)
        .says("Yes. UserService");
    place
        .run(&format!("{verify} -d pacts -n CouponService"))
        .ends_with(2)
        .says("CouponService");
    let other = provider::pact().replace("UserService", "CouponService");
    place.write("other.json", &other);
    place
        .run(&format!("{verify} -f other.json"))
        .ends_with(0)
        .says("Yes. CouponService");
}

#[test]
fn pacts_that_a_variable_adds_are_told_of() {
    let mut place = Place::new();
    place.write("pacts/a.json", &provider::pact());
    place.set("PACT_BROKER_BASE_URL", "sqlite:b.sqlite");
    let verify = format!(
        "verify --file pacts/a.json --provider-base-url {}",
        provider::good()
    );
    let note = "the pacts of the broker in PACT_BROKER_BASE_URL are taken too";
    let told = place.run(&verify).complains(note);
    let told = told.stderr.replace(note, "");
    assert!(!told.contains("BASE_URL are taken"), "{told}");
    let stub = ["stub", "none.json"];
    place.treaty(&stub).ends_with(2).complains(note);
    let flag = place.run(&format!("{verify} -b sqlite:other.sqlite"));
    assert!(!flag.stderr.contains(note), "{flag:?}");
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let mut place = Place::new();
    place.write("treaty.toml", "broker-base-url = \"sqlite:file.sqlite\"\n");
    place.run("create-environment --name a").ends_with(0);
    assert!(place.path("file.sqlite").exists());
    place.set("PACT_BROKER_BASE_URL", "sqlite:variable.sqlite");
    place.run("create-environment --name a").ends_with(0);
    assert!(place.path("variable.sqlite").exists());
    place
        .run("create-environment --name a -b sqlite:flag.sqlite")
        .ends_with(0);
    assert!(place.path("flag.sqlite").exists());
}

#[test]
fn named_pacts_are_meant_and_not_those_of_the_files_broker() {
    let place = Place::new();
    place.write("treaty.toml", "broker-base-url = \"http://127.0.0.1:1\"\n");
    place
        .run("stub none.json")
        .ends_with(2)
        .complains("no pact file at none.json");
    place
        .run("verify --file none.json --provider-name x --provider-base-url http://127.0.0.1:1")
        .ends_with(2)
        .says("none.json");
}

#[test]
fn the_file_is_found_above_the_working_directory_and_its_paths_are_its_own() {
    let place = Place::new();
    place.write("treaty.toml", "pacts = \"contracts\"\n");
    place.write("below/x.txt", "");
    let output = place
        .command(&["lint"])
        .current_dir(place.path("below"))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("no pact file at"), "{told}");
    assert!(told.contains("contracts"), "{told}");
}

#[test]
fn the_broker_is_beside_the_file_wherever_the_command_runs() {
    for (text, broker) in [
        ("broker-base-url = \"sqlite:b.sqlite\"\n", "b.sqlite"),
        ("broker-base-url = \"sqlite://b.sqlite\"\n", "b.sqlite"),
        ("pacts = \"contracts\"\n", ".treaty/broker.sqlite"),
    ] {
        let place = Place::new();
        place.write("treaty.toml", text);
        place.write("below/x.txt", "");
        let below = |words: &[&str]| {
            let mut command = place.command(words);
            let output = command.current_dir(place.path("below")).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        below(&["create-or-update-pacticipant", "--name", "A"]);
        assert!(place.path(broker).is_file(), "{broker}");
        assert_eq!(std::fs::read_dir(place.path("below")).unwrap().count(), 1);
        assert!(below(&["list-pacticipants"]).contains('A'));
        place.run("list-pacticipants").ends_with(0).says("A");
    }
}

#[test]
fn the_user_of_the_file_is_the_brokers_and_no_webhooks() {
    let place = Place::new();
    place.write(
        "treaty.toml",
        "broker-base-url = \"sqlite:b.sqlite\"\nbroker-username = \"ci\"\n",
    );
    let line = "create-webhook https://ci.example/run -X POST --contract-published -o json";
    let told = place.run(line).ends_with(0);
    assert_eq!(told.json()["request"].get("username"), None, "{told:?}");
    let told = place.run(&format!("{line} --user robot")).ends_with(0);
    assert_eq!(told.json()["request"]["username"], "robot");
}

#[test]
fn a_variable_that_is_empty_is_not_set() {
    let mut place = Place::new();
    for name in [
        "PACT_BROKER_HTTP_RETRIES",
        "PACT_BROKER_USERNAME",
        "SSL_TRUST_STORE",
    ] {
        place.set(name, "");
    }
    place
        .run("create-environment --name test -b sqlite:b.sqlite")
        .ends_with(0);
    place.set("PACT_BROKER_WEBHOOK_RETRY_SCHEDULE", "first");
    place.set("TREATY_WEBHOOK_RETRY_SCHEDULE", "");
    let line = "broker serve -d sqlite::memory: --port 0";
    place.run(line).ends_with(2).complains("`first`");
    place.set("TREATY_WEBHOOK_RETRY_SCHEDULE", "second");
    place.run(line).ends_with(2).complains("`second`");
}

#[test]
fn a_file_that_cannot_be_used_is_told_with_the_place() {
    let place = Place::new();
    for (text, told) in [
        ("pact = 1\n", "it knows no \"pact\", only broker-base-url"),
        ("pacts = 1\n", "pacts is not a text"),
        (
            "broker-token = \"s3cret\"\n",
            "a secret is kept by treaty login",
        ),
        ("pacticipant = \"A\"\npacts = \n", "line 2: "),
    ] {
        place.write("treaty.toml", text);
        let told = place.run("lint x").ends_with(2).complains(told);
        assert!(!told.stderr.contains("s3cret"));
    }
}

/// A broker that knows one token.
fn guarded() -> String {
    let index = async |headers: HeaderMap| {
        if headers
            .get("authorization")
            .is_none_or(|value| value != "Bearer s3cret")
        {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        Json(json!({ "_links": { "pb:latest-pact-versions": { "href": "/latest" } } }))
            .into_response()
    };
    let latest = async || Json(json!({ "pacts": [] }));
    provider::serve(
        Router::new()
            .route("/", get(index))
            .route("/latest", get(latest)),
    )
}

/// Runs the command with something on stdin.
fn sent(place: &Place, words: &[&str], text: &str) -> (i32, String) {
    let mut command = place.command(words);
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = process.wait_with_output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(told).unwrap(),
    )
}

#[test]
fn a_token_that_the_broker_takes_is_kept_for_this_person_alone_and_used() {
    let mut place = Place::new();
    let home = place.path("home");
    for variable in ["XDG_CONFIG_HOME", "APPDATA"] {
        place.set(variable, &home.to_string_lossy());
    }
    let broker = guarded();
    place.set("PACT_BROKER_BASE_URL", &broker);
    let file = home.join("treaty/credentials.toml");

    let (code, told) = sent(&place, &["login"], "wrong\n");
    assert_eq!(code, 3, "{told}");
    assert!(!told.contains("wrong") && !file.exists(), "{told}");
    let question = "who-uses GET / -b";
    assert!(
        place
            .run(&format!("{question} {broker}"))
            .stderr
            .contains("401")
    );

    let (code, told) = sent(&place, &["login"], "s3cret\n");
    assert_eq!(code, 0, "{told}");
    assert!(!told.contains("s3cret"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    place
        .run(&format!("{question} {broker}/"))
        .ends_with(2)
        .complains("there is no pact to look at");

    // Neither a user name alone nor a pact of the broker's makes it another broker.
    place.write("treaty.toml", "broker-username = \"ci\"\n");
    place
        .run(&format!("{question} {broker}"))
        .ends_with(2)
        .complains("there is no pact to look at");
    place
        .run(&format!("diff {broker}/ {broker}/ -b http://127.0.0.1:1"))
        .ends_with(2)
        .complains("is not a pact");

    place
        .run("login --forget")
        .ends_with(0)
        .says("no longer in");
    assert!(
        place
            .run(&format!("{question} {broker}"))
            .stderr
            .contains("401")
    );
    assert_eq!(sent(&place, &["login"], "\n").0, 2);
}

#[test]
fn a_token_is_for_a_broker_that_is_served() {
    Place::new()
        .run("login -b sqlite:x.sqlite")
        .ends_with(2)
        .complains("a token is for a broker that is served");
}

#[test]
fn a_url_with_a_password_is_not_kept() {
    let (code, told) = sent(
        &Place::new(),
        &["login", "-b", "http://u:s3cret@b.test"],
        "t\n",
    );
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("leave out what stands before the @") && !told.contains("s3cret"));
}

#[test]
fn a_manual_is_the_same_wherever_it_is_written() {
    let mut place = Place::new();
    let pages = |place: &Place, directory: &str| {
        place.run(&format!("man --dir {directory}")).ends_with(0);
        let page = |name: &str| std::fs::read_to_string(place.path(&format!("{directory}/{name}")));
        let scripts = place.run("completions zsh").ends_with(0).stdout;
        let names = ["treaty-publish.1", "treaty-broker-serve.1"];
        (names.map(|name| page(name).unwrap()), scripts)
    };
    let expected = pages(&place, "clean");
    assert!(
        expected.0[0].contains("PACT_BROKER_TOKEN"),
        "{}",
        expected.0[0]
    );
    assert!(
        expected.0[1].contains("PACT_BROKER_PORT"),
        "{}",
        expected.0[1]
    );
    for (name, value) in [
        ("PACT_BROKER_TOKEN", ""),
        ("PACT_BROKER_PORT", ""),
        ("TREATY_PORT", "1"),
    ] {
        place.set(name, value);
    }
    assert_eq!(pages(&place, "set"), expected);
}

#[test]
fn shells_and_manuals_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        place
            .run(&format!("completions {shell}"))
            .ends_with(0)
            .says("can-i-deploy");
    }
    place
        .run("completions csh")
        .ends_with(2)
        .complains("[possible values: bash");
    place.run("man").ends_with(0).says(".TH treaty 1");
    place
        .run("man --dir pages")
        .ends_with(0)
        .says("pages are in pages");
    let page = std::fs::read_to_string(place.path("pages/treaty-broker-serve.1")).unwrap();
    assert!(page.contains("database"), "{page}");
}
