//! The tags of a version.

use http::Method;
use serde_json::json;
use treaty_core::names::{TagName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

impl Client {
    /// Tags a version, through the document of its pacticipant.
    pub(crate) async fn put_tag(
        &self,
        pacticipant: &Document,
        tag: &TagName,
        version: &VersionNumber,
    ) -> Result<(), ClientError> {
        let names = [("tag", tag.as_str()), ("version", version.as_str())];
        let url = pacticipant.follow(&pacticipant.link("pb:version-tag")?, &names)?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }
}
