//! The client against other brokers' answers, as those brokers send them.
//!
//! The attribute below is what lets the functions beside the tests `unwrap`, as tests may.

#![cfg(test)]

mod agreement; // what the client needs of Treaty's own broker, as a pact
mod deployments; // environments and deployments through the links of a version
mod failures; // nobody there, a proxy, a broker that is ill
mod fake; // a broker that answers from a table
mod import; // a whole broker, told to another one
mod matrix; // can-i-deploy, with and without Treaty's own members
mod offline; // a broker in a file beside the same one served
mod own_broker; // the whole story with Treaty's own broker
mod pacts; // pacts for verification, pacts by URL
mod publication; // publishing pacts
mod resources; // pacticipants, versions, branches, tags, labels, environments, releases, lists of pacts
mod verifications; // publishing results
mod webhooks; // webhooks, as the Pact Broker answers about them
