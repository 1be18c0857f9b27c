//! The webhooks, but for those with secrets, which no broker tells.

use http::Method;
use serde_json::Value;

use super::{Import, ImportKind, LeftOut, created_at, own};
use crate::error::ClientError;
use crate::hal::Document;

const MEMBERS: [&str; 6] = [
    "description",
    "consumer",
    "provider",
    "enabled",
    "request",
    "events",
];

/// What brokers show in the place of a secret.
const STARS: &str = "**********";

impl Import<'_> {
    pub(super) async fn webhooks(&mut self) -> Result<(), ClientError> {
        let theirs = self.source.webhooks().await?;
        let index = self.target.index().await?;
        let link = index.link("pb:webhook")?;
        let known = self.target.webhooks().await?;
        for webhook in &theirs {
            if known.iter().any(|known| known.uuid == webhook.uuid) {
                continue;
            }
            let body = webhook.document.clone();
            if has_stars(&body["request"]) {
                self.leave_out(LeftOut::Secret {
                    uuid: webhook.uuid.clone(),
                    description: webhook.description.clone(),
                });
                continue;
            }
            let url = index.follow(&link, &[("uuid", &webhook.uuid)])?;
            let document = Document {
                url: index.url.clone(),
                body,
            };
            let put = (Method::PUT, &url);
            self.tell(created_at(&document), put, &own(&document, &MEMBERS))
                .await?;
        }
        let known = self.target.webhooks().await?;
        let is_here = |uuid: &str| known.iter().any(|known| known.uuid == uuid);
        let here = theirs.iter().filter(|webhook| is_here(&webhook.uuid));
        self.count(ImportKind::Webhooks, theirs.len(), here.count());
        Ok(())
    }
}

fn has_stars(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(STARS),
        Value::Array(items) => items.iter().any(has_stars),
        Value::Object(members) => members.values().any(has_stars),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
