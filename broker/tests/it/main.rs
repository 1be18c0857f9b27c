//! The broker through its HTTP interface: in process, but for `server`.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests: a panic is how they fail"
)]

mod access; // who may do what, and who did
mod agreement; // what Treaty's own client needs of the broker
mod audit; // what the log of changes tells
mod bad_input; // every route, and all that is wrong
mod badges; // pictures of how things stand
mod below_a_prefix; // every link, where a proxy gives the broker a part of a site
mod concurrency; // many writers, several processes' worth of brokers on one file
mod copy; // backups
mod deployments; // recording what runs where
mod environments; // creating and validating environments
mod explanation; // the `treaty` member of a verdict
mod failures; // bodies, methods and paths that are wrong
mod for_verification; // what a provider is given to verify
mod history; // what is told long after
mod index; // links that clients begin with
mod integrations; // who has a pact with whom
mod known_routes; // every route that clients know, in one story
mod labels; // words by which pacticipants are grouped
mod limits; // how much, how long, how often
mod matrix; // verdicts
mod openapi; // the description for programs
mod pacticipants; // pacticipants, versions, branches, tags
mod pacts; // publishing and reading
mod pages; // what browsers are shown
mod postgres_server; // a server for those tests that need one
mod reading; // differences, dashboard, provider states, metrics, and deleting what is read
mod results; // verification results
mod server; // over a socket
mod stores; // all of this once more, on PostgreSQL
mod support; // the broker under test
mod webhooks; // requests that are sent when something happens
