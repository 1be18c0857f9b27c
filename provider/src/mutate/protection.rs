//! Which places of an answer a contract protects: those whose change it notices.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice::from_ref;

use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde::{Deserialize, Serialize};
use treaty_core::matching::{match_message, match_response};
use treaty_core::mismatch::{Mismatch, Part};

use super::mutant::{Mutant, Mutation, Original};
use crate::report::Report;
use crate::responses::in_response;

/// How many changed answers are matched for one interaction.
pub const MUTANTS_MAX: usize = 500;

/// The largest body that is changed, in bytes: each mutant is a copy of it.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What the contract of one interaction protects in the answer that it got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Protection {
    /// Method and path, or which message.
    pub request: String,
    /// The status of the answer; a message has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The places that were changed.
    pub places: Vec<PlaceProtection>,
    /// How many changed answers were matched.
    pub mutants: usize,
    /// How many of them the contract refused.
    pub killed: usize,
    /// How many more there would be.
    pub mutants_left_out: usize,
}

/// One place of an answer: which of its changes the contract notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlaceProtection {
    /// The part of the answer.
    pub part: Part,
    /// Where in it: a JSON path with `[*]` for the elements of a list, or the name of a header or of metadata;
    /// of a later response to one message, with `response 2: ` before it.
    pub path: String,
    /// The changes that the contract refuses.
    pub killed: Vec<Mutation>,
    /// The changes that it lets pass.
    pub survived: Vec<Mutation>,
}

impl PlaceProtection {
    /// Whether the contract notices anything that happens to the place.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.killed
            .iter()
            .any(|mutation| *mutation != Mutation::Added)
    }
}

/// What all contracts together protect in the answers to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProtectedResponse {
    /// Method and path, or which message.
    pub request: String,
    /// The status of the answers; a message has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Every place of the answers, in the order of the answer.
    pub places: Vec<ProtectedPlace>,
}

/// One place of an answer, and the consumers whose contracts protect it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProtectedPlace {
    /// The part of the answer.
    pub part: Part,
    /// Where in it.
    pub path: String,
    /// The consumers whose contracts notice a change; nobody's, if there is none.
    pub protected_by: Vec<String>,
    /// The changes that no contract notices.
    pub survived: Vec<Mutation>,
}

/// Changes the answer in one place at a time, and asks the contract about each.
pub(crate) fn protection(http: &SynchronousHttp, actual: &HttpResponse) -> Protection {
    let original = Original::of_response(actual);
    let (method, path) = (http.request.method.to_uppercase(), &http.request.path);
    let mut protection = Protection::new(format!("{method} {path}"), Some(actual.status));
    protection.judge(0, &original, |mutant| {
        let changed = original.changed_response(actual, mutant)?;
        match_response(&http.response, &changed).ok()
    });
    protection
}

/// Changes the message in one place at a time, and asks the contract about each.
pub(crate) fn message_protection(
    message: &AsynchronousMessage,
    actual: &MessageContents,
) -> Protection {
    messages_protection(
        &message.description,
        from_ref(&message.contents),
        from_ref(actual),
    )
}

/// Changes each response in one place at a time, and asks the contract about each.
pub(crate) fn responses_protection(
    message: &SynchronousMessage,
    actual: &[MessageContents],
) -> Protection {
    messages_protection(&message.description, &message.response, actual)
}

fn messages_protection(
    description: &str,
    expected: &[MessageContents],
    actual: &[MessageContents],
) -> Protection {
    let mut protection = Protection::new(format!("message {description:?}"), None);
    for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
        let original = Original::of_message(actual);
        protection.judge(index, &original, |mutant| {
            let changed = original.changed_message(actual, mutant)?;
            match_message(expected, &changed).ok()
        });
    }
    protection
}

impl Protection {
    fn new(request: String, status: Option<u16>) -> Self {
        Self {
            request,
            status,
            places: Vec::new(),
            mutants: 0,
            killed: 0,
            mutants_left_out: 0,
        }
    }

    /// Adds what comes of all mutants of the answer with this index, by the mismatches of each; none for one that cannot
    /// be made.
    fn judge(
        &mut self,
        index: usize,
        original: &Original,
        matched: impl Fn(&Mutant) -> Option<Vec<Mismatch>>,
    ) {
        let all = original.mutants();
        let max = match original.body_bytes() {
            bytes if bytes > BODY_BYTES_MAX => 0,
            _ => MUTANTS_MAX - self.mutants,
        };
        self.mutants_left_out += all.len();
        for mutant in all.iter().take(max) {
            // A mutant that cannot be compared, or at which the matching panics, tells nothing about the contract.
            let matched = AssertUnwindSafe(|| matched(mutant));
            let Ok(Some(mismatches)) = catch_unwind(matched) else {
                continue;
            };
            self.mutants += 1;
            self.mutants_left_out -= 1;
            let is_killed = !mismatches.is_empty();
            self.killed += usize::from(is_killed);
            let place = self.place(mutant.part, &in_response(index, &mutant.path));
            let list = if is_killed {
                &mut place.killed
            } else {
                &mut place.survived
            };
            if !list.contains(&mutant.mutation) {
                list.push(mutant.mutation);
            }
        }
    }

    /// The place, which is there from now on.
    fn place(&mut self, part: Part, path: &str) -> &mut PlaceProtection {
        let is_it = |place: &PlaceProtection| place.part == part && place.path == path;
        let index = self.places.iter().position(is_it).unwrap_or_else(|| {
            self.places.push(PlaceProtection {
                part,
                path: path.to_owned(),
                killed: Vec::new(),
                survived: Vec::new(),
            });
            self.places.len() - 1
        });
        &mut self.places[index]
    }
}

impl Report {
    /// What all contracts of the report together protect, by request; empty unless
    /// [`VerifyOptions::mutate`](crate::VerifyOptions::mutate) asked for it.
    ///
    /// ```
    /// use axum::{Json, Router, routing::get};
    /// use treaty_provider::{PactSource, Verifier, VerifyOptions};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let pact = serde_json::json!({
    /// #     "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
    /// #     "interactions": [{ "description": "x", "request": { "path": "/" },
    /// #         "response": { "status": 200, "body": { "id": 1 } } }]
    /// # });
    /// let app = Router::new().route("/", get(async || Json(serde_json::json!({ "id": 1, "email": "a@b" }))));
    /// let mut options = VerifyOptions::default();
    /// options.mutate = true;
    /// let verifier = Verifier::new("UserService").service(app).options(options);
    /// let report = verifier.verify(PactSource::json("a pact", pact)).await;
    /// let by = |path: &str| {
    ///     let places = report.protection().remove(0).places;
    ///     places.into_iter().find(|place| place.path == path).unwrap().protected_by
    /// };
    /// assert_eq!(by("$.id"), ["OrderService"]);
    /// assert!(by("$.email").is_empty());
    /// # }
    /// ```
    #[must_use]
    pub fn protection(&self) -> Vec<ProtectedResponse> {
        let mut responses: BTreeMap<(&str, Option<u16>), Vec<ProtectedPlace>> = BTreeMap::new();
        for pact in &self.pacts {
            let consumer = pact.receipt.consumer.as_str();
            for found in pact
                .interactions
                .iter()
                .filter_map(|i| i.protection.as_ref())
            {
                let places = responses.entry((&found.request, found.status)).or_default();
                found
                    .places
                    .iter()
                    .for_each(|place| add(places, consumer, place));
            }
        }
        let response = |((request, status), places): ((&str, Option<u16>), _)| ProtectedResponse {
            request: request.to_owned(),
            status,
            places,
        };
        responses.into_iter().map(response).collect()
    }
}

fn add(places: &mut Vec<ProtectedPlace>, consumer: &str, place: &PlaceProtection) {
    let is_it = |other: &&mut ProtectedPlace| other.part == place.part && other.path == place.path;
    let by = place.is_protected().then(|| consumer.to_owned());
    if let Some(known) = places.iter_mut().find(is_it) {
        known
            .survived
            .retain(|mutation| place.survived.contains(mutation));
        known
            .protected_by
            .extend(by.filter(|by| !known.protected_by.contains(by)));
        return;
    }
    let survived = place.survived.iter();
    let survived = survived.filter(|mutation| !place.killed.contains(mutation));
    places.push(ProtectedPlace {
        part: place.part,
        path: place.path.clone(),
        protected_by: by.into_iter().collect(),
        survived: survived.copied().collect(),
    });
}
