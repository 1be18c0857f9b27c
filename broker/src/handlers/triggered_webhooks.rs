//! What webhooks were triggered, and what came of it.

use axum::extract::Path;

use super::pacts;
use super::webhooks::known;
use crate::http::{Call, MediaType, Outcome, Problem, Reply};
use crate::store::publications::{self, Of as Publications};
use crate::store::triggered_webhooks::{self as queue, Of};
use crate::store::{Sql, results};
use crate::time::stored;
use crate::views::triggered_webhooks as views;

/// `GET /triggered-webhooks/{uuid}/logs`
pub(crate) async fn logs(call: Call, Path(uuid): Path<String>) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        queue::find(sql, &uuid)?.ok_or(Problem::NotFound)?;
        Ok::<_, Problem>(queue::logs(sql, &uuid)?)
    };
    let logs = call.state.store.read(read).await?;
    Ok(Reply::text(MediaType::Text, logs.join("\n")))
}

/// `POST /triggered-webhooks/{uuid}/retry`: sent again as if it had just been triggered.
pub(crate) async fn retry(call: Call, Path(uuid): Path<String>) -> Outcome {
    let due_at = stored(call.state.config.clock.now());
    let write = move |sql: &mut dyn Sql| {
        let known = queue::find(sql, &uuid)?.ok_or(Problem::NotFound)?;
        if !queue::trigger_again(sql, &uuid, &due_at)? {
            let text = format!("The webhook \"{}\" was deleted.", known.name);
            return Err(Problem::Conflict(text));
        }
        queue::find(sql, &uuid)?.ok_or(Problem::NotFound)
    };
    let triggered = call.state.store.write(write).await?;
    call.state.webhooks.wake();
    Ok(Reply::accepted(&views::triggered(&call, &triggered)))
}

/// `GET P/webhooks/status`
pub(crate) async fn status(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    let (own_provider, own_consumer) = (provider.clone(), consumer.clone());
    let read = move |sql: &mut dyn Sql| {
        let provider_id = known(sql, &own_provider, "provider")?;
        let consumer_id = known(sql, &own_consumer, "consumer")?;
        let of = Of::LatestOfPair {
            consumer_id,
            provider_id,
        };
        let pair = publications::Pair {
            consumer_id,
            provider_id,
        };
        let latest = publications::latest_between(sql, pair, Publications::Any)?;
        Ok::<_, Problem>((queue::list(sql, of)?, latest))
    };
    let (triggered, latest) = call.state.store.read(read).await?;
    let document = views::status(&call, (&consumer, &provider), &triggered, latest.as_ref());
    Ok(Reply::ok(&document))
}

/// `GET P/version/{number}/triggered-webhooks`
pub(crate) async fn of_publication(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let publication = pacts::find(sql, &provider, &consumer, &number)?;
        let of = Of::Publication {
            version_id: publication.version_id,
            provider_id: publication.provider_id,
        };
        Ok::<_, Problem>((queue::list(sql, of)?, publication.title()))
    };
    let (triggered, pact) = call.state.store.read(read).await?;
    let title = format!(
        "Webhooks triggered by the publication of the {}",
        decapitalised(&pact)
    );
    Ok(Reply::ok(&views::list(&call, &title, &triggered)))
}

fn decapitalised(text: &str) -> String {
    text.replacen("Pact", "pact", 1)
}

/// `GET P/pact-version/{hash}/verification-results/{number}/triggered-webhooks`
pub(crate) async fn of_result(
    call: Call,
    Path((provider, consumer, hash, number)): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pacts::pair(sql, &provider, &consumer)?;
        let publication = publications::of_content(sql, pair, &hash)?.ok_or(Problem::NotFound)?;
        let id = number.parse().map_err(|_| Problem::NotFound)?;
        let result =
            results::find(sql, id)?.filter(|result| result.content_id == publication.content_id);
        let result = result.ok_or(Problem::NotFound)?;
        Ok::<_, Problem>((queue::list(sql, Of::Result(result.id))?, result.id))
    };
    let (triggered, id) = call.state.store.read(read).await?;
    let title = format!("Webhooks triggered by the publication of verification result {id}");
    Ok(Reply::ok(&views::list(&call, &title, &triggered)))
}
