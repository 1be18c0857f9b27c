//! Differential tests and benchmarks against the peers.
