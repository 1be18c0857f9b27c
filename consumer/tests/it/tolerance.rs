use serde_json::Value;
use treaty_consumer::prelude::*;
use treaty_consumer::{Tolerance, Untried};
use url::Url;

use crate::support::{user, written};

async fn fetch(url: &Url) -> Value {
    let response = reqwest::get(url.join("/users/42").unwrap()).await.unwrap();
    response.json().await.unwrap()
}

/// What became of this client, which gets the user as JSON.
async fn tried(client: impl Fn(&Value) -> Result<(), String>) -> Result<Tolerance, Untried> {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server();
    let consumer = async |url: Url| client(&fetch(&url).await);
    let tolerance = mock
        .tolerates(ToleranceOptions::default().seed(7), consumer)
        .await;
    assert_eq!(
        mock.report().answered,
        0,
        "it runs against servers of its own"
    );
    fetch(&mock.url()).await;
    mock.finish().unwrap();
    assert_eq!(written(pacts.path()).len(), 1);
    tolerance
}

#[tokio::test]
async fn a_tolerant_client_survives_everything() {
    let tolerance = tried(|user| user["name"].as_str().map(drop).ok_or("no name".to_owned()))
        .await
        .unwrap();
    tolerance.assert_ok();
    assert!(tolerance.survived > 10, "{tolerance}");
}

#[tokio::test]
async fn what_a_client_does_not_survive_is_told_as_small_as_it_is() {
    let tolerance = tried(|user| {
        if user["name"].as_str().is_some_and(str::is_empty) {
            return Err("a user needs a name".to_owned());
        }
        assert_eq!(
            user["tags"].as_array().unwrap().len(),
            1,
            "one tag, as in the example"
        );
        Ok(())
    });
    let text = tolerance.await.unwrap().to_string();
    let (first, rest) = text.split_once('\n').unwrap();
    assert!(
        first.starts_with("the consumer does not survive 3 of "),
        "{text}"
    );
    assert!(
        first.ends_with(" responses that the contract allows (seed 7)"),
        "{text}"
    );
    assert_eq!(
        rest,
        r#"
  a request for user 42
    $.name  "" in place of "Jane"
    body: {"id":42,"name":"","tags":["new"]}
    failed: "a user needs a name"

  a request for user 42
    $.tags  2 elements in place of 1
    body: {"id":42,"name":"Jane","tags":["new","new"]}
    panicked: assertion `left == right` failed: one tag, as in the example
  left: 2
 right: 1

  a request for user 42
    $.tags  11 elements in place of 1
    body: {"id":42,"name":"Jane","tags":["new","new","new","new","new","new","new","new","new","new","new"]}
    panicked: assertion `left == right` failed: one tag, as in the example
  left: 11
 right: 1
"#
    );
}

#[tokio::test]
async fn what_fails_only_together_is_told_together() {
    let tolerance = tried(|user| {
        let renamed = user["name"] != "Jane";
        let many = user["tags"].as_array().unwrap().len() > 1;
        if renamed && many {
            Err("both".to_owned())
        } else {
            Ok(())
        }
    });
    let tolerance = tolerance.await.unwrap();
    assert!(!tolerance.intolerances.is_empty());
    for intolerance in &tolerance.intolerances {
        let paths: Vec<&str> = intolerance
            .variations
            .iter()
            .filter_map(|text| text.split("  ").next())
            .collect();
        assert_eq!(paths, ["$.name", "$.tags"], "{intolerance}");
    }
}

#[tokio::test]
async fn one_seed_is_one_account() {
    let client = |user: &Value| match user["name"].as_str() {
        Some(name) if name.len() < 5 => Ok(()),
        _ => Err("too long".to_owned()),
    };
    assert_eq!(tried(client).await.unwrap(), tried(client).await.unwrap());
}

#[tokio::test]
async fn a_client_that_asks_for_something_else_has_strayed() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server();
    let follow = async |url: Url| {
        let name = fetch(&url).await["name"].clone();
        if name != "Jane" {
            reqwest::get(url.join("/by-name").unwrap()).await.unwrap();
        }
        Ok::<(), String>(())
    };
    let tolerance = mock
        .tolerates(ToleranceOptions::default(), follow)
        .await
        .unwrap();
    assert!(
        tolerance
            .strayed
            .iter()
            .all(|variation| variation.starts_with("$.name  "))
    );
    assert!(
        tolerance.is_ok() && !tolerance.strayed.is_empty(),
        "{tolerance}"
    );
    fetch(&mock.url()).await;
    mock.finish().unwrap();
}

#[tokio::test]
async fn nothing_tried_is_no_success() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server();
    let options = ToleranceOptions::default;
    let fails = mock.tolerates(options(), async |_| Err("always")).await;
    assert_eq!(
        fails.unwrap_err().to_string(),
        "the consumer did not ask for what the interactions describe\n\
        expected, but never came: GET /users/42\n    a request for user 42\n"
    );
    let refuses = async |url: Url| {
        fetch(&url).await;
        Err("always")
    };
    let fails = mock.tolerates(options(), refuses).await.unwrap_err();
    assert_eq!(
        fails.to_string(),
        "the consumer does not survive the examples themselves: failed: \"always\""
    );
    let reads = async |url: Url| {
        fetch(&url).await;
        Ok::<(), String>(())
    };
    let unknown = mock
        .tolerates(options().except("$.nmae"), reads)
        .await
        .unwrap_err();
    assert!(
        unknown
            .to_string()
            .starts_with("nothing varies at \"$.nmae\"; there are $, $.name"),
        "{unknown}"
    );
    let fewer = mock.tolerates(options().runs_max(3), reads).await.unwrap();
    assert!(
        fewer.left_out > 0 && fewer.to_string().contains("not tried: "),
        "{fewer}"
    );
    fetch(&mock.url()).await;
    mock.finish().unwrap();
}
