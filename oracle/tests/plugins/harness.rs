//! Each interaction of a pact that needs a plugin as a test of its own, and the end of the plugin behind the last one.
//! `oracle/plugins.sh` runs it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "here is no transport of a plugin")]
mod pact;
mod process;
#[expect(dead_code, reason = "here is no transport of a plugin")]
mod provider;

use std::path::PathBuf;
use std::process::ExitCode;

use treaty_provider::{PactSource, Verifier, harness};

fn main() -> ExitCode {
    let plugins = std::env::var_os("PACT_PLUGIN_DIR");
    let plugins = plugins.expect("PACT_PLUGIN_DIR says where the plugin is: run oracle/plugins.sh");
    let pact = pact::pact(&[
        pact::over_http("/hello", "hello"),
        pact::over_http("/bye", "bye"),
    ]);
    let verifier = async || {
        Verifier::new("UserService")
            .base_url(format!("http://127.0.0.1:{}", provider::http()))
            .state("a word", async || {})
    };
    let code = harness::main(verifier, PactSource::json("a pact", pact));
    process::ends(&PathBuf::from(plugins).join("shout"));
    code
}
