//! How providers, state-change URLs and message URLs are reached over the network: whom to trust, who we are, which way.

use std::fmt;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Proxy};
use treaty_core::causes::with_causes;

use super::http::web_url;
use crate::report::Refusal;

/// What the one client of a run is made with. By default it trusts the authorities that the system trusts, shows no
/// certificate and asks no proxy.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    authorities: Vec<Certificate>,
    identity: Option<Identity>,
    proxy: Option<Proxy>,
}

impl Connection {
    /// Trusts these authorities too.
    pub(crate) fn authorities(&mut self, pem: &[u8]) -> Result<(), Refusal> {
        let what = "certificate authority";
        let read = Certificate::from_pem_bundle(pem).map_err(|error| unusable(what, &error))?;
        if read.is_empty() {
            let reason = "there is no certificate in it".to_owned();
            let what = what.to_owned();
            return Err(Refusal::Certificate { what, reason });
        }
        self.authorities.extend(read);
        Ok(())
    }

    /// Shows this certificate, whose key stands beside it.
    pub(crate) fn identity(&mut self, pem: &[u8]) -> Result<(), Refusal> {
        let identity = Identity::from_pem(pem);
        self.identity = Some(identity.map_err(|error| unusable("client certificate", &error))?);
        Ok(())
    }

    /// Sends everything through this proxy.
    pub(crate) fn proxy(&mut self, url: &str) -> Result<(), Refusal> {
        let url = web_url(url)?;
        let proxy = Proxy::all(url.clone()).map_err(|error| Refusal::Url {
            url: super::http::bare(url.as_str()),
            reason: with_causes(&error),
        });
        self.proxy = Some(proxy?);
        Ok(())
    }

    /// What a plain connection lacks, where this is more than one.
    #[cfg_attr(
        not(feature = "plugins"),
        expect(dead_code, reason = "only the peer makes a connection of its own")
    )]
    pub(crate) fn beyond_the_plain(&self) -> Option<&'static str> {
        match self {
            _ if !self.authorities.is_empty() => Some("a certificate authority"),
            _ if self.identity.is_some() => Some("a client certificate"),
            _ if self.proxy.is_some() => Some("a proxy"),
            _ => None,
        }
    }

    /// The one client of a run. It follows no redirect, because a redirect is an answer that a pact may ask for; and it
    /// asks no proxy but the one it was told, because which provider is verified must not depend on the environment.
    pub(crate) fn client(&self, accept_invalid_certificates: bool) -> Result<Client, Refusal> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .tls_danger_accept_invalid_certs(accept_invalid_certificates);
        if !self.authorities.is_empty() {
            builder = builder.tls_certs_merge(self.authorities.iter().cloned());
        }
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|error| Refusal::Client {
            reason: with_causes(&error),
        })
    }
}

fn unusable(what: &str, error: &reqwest::Error) -> Refusal {
    Refusal::Certificate {
        what: what.to_owned(),
        reason: with_causes(error),
    }
}

/// Without the private key that it may hold.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}
