//! Pacts that need a plugin, verified with one: by the library, and by `treaty verify`. `oracle/plugins.sh` runs them.
//!
//! The attribute below is what lets helpers `unwrap`, as tests may.

#![cfg(test)]

mod command; // treaty verify
mod library; // the verifier in Rust
mod pact; // a pact that needs the plugin
mod process; // the process of the plugin
mod provider; // providers that shout, over HTTP and over a line of text
