use std::env;
use std::io::{self, Write};
use std::process::Command;

use crate::support::postgres_execute;

/// Names a PostgreSQL server on which these tests may make databases.
const SERVER: &str = "TREATY_TEST_POSTGRES";

/// The server, if there is one; else this says loudly that there is none, and fails where there must be one.
fn server() -> Option<String> {
    let named = env::var(SERVER).ok().filter(|url| !url.is_empty());
    if named.is_none() {
        let required = env::var("TREATY_REQUIRE").unwrap_or_default();
        assert!(
            !required.split(',').any(|name| name.trim() == "postgres"),
            "TREATY_REQUIRE asks for `postgres`, and {SERVER} names no server"
        );
        let text = format!(
            "DID NOT RUN: the broker's tests on PostgreSQL: {SERVER} names no server; \
             oracle/with-postgres.sh starts one\n"
        );
        // Past the test harness, which keeps what a passing test says with `eprintln!` to itself.
        io::stderr().write_all(text.as_bytes()).unwrap();
    }
    named
}

#[test]
fn every_other_test_passes_on_postgresql_too() {
    let Some(server) = server() else { return };
    let database = format!("treaty_{}", uuid::Uuid::new_v4().simple());
    postgres_execute(&server, &format!("CREATE DATABASE {database}"));
    let (start, _) = server.rsplit_once('/').unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--skip", "stores::"])
        .env("TREATY_TEST_STORE", format!("{start}/{database}"))
        .output()
        .unwrap();
    postgres_execute(&server, &format!("DROP DATABASE {database} WITH (FORCE)"));
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", said.concat());
}
