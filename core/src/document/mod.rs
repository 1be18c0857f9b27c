//! Pact documents: the only place that knows the versions of the Pact specification.

mod load;
mod locate;
mod merge;
mod unseen;
mod validate;
mod write;

pub use load::{LoadError, load, load_json};
pub use merge::{Draft, MergeError, SpecVersion};
pub use validate::Problem;
pub use write::{canonical, render};
