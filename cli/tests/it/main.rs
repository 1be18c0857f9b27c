//! The command as its users meet it: a process, its output and its exit code.
//!
//! The attribute below is what lets the functions beside the tests `unwrap`, as tests may.

#![cfg(test)]

mod broker; // a broker for a test: served, in a file, or one that refuses
mod broker_admin; // treaty broker token, audit, clean; who may use what is served
mod broker_crash; // treaty broker serve, killed at any moment
mod broker_import; // treaty broker import: one broker becomes another
mod broker_serve; // treaty broker serve
mod can_i_deploy; // treaty can-i-deploy
mod certificates; // brokers that speak HTTPS
mod command; // runs the command
mod contracts; // treaty diff, treaty who-uses, treaty matrix, treaty status
mod demo; // treaty demo
mod environments; // environments and what is recorded to be in them
mod faults; // what goes wrong between the command and its broker
mod golden; // texts that are reviewed like code
mod help; // help pages and wrong command lines
mod json; // what all commands print for programs
mod lint; // treaty lint
mod mock; // treaty mock
mod new_broker; // a broker in a file that is not there
#[cfg(not(feature = "plugins"))]
mod no_plugins; // treaty verify: a plugin that this build does not run
mod pacticipants; // pacticipants and their labels
mod pacts; // pacts and provider states that a broker has
mod pipeline; // what runs the command in pipelines: init's files, the action, the image's example
#[path = "../../../broker/tests/it/postgres_server.rs"]
mod postgres_server; // a server for those tests that need one
mod provider; // a provider for a test
mod prune; // treaty prune
mod publish; // treaty publish
mod publish_results; // treaty publish-results
mod readme; // the commands of the README
mod recorded; // the commands against recorded answers of the Pact Broker
mod setup; // treaty init, login, completions, man, and the file that all commands share
mod stub; // treaty stub
mod suggestions; // names that are not, and those that are meant
mod telemetry; // what is told to OpenTelemetry, where that is asked for
#[cfg(unix)]
mod terminal; // what is seen on a terminal
mod unwritable; // an answer that cannot be written
mod verify; // treaty verify
mod verify_builds; // treaty verify: what it takes from the build machine and from the last run
mod verify_flags; // treaty verify: what its flags make it ask
mod verify_order; // treaty verify: providers that fail now and then, and those that depend on the order
mod verify_runs; // treaty verify: how often, in which order, which part, how it gets there
mod versions; // versions, their branches and tags
mod webhooks; // webhooks
