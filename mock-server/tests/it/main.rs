//! The mock server from outside: what a client sees, and what the account says about it.

mod cors; // pre-flights, and the headers for pages of another origin
mod faults; // what goes wrong on purpose
mod index; // which interaction is found for a request
mod support; // servers for these tests
#[cfg(feature = "tls")]
mod tls; // HTTPS
mod transport; // connections
