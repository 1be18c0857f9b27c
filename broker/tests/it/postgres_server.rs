//! A PostgreSQL server for tests, if there is one. Other crates' tests include this file by its path.

use std::env;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

/// Names a PostgreSQL server on which these tests may make databases.
const SERVER: &str = "TREATY_TEST_POSTGRES";

/// A database on the server, gone with this value.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A new database. Without a server this says loudly that the test did not run, and fails where it must.
    pub(crate) fn new() -> Option<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let server = env::var(SERVER).ok().filter(|url| !url.is_empty());
        if server.is_none() {
            missing();
        }
        let server = server?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("treaty_{}_{count}", std::process::id());
        execute(&server, &format!("CREATE DATABASE {name}"));
        Some(Self { server, name })
    }

    pub(crate) fn url(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        format!("{start}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        execute(&self.server, &statement);
    }
}

fn missing() {
    let required = env::var("TREATY_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|name| name.trim() == "postgres"),
        "TREATY_REQUIRE asks for `postgres`, and {SERVER} names no server"
    );
    let text = format!(
        "DID NOT RUN: a test of the broker on PostgreSQL: {SERVER} names no server; \
         oracle/with-postgres.sh starts one\n"
    );
    // Past the test harness, which keeps what a passing test says with `eprintln!` to itself.
    io::stderr().write_all(text.as_bytes()).unwrap();
}

/// Runs statements on a PostgreSQL server, on a thread that may wait.
pub(crate) fn execute(url: &str, statements: &str) {
    let (url, statements) = (url.to_owned(), statements.to_owned());
    let work = move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute(&statements).unwrap();
    };
    std::thread::spawn(work).join().unwrap();
}
