//! Pact documents: the only place that knows the versions of the Pact specification.

mod load;
mod locate;
mod merge;
mod name;
mod parts;
mod ranges;
mod schema;
mod unseen;
mod v2;
mod validate;
mod write;

pub(crate) use locate::Lines;
pub(crate) use validate::departures;

pub use load::{LoadError, load, load_for_plugins, load_json};
pub use merge::{Draft, MergeError, SpecVersion};
pub use name::InteractionName;
pub use parts::Parts;
pub use validate::Problem;
pub use write::{canonical, render};
