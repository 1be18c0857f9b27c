//! Webhooks.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use treaty_broker_client::{Client, Webhook, WebhookDefinition, WebhookParty};
use uuid::Uuid;

use crate::args::{PutWebhookArgs, WebhookArgs, WebhookIdArgs};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, Members, Shown};

pub(super) async fn create(client: &Client, args: &WebhookArgs) -> Result<Shown, Failure> {
    let made = client.create_webhook(&definition(args)?).await;
    let made = made.map_err(Failure::of_question)?;
    let sentence = format!("Created webhook {}{}.", made.uuid, named(&made));
    Ok(Shown::said(sentence, made.uuid, made.document))
}

pub(super) async fn put(client: &Client, args: &PutWebhookArgs) -> Result<Shown, Failure> {
    let made = client
        .put_webhook(&args.uuid, &definition(&args.webhook)?)
        .await;
    let made = made.map_err(Failure::of_question)?;
    let sentence = format!(
        "The broker has webhook {}{} as told.",
        made.uuid,
        named(&made)
    );
    Ok(Shown::said(sentence, made.uuid, made.document))
}

fn named(webhook: &Webhook) -> String {
    match webhook.description.as_str() {
        "" => String::new(),
        description => format!(" ({description})"),
    }
}

fn definition(args: &WebhookArgs) -> Result<WebhookDefinition, Failure> {
    let events = args.events.names();
    if events.is_empty() {
        return Err(Failure::usage(
            "nothing says when the webhook is to be run",
            "give an event, --contract-requiring-verification-published for example",
        ));
    }
    let party = |name: &Option<String>, label: &Option<String>| {
        let named = name.clone().map(WebhookParty::Named);
        named.or_else(|| label.clone().map(WebhookParty::Labelled))
    };
    let (user, password) = match args.user.as_ref().map(|user| user.split_once(':')) {
        Some(Some((user, password))) => (Some(user.to_owned()), Some(password.to_owned())),
        _ => (args.user.clone(), None),
    };
    let headers = args.header.iter();
    let headers = headers.map(|header| (header.name.clone(), header.value.clone()));
    Ok(WebhookDefinition {
        description: args.description.clone(),
        events,
        consumer: party(&args.consumer, &args.consumer_label),
        provider: party(&args.provider, &args.provider_label),
        method: args.request.to_uppercase(),
        url: args.url.clone(),
        headers: headers.collect(),
        body: args.data.as_deref().map(body).transpose()?,
        user,
        password,
        team: args.team_uuid.clone(),
    })
}

/// What is a JSON document is sent as one; all else as the text that it is.
fn body(data: &str) -> Result<Value, Failure> {
    let text = match data.strip_prefix('@') {
        None => data.to_owned(),
        Some(path) => fs::read_to_string(path).map_err(|source| Failure::Read {
            path: PathBuf::from(path),
            source,
        })?,
    };
    let document = serde_json::from_str(&text);
    Ok(document.unwrap_or(Value::String(text)))
}

pub(super) async fn describe(client: &Client, args: &WebhookIdArgs) -> Result<Shown, Failure> {
    let found = client.webhook(&args.uuid).await?;
    Ok(Shown::described(
        members(&found),
        found.uuid,
        found.document,
    ))
}

pub(super) async fn list(client: &Client) -> Result<Shown, Failure> {
    let found = client.webhooks().await?;
    let documents: Vec<Value> = found.iter().map(|w| w.document.clone()).collect();
    let things = found.into_iter().map(|w| (members(&w), w.uuid));
    Ok(Shown::listed(
        "webhooks",
        things.collect(),
        json!(documents),
    ))
}

pub(super) async fn delete(client: &Client, args: &WebhookIdArgs) -> Result<Shown, Failure> {
    client.delete_webhook(&args.uuid).await?;
    let sentence = format!("Deleted webhook {}.", args.uuid);
    Ok(Shown::said(
        sentence,
        &args.uuid,
        json!({ "deleted": args.uuid }),
    ))
}

/// A webhook that was run and refused is a no: whoever it calls will not hear of anything.
pub(super) async fn test(client: &Client, args: &WebhookIdArgs) -> Result<Answer, Failure> {
    let run = client.test_webhook(&args.uuid).await?;
    let (code, verdict) = if run.success {
        (ExitCode::Yes, "The webhook was run.")
    } else {
        (ExitCode::No, "The webhook was run, and failed.")
    };
    Ok(Answer {
        code,
        text: format!("{verdict}\n\n{}", run.logs),
        json: run.document,
    })
}

/// An id that a broker takes for a webhook.
pub(super) fn generate_uuid() -> Answer {
    let uuid = Uuid::new_v4().to_string();
    Answer {
        code: ExitCode::Yes,
        json: json!({ "uuid": uuid }),
        text: uuid,
    }
}

fn members(webhook: &Webhook) -> Members {
    let document = &webhook.document;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let party = |side: &str| match &document[side]["name"] {
        Value::String(name) => name.clone(),
        _ => match document[side]["label"].as_str() {
            Some(label) => format!("labelled {label}"),
            None => String::new(),
        },
    };
    let events = document["events"].as_array().into_iter().flatten();
    let events: Vec<String> = events.map(|event| text(&event["name"])).collect();
    let request = &document["request"];
    vec![
        ("UUID", webhook.uuid.clone()),
        ("DESCRIPTION", webhook.description.clone()),
        ("CONSUMER", party("consumer")),
        ("PROVIDER", party("provider")),
        ("EVENTS", events.join(", ")),
        (
            "REQUEST",
            format!("{} {}", text(&request["method"]), text(&request["url"]))
                .trim()
                .to_owned(),
        ),
    ]
}
