//! Findings as people and machines read them: one file per format, each a function from findings to text or JSON.

mod json;
mod sarif;
mod text;

use super::finding::Finding;

pub use json::json;
pub use sarif::sarif;
pub use text::text;

/// The findings of one file.
#[derive(Debug, Clone)]
pub struct Linted {
    /// The file as its user named it: a path from the root of the repository serves every format best.
    pub file: String,
    /// What is wrong in it.
    pub findings: Vec<Finding>,
}
