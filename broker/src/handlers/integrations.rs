//! Integrations: who has a pact with whom, as a list, as a graph, and how to forget it.

use std::collections::HashSet;

use axum::extract::Path;

use super::pacts::pair;
use crate::http::{Call, MediaType, Outcome, Problem, Reply};
use crate::store::Sql;
use crate::store::integrations::{self as table, Integration};
use crate::views::integrations as views;
use crate::views::pages::Page;

/// `GET /integrations`
pub(crate) async fn list(call: Call) -> Outcome {
    let mut all = call.state.store.read(every).await?;
    if let Some(part) = call.query.get("q").map(str::to_lowercase) {
        let has = |name: &str| name.to_lowercase().contains(&part);
        all.retain(|one| has(&one.consumer) || has(&one.provider));
    }
    if call.prefers("text/vnd.graphviz") {
        by_name(&mut all);
        return Ok(Reply::text(MediaType::Graphviz, views::graph(&all)));
    }
    let url = call.urls.path("/integrations");
    let Some(page) = Page::asked(&call.query)? else {
        return Ok(Reply::ok(&views::integrations(&call.urls, &all)));
    };
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let mut document = views::integrations(&call.urls, page.of(&all));
    document["page"] = page.document(total);
    for (relation, link) in page.links(&url, total) {
        document["_links"][relation] = link;
    }
    Ok(Reply::ok(&document))
}

fn every(sql: &mut dyn Sql) -> Result<Vec<Integration>, Problem> {
    Ok(table::list(sql)?)
}

/// `DELETE /integrations/provider/{provider}/consumer/{consumer}`
pub(crate) async fn delete(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        if table::delete(sql, pair)? {
            Ok(())
        } else {
            Err(Problem::NotFound)
        }
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `DELETE /integrations`
pub(crate) async fn delete_all(call: Call) -> Outcome {
    let write = |sql: &mut dyn Sql| Ok::<_, Problem>(table::delete_all(sql)?);
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `GET /relationships`
pub(crate) async fn relationships(call: Call) -> Outcome {
    let mut all = call.state.store.read(every).await?;
    by_name(&mut all);
    Ok(Reply::text(MediaType::Csv, views::relationships(&all)))
}

/// `GET /groups/{name}`
pub(crate) async fn group(call: Call, Path(name): Path<String>) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::named_pacticipant(sql, &name)?;
        Ok::<_, Problem>((pacticipant, table::list(sql)?))
    };
    let (pacticipant, mut all) = call.state.store.read(read).await?;
    all.sort_by_key(|one| one.id);
    let group = connected(all, pacticipant.id);
    Ok(Reply::text(MediaType::Csv, views::group(&group)))
}

fn by_name(all: &mut [Integration]) {
    all.sort_by_cached_key(|one| (one.consumer.to_lowercase(), one.provider.to_lowercase()));
}

/// The integrations that a pacticipant can reach, whichever way they point.
fn connected(all: Vec<Integration>, start: i64) -> Vec<Integration> {
    let mut reached = HashSet::from([start]);
    loop {
        let known = reached.len();
        for one in &all {
            if reached.contains(&one.consumer_id) || reached.contains(&one.provider_id) {
                reached.extend([one.consumer_id, one.provider_id]);
            }
        }
        if reached.len() == known {
            break;
        }
    }
    all.into_iter()
        .filter(|one| reached.contains(&one.consumer_id))
        .collect()
}
