//! For a consumer's tests: describe interactions, run them against a mock server, write the pact.
