//! The Pact compatibility suite, run on Treaty's own document model, matching, mock server, consumer and verifier.
//!
//! The suite's features and fixtures are data beside the checkout: the folder that `PACT_COMPATIBILITY_SUITE` names, or
//! `../shared/compatibility-suite`. Where it is absent nothing runs, which is said and is a failure as soon as
//! `TREATY_REQUIRE` lists `suite`.
//!
//! `cargo test -p treaty-oracle --test suite -- "state one"` runs the scenarios with these words in their name or file.

#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot go on fails its scenario"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "cucumber hands its captures to the steps by value"
)]

mod account; // counts what happened, and says so
mod broker; // provider: a broker made of the suite's own contracts
mod consumer; // the mock server's part of a consumer test
mod content; // bodies: fixtures, JSON and XML in a table's cell
mod definition; // consumer: interactions built with the DSL
mod generating; // generators, applied to requests and responses
mod interactions; // the numbered interactions of a background
mod matching; // one request or response against another
mod message; // messages, handed to a consumer's handler
mod message_file; // what stands of them in the pact file
mod message_provider; // provider: a message URL, and pacts of messages
mod not_run; // which scenarios are not run, by name
mod pact_file; // what stands in the pact file that a consumer test wrote
mod provider; // a provider, its state callback, its verification
mod server; // provider: what listens on a socket
mod suite; // where the suite is
mod table; // tables of a step
mod verdict; // provider: what the report of the verification says
mod world; // what a scenario knows

use std::process::ExitCode;

use cucumber::World as _;

use account::Account;
use not_run::Selection;
use world::World;

/// A scenario that waits for a socket must not hold up the others; more at once than this gains nothing.
const SCENARIOS_AT_ONCE_MAX: usize = 16;

#[tokio::main]
async fn main() -> ExitCode {
    let suite = match suite::find() {
        Ok(folder) => folder,
        Err(absence) => return absence.told(),
    };
    let selection = Selection::from_arguments();
    let features = suite.join("features");
    let chosen = selection.clone();
    let account = World::cucumber()
        .with_writer(Account::new(&features, selection))
        .with_default_cli()
        .max_concurrent_scenarios(SCENARIOS_AT_ONCE_MAX)
        .before(move |feature, _, _, world: &mut World| {
            world.enter(&suite, feature);
            Box::pin(std::future::ready(()))
        })
        .filter_run(features, move |feature, _, scenario| {
            chosen.takes(feature, scenario)
        })
        .await;
    account.told()
}
