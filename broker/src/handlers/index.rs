//! `/` and the diagnostics.

use serde_json::json;

use crate::http::{Call, MediaType, Outcome, Problem, Reply};
use crate::store::{Sql, metrics as counts, pacticipants};
use crate::views;

/// `GET /`
pub(crate) async fn index(call: Call) -> Outcome {
    Ok(Reply::ok(&views::index::index(&call.urls)))
}

/// `GET /diagnostic/status/heartbeat`
pub(crate) async fn heartbeat(call: Call) -> Outcome {
    let own = json!({ "self": { "href": call.own_url() } });
    Ok(Reply::ok(&json!({ "ok": true, "_links": own })))
}

/// `GET /metrics`: what is stored, as JSON; or what this process does, for Prometheus.
pub(crate) async fn metrics(call: Call) -> Outcome {
    if call.accepts("text/plain") || call.accepts("application/openmetrics-text") {
        let text = call.state.traffic.prometheus();
        return Ok(Reply::text(MediaType::Text, text));
    }
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(counts::counts(sql)?);
    Ok(Reply::ok(&call.state.store.read(read).await?))
}

/// `GET /diagnostic/status/dependencies`
pub(crate) async fn dependencies(call: Call) -> Outcome {
    let ask =
        |sql: &mut dyn Sql| -> Result<(), Problem> { Ok(pacticipants::find(sql, "").map(drop)?) };
    call.state.store.read(ask).await?;
    let body =
        json!({ "database": { "ok": true }, "_links": { "self": { "href": call.own_url() } } });
    Ok(Reply::text(MediaType::Hal, body.to_string()))
}
