use std::fs;

use crate::workspace;

/// `folder/file.rs::name`, wherever a page names a test so.
fn named(page: &str) -> Vec<(String, String)> {
    let words = page.split(|c: char| c == '`' || c.is_whitespace());
    let tests = words.filter_map(|word| word.split_once(".rs::"));
    tests
        .map(|(file, name)| (format!("{file}.rs"), name.to_owned()))
        .collect()
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).unwrap();
    let named = named(&page);
    assert!(named.len() >= 16, "{named:?}");
    for (file, name) in named {
        let text = fs::read_to_string(workspace().join(&file));
        let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
        let (before, _) = text
            .split_once(&format!("fn {name}()"))
            .unwrap_or_else(|| panic!("{file} has no function {name}"));
        let before = before.trim_end_matches("async ").trim_end();
        let attribute = before.lines().last().unwrap_or_default().trim_start();
        let is_test = ["#[test]", "#[tokio::test"];
        let is_test = is_test.iter().any(|test| attribute.starts_with(test));
        assert!(is_test, "{name} in {file} is no test");
    }
}
