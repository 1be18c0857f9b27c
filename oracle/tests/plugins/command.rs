//! `treaty verify`, in a build that runs plugins.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::pact::{PLUGIN, over_a_line, over_http, pact};
use crate::process::ends;
use crate::provider;

/// What the command ends with, and what it says.
struct Told {
    code: Option<i32>,
    text: String,
}

impl Told {
    #[track_caller]
    fn is(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.text);
        for text in texts {
            assert!(self.text.contains(text), "no {text:?} in\n{}", self.text);
        }
    }
}

/// The command, which stands beside the plugin unless `TREATY` says where it is.
fn treaty() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_shout-plugin")).with_file_name("treaty");
    let treaty = std::env::var_os("TREATY").map_or(beside, PathBuf::from);
    assert!(
        treaty.exists(),
        "{} is not there: run oracle/plugins.sh",
        treaty.display()
    );
    treaty
}

/// A directory with the plugin installed in it, and a pact.
fn place(pact: &Value) -> TempDir {
    let place = TempDir::new().unwrap();
    let (name, version) = PLUGIN;
    let plugin = place.path().join("plugins").join(name);
    std::fs::create_dir_all(&plugin).unwrap();
    let manifest = json!({
        "manifestVersion": 1, "pluginInterfaceVersion": 1, "name": name, "version": version,
        "executableType": "exec", "entryPoint": env!("CARGO_BIN_EXE_shout-plugin"), "pluginConfig": {},
    });
    std::fs::write(plugin.join("pact-plugin.json"), manifest.to_string()).unwrap();
    std::fs::write(place.path().join("a.json"), pact.to_string()).unwrap();
    place
}

fn verify(place: &TempDir, words: &str) -> Told {
    let output = Command::new(treaty())
        .current_dir(place.path())
        .env("PACT_PLUGIN_DIR", place.path().join("plugins"))
        .env("PACT_DO_NOT_TRACK", "true")
        .args(["verify", "-f", "a.json"])
        .args(words.split_whitespace())
        .output()
        .unwrap();
    let texts = [output.stdout, output.stderr];
    Told {
        code: output.status.code(),
        text: texts
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .concat(),
    }
}

fn verify_http(place: &TempDir) -> Told {
    let url = format!("http://127.0.0.1:{}", provider::http());
    verify(place, &format!("--provider-base-url {url} -s {url}/states"))
}

#[test]
fn a_plugin_that_finds_no_difference_is_a_yes() {
    let pact = pact(&[over_http("/hello", "hello"), over_http("/bye", "Bye")]);
    let line = "2 interactions found, 2 replayed, 2 provider states set up";
    verify_http(&place(&pact)).is(0, &[line]);
}

#[test]
fn a_plugin_ends_with_the_run() {
    let place = place(&pact(&[over_http("/hello", "hello")]));
    verify_http(&place).is(0, &[]);
    ends(&place.path().join("plugins/shout"));
}

#[test]
fn a_difference_that_a_plugin_finds_is_a_no_with_its_words() {
    let pact = pact(&[over_http("/hello", "hello"), over_http("/bye", "ciao")]);
    let lines = [
        "passed        a request for /hello",
        "failed        a request for /bye",
        "$  expected ciao, got BYE  (rule: plugin)",
    ];
    verify_http(&place(&pact)).is(1, &lines);
}

#[test]
fn a_plugin_that_is_not_installed_is_named_and_is_not_a_no() {
    let place = place(&pact(&[over_http("/hello", "hello")]));
    std::fs::remove_dir_all(place.path().join("plugins")).unwrap();
    verify_http(&place).is(3, &["the plugin shout 0.1.0 is not installed"]);
}

#[test]
fn the_transport_of_a_plugin_is_the_provider_s() {
    let place = place(&pact(&[over_a_line("hello", "HELLO")]));
    let provider = format!("--transport shout -h 127.0.0.1 -p {}", provider::line());
    verify(&place, &provider).is(0, &["1 interaction found, 1 replayed"]);
}

#[test]
fn the_transport_of_a_plugin_stands_beside_http() {
    let interactions = [over_a_line("hello", "bye"), over_http("/hello", "hello")];
    let place = place(&pact(&interactions));
    let (http, line) = (provider::http(), provider::line());
    let provider = format!("-h 127.0.0.1 -p {http} --transports shout:{line}");
    let states = format!("-s http://127.0.0.1:{http}/states");
    let lines = [
        "$  expected bye, got HELLO  (rule: plugin)",
        "passed        a request for /hello",
    ];
    verify(&place, &format!("{provider} {states}")).is(1, &lines);
}
