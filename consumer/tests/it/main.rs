//! What a consumer's tests may rely on.

#![expect(
    clippy::unwrap_used,
    reason = "the lint knows a test by its attribute, and what tests share has none"
)]

mod eventually; // waiting with a deadline, and what is said at its end
mod faults; // what goes wrong on purpose, and what is written then
mod foreign; // the mock server as `pact_consumer`'s users know it
mod message; // messages: the pact file, the handler, the iterators
mod support; // pacts for these tests
mod tolerance; // other responses that the contract allows
mod topic; // the topic in memory: groups, dead letters, unkind deliveries
