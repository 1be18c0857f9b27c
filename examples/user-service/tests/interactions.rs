//! The same as `contract.rs`, with a test for each interaction: `cargo test -p user-service 42` runs those about user 42.

mod states;

use std::process::ExitCode;

use treaty_provider::{PactSource, harness};
use user_service::{Store, app};

use states::user_service;

fn main() -> ExitCode {
    let store = Store::default();
    harness::main(
        async || user_service(&store).service(app(store)),
        PactSource::dir("../../pacts"),
    )
}
