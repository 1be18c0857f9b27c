//! What is kept of an answer for the report: not the answer, which may be large and hold secrets, but what to see in it.

use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use treaty_core::mismatch::Mismatch;

use crate::diff::{BodyDiff, body_diff};
use crate::mutate::{Protection, message_protection, protection, responses_protection};
use crate::options::VerifyOptions;

/// An answer beside the pact: its differences, and what else the report shows of it.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) evidence: Evidence,
}

/// What the report shows of an answer besides its differences.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) body_diff: Option<BodyDiff>,
    pub(crate) protection: Option<Protection>,
}

impl Compared {
    /// Nothing to see but the differences.
    pub(crate) fn of(mismatches: Vec<Mismatch>) -> Self {
        Self {
            mismatches,
            evidence: Evidence::default(),
        }
    }

    pub(crate) fn response(
        mismatches: Vec<Mismatch>,
        http: &SynchronousHttp,
        actual: &HttpResponse,
        options: &VerifyOptions,
    ) -> Self {
        let mutate = options.mutate && mismatches.is_empty();
        let evidence = Evidence {
            body_diff: body_diff(&mismatches, &http.response.body, &actual.body),
            protection: mutate.then(|| protection(http, actual)),
        };
        Self {
            mismatches,
            evidence,
        }
    }

    pub(crate) fn responses(
        mismatches: Vec<Mismatch>,
        message: &SynchronousMessage,
        actual: &[MessageContents],
        options: &VerifyOptions,
    ) -> Self {
        let mutate = options.mutate && mismatches.is_empty();
        let mut compared = Self::of(mismatches);
        compared.evidence.protection = mutate.then(|| responses_protection(message, actual));
        compared
    }

    pub(crate) fn message(
        mismatches: Vec<Mismatch>,
        message: &AsynchronousMessage,
        actual: &MessageContents,
        options: &VerifyOptions,
    ) -> Self {
        let mutate = options.mutate && mismatches.is_empty();
        let expected = &message.contents.contents;
        let evidence = Evidence {
            body_diff: body_diff(&mismatches, expected, &actual.contents),
            protection: mutate.then(|| message_protection(message, actual)),
        };
        Self {
            mismatches,
            evidence,
        }
    }
}
