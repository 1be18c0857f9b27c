use std::collections::{BTreeSet, HashMap};

use axum::body::Body;
use http::Request;
use serde_json::Value;
use treaty_broker::{KnownRoute, Step, known_routes, routes};

use crate::support::{Answer, BASE, TestBroker};

/// What was kept of earlier answers, by name.
type Kept = HashMap<String, String>;

async fn send(broker: &TestBroker, step: &Step, kept: &Kept) -> Answer {
    let mut target = step.target.clone();
    for (name, value) in kept {
        target = target.replace(&format!("${name}"), value);
    }
    let request = Request::builder()
        .method(step.method.as_str())
        .uri(target.replace('[', "%5B").replace(']', "%5D"));
    let content_type = match step.method.as_str() {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let request = match &step.body {
        Some(body) => request
            .header("content-type", content_type)
            .body(Body::from(body.clone())),
        None => request.body(Body::empty()),
    };
    broker.send(request.unwrap()).await
}

fn keep(step: &Step, answer: &Answer, kept: &mut Kept) {
    for (name, pointer) in &step.kept {
        let document = answer.json();
        let value = document.pointer(pointer).and_then(Value::as_str);
        let value = value.unwrap_or_else(|| panic!("{pointer} in {document}"));
        kept.insert(name.clone(), value.replace(BASE, ""));
    }
}

/// Whether a request is one of a route.
fn is_of(step: &Step, route: &KnownRoute) -> bool {
    let path = step.target.split('?').next().unwrap_or_default();
    // What is kept of a link stands for several segments.
    let known = path.starts_with('$')
        || path.split('/').count() == route.path.split('/').count()
            && path
                .split('/')
                .zip(route.path.split('/'))
                .all(|(own, pattern)| {
                    own == pattern || pattern.starts_with('{') && !own.is_empty()
                });
    step.method == route.method && known
}

#[test]
fn what_is_shown_is_what_the_router_has() {
    let served = routes();
    for route in known_routes() {
        let shown = !route.steps.is_empty();
        assert!(
            !shown || route.is_served(&served),
            "{} {}",
            route.method,
            route.path
        );
    }
}

/// Where each relation in a document is explained, for those with a prefix: by the nearest `curies`, else by the index's.
fn explanations(document: &Value, default: &str, found: &mut BTreeSet<String>) {
    let curies = document.pointer("/_links/curies/0/href");
    let template = curies.and_then(Value::as_str).unwrap_or(default);
    let links = document["_links"].as_object().into_iter().flatten();
    for (name, _) in links {
        if let Some((_, relation)) = name.split_once(':') {
            found.insert(template.replace("{rel}", relation).replace(BASE, ""));
        }
    }
    match document {
        Value::Object(members) => {
            for member in members.values() {
                explanations(member, template, found);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| explanations(item, template, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_known_route_is_answered_as_its_story_says() {
    let broker = TestBroker::new();
    let mut kept = Kept::new();
    let mut explained = BTreeSet::new();
    for route in known_routes() {
        let name = format!("{} {}", route.method, route.path);
        for step in &route.steps {
            let answer = send(&broker, step, &kept).await;
            assert_eq!(answer.status, step.status, "{name}: {}", answer.text);
            assert!(
                answer.text.contains(&step.words),
                "{name}: {} is not in {}",
                step.words,
                answer.text
            );
            keep(step, &answer, &mut kept);
            if let Ok(document) = serde_json::from_str(&answer.text) {
                explanations(&document, "/doc/{rel}?context=index", &mut explained);
            }
        }
        if let Some(last) = route.steps.last() {
            assert!(
                is_of(last, &route),
                "{name} is not what {} asks for",
                last.target
            );
        }
    }
    assert!(explained.len() > 80, "{explained:?}");
    for path in explained {
        let page = broker.get_as(&path, "text/html").await;
        assert_eq!(page.status, 200, "{path}");
    }
}
