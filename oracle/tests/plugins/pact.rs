//! A pact that needs the plugin.

use serde_json::{Value, json};

/// The plugin's name and version.
pub(crate) const PLUGIN: (&str, &str) = ("shout", "0.1.0");

pub(crate) fn pact(interactions: &[Value]) -> Value {
    let (name, version) = PLUGIN;
    json!({
        "consumer": { "name": "OrderService" },
        "provider": { "name": "UserService" },
        "interactions": interactions,
        "metadata": {
            "pactSpecification": { "version": "4.0" },
            "plugins": [{ "name": name, "version": version, "configuration": {} }],
        },
    })
}

/// An exchange over HTTP, whose body the plugin compares.
pub(crate) fn over_http(path: &str, word: &str) -> Value {
    json!({
        "type": "Synchronous/HTTP",
        "description": format!("a request for {path}"),
        "providerStates": [{ "name": "a word" }],
        "request": { "method": "GET", "path": path },
        "response": {
            "status": 200,
            "headers": { "Content-Type": ["text/shout"] },
            "body": contents(word),
        },
    })
}

/// An exchange over the plugin's transport.
pub(crate) fn over_a_line(said: &str, answered: &str) -> Value {
    json!({
        "type": "Synchronous/Messages",
        "description": format!("{said} and {answered}"),
        "transport": "shout",
        "request": { "contents": contents(said) },
        "response": [{ "contents": contents(answered) }],
    })
}

fn contents(word: &str) -> Value {
    json!({ "content": word, "contentType": "text/shout", "encoded": false })
}
