use crate::sources;

/// In this folder, only these files may name this.
#[track_caller]
fn check(folder: &str, name: &str, allowed: &[&str]) {
    let strangers: Vec<String> = sources(folder)
        .into_iter()
        .filter(|(file, text)| {
            names(text, name) && !allowed.iter().any(|prefix| file.starts_with(prefix))
        })
        .map(|(file, _)| file)
        .collect();
    assert_eq!(
        strangers,
        Vec::<String>::new(),
        "only {allowed:?} may name `{name}` in {folder}"
    );
}

fn names(text: &str, name: &str) -> bool {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| line.contains(name))
}

#[test]
fn one_file_calls_the_matching_library() {
    for folder in [
        "core/src",
        "mock-server/src",
        "consumer/src",
        "provider/src",
        "broker-client/src",
        "broker/src",
        "cli/src",
    ] {
        check(
            folder,
            "pact_matching",
            &["core/src/matching.rs", "core/src/matching/"],
        );
    }
}

#[test]
fn one_file_of_the_mock_server_knows_hyper() {
    check(
        "mock-server/src",
        "hyper",
        &["mock-server/src/server.rs", "mock-server/src/server/"],
    );
}

#[test]
fn one_file_of_the_command_knows_opentelemetry() {
    check("cli/src", "opentelemetry", &["cli/src/output/telemetry.rs"]);
}

#[test]
fn two_files_of_the_provider_know_the_broker() {
    check(
        "provider/src",
        "treaty_broker_client",
        &["provider/src/source/broker.rs", "provider/src/publish.rs"],
    );
}

#[test]
fn the_brokers_decisions_know_neither_http_nor_store() {
    for name in [
        "crate::hal",
        "crate::handlers",
        "crate::http",
        "crate::store",
        "rusqlite",
        "axum",
    ] {
        check("broker/src/domain", name, &[]);
    }
}

#[test]
fn one_file_of_the_broker_knows_each_database() {
    check("broker/src", "rusqlite", &["broker/src/store/sqlite.rs"]);
    let rooms = ["postgres.rs", "open.rs", "copy.rs", "mod.rs"]
        .map(|file| format!("broker/src/store/{file}"));
    check(
        "broker/src",
        "postgres::",
        &rooms.each_ref().map(String::as_str),
    );
}

#[test]
fn two_files_of_the_broker_know_the_http_client_and_the_cipher() {
    check("broker/src", "reqwest", &["broker/src/webhooks/sender.rs"]);
    check("broker/src", "aws_lc_rs", &["broker/src/webhooks/vault.rs"]);
}

#[test]
fn one_file_of_the_consumer_reads_the_environment() {
    for name in ["env::var", "tokio::runtime"] {
        check("consumer/src", name, &["consumer/src/environment.rs"]);
    }
}

#[test]
fn no_library_but_the_consumer_reads_the_environment() {
    for folder in [
        "core/src",
        "mock-server/src",
        "provider/src",
        "broker-client/src",
        "broker/src",
    ] {
        check(folder, "env::var", &[]);
    }
}
