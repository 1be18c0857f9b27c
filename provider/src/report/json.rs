//! The report as JSON.

use serde_json::{Value, json};

use super::types::Report;

/// The JSON Schema of the document that [`Report::to_json`] makes.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(treaty_provider::REPORT_SCHEMA).unwrap();
/// assert_eq!(schema["title"], "Treaty verification report");
/// ```
pub const REPORT_SCHEMA: &str = include_str!("../../schemas/report.json");

impl Report {
    /// The whole report as one JSON document, its verdict and its numbers first in meaning if not in order.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(PactSource::file("no such file.json")).await;
    /// assert_eq!(report.to_json()["verdict"], "nothing_to_do");
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut document = json!(self);
        document["verdict"] = json!(self.verdict());
        document["summary"] = json!(self.summary());
        let protection = self.protection();
        if !protection.is_empty() {
            document["protection"] = json!(protection);
        }
        document
    }
}
