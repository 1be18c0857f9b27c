//! What webhooks were triggered, and how they stand.

use serde_json::{Map, Value, json};

use super::members;
use crate::domain::model::Publication;
use crate::domain::retry::{Status, attempts_remaining};
use crate::hal::{href, named, titled};
use crate::http::Call;
use crate::store::triggered_webhooks::TriggeredWebhook;
use crate::time::shown;

/// A triggered webhook. That it can be sent again is said in the member `treaty`.
pub(crate) fn triggered(call: &Call, triggered: &TriggeredWebhook) -> Value {
    let schedule = &call.state.config.webhooks.retry_schedule;
    let remaining = attempts_remaining(schedule, triggered.attempts, triggered.status);
    let logs = call.urls.triggered_webhook_logs(&triggered.uuid);
    let logs_link = |title: &str| json!({ "href": logs, "title": title, "name": triggered.name });
    let mut links = members(json!({
        "pb:logs": logs_link("Webhook execution logs"),
        "logs": logs_link("DEPRECATED - Use pb:logs"),
    }));
    let mut treaty = Map::new();
    if let Some(uuid) = &triggered.webhook_uuid {
        let link = named("Webhook", &triggered.name, call.urls.webhook(uuid));
        links.insert("pb:webhook".to_owned(), link);
        let retry = format!("/triggered-webhooks/{}/retry", triggered.uuid);
        treaty.insert("retry".to_owned(), href(call.urls.path(&retry)));
    }
    json!({
        "name": triggered.name,
        "status": triggered.status.as_str(),
        "attemptsMade": triggered.attempts,
        "attemptsRemaining": remaining,
        "triggerType": "resource_creation",
        "eventName": triggered.event,
        "triggeredAt": shown(&triggered.created_at),
        "treaty": treaty,
        "_links": links,
    })
}

/// A list of triggered webhooks.
pub(crate) fn list(call: &Call, title: &str, all: &[TriggeredWebhook]) -> Value {
    let documents: Vec<Value> = all.iter().map(|one| triggered(call, one)).collect();
    json!({
        "_embedded": { "triggeredWebhooks": documents },
        "_links": { "self": titled(title, call.own_url()) },
    })
}

/// How the webhooks of a pact between a consumer and a provider stand.
pub(crate) fn status(
    call: &Call,
    (consumer, provider): (&str, &str),
    all: &[TriggeredWebhook],
    latest: Option<&Publication>,
) -> Value {
    let urls = &call.urls;
    let documents: Vec<Value> = all.iter().map(|one| triggered(call, one)).collect();
    let has_failed =
        |one: &&TriggeredWebhook| matches!(one.status, Status::Failure | Status::Retrying);
    let error_logs = all.iter().filter(has_failed).map(|one| {
        let logs = urls.triggered_webhook_logs(&one.uuid);
        json!({ "href": logs, "title": "Error logs", "name": one.name })
    });
    let own = call.own_url();
    let between = format!("Webhooks for the pact between {consumer} and {provider}");
    let mut links = members(json!({
        "self": { "href": own, "title": "Webhooks status" },
        "pb:error-logs": error_logs.collect::<Vec<_>>(),
        "pb:pact-webhooks": titled(between, format!("{}/webhooks", urls.pacts(provider, consumer))),
        "pb:consumer": named("Consumer", consumer, urls.pacticipant(consumer)),
        "pb:provider": named("Provider", provider, urls.pacticipant(provider)),
    }));
    if let Some(pact) = latest.filter(|_| !all.is_empty()) {
        let url = urls.pact(&pact.provider, &pact.consumer, &pact.version_number);
        links.insert(
            "pb:pact-version".to_owned(),
            named("Pact", pact.title(), url),
        );
    }
    json!({
        "summary": summary(all),
        "_embedded": { "triggeredWebhooks": documents },
        "_links": links,
    })
}

fn summary(all: &[TriggeredWebhook]) -> Value {
    let count = |status| all.iter().filter(|one| one.status == status).count();
    let mut summary = members(json!({
        "successful": count(Status::Success),
        "failed": count(Status::Failure),
    }));
    for (name, status) in [("retrying", Status::Retrying), ("notRun", Status::NotRun)] {
        if count(status) > 0 {
            summary.insert(name.to_owned(), count(status).into());
        }
    }
    Value::Object(summary)
}
