//! What the provider is asked for one interaction of each kind, and how its answer differs from the pact.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;
use treaty_core::interaction::Interaction;
use treaty_core::matching::{
    NotCompared, generate_message_request, generate_request, match_message, match_response,
    missing_values, unusable_values,
};
use treaty_core::mismatch::{Mismatch, Part};
use treaty_core::outcome::Cause;

use crate::evidence::Compared;
use crate::exchange::{Transport, exchange};
use crate::instance::Handlers;
use crate::message::{Asked, Message, asked, told};
use crate::replay::{Stage, Way};
use crate::responses::in_response;
use crate::target::{panic_text, request};
use crate::verifier::MESSAGE_TRANSPORTS;

/// Values by name that the provider states handed back.
type Values = HashMap<String, Value>;

/// Every difference between the pact and what the provider answers and what there is to see of them, or why it could not
/// be found out.
pub(crate) async fn compared(
    stage: &Stage<'_>,
    interaction: &Interaction,
    values: &Values,
) -> Result<Compared, Cause> {
    match interaction {
        Interaction::Http(http) => of_http(stage, http, values).await,
        Interaction::AsyncMessage(message) => of_message(stage, message, values).await,
        Interaction::SyncMessage(message) => of_sync_message(stage, message, values).await,
        other => {
            let what = format!("{} interactions", other.kind());
            Err(Cause::Unsupported { what })
        }
    }
}

async fn of_http(
    stage: &Stage<'_>,
    http: &SynchronousHttp,
    values: &Values,
) -> Result<Compared, Cause> {
    let expected = generate_request(&http.request, values).ok_or_else(no_request)?;
    let request = request(&expected, &stage.run.settings.headers);
    let request = request.map_err(|reason| Cause::RequestNotBuilt { reason })?;
    let transport = stage.transport(http.transport.as_deref())?;
    let actual = ask(stage, &transport, request).await?;
    let mismatches = match_response(&http.response, &actual)?;
    let options = &stage.run.settings.options;
    Ok(Compared::response(mismatches, http, &actual, options))
}

fn no_request() -> Cause {
    let reason = "a generator of the pact fails".to_owned();
    Cause::RequestNotBuilt { reason }
}

async fn of_message(
    stage: &Stage<'_>,
    message: &AsynchronousMessage,
    values: &Values,
) -> Result<Compared, Cause> {
    let description = &message.description;
    let mut known = handlers(stage);
    let found = known.find_map(|handlers| handlers.messages.producer(description, values));
    let actual = if let Some((producer, params)) = found {
        let produced = async { producer(params).await };
        let message = produced_by(stage, description, produced).await?;
        message.into_actual()
    } else {
        let wanted = Asked {
            description,
            states: &message.provider_states,
            request: None,
        };
        ask_message(stage, message.transport.as_deref(), &wanted).await?
    };
    let mismatches = match_message(&message.contents, &actual)?;
    let options = &stage.run.settings.options;
    Ok(Compared::message(mismatches, message, &actual, options))
}

async fn of_sync_message(
    stage: &Stage<'_>,
    message: &SynchronousMessage,
    values: &Values,
) -> Result<Compared, Cause> {
    let request = generate_message_request(&message.request, values).ok_or_else(no_request)?;
    let description = &message.description;
    let found = handlers(stage).find_map(|handlers| handlers.messages.responder(description));
    let actual = if let Some(responder) = found {
        let request = Message::from_pact(&request);
        let produced = async { responder(request).await };
        let messages = produced_by(stage, description, produced).await?;
        messages.into_iter().map(Message::into_actual).collect()
    } else if message.response.len() > 1 {
        let count = message.response.len();
        let what = format!("a synchronous message with {count} responses over a message URL");
        return Err(Cause::Unsupported { what });
    } else {
        let wanted = Asked {
            description,
            states: &message.provider_states,
            request: Some(&request),
        };
        vec![ask_message(stage, message.transport.as_deref(), &wanted).await?]
    };
    let mismatches = match_all(&message.response, &actual)?;
    let options = &stage.run.settings.options;
    Ok(Compared::responses(mismatches, message, &actual, options))
}

/// Each response against the one in its place; another number of them is a difference of its own.
fn match_all(
    expected: &[MessageContents],
    actual: &[MessageContents],
) -> Result<Vec<Mismatch>, NotCompared> {
    let mut mismatches = Vec::new();
    let mut not_compared = None;
    for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
        match match_message(expected, actual) {
            Ok(found) => mismatches.extend(found.into_iter().map(|mut mismatch| {
                mismatch.path = in_response(index, &mismatch.path);
                mismatch
            })),
            Err(reason) => not_compared = not_compared.or(Some(reason)),
        }
    }
    if expected.len() != actual.len() {
        let count = |of: &[MessageContents]| format!("{} responses", of.len());
        mismatches.push(Mismatch::new(
            Part::Body,
            "responses",
            count(expected),
            count(actual),
        ));
    }
    // What is known to differ is a no, whatever else could not be compared.
    match not_compared {
        Some(reason) if mismatches.is_empty() => Err(reason),
        _ => Ok(mismatches),
    }
}

/// `pact_matching` keeps the example of the pact for a value that it has not got, and the answer to that proves nothing.
pub(crate) fn check_values(interaction: &Interaction, values: &Values) -> Result<(), Cause> {
    let generators = match interaction {
        Interaction::Http(http) => &http.request.generators,
        Interaction::SyncMessage(message) => &message.request.generators,
        _ => return Ok(()),
    };
    let names = missing_values(generators, values);
    if !names.is_empty() {
        return Err(Cause::MissingValues { names });
    }
    let values = unusable_values(generators, values);
    if !values.is_empty() {
        return Err(Cause::UnusableValues { values });
    }
    Ok(())
}

/// The handlers of the interaction's own provider first, where it has one.
fn handlers<'s>(stage: &'s Stage<'_>) -> impl Iterator<Item = &'s Handlers> {
    let own = stage.instance.as_ref().map(|own| &own.handlers);
    own.into_iter().chain([&stage.run.settings.handlers])
}

/// What a closure produces, within the time that the provider has for an answer.
async fn produced_by<T>(
    stage: &Stage<'_>,
    description: &str,
    produced: impl Future<Output = Result<T, String>>,
) -> Result<T, Cause> {
    let timeout = stage.run.settings.options.request_timeout;
    let produced = AssertUnwindSafe(produced).catch_unwind();
    let reason = match tokio::time::timeout(timeout, produced).await {
        Ok(Ok(Ok(produced))) => return Ok(produced),
        Ok(Ok(Err(reason))) => reason,
        Ok(Err(panic)) => format!("the producer panicked: {}", panic_text(&*panic)),
        Err(_) => format!("not done within {} ms", timeout.as_millis()),
    };
    Err(Cause::MessageProducer {
        message: description.to_owned(),
        reason,
    })
}

/// The message over HTTP: from the transport that the pact names, from the message URL, or from the provider's own URL.
async fn ask_message(
    stage: &Stage<'_>,
    transport: Option<&str>,
    wanted: &Asked<'_>,
) -> Result<MessageContents, Cause> {
    let transport = message_transport(stage, transport, wanted)?;
    let mut request = asked(wanted);
    stage.run.settings.headers.put_into(request.headers_mut());
    let answer = ask(stage, &transport, request).await?;
    told(answer).map_err(|reason| Cause::MessageProducer {
        message: wanted.description.to_owned(),
        reason,
    })
}

fn message_transport<'s>(
    stage: &'s Stage<'_>,
    name: Option<&str>,
    wanted: &Asked<'_>,
) -> Result<Transport<'s>, Cause> {
    let run = stage.run;
    let other = name.filter(|name| !MESSAGE_TRANSPORTS.contains(name));
    if let Some(name) = other {
        let way = run.named.get(name);
        let way = way.ok_or_else(|| stage.no_transport(name))?;
        return stage.over(way, name);
    }
    let mut names = name.into_iter().chain(MESSAGE_TRANSPORTS);
    if let Some(way) = names.find_map(|name| run.named.get(name)) {
        return stage.over(way, MESSAGE_TRANSPORTS[0]);
    }
    if let Some(Way::Http(target)) = &run.main {
        return Ok(Transport::Http(target));
    }
    let message = wanted.description;
    let nearest = handlers(stage).flat_map(|handlers| match wanted.request {
        Some(_) => handlers.messages.nearest_requests(message),
        None => handlers.messages.nearest_messages(message),
    });
    Err(Cause::UnknownMessage {
        message: message.to_owned(),
        nearest: nearest.collect(),
    })
}

/// The answer to a request, which the filter sees first.
async fn ask(
    stage: &Stage<'_>,
    transport: &Transport<'_>,
    request: Request<Bytes>,
) -> Result<HttpResponse, Cause> {
    let request = filtered(stage, request).await;
    let request = request.map_err(|reason| Cause::RequestFilter { reason })?;
    exchange(transport, request, &stage.run.settings.options).await
}

async fn filtered(stage: &Stage<'_>, request: Request<Bytes>) -> Result<Request<Bytes>, String> {
    let settings = stage.run.settings;
    let Some(filter) = &settings.request_filter else {
        return Ok(request);
    };
    let request = AssertUnwindSafe(async { filter(request).await }).catch_unwind();
    let timeout = settings.options.request_timeout;
    match tokio::time::timeout(timeout, request).await {
        Ok(Ok(request)) => request,
        Ok(Err(panic)) => Err(format!("it panicked: {}", panic_text(&*panic))),
        Err(_) => Err(format!("not done within {} ms", timeout.as_millis())),
    }
}
