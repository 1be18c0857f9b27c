//! For a provider's build: replay every interaction of a pact against the running service or in process.
