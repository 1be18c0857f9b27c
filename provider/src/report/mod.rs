//! What a verification gives back: a value, and the views of it.

mod console;
mod json;
mod paint;
mod summary;
mod types;
mod verdict;

pub use paint::Colour;
pub use summary::Summary;
pub use types::{
    InteractionReport, Notice, PactLeftOut, PactLeftOutReason, PactReport, Publication, Refusal,
    Report, SourceCause, SourceProblem, Withheld,
};
