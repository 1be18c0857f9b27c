//! What came of trying out a webhook.

use serde_json::{Map, Value, json};

use super::members;
use super::webhooks::{json_or_text, link};
use crate::domain::outgoing::{Answer, NoAnswer, Outgoing, hidden};
use crate::hal::titled;
use crate::http::Call;
use crate::webhooks::TestAttempt;

/// What was sent and, if it may be shown, what came back. `webhook` is the uuid, if it was saved.
pub(crate) fn attempt(call: &Call, attempt: &TestAttempt, webhook: Option<&str>) -> Value {
    let mut document = members(json!({ "request": request(&attempt.outgoing) }));
    match &attempt.outcome {
        Err(NoAnswer::Refused(why)) => {
            document.insert("error".to_owned(), json!({ "message": why }));
        }
        _ if !attempt.is_answer_shown => {
            document.insert("message".to_owned(), hidden(call.urls.base()).into());
        }
        Ok(answer) => {
            document.insert("response".to_owned(), response(answer));
        }
        Err(NoAnswer::Failed(why)) => {
            document.insert("error".to_owned(), json!({ "message": why }));
        }
    }
    document.insert("logs".to_owned(), attempt.logs.as_str().into());
    document.insert("success".to_owned(), attempt.success.into());
    let mut links = Map::new();
    if let Some(uuid) = webhook {
        links.insert("webhook".to_owned(), link(&call.urls, uuid));
    }
    let again = titled("Execute the webhook again", call.own_url());
    links.insert("try-again".to_owned(), again);
    document.insert("_links".to_owned(), links.into());
    Value::Object(document)
}

fn request(outgoing: &Outgoing) -> Value {
    let mut document = members(json!({ "headers": headers(&outgoing.shown_headers()) }));
    if let Some(text) = &outgoing.body {
        document.insert("body".to_owned(), json_or_text(text));
    }
    document.insert("url".to_owned(), outgoing.path().into());
    Value::Object(document)
}

fn response(answer: &Answer) -> Value {
    json!({
        "status": answer.status,
        "headers": headers(&answer.headers),
        "body": json_or_text(&answer.body),
    })
}

fn headers(headers: &[(String, String)]) -> Value {
    let members = headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()));
    Value::Object(members.collect())
}
