//! The audit log: who changed what, and when.

use serde_json::{Value, json};

use crate::hal::href;
use crate::http::{Call, Outcome, Problem, Reply, Violations};
use crate::store::Sql;
use crate::store::audit::{self as table, Recorded};
use crate::time::shown;

/// How many entries one answer holds unless the query says otherwise.
const SIZE_DEFAULT: i64 = 100;

/// The most entries that one answer holds.
const SIZE_MAX: i64 = 1000;

/// `GET /audit`: the latest entries first; `before` and `size` walk back.
pub(crate) async fn list(call: Call) -> Outcome {
    let before = number(&call, "before", i64::MAX)?;
    let size = number(&call, "size", SIZE_DEFAULT)?.min(SIZE_MAX);
    let read = move |sql: &mut dyn Sql| Ok::<_, Problem>(table::before(sql, before, size)?);
    let entries = call.state.store.read(read).await?;
    let mut links = json!({ "self": href(call.own_url()) });
    let is_full = i64::try_from(entries.len()).is_ok_and(|found| found == size);
    if let Some(last) = entries.last().filter(|_| is_full) {
        let path = format!("/audit?before={}&size={size}", last.id);
        links["next"] = href(call.urls.path(&path));
    }
    let entries: Vec<Value> = entries.iter().map(document).collect();
    Ok(Reply::ok(
        &json!({ "_embedded": { "entries": entries }, "_links": links }),
    ))
}

fn number(call: &Call, name: &str, default: i64) -> Result<i64, Problem> {
    let Some(text) = call.query.get(name) else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| *number > 0);
    Ok(number.ok_or_else(|| Violations::of(name, "must be a positive number"))?)
}

fn document(Recorded { id, entry }: &Recorded) -> Value {
    json!({
        "id": id,
        "at": shown(&entry.at),
        "who": entry.who,
        "method": entry.method,
        "path": entry.path,
        "about": entry.about,
    })
}
