//! Sends requests: the only file that knows the HTTP client.
//!
//! Where a request may go is decided when connecting, on the addresses that the name has at that moment, so that a
//! name cannot be changed behind the check. Proxies of the environment are not used and redirects are not followed:
//! both would lead past it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, Response, Url, redirect};
use treaty_core::causes::{causes, with_causes};

use super::WebhookSettings;
use super::addresses::is_public;
use crate::domain::outgoing::{Answer, NoAnswer, Outgoing};

/// How long a receiver may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a receiver may take in all.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// How much of an answer is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Sends requests to where they may go.
pub(crate) struct Sender {
    settings: Arc<WebhookSettings>,
    /// Made at the first request: loading the certificates takes longer than the start of a broker.
    client: OnceLock<Result<Client, String>>,
}

impl Sender {
    pub(crate) fn new(settings: Arc<WebhookSettings>) -> Self {
        Self {
            settings,
            client: OnceLock::new(),
        }
    }

    /// Sends a request and reads what comes back.
    pub(super) async fn send(&self, outgoing: &Outgoing) -> Result<Answer, NoAnswer> {
        let url: Url = outgoing
            .url
            .parse()
            .map_err(|_| NoAnswer::Refused(format!("{} is no URL", outgoing.url)))?;
        self.check(&outgoing.method, &url)?;
        let client = self.client.get_or_init(|| client(&self.settings));
        let client = client
            .as_ref()
            .map_err(|why| NoAnswer::Failed(why.clone()))?;
        let method = Method::from_bytes(outgoing.method.as_bytes())
            .map_err(|_| NoAnswer::Refused(format!("{} is no method", outgoing.method)))?;
        let mut request = client.request(method, url);
        for (name, value) in &outgoing.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &outgoing.body {
            request = request.body(body.clone());
        }
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        Ok(read(response).await)
    }

    /// What the settings say now, which may be stricter than when the webhook was made.
    fn check(&self, method: &str, url: &Url) -> Result<(), NoAnswer> {
        let refuse = |why: String| Err(NoAnswer::Refused(why));
        let host = url.host_str().unwrap_or_default();
        let settings = &self.settings;
        let has =
            |list: &[String], text: &str| list.iter().any(|one| one.eq_ignore_ascii_case(text));
        if !has(&settings.methods, method) {
            return refuse(format!("{method} is no longer among the allowed methods"));
        }
        if !has(&settings.schemes, url.scheme()) {
            return refuse(format!(
                "{} is no longer among the allowed schemes",
                url.scheme()
            ));
        }
        if settings.lists(host) {
            return Ok(());
        }
        if !settings.hosts.is_empty() {
            return refuse(format!("{host} is no longer among the allowed hosts"));
        }
        // A host that is an address is never resolved.
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !is_public(address) => refuse(NotPublic(host.to_owned()).to_string()),
            _ => Ok(()),
        }
    }
}

fn client(settings: &Arc<WebhookSettings>) -> Result<Client, String> {
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .pool_max_idle_per_host(0)
        .http1_only()
        .dns_resolver(Arc::new(Resolver(Arc::clone(settings))))
        .build()
        .map_err(|error| with_causes(&error))
}

/// Resolves names to public addresses, and those of listed hosts to any.
struct Resolver(Arc<WebhookSettings>);

/// The host is not listed, and no address of it is public.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not at a public address: to send webhooks there, name it among the allowed hosts")]
struct NotPublic(String);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let is_listed = self.0.lists(&host);
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found
                .filter(|address| is_listed || is_public(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(NotPublic(host).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    let refused = causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>());
    if let Some(refused) = refused {
        return NoAnswer::Refused(refused.to_string());
    }
    if error.is_timeout() {
        return NoAnswer::Failed("no answer in time".to_owned());
    }
    NoAnswer::Failed(with_causes(error))
}

/// The answer, as far as it comes: its status alone says whether the webhook was received.
async fn read(mut response: Response) -> Answer {
    let status = response.status();
    let headers = response.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let mut answer = Answer {
        protocol: format!("{:?}", response.version()),
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: String::new(),
    };
    let mut body = Vec::new();
    while body.len() < ANSWER_BYTES_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(ANSWER_BYTES_MAX);
    answer.body = String::from_utf8_lossy(&body).into_owned();
    answer
}
