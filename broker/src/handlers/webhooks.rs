//! Webhooks.

use axum::extract::Path;

use super::webhook_fields::{self, WebhookFields};
use crate::domain::webhook::{Party, Webhook};
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations};
use crate::store::{Sql, pacticipants, webhooks as table};
use crate::views::webhooks as views;
use crate::webhooks::{Vault, VaultError, open};

pub(super) const JSON: &[&str] = &["application/json"];

type Names = (String, String);

/// The pacticipants that a path names, as (consumer, provider).
#[derive(Debug, Clone, Default)]
struct Scope(Party, Party);

impl Scope {
    fn pact(provider: String, consumer: String) -> Self {
        Self(Party::Named(consumer), Party::Named(provider))
    }

    /// The ids of those that are named, or a 404 that names the one missing.
    fn ids(&self, sql: &mut dyn Sql) -> Result<(Option<i64>, Option<i64>), Problem> {
        let mut id = |party: &Party, role: &str| match party {
            Party::Named(name) => known(sql, name, role).map(Some),
            Party::Any | Party::Labelled(_) => Ok(None),
        };
        let provider = id(&self.1, "provider")?;
        Ok((id(&self.0, "consumer")?, provider))
    }
}

/// The id of a pacticipant in its role, or a 404 that names it.
pub(super) fn known(sql: &mut dyn Sql, name: &str, role: &str) -> Result<i64, Problem> {
    let found = pacticipants::find(sql, name)?;
    found
        .map(|known| known.id)
        .ok_or_else(|| Problem::NotFoundBecause(format!("No {role} with name '{name}' found")))
}

/// `GET /webhooks`
pub(crate) async fn list(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(table::list(sql)?);
    let webhooks = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::list(&call, "Webhooks", &webhooks)))
}

async fn list_in(call: Call, scope: Scope, title: &str) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let (consumer, provider) = scope.ids(sql)?;
        Ok::<_, Problem>(table::with_scope(sql, consumer, provider)?)
    };
    let webhooks = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::list(&call, title, &webhooks)))
}

/// `GET /webhooks/provider/{provider}/consumer/{consumer}`
pub(crate) async fn list_of_pact(call: Call, Path((provider, consumer)): Path<Names>) -> Outcome {
    list_in(call, Scope::pact(provider, consumer), "Webhooks").await
}

/// `GET P/webhooks`
pub(crate) async fn list_at_pact(call: Call, Path((provider, consumer)): Path<Names>) -> Outcome {
    list_in(call, Scope::pact(provider, consumer), "Pact webhooks").await
}

/// `GET /webhooks/provider/{provider}`
pub(crate) async fn list_of_provider(call: Call, Path(provider): Path<String>) -> Outcome {
    list_in(call, Scope(Party::Any, Party::Named(provider)), "Webhooks").await
}

/// `GET /webhooks/consumer/{consumer}`
pub(crate) async fn list_of_consumer(call: Call, Path(consumer): Path<String>) -> Outcome {
    list_in(call, Scope(Party::Named(consumer), Party::Any), "Webhooks").await
}

/// `POST /webhooks`
pub(crate) async fn create(call: Call, body: JsonBody) -> Outcome {
    create_in(call, Scope::default(), body).await
}

/// `POST /webhooks/provider/{provider}/consumer/{consumer}` and `POST P/webhooks`
pub(crate) async fn create_for_pact(
    call: Call,
    Path((provider, consumer)): Path<Names>,
    body: JsonBody,
) -> Outcome {
    create_in(call, Scope::pact(provider, consumer), body).await
}

/// `POST /webhooks/provider/{provider}`
pub(crate) async fn create_for_provider(
    call: Call,
    Path(provider): Path<String>,
    body: JsonBody,
) -> Outcome {
    create_in(call, Scope(Party::Any, Party::Named(provider)), body).await
}

/// `POST /webhooks/consumer/{consumer}`
pub(crate) async fn create_for_consumer(
    call: Call,
    Path(consumer): Path<String>,
    body: JsonBody,
) -> Outcome {
    create_in(call, Scope(Party::Named(consumer), Party::Any), body).await
}

async fn create_in(call: Call, scope: Scope, body: JsonBody) -> Outcome {
    call.require_content_type(JSON)?;
    body.object()?;
    let (now, uuid) = (call.now(), call.state.config.ids.next());
    let state = call.state.clone();
    let write = move |sql: &mut dyn Sql| {
        scope.ids(sql)?;
        let fields =
            webhook_fields::read(sql, &body, (&scope.0, &scope.1), &state.config.webhooks)?;
        let webhook = sealed(state.webhooks.vault(), fields, uuid, now, None)?;
        table::put(sql, &webhook)?;
        let about = about(&webhook);
        Ok::<_, Problem>((webhook, about))
    };
    let webhook = call.state.store.write_about(write).await?;
    let document = views::webhook(&call.urls, &webhook);
    Ok(Reply::created(&document).at(call.urls.webhook(&webhook.uuid)))
}

/// What the audit log tells of a webhook.
fn about(webhook: &Webhook) -> String {
    let (uuid, name) = (&webhook.uuid, webhook.request.name());
    match &webhook.description {
        Some(description) => format!("{uuid}, {description}: {name}"),
        None => format!("{uuid}: {name}"),
    }
}

/// `GET /webhooks/{uuid}`
pub(crate) async fn read(call: Call, Path(uuid): Path<String>) -> Outcome {
    let webhook = call.state.store.read(move |sql| find(sql, &uuid)).await?;
    Ok(Reply::ok(&views::webhook(&call.urls, &webhook)))
}

/// The webhook with a uuid, or 404.
pub(super) fn find(sql: &mut dyn Sql, uuid: &str) -> Result<Webhook, Problem> {
    table::find(sql, uuid)?.ok_or(Problem::NotFound)
}

/// `PUT /webhooks/{uuid}`
pub(crate) async fn put(call: Call, Path(uuid): Path<String>, body: JsonBody) -> Outcome {
    call.require_content_type(JSON)?;
    body.object()?;
    let now = call.now();
    let state = call.state.clone();
    let write = move |sql: &mut dyn Sql| {
        let webhook = put_webhook(sql, &state, &body, uuid, now)?;
        let about = about(&webhook);
        Ok::<_, Problem>((webhook, about))
    };
    let webhook = call.state.store.write_about(write).await?;
    let is_new = webhook.updated_at.is_none();
    Ok(Reply::ok(&views::webhook(&call.urls, &webhook)).created_if(is_new))
}

fn put_webhook(
    sql: &mut dyn Sql,
    state: &crate::state::State,
    body: &JsonBody,
    uuid: String,
    now: String,
) -> Result<Webhook, Problem> {
    let known = table::find(sql, &uuid)?;
    if known.is_none() && !is_uuid(&uuid) {
        let text = "The UUID can only contain the characters A-Z, a-z, 0-9, _ and -, and must be 16 or more characters.";
        return Err(Violations::of("uuid", text).into());
    }
    let fields = webhook_fields::read(
        sql,
        body,
        (&Party::Any, &Party::Any),
        &state.config.webhooks,
    )?;
    let webhook = sealed(state.webhooks.vault(), fields, uuid, now, known.as_ref())?;
    table::put(sql, &webhook)?;
    Ok(webhook)
}

fn is_uuid(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.len() >= 16 && text.chars().all(is_allowed)
}

/// The webhook that is stored: its secrets sealed, and those that came as stars taken from the one known.
fn sealed(
    vault: &Vault,
    fields: WebhookFields,
    uuid: String,
    now: String,
    known: Option<&Webhook>,
) -> Result<Webhook, Problem> {
    let mut request = fields.request;
    if request.has_stars()
        && let Some(sealed) = known.and_then(|known| known.secrets.as_deref())
    {
        let secrets = open(vault, &uuid, sealed).map_err(|error| secret_problem(&error))?;
        request.put_secrets(&secrets);
    }
    let secrets = request.take_secrets();
    let secrets = if secrets.is_empty() {
        None
    } else {
        let text = serde_json::json!(secrets).to_string();
        let sealed = vault.seal(&uuid, &text);
        Some(sealed.map_err(|error| secret_problem(&error))?)
    };
    Ok(Webhook {
        id: known.map_or(0, |known| known.id),
        uuid,
        description: fields.description,
        consumer: fields.consumer,
        provider: fields.provider,
        enabled: fields.enabled,
        events: fields.events,
        request,
        secrets,
        created_at: known.map_or_else(|| now.clone(), |known| known.created_at.clone()),
        updated_at: known.map(|_| now),
    })
}

/// What a client is told about secrets that cannot be kept or read.
pub(super) fn secret_problem(error: &VaultError) -> Problem {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the secrets of a webhook cannot be used"
    );
    let text = match error {
        VaultError::NoKey => {
            "holds a secret, and this broker has no key to keep secrets with: set TREATY_SECRET_KEY or \
             TREATY_SECRET_KEY_FILE"
        }
        VaultError::Closed => {
            "holds a secret that this broker cannot read any more: send it anew instead of stars"
        }
        _ => "holds a secret, and this broker cannot use its key: see its log",
    };
    Violations::of("request", text).into()
}

/// `DELETE /webhooks/{uuid}`
pub(crate) async fn delete(call: Call, Path(uuid): Path<String>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let webhook = find(sql, &uuid)?;
        table::delete(sql, webhook.id)?;
        Ok::<_, Problem>(((), about(&webhook)))
    };
    call.state.store.write_about(write).await?;
    Ok(Reply::no_content())
}
