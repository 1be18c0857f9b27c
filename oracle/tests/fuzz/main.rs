//! Changed documents and changed requests: nothing that comes in from outside may panic, or take memory without end.
//!
//! `TREATY_FUZZ_INPUTS` is the number of inputs of each test, `TREATY_FUZZ_SEED` the seed of them all. The input that is
//! at work, or that failed, is kept in the folder of the tests' own files, which a failure names; one that found a
//! fault belongs into `seeds/`, from where it is tried as it is, and changed, ever after.

#![expect(
    clippy::unwrap_used,
    reason = "the lint knows a test by its attribute, and what tests share has none"
)]

mod broker; // a broker, on a socket
mod bytes; // changes of bytes, and inputs of several parts
mod campaign; // inputs one after the other, and what is said of one that fails
mod document; // the reader, the linter, the merge
mod documents; // other people's documents, and ours
mod http; // the mock server, in process and on a socket
mod json; // changes of JSON
#[path = "../../../broker/tests/it/postgres_server.rs"]
mod postgres_server; // a server for those tests that need one
#[path = "../../../core/tests/it/prerequisite.rs"]
mod prerequisite; // what a test needs that not every machine has
mod requests; // requests to a broker, and changes of them
