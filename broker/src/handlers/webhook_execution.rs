//! Trying out a webhook: sent at once, with the latest pact and result that it is about.

use axum::extract::Path;

use super::triggering::{REHEARSAL, rehearsal};
use super::webhook_fields::{self, WebhookFields};
use super::webhooks::{JSON, find, secret_problem};
use crate::domain::template::parameters;
use crate::domain::webhook::{Party, Secrets, Webhook};
use crate::http::{Call, JsonBody, Outcome, Problem, Reply};
use crate::store::Sql;
use crate::views::webhook_execution as views;
use crate::webhooks::{Test, open, test_attempt};

/// `POST /webhooks/{uuid}/execute`
pub(crate) async fn execute(call: Call, Path(uuid): Path<String>) -> Outcome {
    let state = call.state.clone();
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let webhook = find(sql, &uuid)?;
        let secrets = match &webhook.secrets {
            Some(sealed) => open(state.webhooks.vault(), &webhook.uuid, sealed)
                .map_err(|error| secret_problem(&error))?,
            None => Secrets::new(),
        };
        let facts = rehearsal(sql, &urls, &webhook)?;
        let mut request = webhook.request;
        request.put_secrets(&secrets);
        let test = Test {
            request,
            parameters: parameters(&facts),
            base_url: urls.base().to_owned(),
            event: REHEARSAL.to_owned(),
        };
        Ok::<_, Problem>((test, webhook.uuid))
    };
    let (test, uuid) = call.state.store.read(read).await?;
    record(&call, &test).await?;
    let attempt = test_attempt(&call.state.webhooks, &test).await;
    Ok(Reply::ok(&views::attempt(&call, &attempt, Some(&uuid))))
}

/// `POST /webhooks/execute`
pub(crate) async fn execute_unsaved(call: Call, body: JsonBody) -> Outcome {
    call.require_content_type(JSON)?;
    body.object()?;
    let state = call.state.clone();
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let settings = &state.config.webhooks;
        let fields = webhook_fields::read(sql, &body, (&Party::Any, &Party::Any), settings)?;
        let webhook = unsaved(fields);
        let facts = rehearsal(sql, &urls, &webhook)?;
        Ok::<_, Problem>(Test {
            request: webhook.request,
            parameters: parameters(&facts),
            base_url: urls.base().to_owned(),
            event: REHEARSAL.to_owned(),
        })
    };
    let test = call.state.store.read(read).await?;
    record(&call, &test).await?;
    let attempt = test_attempt(&call.state.webhooks, &test).await;
    Ok(Reply::ok(&views::attempt(&call, &attempt, None)))
}

/// Writes into the audit log what is sent. Nothing else is stored.
async fn record(call: &Call, test: &Test) -> Result<(), Problem> {
    let about = test.request.name();
    let nothing_else = |_: &mut dyn Sql| Ok(((), about));
    call.state.store.write_about(nothing_else).await
}

fn unsaved(fields: WebhookFields) -> Webhook {
    Webhook {
        id: 0,
        uuid: String::new(),
        description: fields.description,
        consumer: fields.consumer,
        provider: fields.provider,
        enabled: fields.enabled,
        events: fields.events,
        request: fields.request,
        secrets: None,
        created_at: String::new(),
        updated_at: None,
    }
}
