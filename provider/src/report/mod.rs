//! What a verification gives back: a value, and the views of it.

mod console;
mod escape;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod paint;
mod summary;
mod types;
mod verdict;
mod words;

#[cfg(feature = "harness")]
pub(crate) use escape::visible;
pub use json::REPORT_SCHEMA;
pub use paint::Colour;
pub use summary::Summary;
pub use types::{
    InteractionReport, Notice, PactLeftOut, PactLeftOutReason, PactReport, Publication, Refusal,
    Report, SourceCause, SourceProblem, Withheld,
};
