//! The branch that a version was built from.

use http::Method;
use serde_json::json;
use treaty_core::names::{BranchName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

impl Client {
    /// Puts a version on a branch, through the document of its pacticipant.
    pub(crate) async fn put_on_branch(
        &self,
        pacticipant: &Document,
        branch: &BranchName,
        version: &VersionNumber,
    ) -> Result<(), ClientError> {
        let names = [("branch", branch.as_str()), ("version", version.as_str())];
        let url = pacticipant.follow(&pacticipant.link("pb:branch-version")?, &names)?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }
}
