//! Webhooks: what the broker asks of others when something happens.

use http::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

/// A webhook to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WebhookDefinition {
    /// What it is for.
    pub description: Option<String>,
    /// What has to happen, such as `contract_content_changed`.
    pub events: Vec<String>,
    /// Only pacts of this consumer.
    pub consumer: Option<WebhookParty>,
    /// Only pacts with this provider.
    pub provider: Option<WebhookParty>,
    /// The HTTP method of the request.
    pub method: String,
    /// Where the request goes.
    pub url: String,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// The body of the request: a text, or a document.
    pub body: Option<Value>,
    /// The user name that goes with it.
    pub user: Option<String>,
    /// The password that goes with it.
    pub password: Option<String>,
    /// The team that it belongs to, of brokers that have teams.
    pub team: Option<String>,
}

/// The consumer or provider that a webhook is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookParty {
    /// The one of the name.
    Named(String),
    /// Every one with the label.
    Labelled(String),
}

/// A webhook as the broker describes it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// The broker's id for it.
    pub uuid: String,
    /// What it is for.
    pub description: String,
    /// The whole document.
    pub document: Value,
}

/// What came of a webhook that was run to try it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WebhookRun {
    /// Whether whoever was asked said yes.
    pub success: bool,
    /// What happened, line by line.
    pub logs: String,
    /// The whole document.
    pub document: Value,
}

impl Client {
    /// Every webhook.
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or has no webhooks.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, ClientError> {
        let list = self.get_linked("pb:webhooks", &[]).await?;
        let mut webhooks = Vec::new();
        for link in list.links("pb:webhooks") {
            let found = self.get(&list.follow(&link, &[])?).await?;
            webhooks.push(webhook(found));
        }
        Ok(webhooks)
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn webhook(&self, uuid: &str) -> Result<Webhook, ClientError> {
        self.webhook_document(uuid).await.map(webhook)
    }

    /// Creates a webhook, whose id the broker chooses.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with what the broker does not like about it.
    pub async fn create_webhook(&self, new: &WebhookDefinition) -> Result<Webhook, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:webhooks")?, &[])?;
        let (made, _) = self.send(Method::POST, &url, &wire(new)).await?;
        Ok(webhook(made))
    }

    /// Makes the webhook of this id what it is to be, whether there is one or not.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with what the broker does not like about it, its id included.
    pub async fn put_webhook(
        &self,
        uuid: &str,
        definition: &WebhookDefinition,
    ) -> Result<Webhook, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:webhook")?, &[("uuid", uuid)])?;
        let (made, _) = self.send(Method::PUT, &url, &wire(definition)).await?;
        Ok(webhook(made))
    }

    /// Deletes a webhook.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn delete_webhook(&self, uuid: &str) -> Result<(), ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:webhook")?, &[("uuid", uuid)])?;
        let deleted = self.ask(Method::DELETE, &url, None).await;
        deleted.map_err(|error| error.or_unknown(|| format!("webhook {uuid:?}")))?;
        Ok(())
    }

    /// Runs a webhook now, with the latest pact or result that it is about.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn test_webhook(&self, uuid: &str) -> Result<WebhookRun, ClientError> {
        let there = self.webhook_document(uuid).await?;
        let url = there.follow(&there.link("pb:execute")?, &[])?;
        let (run, _) = self.send(Method::POST, &url, &json!({})).await?;
        let document = run.body;
        let status = document["response"]["status"].as_u64();
        Ok(WebhookRun {
            success: status.is_some_and(|status| (200..300).contains(&status)),
            logs: text(&document["logs"]).unwrap_or_default(),
            document,
        })
    }

    async fn webhook_document(&self, uuid: &str) -> Result<Document, ClientError> {
        let found = self.get_linked("pb:webhook", &[("uuid", uuid)]).await;
        found.map_err(|error| error.or_unknown(|| format!("webhook {uuid:?}")))
    }
}

fn wire(definition: &WebhookDefinition) -> Value {
    let mut request = json!({ "method": definition.method, "url": definition.url });
    if !definition.headers.is_empty() {
        let headers = definition.headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), json!(value)));
        request["headers"] = Value::Object(headers.collect());
    }
    let credentials = [
        ("username", &definition.user),
        ("password", &definition.password),
    ];
    for (member, value) in credentials {
        if let Some(value) = value {
            request[member] = value.as_str().into();
        }
    }
    if let Some(body) = &definition.body {
        request["body"] = body.clone();
    }
    let events = definition.events.iter().map(|name| json!({ "name": name }));
    let mut wire = json!({ "events": events.collect::<Vec<_>>(), "request": request });
    let parties = [
        ("consumer", &definition.consumer),
        ("provider", &definition.provider),
    ];
    for (member, party) in parties {
        match party {
            Some(WebhookParty::Named(name)) => wire[member] = json!({ "name": name }),
            Some(WebhookParty::Labelled(label)) => wire[member] = json!({ "label": label }),
            None => {}
        }
    }
    let texts = [
        ("description", &definition.description),
        ("teamUuid", &definition.team),
    ];
    for (member, value) in texts {
        if let Some(value) = value {
            wire[member] = value.as_str().into();
        }
    }
    wire
}

/// Older brokers give the id in the link alone.
fn webhook(document: Document) -> Webhook {
    let in_link = || {
        let link = document.link("self").ok()?;
        Some(link.href.rsplit('/').next()?.to_owned())
    };
    let uuid = text(&document.body["uuid"]).or_else(in_link);
    Webhook {
        uuid: uuid.unwrap_or_default(),
        description: text(&document.body["description"]).unwrap_or_default(),
        document: document.body,
    }
}
