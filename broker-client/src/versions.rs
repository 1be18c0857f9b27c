//! The versions of a pacticipant.

use treaty_core::names::{PacticipantName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

impl Client {
    /// The document of a version.
    pub(crate) async fn version(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
    ) -> Result<Document, ClientError> {
        let index = self.index().await?;
        let names = [
            ("pacticipant", pacticipant.as_str()),
            ("version", version.as_str()),
        ];
        let url = index.follow(&index.link("pb:pacticipant-version")?, &names)?;
        self.get(&url).await.map_err(|error| {
            if error.is_not_found() {
                ClientError::UnknownVersion {
                    pacticipant: pacticipant.to_string(),
                    version: version.to_string(),
                }
            } else {
                error
            }
        })
    }
}
