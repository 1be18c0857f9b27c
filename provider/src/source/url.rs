//! A pact at a URL, whoever serves it.

use reqwest::Client;
use treaty_core::causes::with_causes;

use super::document::{Loaded, PACT_BYTES_MAX};

use crate::options::REQUEST_TIMEOUT;
use crate::report::SourceCause;
use crate::target::{answer, bare, collect, web_url};

pub(super) async fn read(client: &Client, text: &str) -> Result<Loaded, SourceCause> {
    let url = web_url(text).map_err(|refusal| SourceCause::Unreadable {
        reason: refusal.to_string(),
    })?;
    let unreachable = |reason: String| SourceCause::Unreachable { reason };
    let bytes = async {
        let response = client
            .get(url)
            .send()
            .await
            .map_err(|error| with_causes(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("it was answered with {status}"));
        }
        let body = collect(answer(response).into_body(), PACT_BYTES_MAX).await;
        body.map_err(|error| error.to_string())
    };
    match tokio::time::timeout(REQUEST_TIMEOUT, bytes).await {
        Ok(Ok(bytes)) => Loaded::parse(&bare(text), &bytes),
        Ok(Err(reason)) => Err(unreachable(reason)),
        Err(_) => Err(unreachable(format!(
            "no answer within {} ms",
            REQUEST_TIMEOUT.as_millis()
        ))),
    }
}
