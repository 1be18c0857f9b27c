//! Request bodies: JSON objects, within a limit, in UTF-8.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::state::State;

/// A body that was read whole, and its text.
pub(crate) struct JsonBody {
    /// The text of the body.
    pub(crate) text: String,
}

impl JsonBody {
    /// The object that the body holds; an empty body holds an empty one.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Problem> {
        match self.value()? {
            Value::Object(members) => Ok(members),
            other => {
                let text = format!(
                    "The request body must be a JSON object, not {}",
                    kind(&other)
                );
                Err(Problem::Unreadable(text))
            }
        }
    }

    /// The JSON that the body holds; an empty body holds an empty object.
    pub(crate) fn value(&self) -> Result<Value, Problem> {
        if self.text.trim().is_empty() {
            return Ok(Value::Object(Map::new()));
        }
        parse_json(&self.text).map_err(Problem::Unreadable)
    }
}

/// Parses JSON, or says why it cannot.
pub(crate) fn parse_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("The request body is not JSON: {error}"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl FromRequest<State> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), state.config.body_bytes_max).await?;
        let text = String::from_utf8(bytes.into())
            .map_err(|error| not_utf8(error.as_bytes(), "Request body"))?;
        Ok(Self { text })
    }
}

async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::TooLarge { bytes_max }),
        Err(_) => Err(Problem::Unreadable(
            "The request body ended too early.".to_owned(),
        )),
    }
}

fn not_utf8(bytes: &[u8], what: &str) -> Problem {
    Problem::Unreadable(describe_not_utf8(bytes, what))
}

/// Says where a text stops being UTF-8, and what stands before that place.
pub(crate) fn describe_not_utf8(bytes: &[u8], what: &str) -> String {
    /// How much of the text before the fault is shown.
    const FRAGMENT_CHARS_MAX: usize = 100;
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let position = valid.chars().count();
    let fragment: String = valid
        .chars()
        .skip(position.saturating_sub(FRAGMENT_CHARS_MAX))
        .collect();
    format!(
        "{what} has a non UTF-8 character at char {} and cannot be parsed as JSON. \
         Fragment preceding invalid character is: '{fragment}'",
        position + 1
    )
}
