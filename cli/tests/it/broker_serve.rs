//! `treaty broker serve`.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::broker::Served;
use crate::command::Place;
use crate::golden;
use crate::provider::pact;

#[test]
fn one_line_tells_where_it_listens_and_a_signal_stops_it() {
    let mut served = Served::start(&Place::new());
    let id = served.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(served.process.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    served.rest.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

/// Links that lead to another broker would be followed in silence.
#[test]
fn what_links_start_with_is_told_with_what_said_so() {
    let (clients, own) = ("https://pacts.example.com", "http://127.0.0.1:9292");
    let variable = format!("links start with {clients}, as PACT_BROKER_BASE_URL says");
    let own_variable = format!("links start with {own}, as TREATY_BASE_URL says");
    let flag = format!("links start with {own}, as --base-url says");
    for (variables, more, expected) in [
        (vec![("PACT_BROKER_BASE_URL", clients)], "", variable),
        (
            vec![("PACT_BROKER_BASE_URL", clients), ("TREATY_BASE_URL", own)],
            "",
            own_variable,
        ),
        (
            vec![("PACT_BROKER_BASE_URL", clients)],
            "--base-url http://127.0.0.1:9292",
            flag,
        ),
    ] {
        let mut place = Place::new();
        for (name, value) in variables {
            place.set(name, value);
        }
        // With a port that is taken, it ends by itself.
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let line = format!("broker serve -d sqlite::memory: --port {port} {more}");
        place.run(&line).ends_with(3).complains(&expected);
    }
}

#[test]
fn an_interrupt_stops_it_too() {
    let mut served = Served::start(&Place::new());
    let id = served.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(served.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_told_at_once() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let told = Place::new().run(&format!("broker serve -d sqlite::memory: --port {port}"));
    assert_eq!(told.stdout, "");
    told.ends_with(3)
        .complains(&format!("cannot listen on 127.0.0.1:{port}"))
        .complains("take another --port");
}

#[test]
fn everybody_may_use_it_on_loopback_only() {
    let told = Place::new().run("broker serve -d sqlite::memory: --port 0 --host 0.0.0.0");
    golden::check("exposed", &told.ends_with(2).stderr);
}

#[test]
fn a_variable_that_is_neither_true_nor_false_opens_nothing() {
    for (name, line) in [
        (
            "TREATY_INSECURE",
            "broker serve -d sqlite:no/such/a.sqlite --port 0 --host 0.0.0.0",
        ),
        (
            "TREATY_ALLOW_PUBLIC_READ",
            "broker serve -d sqlite:no/such/a.sqlite --port 0",
        ),
        (
            "PACT_BROKER_PUBLIC_HEARTBEAT",
            "broker serve -d sqlite:no/such/a.sqlite --port 0",
        ),
        (
            "PACT_BROKER_DATABASE_CLEAN_DRY_RUN",
            "broker serve -d sqlite:no/such/a.sqlite --port 0",
        ),
        (
            "PACT_BROKER_CAN_I_DEPLOY_DRY_RUN",
            "can-i-deploy -a A -e 1 -b sqlite:a.sqlite",
        ),
        (
            "SSL_SKIP_VERIFICATION",
            "list-pacticipants -b sqlite:a.sqlite",
        ),
        ("SSL_TRUST_STORE", "list-pacticipants -b sqlite:a.sqlite"),
        ("PACT_PROVIDER_NO_STATE", "verify -n A -b sqlite:a.sqlite"),
    ] {
        let mut place = Place::new();
        place.set(name, "flase");
        place
            .run(line)
            .ends_with(2)
            .complains("flase")
            .complains(name);
    }
}

#[test]
fn a_user_without_a_password_is_refused() {
    Place::new()
        .run("broker serve -d sqlite::memory: --port 0 --basic-auth-username ci")
        .ends_with(2)
        .complains("--basic-auth-password <PASSWORD>");
}

#[test]
fn a_database_of_another_kind_is_refused() {
    Place::new()
        .run("broker serve -d mysql://x/y")
        .ends_with(2)
        .complains("sqlite:PATH");
}

#[test]
fn a_database_that_cannot_be_opened_is_told() {
    Place::new()
        .run("broker serve --port 0 -d sqlite:no/such/directory/x.sqlite")
        .ends_with(3)
        .complains("cannot open the database")
        .complains("check that the directory exists");
    Place::new()
        .run("broker serve --port 0 -d postgres://127.0.0.1:1/x")
        .ends_with(3)
        .complains("check that the PostgreSQL server runs");
}

#[test]
fn what_can_start_no_link_and_name_no_user_is_refused() {
    for url in [
        "http://x#f",
        "http://x/../y",
        "http://x/./y",
        "ftp://x",
        "http://x/?a",
    ] {
        let line = format!("broker serve -p 0 -d sqlite::memory: --base-url {url}");
        let told = Place::new().run(&line).ends_with(2);
        told.complains("links start with http://HOST[/PREFIX]");
    }
    for user in ["--basic-auth-username", "--basic-auth-read-only-username"] {
        let password = user.replace("username", "password");
        let line = format!("broker serve -p 0 -d sqlite::memory: {user} a:hunter2 {password} c");
        let told = Place::new().run(&line).ends_with(2);
        assert!(!told.stderr.contains("hunter2"), "{}", told.stderr);
        told.complains("the name of a user cannot hold a colon");
    }
    let line = "broker serve -p 0 -d sqlite::memory: --base-url http://u:hunter2@x/";
    let told = Place::new().run(line).ends_with(2);
    assert!(!told.stderr.contains("hunter2"), "{}", told.stderr);
    told.complains("the base URL holds a user name or a password");
}

#[test]
fn names_that_were_one_whatever_their_letter_case_are_refused_at_the_start() {
    let mut place = Place::new();
    let variable = "PACT_BROKER_USE_CASE_SENSITIVE_RESOURCE_NAMES";
    place.set(variable, "false");
    let told = place
        .run("broker serve -p 0 -d sqlite::memory:")
        .ends_with(2);
    told.complains("PACT_BROKER_USE_CASE_SENSITIVE_RESOURCE_NAMES is false")
        .complains("tells names apart by their letter case");
    let mut place = Place::new();
    place.set(variable, "true");
    Served::start(&place);
}

#[test]
fn names_that_are_too_like_are_taken_if_the_variable_says_so() {
    let mut place = Place::new();
    for (name, consumer) in [("a.json", "OrderService"), ("b.json", "order-service")] {
        place.write(name, &pact().replace("OrderService", consumer));
    }
    place.set(
        "PACT_BROKER_CHECK_FOR_POTENTIAL_DUPLICATE_PACTICIPANT_NAMES",
        "false",
    );
    let lenient = Served::start(&place);
    let strict = Served::start(&Place::new());
    for (served, code) in [(&lenient, 0), (&strict, 3)] {
        let publish = |name: &str| place.run(&format!("publish {name} -a 1 -b {}", served.url));
        publish("a.json").ends_with(0);
        publish("b.json").ends_with(code);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_must_not_grow_is_an_answer_and_not_the_end() {
    let place = Place::new();
    let line = "ulimit -f 2000; exec \"$0\" broker serve -p 0 -d sqlite:small.sqlite";
    let mut shell = Command::new("sh");
    shell.args(["-c", line, env!("CARGO_BIN_EXE_treaty")]);
    let mut served = Served::by(shell.current_dir(place.path(".")));
    let publish = |number: usize| {
        let description = number.to_string().repeat(300_000);
        let pact = pact().replacen(
            "\"description\"",
            &format!("\"x\":\"{description}\",\"description\""),
            1,
        );
        place.write("a.json", &pact);
        place.run(&format!("publish a.json -a {number} -b {}", served.url))
    };
    let refused = (1..20).map(publish).find(|told| told.code != 0);
    refused.unwrap().ends_with(3).complains("507");
    publish(99).ends_with(3).complains("507");
    assert_eq!(served.process.try_wait().unwrap(), None);
}

#[test]
fn the_database_of_another_program_is_refused_with_what_to_do() {
    let place = Place::new();
    let own = "sqlite:own.sqlite";
    place
        .run(&format!("create-environment --name test -b {own}"))
        .ends_with(0);
    place
        .run(&format!("broker backup copy.sqlite -d {own}"))
        .ends_with(0);
    // Another name for the one table by which a broker knows its database, as long as the first.
    let mut bytes = std::fs::read(place.path("copy.sqlite")).unwrap();
    let (known, other) = (b"treaty_schema", b"other_program");
    for start in 0..bytes.len() - known.len() {
        if bytes[start..].starts_with(known) {
            bytes[start..start + known.len()].copy_from_slice(other);
        }
    }
    std::fs::write(place.path("other.sqlite"), &bytes).unwrap();
    let told = place
        .run("broker serve -p 0 -d sqlite:other.sqlite")
        .ends_with(2);
    told.complains("other.sqlite is not a broker's database: it has a table ")
        .complains("name a file of the broker's own, or a new one");
    assert_eq!(std::fs::read(place.path("other.sqlite")).unwrap(), bytes);
}

#[test]
fn other_commands_are_interrupted_with_130() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let place = Place::new();
    let words = ["create-environment", "--name", "x", "-b", &url];
    let mut process = place
        .command(&words)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The connection shows that the command is waiting for its answer.
    let _connection = silent.accept().unwrap();
    let id = process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(process.wait().unwrap().code(), Some(130));
}

#[test]
fn a_backup_becomes_another_broker() {
    let place = Place::new();
    place
        .run("create-environment --name production -b sqlite:one.sqlite")
        .ends_with(0);
    let told = place.run("broker backup backup.sqlite -d sqlite:one.sqlite");
    assert!(told.stdout.contains("1  environments\n"), "{told:?}");
    told.ends_with(0);
    let told = place.run("broker restore backup.sqlite -d sqlite:two.sqlite");
    assert!(told.stdout.contains("1  environments\n"), "{told:?}");
    told.ends_with(0);
    place
        .run("broker restore backup.sqlite -d sqlite:two.sqlite")
        .ends_with(2)
        .complains("the database is not empty")
        .complains("restore into a new database");
    place
        .run("broker backup backup.sqlite -d sqlite:one.sqlite")
        .ends_with(2)
        .complains("backup.sqlite is there already");
    place
        .run("broker restore missing.sqlite -d sqlite:three.sqlite")
        .ends_with(2)
        .complains("there is no backup in missing.sqlite");
    place
        .run("broker backup other.sqlite -d sqlite:missing.sqlite")
        .ends_with(2)
        .complains("there is no broker's database in missing.sqlite")
        .complains("name the database that the broker serves");
    assert!(!place.path("missing.sqlite").exists());
}

/// Where certificates are looked for is for other systems to say.
#[cfg(target_os = "linux")]
#[test]
fn why_there_is_no_way_to_the_database_of_a_backup_is_told() {
    let mut place = Place::new();
    place.set("SSL_CERT_FILE", "none.pem");
    place
        .run("broker backup backup.sqlite -d postgres://nobody@127.0.0.1:1/pacts?sslmode=require")
        .ends_with(3)
        .complains("cannot open the database over TLS")
        .complains("No CA certificates were loaded");
    assert!(!place.path("backup.sqlite").exists());
}
