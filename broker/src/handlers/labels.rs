//! Labels of pacticipants.

use axum::extract::Path;
use serde_json::{Value, json};

use crate::hal::titled;
use crate::http::{Call, JsonBody, Outcome, Problem, Reply};
use crate::store::{Sql, labels as table, pacticipants};
use crate::views::labels as views;

type Names = (String, String);

/// `GET /pacticipants/{name}/labels/{label}`
pub(crate) async fn read(call: Call, Path((name, label)): Path<Names>) -> Outcome {
    let (own_name, own_label) = (name.clone(), label.clone());
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &own_name)?;
        table::find(sql, pacticipant.id, &own_label)?.ok_or(Problem::NotFound)
    };
    let since = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::label(&call.urls, &name, &label, &since)))
}

/// `PUT /pacticipants/{name}/labels/{label}`
pub(crate) async fn put(call: Call, Path((name, label)): Path<Names>, body: JsonBody) -> Outcome {
    body.object()?;
    let now = call.now();
    let (own_name, own_label) = (name.clone(), label.clone());
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = pacticipants::find_or_create(sql, &own_name, &now)?;
        let is_new = table::add(sql, pacticipant.id, &own_label, &now)?;
        let since = table::find(sql, pacticipant.id, &own_label)?.ok_or(Problem::NotFound)?;
        Ok::<_, Problem>((since, is_new))
    };
    let (since, is_new) = call.state.store.write(write).await?;
    let document = views::label(&call.urls, &name, &label, &since);
    let reply = Reply::ok(&document).created_if(is_new);
    Ok(if is_new {
        reply.at(call.urls.label(&name, &label))
    } else {
        reply
    })
}

/// `DELETE /pacticipants/{name}/labels/{label}`
pub(crate) async fn delete(call: Call, Path((name, label)): Path<Names>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &name)?;
        if table::remove(sql, pacticipant.id, &label)? {
            Ok(())
        } else {
            Err(Problem::NotFound)
        }
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `GET /labels`
pub(crate) async fn list(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(table::names(sql)?);
    let names = call.state.store.read(read).await?;
    let labels: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    Ok(Reply::ok(&json!({
        "_embedded": { "labels": labels },
        "_links": { "self": titled("Labels", call.urls.path("/labels")) },
    })))
}
