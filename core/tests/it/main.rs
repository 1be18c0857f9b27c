//! Pact documents in, verdicts out: through the public API alone.
//!
//! The attribute below is what lets helpers `unwrap`, as tests may.

#![cfg(test)]

mod corpus; // other people's pact files, from a folder that need not be there
mod diff; // what a pact demands beside an older one
mod lint; // the rules of the linter, each with a bad pact and its good twin
mod loading; // documents that are pacts, and what is said of those that are not
mod matching; // the lines that differences are told in
mod merging; // what goes into a document that is there already
mod names; // the names and hashes that come in from outside
mod prerequisite; // what a test needs that not every machine has
mod ranges; // the ranges of random numbers
mod receipts; // the account of what was done, as JSON
mod schemas; // what a document may look like in each version of the specification
mod wire; // what came over HTTP, and back
mod writing; // one text for one content
