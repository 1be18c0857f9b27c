//! What a consumer's tests may rely on.

#![expect(
    clippy::unwrap_used,
    reason = "the lint knows a test by its attribute, and what tests share has none"
)]

mod binary; // content types of bytes
mod child; // parts that these tests play in processes of their own
mod client; // a consumer's client, and pacts for it
mod default_dir; // where pact files go when nobody says where
mod drop; // what happens to a mock server that nobody finishes
mod eventually; // waiting with a deadline, and what is said at its end
mod faults; // what goes wrong on purpose, and what is written then
mod file; // the pact file: what is in it, what is refused, who else writes it
mod finish; // what the end of a test says
mod flaws; // what the linter calls an error is not written
mod foreign; // the mock server as `pact_consumer`'s users know it
mod message; // messages: the pact file, the handler, the iterators
mod message_optional; // messages with members that may be absent or null
mod peers; // tests as the users of `pact_consumer` write them
mod support; // pacts for these tests
mod telemetry; // nothing leaves the process
mod tolerance; // other responses that the contract allows
mod topic; // the topic in memory: groups, dead letters, unkind deliveries
