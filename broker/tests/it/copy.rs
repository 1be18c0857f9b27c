use std::error::Error;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};
use treaty_broker::{CopyError, DatabaseUrl, StoreError, backup, restore};

use crate::support::{LastingDatabase, TestBroker, config};

/// Copies on a thread that may wait.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// What a broker with a pact, a result, a deployment and a label says about them.
async fn everything(broker: &TestBroker) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/pacticipants/Web",
        "/pacticipants/Web/versions/1",
        "/pacts/provider/Orders/consumer/Web/latest",
        "/pacts/provider/Orders/consumer/Web/latest/verification-results/latest",
        "/matrix?q[][pacticipant]=Web&q[][version]=1&environment=production",
        "/environments",
        "/integrations",
    ] {
        let answer = broker.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        all.push(answer.json());
    }
    all
}

#[tokio::test]
async fn a_restored_broker_answers_as_the_one_that_was_backed_up() {
    let (from, to) = (LastingDatabase::new(), LastingDatabase::new());
    let broker = TestBroker::open(config(from.url()));
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({ "success": true, "providerApplicationVersion": "1" });
    broker.verify(("Web", "Orders"), &hash, result).await;
    let production = broker.environment("production").await;
    broker.deploy("Orders", "1", &production).await;
    broker.put("/pacticipants/Web/labels/shop", json!({})).await;
    let before = everything(&broker).await;

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup.db");
    let (url, path) = (from.url(), file.clone());
    let written = on_a_thread(move || backup(&url, &path)).await.unwrap();
    broker.publish("Web", "2", "Orders", 2).await;
    let (url, path) = (to.url(), file.clone());
    let read = on_a_thread(move || restore(&path, &url)).await.unwrap();
    assert_eq!(written, read);
    let rows = |table: &str| {
        read.iter()
            .find(|copied| copied.table == table)
            .unwrap()
            .rows
    };
    assert_eq!(
        (rows("publications"), rows("results"), rows("labels")),
        (1, 1, 1)
    );

    let restored = TestBroker::open(config(to.url()));
    assert_eq!(everything(&restored).await, before);
    // New ids go on after those that were restored.
    restored.publish("Web", "2", "Orders", 2).await;
    // The backup is a broker's database itself.
    let served = TestBroker::open(config(DatabaseUrl::file(&file)));
    assert_eq!(everything(&served).await, before);
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let database = LastingDatabase::new();
    TestBroker::open(config(database.url()))
        .publish("Web", "1", "Orders", 1)
        .await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup.db");
    let (url, path) = (database.url(), file.clone());
    let (first, again, back) = on_a_thread(move || {
        (
            backup(&url, &path),
            backup(&url, &path),
            restore(&path, &url),
        )
    })
    .await;
    assert!(first.is_ok());
    assert!(matches!(again, Err(CopyError::Exists { path }) if path == file));
    assert!(matches!(back, Err(CopyError::NotEmpty { table }) if table == "pacticipants"));
    let missing = directory.path().join("missing.db");
    let url = database.url();
    let none = on_a_thread(move || restore(&missing, &url)).await;
    assert!(matches!(none, Err(CopyError::NoBackup { .. })));
}

/// What one misspells is not made, and what another program keeps is not taken for a broker's.
#[tokio::test]
async fn what_is_no_database_of_a_broker_is_not_backed_up() {
    let directory = tempfile::tempdir().unwrap();
    let (missing, other) = (
        directory.path().join("missing.db"),
        directory.path().join("other.db"),
    );
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    for from in [missing, other] {
        let file = directory.path().join("backup.db");
        let (url, path) = (DatabaseUrl::file(&from), file.clone());
        let refused = on_a_thread(move || backup(&url, &path)).await;
        let name = format!("in {}", from.display());
        assert!(matches!(refused, Err(CopyError::NoDatabase { name: told }) if told == name));
    }
    assert_eq!(names_in(directory.path()), ["other.db"]);
}

/// Takes back the steps of the schema that this release has beside an earlier one.
fn make_earlier(file: &Path) {
    let earlier = "UPDATE treaty_schema SET number = 4; DROP INDEX latest_results_by_result; DROP TABLE imported_versions";
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(earlier).unwrap();
}

fn schema_number(file: &Path) -> i64 {
    let connection = rusqlite::Connection::open(file).unwrap();
    let number = connection.query_row("SELECT number FROM treaty_schema", [], |row| row.get(0));
    number.unwrap()
}

/// The earlier release may have to read its backup again.
#[tokio::test]
async fn a_backup_of_an_earlier_release_is_restored_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let (from, file) = (
        directory.path().join("pacts.db"),
        directory.path().join("backup.db"),
    );
    let broker = TestBroker::open(config(DatabaseUrl::file(&from)));
    broker.publish("Web", "1", "Orders", 1).await;
    make_earlier(&from);
    let (url, path) = (DatabaseUrl::file(&from), file.clone());
    on_a_thread(move || backup(&url, &path)).await.unwrap();
    let before = std::fs::read(&file).unwrap();
    // An empty database may have had all the steps already.
    let (new, opened) = (LastingDatabase::new(), LastingDatabase::new());
    TestBroker::open(config(opened.url()));
    for database in [new, opened] {
        let (url, path) = (database.url(), file.clone());
        on_a_thread(move || restore(&path, &url)).await.unwrap();
        assert!(std::fs::read(&file).unwrap() == before);
        let restored = TestBroker::open(config(database.url()));
        assert_eq!(restored.get("/pacticipants/Web").await.status, 200);
    }
    assert_eq!(schema_number(&file), 4);
}

/// The steps that it lacks are run on what is restored, even if the database has had them while it was empty: here one
/// would have given labels a colour.
#[tokio::test]
async fn an_empty_database_of_a_later_release_has_its_later_steps_run_anew() {
    let directory = tempfile::tempdir().unwrap();
    let (from, file) = (
        directory.path().join("pacts.db"),
        directory.path().join("backup.db"),
    );
    let broker = TestBroker::open(config(DatabaseUrl::file(&from)));
    broker.publish("Web", "1", "Orders", 1).await;
    broker.put("/pacticipants/Web/labels/shop", json!({})).await;
    make_earlier(&from);
    let later = LastingDatabase::new();
    drop(TestBroker::open(config(later.url())));
    later.execute("ALTER TABLE labels ADD COLUMN colour TEXT");
    let (url, to, path) = (DatabaseUrl::file(&from), later.url(), file);
    on_a_thread(move || {
        backup(&url, &path).unwrap();
        restore(&path, &to).unwrap();
    })
    .await;
    let restored = TestBroker::open(config(later.url()));
    let label = restored.get("/pacticipants/Web/labels/shop").await;
    assert_eq!(label.status, 200, "{}", label.text);
    restored.publish("Web", "2", "Orders", 2).await;
}

/// Who makes a backup before an upgrade may want to go back to the earlier release.
#[tokio::test]
async fn a_backup_leaves_the_database_of_an_earlier_release_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let (from, to) = (
        directory.path().join("pacts.db"),
        directory.path().join("backup.db"),
    );
    let broker = TestBroker::open(config(DatabaseUrl::file(&from)));
    broker.publish("Web", "1", "Orders", 1).await;
    make_earlier(&from);
    let (url, path) = (DatabaseUrl::file(&from), to.clone());
    on_a_thread(move || backup(&url, &path)).await.unwrap();
    for file in [&from, &to] {
        assert_eq!(schema_number(file), 4);
    }
    let served = TestBroker::open(config(DatabaseUrl::file(&to)));
    assert_eq!(served.get("/pacticipants/Web").await.status, 200);
}

/// What a backup leaves that was killed stands in the way of no other, and a failing one leaves nothing.
#[tokio::test]
async fn a_backup_becomes_a_file_whole_or_not_at_all() {
    let database = LastingDatabase::new();
    TestBroker::open(config(database.url()))
        .publish("Web", "1", "Orders", 1)
        .await;
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("backup.db.part"), "half").unwrap();
    let (url, path) = (database.url(), directory.path().join("backup.db"));
    on_a_thread(move || backup(&url, &path)).await.unwrap();
    assert_eq!(names_in(directory.path()), ["backup.db", "backup.db.part"]);

    let (url, path) = (database.url(), directory.path().join("no/backup.db"));
    let failed = on_a_thread(move || backup(&url, &path)).await;
    assert!(matches!(failed, Err(CopyError::Write { .. })));
    // Here the file is begun before it is seen that it cannot be written.
    database.execute("UPDATE treaty_schema SET number = 99");
    let (url, path) = (database.url(), directory.path().join("other.db"));
    let failed = on_a_thread(move || backup(&url, &path)).await;
    let newer = matches!(
        failed,
        Err(CopyError::Store(StoreError::NewerSchema { found: 99, .. }))
    );
    assert!(newer, "{failed:?}");
    assert_eq!(names_in(directory.path()), ["backup.db", "backup.db.part"]);
}

/// What comes to the place of a backup while it is written is as dear as what was there before. A link that leads nowhere
/// is seen only at the end, too.
#[cfg(unix)]
#[tokio::test]
async fn what_comes_while_a_backup_is_written_is_not_overwritten() {
    let database = LastingDatabase::new();
    TestBroker::open(config(database.url()));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup.db");
    std::os::unix::fs::symlink("nowhere", &file).unwrap();
    let (url, path) = (database.url(), file.clone());
    let refused = on_a_thread(move || backup(&url, &path)).await;
    assert!(matches!(refused, Err(CopyError::Exists { path }) if path == file));
    assert!(file.is_symlink());
    assert_eq!(names_in(directory.path()), ["backup.db"]);
}

/// Only what has no table of a broker is none; what cannot be read says nothing about whose it is.
#[tokio::test]
async fn a_database_that_is_damaged_is_told_as_what_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let place = |name: &str| directory.path().join(name);
    let (from, file) = (place("pacts.db"), place("backup.db"));
    TestBroker::open(config(DatabaseUrl::file(&from)));
    let (url, path) = (DatabaseUrl::file(&from), file.clone());
    on_a_thread(move || backup(&url, &path)).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    // The pages behind the first, so that SQLite does not open the file, and the page of the broker's first table.
    let page = page_of(&file, "treaty_schema");
    for damaged in [PAGE_BYTES..whole.len(), page] {
        let mut bytes = whole.clone();
        bytes[damaged].fill(0x77);
        std::fs::write(&file, bytes).unwrap();
        let (url, other, database) = (
            DatabaseUrl::file(&file),
            place("other.db"),
            LastingDatabase::new(),
        );
        let (path, to) = (file.clone(), database.url());
        let both = on_a_thread(move || (backup(&url, &other), restore(&path, &to))).await;
        for refused in [both.0, both.1] {
            let Err(CopyError::Store(error)) = refused else {
                panic!("{refused:?}");
            };
            let cause = error.source().unwrap().to_string();
            assert_eq!(cause, "database disk image is malformed", "{error}");
        }
    }
}

/// As SQLite makes files.
const PAGE_BYTES: usize = 4096;

/// Where the rows of a small table are in the file.
fn page_of(file: &Path, table: &str) -> Range<usize> {
    let statement = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
    let connection = rusqlite::Connection::open(file).unwrap();
    let page = connection.query_row(statement, [table], |row| row.get::<_, u32>(0));
    let page = page.unwrap() as usize;
    (page - 1) * PAGE_BYTES..page * PAGE_BYTES
}

fn names_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A file of another program is refused, and gets no table of a broker.
#[tokio::test]
async fn what_is_no_backup_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (text, other) = (
        directory.path().join("a.json"),
        directory.path().join("other.db"),
    );
    std::fs::write(&text, "{}").unwrap();
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    for file in [text, other.clone()] {
        let database = LastingDatabase::new();
        let (path, url) = (file.clone(), database.url());
        let refused = on_a_thread(move || restore(&path, &url)).await;
        assert!(matches!(refused, Err(CopyError::NoBackup { path }) if path == file));
    }
    let tables = rusqlite::Connection::open(&other).unwrap().query_row(
        "SELECT group_concat(name) FROM sqlite_master",
        [],
        |row| row.get(0),
    );
    assert_eq!(tables, Ok("theirs".to_owned()));
}

#[tokio::test]
async fn a_backup_does_not_go_into_the_file_of_another_program() {
    let directory = tempfile::tempdir().unwrap();
    let (backed_up, theirs) = (
        directory.path().join("backup.db"),
        directory.path().join("theirs.db"),
    );
    let own = DatabaseUrl::file(directory.path().join("own.db"));
    drop(TestBroker::open(config(own.clone())));
    let to = backed_up.clone();
    on_a_thread(move || backup(&own, &to)).await.unwrap();
    rusqlite::Connection::open(&theirs)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    let before = std::fs::read(&theirs).unwrap();
    let url = DatabaseUrl::file(theirs.clone());
    let refused = on_a_thread(move || restore(&backed_up, &url)).await;
    assert!(
        matches!(refused, Err(CopyError::Store(StoreError::Foreign { .. }))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&theirs).unwrap(), before);
}
