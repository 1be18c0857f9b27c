//! The contract and the verdict: what every other part of Treaty shares.
//!
//! Documents come in through [`document`] and become a [`pact::Pact`], its interactions are compared by [`matching`], and
//! every comparison ends in an [`outcome`] that a [`receipt`] accounts for. Nothing here opens a socket, reads a clock
//! or looks at the environment.

pub mod causes;
pub mod content;
pub mod diff;
pub mod document;
pub mod interaction;
pub mod lint;
pub mod matching;
pub mod mismatch;
pub mod names;
pub mod outcome;
pub mod pact;
pub mod receipt;
pub mod selectors;
pub mod shell;
pub mod usage;
pub mod wire;
