//! The mock server from outside: what a client sees, and what the account says about it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the report"
)]

mod account; // what is said of a session at its end
mod closest; // which interaction a request came closest to
mod contract; // pacts and requests for the files about sessions
mod corpus; // other people's pacts, asked their own requests
mod cors; // pre-flights, and the headers for pages of another origin
mod faults; // what goes wrong on purpose
mod index; // which interaction is found for a request
#[path = "../../../core/tests/it/prerequisite.rs"]
mod prerequisite; // what a test needs that not every machine has
mod robustness; // what a socket brings that is no request
mod session; // which interaction answers
mod socket; // one client's conversation with a server, byte for byte
mod stub; // what a stub answers
mod support; // servers for these tests
#[cfg(feature = "tls")]
mod tls; // HTTPS
mod transport; // connections
mod variation; // what else a contract lets a provider answer
mod wire; // a client that writes its requests byte for byte
