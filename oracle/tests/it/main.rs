//! Our verdicts beside those of `pact_verifier`, over the same sockets.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the report"
)]

mod case; // one interaction of somebody's pact
mod corpus; // other people's pacts
mod differences; // where we mean to differ, each with a test
mod ours; // the verdicts of our verifier
mod peers; // the verdicts of `pact_verifier`
#[path = "../../../core/tests/it/prerequisite.rs"]
mod prerequisite; // what a test needs that not every machine has
mod provider; // what answers both
mod rules; // a pact of our own with every matching rule
mod variant; // right answers, and answers that are wrong in one place
mod verdict; // what both verifiers are compared by
mod verdicts; // the comparison
