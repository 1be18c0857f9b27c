//! Changed documents and changed requests: nothing that comes in from outside may panic, or take memory without end.
//!
//! `TREATY_FUZZ_INPUTS` is the number of inputs of each test, `TREATY_FUZZ_SEED` the seed of them all. The input that is
//! at work, or that failed, is kept in the folder of the tests' own files, which a failure names; one that found a
//! fault belongs into `seeds/`, from where it is tried as it is, and changed, ever after.

#![expect(
    clippy::unwrap_used,
    reason = "the lint knows a test by its attribute, and what tests share has none"
)]

mod bytes; // changes of bytes
mod campaign; // inputs one after the other, and what is said of one that fails
mod document; // the reader, the linter, the merge
mod documents; // other people's documents, and ours
mod http; // the mock server, in process and on a socket
mod json; // changes of JSON
#[path = "../../../core/tests/it/prerequisite.rs"]
mod prerequisite; // what a test needs that not every machine has
