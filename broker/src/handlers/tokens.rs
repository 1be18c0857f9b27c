//! Tokens: what programs show instead of a user's name and password.

use axum::extract::Path;
use serde_json::{Map, Value, json};

use crate::domain::access::Scope;
use crate::hal::{Urls, href};
use crate::http::{Call, JsonBody, NewToken, Outcome, Problem, Reply, Violations};
use crate::store::Sql;
use crate::store::tokens::{self as table, Token};
use crate::time::shown;

const JSON: &[&str] = &["application/json"];

/// `GET /tokens`
pub(crate) async fn list(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(table::list(sql)?);
    let tokens = call.state.store.read(read).await?;
    let tokens: Vec<Value> = tokens
        .iter()
        .map(|token| document(&call.urls, token))
        .collect();
    Ok(Reply::ok(&json!({
        "_embedded": { "tokens": tokens },
        "_links": { "self": href(call.urls.path("/tokens")) },
    })))
}

/// `POST /tokens`
pub(crate) async fn create(mut call: Call, body: JsonBody) -> Outcome {
    call.require_content_type(JSON)?;
    let (name, scopes) = fields(&body.object()?)?;
    call.about(format!("{name}: {}", scopes.join(", ")));
    let new = NewToken::new(&call.state.config.ids.next());
    let token = Token {
        public_id: new.public_id,
        name,
        hash: new.hash,
        scopes: json!(scopes).to_string(),
        created_at: call.now(),
        revoked_at: None,
    };
    let write = move |sql: &mut dyn Sql| {
        table::insert(sql, &token)?;
        Ok::<_, Problem>(token)
    };
    let token = call.state.store.write(write).await?;
    let mut document = document(&call.urls, &token);
    document["token"] = new.token.into();
    Ok(Reply::created(&document).at(url(&call.urls, &token)))
}

/// `DELETE /tokens/{id}`
pub(crate) async fn revoke(call: Call, Path(id): Path<String>) -> Outcome {
    let now = call.now();
    let write = move |sql: &mut dyn Sql| {
        let is_revoked = table::revoke(sql, &id, &now)?;
        is_revoked.then_some(()).ok_or(Problem::NotFound)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

fn fields(body: &Map<String, Value>) -> Result<(String, Vec<String>), Violations> {
    let mut violations = Violations::default();
    let name = violations.required_name(body, "name").unwrap_or_default();
    let mut scopes = Vec::new();
    match body.get("scopes") {
        None => violations.add("scopes", "is missing"),
        Some(Value::Array(given)) if given.is_empty() => violations.add("scopes", "must be filled"),
        Some(Value::Array(given)) => {
            for (index, scope) in given.iter().enumerate() {
                let read = scope.as_str().ok_or("must be a string".to_owned());
                match read.and_then(Scope::parse) {
                    Ok(scope) => scopes.push(scope.to_string()),
                    Err(fault) => violations.add("scopes", format!("{fault} (at index {index})")),
                }
            }
        }
        Some(_) => violations.add("scopes", "must be an array"),
    }
    violations.check()?;
    Ok((name, scopes))
}

fn url(urls: &Urls, token: &Token) -> String {
    urls.path(&format!("/tokens/{}", token.public_id))
}

fn document(urls: &Urls, token: &Token) -> Value {
    let scopes: Value = serde_json::from_str(&token.scopes).unwrap_or_default();
    let mut document = json!({
        "id": token.public_id,
        "name": token.name,
        "scopes": scopes,
        "createdAt": shown(&token.created_at),
        "_links": { "self": href(url(urls, token)) },
    });
    if let Some(revoked_at) = &token.revoked_at {
        document["revokedAt"] = shown(revoked_at).into();
    }
    document
}
