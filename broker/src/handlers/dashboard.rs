//! The pacts that matter now and how they stand.

use axum::extract::Path;

use super::pacts::pair;
use crate::http::{Call, MediaType, Outcome, Problem, Reply};
use crate::store::publications::Pair;
use crate::store::{Sql, SqlResult, heads as table, results, versions};
use crate::views::dashboard::{self as views, Head};
use crate::views::pages::Page;

/// `GET /dashboard`
pub(crate) async fn dashboard(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(heads(sql, None)?);
    let heads = call.state.store.read(read).await?;
    reply(&call, heads)
}

/// `GET /dashboard/provider/{provider}/consumer/{consumer}`
pub(crate) async fn of_pair(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        Ok::<_, Problem>(heads(sql, Some(pair))?)
    };
    let heads = call.state.store.read(read).await?;
    reply(&call, heads)
}

fn reply(call: &Call, mut heads: Vec<Head>) -> Outcome {
    views::sort(&mut heads);
    let heads = match Page::asked(&call.query)? {
        Some(page) => page.of(&heads).to_vec(),
        None => heads,
    };
    if call.prefers("text/plain") {
        return Ok(Reply::text(MediaType::Text, views::text(&heads)));
    }
    Ok(Reply::ok(&views::dashboard(&call.urls, &heads)))
}

/// The pacts that matter now with what is known of them.
pub(crate) fn heads(sql: &mut dyn Sql, pair: Option<Pair>) -> SqlResult<Vec<Head>> {
    let pacts = table::heads(sql, pair)?;
    let ids: Vec<i64> = pacts.iter().map(|pact| pact.id).collect();
    let mut tags = table::tags(sql, &ids)?;
    let contents: Vec<i64> = pacts.iter().map(|pact| pact.content_id).collect();
    let latest = results::latest_of(sql, &contents)?;
    let mut version_ids: Vec<i64> = pacts.iter().map(|pact| pact.version_id).collect();
    version_ids.extend(latest.iter().map(|result| result.provider_version_id));
    let labels = versions::labels(sql, &version_ids)?;
    let labels = |id: i64| labels.get(&id).cloned().unwrap_or_default();
    let head = |pact: crate::domain::model::Publication| Head {
        consumer: labels(pact.version_id),
        tags: tags.remove(&pact.id).unwrap_or_default(),
        verified: latest
            .iter()
            .find(|result| result.content_id == pact.content_id)
            .map(|result| (result.clone(), labels(result.provider_version_id))),
        pact,
    };
    Ok(pacts.into_iter().map(head).collect())
}
