//! An answer that is not a success: the one place that knows the shapes of errors.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::reply::{MediaType, set};
use super::validation::Violations;
use crate::store::StoreError;

/// The text of the 404 that every unknown thing gets.
const NOT_FOUND: &str = "The requested document was not found on this server.";

/// The texts of what the database lacks.
const LOCKED: &str = "The database is locked by another process. Nothing was changed; try again.";
const UNREACHABLE: &str = "The database cannot be reached. Try again later.";
const FULL: &str = "The disk that holds the database is full. Nothing was changed.";
const TAKEN_ALONG: &str =
    "A change beside this one failed and took it along. Nothing was changed; try again.";
/// After how many seconds the database may do what it could not.
const DATABASE_RETRY_AFTER_S: &str = "1";
/// What a client is asked to show; browsers ask their users.
const CHALLENGE: &str = "Basic realm=\"Restricted Area\"";

/// An answer that is not a success.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// 401 for those who do not say who they are, or not truthfully.
    Unauthorized(String),
    /// 403 for those who may not.
    Forbidden(String),
    /// 404 for a path or a thing that does not exist.
    NotFound,
    /// 404 that says what was not found.
    NotFoundBecause(String),
    /// 400 for a body that cannot be read.
    Unreadable(String),
    /// 400 with the faults by field.
    Invalid(Violations),
    /// 400 with a list of faults that belong to no field.
    Refused(Vec<String>),
    /// 405 with the methods that are allowed.
    MethodNotAllowed(String),
    /// 409 with a text.
    Conflict(String),
    /// 409 as plain text.
    ConflictText(String),
    /// 409 of a publication: its whole document.
    ConflictDocument(Value),
    /// 429: after this many seconds the client may ask again.
    TooManyRequests {
        /// The seconds.
        retry_after_s: u64,
    },
    /// 503 for a request that took longer than these seconds.
    TimedOut {
        /// The seconds.
        timeout_s: u64,
    },
    /// 413.
    TooLarge {
        /// The limit that was exceeded.
        bytes_max: usize,
    },
    /// 415 with the media types that are supported.
    UnsupportedMediaType(String),
    /// 422 with the faults by field.
    Unprocessable(Violations),
    /// 503 or 507: what the database lacks, which is no fault of the request.
    Database(StatusCode, &'static str),
    /// 500: the reason is in the log under the reference.
    Internal {
        /// What the log line can be found by.
        reference: String,
    },
}

impl From<Violations> for Problem {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unstorable { reason } => {
                Self::Unreadable(format!("The request cannot be stored: {reason}."))
            }
            StoreError::Locked { .. } => {
                Self::without_database(&error, StatusCode::SERVICE_UNAVAILABLE, LOCKED)
            }
            StoreError::Unreachable { .. } => {
                Self::without_database(&error, StatusCode::SERVICE_UNAVAILABLE, UNREACHABLE)
            }
            StoreError::TakenAlong => {
                Self::without_database(&error, StatusCode::SERVICE_UNAVAILABLE, TAKEN_ALONG)
            }
            StoreError::Full { .. } => {
                Self::without_database(&error, StatusCode::INSUFFICIENT_STORAGE, FULL)
            }
            _ => Self::internal(&error),
        }
    }
}

impl Problem {
    fn internal(error: &StoreError) -> Self {
        let reference = uuid::Uuid::new_v4().simple().to_string();
        tracing::error!(%reference, error = error as &dyn std::error::Error, "a request failed");
        Self::Internal { reference }
    }

    fn without_database(error: &StoreError, status: StatusCode, text: &'static str) -> Self {
        tracing::error!(error = error as &dyn std::error::Error, "a request failed");
        Self::Database(status, text)
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NotFoundBecause(_) => StatusCode::NOT_FOUND,
            Self::Unreadable(_) | Self::Invalid(_) | Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) | Self::ConflictText(_) | Self::ConflictDocument(_) => {
                StatusCode::CONFLICT
            }
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TimedOut { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Database(status, _) => *status,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The answer for a client that asked for `application/problem+json` (with the base URL) or did not.
    pub(super) fn render(&self, problem_json: Option<&str>) -> Response {
        if let Some(base) = problem_json
            && let Some(document) = self.problem_document(base)
        {
            return self.response(Some(MediaType::Problem), document.to_string());
        }
        let (media_type, body) = self.plain();
        self.response(media_type, body)
    }

    /// What is wrong, in words.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::NotFound => NOT_FOUND.to_owned(),
            Self::NotFoundBecause(text)
            | Self::Unreadable(text)
            | Self::Conflict(text)
            | Self::ConflictText(text) => text.clone(),
            Self::Refused(texts) => texts.join("\n"),
            Self::Invalid(violations) | Self::Unprocessable(violations) => {
                let faults = violations
                    .iter()
                    .map(|(field, text)| format!("{field} {text}"));
                faults.collect::<Vec<_>>().join("\n")
            }
            other => other.status().to_string(),
        }
    }

    fn plain(&self) -> (Option<MediaType>, String) {
        let error =
            |media_type, text: &str| (Some(media_type), json!({ "error": text }).to_string());
        match self {
            Self::NotFound => error(MediaType::Json, NOT_FOUND),
            Self::NotFoundBecause(text)
            | Self::Unreadable(text)
            | Self::Conflict(text)
            | Self::Unauthorized(text)
            | Self::Forbidden(text) => error(MediaType::Hal, text),
            Self::Invalid(violations) | Self::Unprocessable(violations) => (
                Some(MediaType::Hal),
                json!({ "errors": violations.document() }).to_string(),
            ),
            Self::Refused(texts) => (Some(MediaType::Hal), json!({ "errors": texts }).to_string()),
            Self::MethodNotAllowed(_) => (None, String::new()),
            Self::ConflictText(text) => (Some(MediaType::Text), text.clone()),
            Self::ConflictDocument(document) => (Some(MediaType::Json), document.to_string()),
            Self::TooLarge { .. } | Self::TooManyRequests { .. } | Self::TimedOut { .. } => {
                error(MediaType::Hal, &self.limit().1)
            }
            // The Pact Broker says nothing; the header tells what is supported.
            Self::UnsupportedMediaType(_) => (Some(MediaType::Hal), String::new()),
            Self::Database(_, text) => error(MediaType::Hal, text),
            Self::Internal { reference } => {
                let message = format!(
                    "An error has occurred. The details have been logged with the reference {reference}"
                );
                let document = json!({ "error": { "message": message, "reference": reference } });
                (Some(MediaType::Hal), document.to_string())
            }
        }
    }

    fn problem_document(&self, base: &str) -> Option<Value> {
        let status = self.status().as_u16();
        let short = |kind: &str, title: &str, detail: &str| json!({ "title": title, "type": format!("{base}/{kind}"), "status": status, "detail": detail, "instance": "/" });
        match self {
            Self::NotFound => Some(short("problem/not-found", "Not found", NOT_FOUND)),
            Self::NotFoundBecause(text) => Some(short("problem/not-found", "Not found", text)),
            Self::Unauthorized(text) => Some(short("problems/unauthorized", "Unauthorized", text)),
            Self::Forbidden(text) => Some(short("problems/forbidden", "Forbidden", text)),
            Self::TooLarge { .. } | Self::TooManyRequests { .. } | Self::TimedOut { .. } => {
                let (kind, text) = self.limit();
                Some(short(&format!("problems/{kind}"), "Limit exceeded", &text))
            }
            Self::Unreadable(text) => Some(short("problems/invalid-json", "Invalid JSON", text)),
            Self::UnsupportedMediaType(supported) => Some(short(
                "problems/unsupported-media-type",
                "Unsupported media type",
                &format!("The Content-Type of this request has to be one of {supported}."),
            )),
            Self::Conflict(text) | Self::ConflictText(text) => {
                Some(short("problems/conflict", "Conflict", text))
            }
            Self::Invalid(violations) | Self::Unprocessable(violations) => {
                let errors: Vec<Value> = violations
                    .iter()
                    .map(|(field, text)| problem(base, field, text))
                    .collect();
                let kind = format!("{base}/problems/validation-error");
                Some(
                    json!({ "title": "Validation errors", "type": kind, "status": status, "instance": "/", "errors": errors }),
                )
            }
            _ => None,
        }
    }

    /// The limit that a request exceeded: its name, and a text.
    fn limit(&self) -> (&'static str, String) {
        match self {
            Self::TooManyRequests { retry_after_s } => (
                "too-many-requests",
                format!("Too many requests: try again in {retry_after_s} s."),
            ),
            Self::TimedOut { timeout_s } => (
                "request-timeout",
                format!("The request took longer than the {timeout_s} s allowed."),
            ),
            Self::TooLarge { bytes_max } => (
                "request-too-large",
                format!("The request body is larger than the {bytes_max} bytes allowed."),
            ),
            _ => ("", String::new()),
        }
    }

    fn response(&self, media_type: Option<MediaType>, body: String) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        if let Some(media_type) = media_type {
            set(&mut response, header::CONTENT_TYPE, media_type.as_str());
        }
        if let Self::Unauthorized(_) = self {
            set(&mut response, header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Self::TooManyRequests { retry_after_s } = self {
            set(
                &mut response,
                header::RETRY_AFTER,
                &retry_after_s.to_string(),
            );
        }
        if let Self::Database(StatusCode::SERVICE_UNAVAILABLE, _) = self {
            set(&mut response, header::RETRY_AFTER, DATABASE_RETRY_AFTER_S);
        }
        if let Self::MethodNotAllowed(allowed) = self {
            set(&mut response, header::ALLOW, allowed);
        }
        if let Self::UnsupportedMediaType(supported) = self {
            set(&mut response, header::ACCEPT, supported);
        }
        response
    }
}

fn problem(base: &str, field: &str, text: &str) -> Value {
    let kind = if text == "is missing" {
        "missing-body-property"
    } else {
        "invalid-body-property-value"
    };
    json!({
        "type": format!("{base}/problems/{kind}"), "title": "Invalid body parameter", "detail": text,
        "pointer": format!("/{}", field.replace('.', "/")),
    })
}

impl IntoResponse for Problem {
    /// Leaves the body to [`finish`](super::finish), which knows what the client accepts.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_locked_is_asked_again_and_a_full_one_is_not() {
        let retry_after = |problem: Problem| {
            let response = problem.render(None);
            response.headers().get(header::RETRY_AFTER).cloned()
        };
        let locked = Problem::Database(StatusCode::SERVICE_UNAVAILABLE, LOCKED);
        assert_eq!(retry_after(locked).unwrap(), "1");
        let full = Problem::Database(StatusCode::INSUFFICIENT_STORAGE, FULL);
        assert_eq!(retry_after(full), None);
    }
}
