//! One typed client for any Pact Broker.
