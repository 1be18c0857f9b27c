//! `treaty verify` of a pact that needs a plugin: one in Lua, which compares bodies without regard to case.

use axum::Router;
use axum::routing::get;
use serde_json::json;

use crate::command::{Place, Told};
use crate::provider::serve;

const MANIFEST: &str = r#"{
    "manifestVersion": 1, "pluginInterfaceVersion": 1, "name": "shout", "version": "0.1.0",
    "executableType": "lua", "entryPoint": "entry.lua", "pluginConfig": {}
}"#;

const SCRIPT: &str = r#"
    function init(implementation, version)
        return { { entryType = "CONTENT_MATCHER", key = "shout", values = { ["content-types"] = "text/shout" } } }
    end

    function match_contents(request)
        local expected, actual = request.expected.contents, request.actual.contents
        if string.upper(expected) == string.upper(actual) then
            return { mismatches = {} }
        end
        return { mismatches = { ["$"] = { expected = expected, actual = actual, mismatch = "it is another word" } } }
    end
"#;

fn place() -> Place {
    let mut place = Place::new();
    place.write("plugins/shout-0.1.0/pact-plugin.json", MANIFEST);
    place.write("plugins/shout-0.1.0/entry.lua", SCRIPT);
    let plugins = place.path("plugins");
    place.set("PACT_PLUGIN_DIR", plugins.to_str().unwrap());
    place.set("PACT_DO_NOT_TRACK", "true");
    let interaction = |path: &str, word: &str| {
        json!({
            "type": "Synchronous/HTTP",
            "description": format!("a request for {path}"),
            "providerStates": [{ "name": "a word" }],
            "request": { "method": "GET", "path": path },
            "response": {
                "status": 200,
                "headers": { "Content-Type": ["text/shout"] },
                "body": { "content": word, "contentType": "text/shout", "encoded": false },
            },
        })
    };
    let pact = json!({
        "consumer": { "name": "OrderService" },
        "provider": { "name": "UserService" },
        "interactions": [interaction("/hello", "hello"), interaction("/bye", "bye")],
        "metadata": {
            "pactSpecification": { "version": "4.0" },
            "plugins": [{ "name": "shout", "version": "0.1.0", "configuration": {} }],
        },
    });
    place.write("a.json", &pact.to_string());
    place
}

fn verify(place: &Place, bye: &'static str, more: &str) -> Told {
    let word = |word: &'static str| get(async move || ([("content-type", "text/shout")], word));
    let router = Router::new()
        .route("/hello", word("HELLO"))
        .route("/bye", word(bye));
    let url = serve(router.route("/states", axum::routing::post(async || "")));
    place.run(&format!(
        "verify -f a.json --provider-base-url {url} -s {url}/states {more}"
    ))
}

#[test]
fn a_plugin_that_finds_no_difference_is_a_yes() {
    let told = verify(&place(), "BYE", "").ends_with(0);
    told.says("2 interactions found, 2 replayed, 2 provider states set up");
}

#[test]
fn a_difference_that_a_plugin_finds_is_a_no_with_its_words() {
    verify(&place(), "CIAO", "")
        .ends_with(1)
        .says("passed        a request for /hello")
        .says("failed        a request for /bye")
        .says("$  expected bye, got CIAO  (rule: plugin)");
}

#[test]
fn a_plugin_that_is_not_installed_is_named_and_is_not_a_no() {
    let place = place();
    std::fs::remove_dir_all(place.path("plugins/shout-0.1.0")).unwrap();
    verify(&place, "BYE", "")
        .ends_with(3)
        .says("the plugin shout 0.1.0 is not installed");
}
