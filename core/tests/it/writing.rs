//! One text for one content.

use serde_json::{Map, Value, json};
use treaty_core::content::content_hash;
use treaty_core::document::{canonical, load, render};

/// The same object whatever the order in which its members were put in.
fn object(names: &[&str], level: usize) -> Value {
    let mut members = Map::new();
    for name in names {
        let value = if level == 0 {
            json!(name)
        } else {
            json!([object(names, level - 1)])
        };
        members.insert((*name).to_owned(), value);
    }
    Value::Object(members)
}

#[test]
fn the_order_in_which_members_were_put_in_does_not_show() {
    let forth = object(&["a", "B", "é", "1", "10", "2", ""], 2);
    let back = object(&["", "2", "10", "1", "é", "B", "a"], 2);
    assert_eq!(render(forth.clone()), render(back.clone()));
    assert_eq!(content_hash(&forth), content_hash(&back));
    let names: Vec<String> = canonical(back)
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["", "1", "10", "2", "B", "a", "é"]);
}

#[test]
fn the_order_of_a_list_is_kept() {
    assert_eq!(render(json!([3, 1, 2])), "[\n  3,\n  1,\n  2\n]\n");
}

#[test]
fn numbers_and_texts_are_written_as_they_were_read() {
    let text = "{\n  \"a\": 1.0,\n  \"b\": 18446744073709551615,\n  \"c\": \"é\\u0001/\\n\"\n}\n";
    assert_eq!(render(serde_json::from_str(text).unwrap()), text);
}

#[test]
fn what_was_written_is_read_as_the_same_pact() {
    let interaction = |description: &str| {
        json!({
            "type": "Synchronous/HTTP", "description": description, "request": {"path": "/"},
            "response": {"status": 200, "body": {"content": {"z": 1, "a": [1.0, null]}, "contentType": "application/json",
                         "encoded": false}},
        })
    };
    let document = json!({
        "provider": {"name": "B"}, "consumer": {"name": "A"}, "interactions": [interaction("y"), interaction("x")],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    });
    let before = load("before", document.to_string().as_bytes()).unwrap();
    let after = load("after", render(document).as_bytes()).unwrap();
    assert_eq!(before, after);
}
