//! The pact file: what is in it, what is refused, who else writes it.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};
use treaty_consumer::prelude::*;

use crate::child::{begin, play};
use crate::client::{get, pact, text, told, try_write, write};

/// What the end of a test says when a file that is there is in its way. The file stays as it is.
#[track_caller]
fn refuses(there: &str, pact: &mut PactBuilder, file: &str, expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(file);
    fs::write(&path, there).unwrap();
    let unmet = try_write(pact.with_output_dir(dir.path())).unwrap_err();
    let told = format!("{unmet:?}").replace(&path.display().to_string(), "FILE");
    assert_eq!(told, format!("the pact was not written: {expected}"));
    assert_eq!(fs::read_to_string(&path).unwrap(), there);
}

fn ours() -> PactBuilder {
    pact(Path::new(""), "ours", 200)
}

fn v4_document(consumer: &str, provider: &str) -> Value {
    json!({
        "consumer": {"name": consumer}, "provider": {"name": provider}, "interactions": [],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    })
}

#[test]
fn a_file_that_is_not_json_is_refused() {
    let expected = "FILE is there and is not JSON, so nothing can be added to it: \
                    EOF while parsing an object at line 2 column 0";
    refuses("{\n", &mut ours(), "A-B.json", expected);
}

#[test]
fn an_empty_file_is_refused() {
    let expected = "FILE is there and is not JSON, so nothing can be added to it: \
                    EOF while parsing a value at line 1 column 0";
    refuses("", &mut ours(), "A-B.json", expected);
}

#[test]
fn a_file_of_another_specification_version_is_refused() {
    let mut old = v4_document("A", "B");
    old["metadata"]["pactSpecification"]["version"] = json!("3.0.0");
    refuses(
        &old.to_string(),
        &mut ours(),
        "A-B.json",
        "nothing can be added to FILE: \
         the pact that is there is of specification version 3.0.0, these interactions are of version 4.0: \
         use one version in all tests of this consumer and provider, or remove the file",
    );
}

#[test]
fn a_file_of_other_names_is_refused() {
    refuses(
        &v4_document("A-B", "C").to_string(),
        PactBuilder::new_v4("A", "B-C").interaction("ours", "", |mut i| {
            i.request.path("/x");
            i
        }),
        "A-B-C.json",
        "nothing can be added to FILE: the pact that is there is between A-B and C: \
         give these two another directory, or one of them another name",
    );
}

#[test]
fn two_contents_for_one_interaction_in_one_run_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "an answer", 200);
    write(dir.path(), "an answer", 200);
    let before = text(dir.path());
    let unmet = try_write(&pact(dir.path(), "an answer", 404)).unwrap_err();
    let told = format!("{unmet:?}").replace(&dir.path().display().to_string(), "DIR");
    assert!(
        told.starts_with("the pact was not written: two tests write different content for "),
        "{told}"
    );
    assert!(told.contains("an answer"), "{told}");
    assert!(
        told.ends_with("into DIR/A-B.json: give one of them another description or provider state"),
        "{told}"
    );
    assert_eq!(text(dir.path()), before);
}

#[test]
fn an_interaction_that_was_edited_since_the_last_run_replaces_its_former_self() {
    let dir = tempfile::tempdir().unwrap();
    for part in ["writes-status 200", "writes-ten 1", "writes-status 404"] {
        let output = play(part, dir.path());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let told = told(dir.path());
    assert_eq!((told.len(), told[0].as_str()), (11, "an answer 404"));
}

#[test]
fn what_other_tools_have_written_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut there = v4_document("A", "B");
    there["interactions"] = json!([{
        "type": "Synchronous/HTTP", "description": "theirs", "x-member": 1,
        "request": {"path": "/t"}, "response": {"status": 204, "x-member": [2]},
    }]);
    there["metadata"]["pactJs"] = json!({"version": "15"});
    there["x-member"] = json!({"z": 1, "a": 2});
    fs::write(dir.path().join("A-B.json"), there.to_string()).unwrap();
    write(dir.path(), "ours", 200);
    assert_eq!(told(dir.path()), ["ours 200", "theirs 204"]);
    let after: Value = serde_json::from_str(&text(dir.path())).unwrap();
    assert_eq!(after["interactions"][1], there["interactions"][0]);
    assert_eq!(
        (&after["metadata"]["pactJs"], &after["x-member"]),
        (&there["metadata"]["pactJs"], &there["x-member"])
    );
}

#[test]
fn the_order_of_the_tests_does_not_show() {
    let names = [
        "a user",
        "no user",
        "a list",
        "A list",
        "é",
        "a sign-up",
        "b",
    ];
    let mut texts = Vec::new();
    for (step, start) in (1..names.len()).flat_map(|step| [(step, 0), (step, 3), (step, 5)]) {
        let dir = tempfile::tempdir().unwrap();
        for place in 0..names.len() {
            write(dir.path(), names[(start + place * step) % names.len()], 200);
        }
        texts.push(text(dir.path()));
    }
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(texts.len(), 18);
}

#[test]
fn eight_threads_at_once_lose_nothing() {
    let (at_once, in_a_row) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let names: Vec<String> = (0..40).map(|number| format!("write {number:02}")).collect();
    thread::scope(|scope| {
        for names in names.chunks(5) {
            scope.spawn(|| {
                names
                    .iter()
                    .for_each(|name| write(at_once.path(), name, 200))
            });
        }
    });
    names
        .iter()
        .rev()
        .for_each(|name| write(in_a_row.path(), name, 200));
    assert_eq!(told(at_once.path()).len(), 40);
    assert_eq!(text(at_once.path()), text(in_a_row.path()));
}

#[test]
fn five_processes_at_once_lose_nothing() {
    let (at_once, in_a_row) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let parts = [
        "writes-ten 1",
        "writes-ten 2",
        "writes-ten 3",
        "writes-ten 4",
        "writes-ten 5",
    ];
    let children: Vec<_> = parts
        .iter()
        .map(|part| begin(part, at_once.path()))
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    for part in parts.iter().rev() {
        assert!(play(part, in_a_row.path()).status.success());
    }
    assert_eq!(told(at_once.path()).len(), 50);
    assert_eq!(text(at_once.path()), text(in_a_row.path()));
}

#[test]
fn a_reader_sees_a_whole_file_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("A-B.json");
    write(dir.path(), "the first", 200);
    let mut sizes = HashSet::new();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..100 {
                write(dir.path(), &format!("write {number:02}"), 200);
            }
        });
        while !writer.is_finished() {
            let text = fs::read(&file).unwrap();
            let document: Value = serde_json::from_slice(&text).unwrap();
            sizes.insert(document["interactions"].as_array().unwrap().len());
        }
    });
    assert!(sizes.len() > 1, "it was never read while it grew");
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_leads_to_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept.json");
    fs::write(&kept, v4_document("A", "B").to_string()).unwrap();
    let pacts = dir.path().join("pacts");
    fs::create_dir(&pacts).unwrap();
    std::os::unix::fs::symlink("../kept.json", pacts.join("A-B.json")).unwrap();
    write(&pacts, "ours", 200);
    assert!(pacts.join("A-B.json").is_symlink());
    assert!(fs::read_to_string(kept).unwrap().contains("ours"));
}

#[test]
fn beside_the_pact_only_its_lock_is_left() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("a/new/folder"), "ours", 200);
    let entries = fs::read_dir(dir.path().join("a/new/folder")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".A-B.json.lock", "A-B.json"]);
}

#[test]
fn a_name_that_is_no_file_name_becomes_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new_v4("../Größe: 1/2", "B?");
    pact.with_output_dir(dir.path())
        .interaction("ours", "", |mut i| {
            i.request.path("/x");
            i
        });
    try_write(&pact).unwrap();
    let text = fs::read_to_string(dir.path().join(".._Größe_ 1_2-B_.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&document["consumer"]["name"], &document["provider"]["name"]),
        (&json!("../Größe: 1/2"), &json!("B?"))
    );
}

#[test]
fn a_version_3_file_has_what_version_3_has() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new("A", "B");
    pact.with_output_dir(dir.path())
        .interaction("ours", "", |mut i| {
            i.given("a state").request.path("/x");
            i.response.json_body(json_pattern!({"id": like!(1)}));
            i
        });
    try_write(&pact).unwrap();
    let document: Value = serde_json::from_str(&text(dir.path())).unwrap();
    assert_eq!(
        document["metadata"]["pactSpecification"]["version"],
        "3.0.0"
    );
    assert_eq!(
        document["interactions"][0],
        json!({
            "description": "ours",
            "providerStates": [{"name": "a state"}],
            "request": {"method": "GET", "path": "/x"},
            "response": {
                "status": 200,
                "body": {"id": 1},
                "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}}},
            },
        })
    );
}

/// As `cargo nextest` runs tests: each in a process of its own, all with one run id.
#[test]
fn two_processes_of_one_run_do_not_contradict_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let of_run = |run: &str, part: &str| {
        let mut command = crate::child::command(part, dir.path());
        command.env("NEXTEST_RUN_ID", run).output().unwrap()
    };
    assert!(of_run("1", "writes-status 200").status.success());
    assert!(
        of_run("1", "writes-status 200").status.success(),
        "tried again"
    );
    let refused = of_run("1", "writes-status 404");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("two tests write different content for"),
        "{said}"
    );
    assert_eq!(told(dir.path()), ["an answer 200"]);
    assert!(
        of_run("2", "writes-status 404").status.success(),
        "edited since"
    );
    assert_eq!(told(dir.path()), ["an answer 404"]);
}

#[test]
fn a_version_2_file_has_what_version_2_has() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new_v2("A", "B");
    pact.with_output_dir(dir.path());
    pact.interaction("a user", "", |mut i| {
        i.given("a user exists");
        i.request.path("/x").query_param("q", "1");
        i.response.json_body(json_pattern!({"name": like!("Jane")}));
        i
    });
    let mock = pact.mock_server();
    get(mock.path("/x?q=1").as_str());
    mock.finish().unwrap();
    let document: Value = serde_json::from_str(&text(dir.path())).unwrap();
    let interaction = &document["interactions"][0];
    assert_eq!(
        document["metadata"]["pactSpecification"]["version"],
        "2.0.0"
    );
    assert_eq!(interaction["providerState"], "a user exists");
    assert_eq!(interaction["request"]["query"], "q=1");
    assert_eq!(
        interaction["response"]["matchingRules"],
        json!({"$.body.name": {"match": "type"}})
    );
}
