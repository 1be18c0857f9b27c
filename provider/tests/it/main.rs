//! What a provider's build may rely on: what goes wrong first, then what goes right.

#![expect(
    clippy::unwrap_used,
    reason = "the lint knows a test by its attribute, and what tests share has none"
)]

mod broker; // pacts from a broker, its word about them, its silence
mod console; // the report for people, as golden text
mod dependence; // what a failure depends on
#[cfg(feature = "pact-verifier")]
mod executors; // state executors and request filters of the peer
mod fake_broker; // a broker for the other files
mod fakes; // pacts, providers and reports for the other files
mod filter; // what a filter leaves out, and that nothing is no success
mod join; // shards, joined and published
mod json; // the report for machines
mod message; // messages, by closures and over a message URL
mod mismatch; // a provider that answers otherwise
mod mutate; // what contracts protect
mod network; // certificates and proxies
mod no_answer; // a provider that is down, hangs, breaks off or floods
mod publish; // results that are published, withheld or refused
mod redact; // what nobody is to read
mod refusal; // questions that cannot be asked
mod request; // what is sent
mod response; // what is read of an answer
mod runner; // when interactions run: beside each other, again, in another order
mod source; // files, directories and URLs
mod state; // provider states by handlers
mod state_change; // provider states by URL
mod views; // the report for build servers and browsers
