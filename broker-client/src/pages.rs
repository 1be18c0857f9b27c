//! Lists that come in pages.

use http::Method;
use serde_json::Value;
use url::Url;

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::Document;

/// The most pages that are read of one list. A broker that has more, or whose links go round, is not believed.
const PAGES_MAX: usize = 10_000;

impl Client {
    /// Every item of the embedded list at the URL, through all of its pages.
    pub(crate) async fn all_embedded(
        &self,
        url: &Url,
        list: &str,
    ) -> Result<Vec<Document>, ClientError> {
        let mut items = Vec::new();
        let mut next = url.clone();
        for _ in 0..PAGES_MAX {
            let page = self.get(&next).await?;
            let here = page.embedded(list).iter().map(|body| Document {
                url: page.url.clone(),
                body: body.clone(),
            });
            items.extend(here);
            match page.link_of(&["next", "pb:next"]) {
                Ok(link) => next = page.follow(&link, &[])?,
                Err(_) => return Ok(items),
            }
        }
        Err(ClientError::NotABroker {
            asked: Asked::new(&Method::GET, url),
            what: format!("a list of more than {PAGES_MAX} pages"),
        })
    }
}

/// The text at a place of a document.
pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
