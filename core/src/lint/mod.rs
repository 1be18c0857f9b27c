//! What is wrong with a pact that can be read: mistakes that would pass, fail or mislead later, each with its place.
//!
//! [`lint`] reads a document and returns its [`Finding`]s. One file beside this one holds one rule, or a few that look
//! at the same thing; [`Rule::ALL`] lists them for reports and documentation.

mod body;
mod descriptions;
mod emptiness;
mod examples;
mod finding;
mod flaw;
mod limits;
mod method;
mod orphans;
mod places;
mod probe;
pub mod report;
mod rule;
mod run;
mod same_request;
mod secrets;
mod specification;
mod states;
mod subject;
mod volatile;

pub use finding::{Finding, Severity};
pub use flaw::{Flaw, SecretKind, VolatileKind};
pub use rule::Rule;
pub use run::{lint, lint_json};
