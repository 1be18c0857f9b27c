//! Providers that are not reached by a plain connection: with certificates, through a proxy.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use treaty_core::outcome::{Cause, Verdict};
use treaty_provider::{Refusal, Report, Target, Verifier, VerifyOptions};

use crate::fakes::{cause, get_of, only, serve, source, up, verifier};

/// An authority, and what it has signed.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
struct Signed {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        pem("CERTIFICATE", self.0.der())
    }

    fn sign(&self, name: &str) -> Signed {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Signed {
            certificate: certificate.der().clone(),
            key,
        }
    }
}

impl Signed {
    fn pem(&self) -> String {
        let key = pem("PRIVATE KEY", &self.key.serialize_der());
        pem("CERTIFICATE", &self.certificate) + &key
    }
}

/// What the provider asks of its clients.
#[derive(Clone, Copy, PartialEq)]
enum Clients {
    Anybody,
    WithCertificate,
}

/// A provider over HTTPS that answers everything with 200.
async fn https(authority: &Authority, clients: Clients) -> String {
    let signed = authority.sign("127.0.0.1");
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(crypto.clone());
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = match clients {
        Clients::Anybody => config.with_no_client_auth(),
        Clients::WithCertificate => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.0.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), crypto);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::Pkcs8(signed.key.serialize_der().into());
    let config = config
        .with_single_cert(vec![signed.certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else {
                continue;
            };
            let _ = socket.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = socket.write_all(answer).await;
            let _ = socket.shutdown().await;
        }
    });
    format!("https://{address}")
}

async fn verified(verifier: Verifier<Target>) -> Report {
    verifier.verify(source(&[get_of("/ok")])).await
}

#[track_caller]
fn check_no_answer(report: &Report, reason_part: &str) {
    let Cause::NoAnswer { reason } = cause(&only(report).outcome) else {
        panic!("{report}");
    };
    assert!(reason.to_lowercase().contains(reason_part), "{reason}");
}

#[tokio::test]
async fn a_provider_whose_certificate_nobody_vouches_for_is_no_answer() {
    let url = https(&Authority::new(), Clients::Anybody).await;
    let report = verified(verifier().base_url(url)).await;
    check_no_answer(&report, "certificate");
}

#[tokio::test]
async fn an_authority_of_one_s_own_vouches_for_a_provider() {
    let authority = Authority::new();
    let url = https(&authority, Clients::Anybody).await;

    let other = Authority::new().pem();
    let report = verified(verifier().base_url(&url).certificate_authority(other)).await;
    check_no_answer(&report, "certificate");
    let report = verified(
        verifier()
            .base_url(&url)
            .certificate_authority(authority.pem()),
    )
    .await;
    report.assert_ok();
}

#[tokio::test]
async fn whoever_says_so_is_verified_without_a_voucher() {
    let url = https(&Authority::new(), Clients::Anybody).await;
    let mut options = VerifyOptions::default();
    options.accept_invalid_certificates = true;
    verified(verifier().base_url(url).options(options))
        .await
        .assert_ok();
}

#[tokio::test]
async fn a_provider_that_asks_for_a_certificate_is_shown_one() {
    let authority = Authority::new();
    let url = https(&authority, Clients::WithCertificate).await;
    let with = |certificate: Option<String>| {
        let verifier = verifier()
            .base_url(&url)
            .certificate_authority(authority.pem());
        match certificate {
            Some(pem) => verifier.client_certificate(pem),
            None => verifier,
        }
    };

    let without = verified(with(None)).await;
    assert_eq!(without.verdict(), Verdict::Unknown, "{without}");
    let stranger = verified(with(Some(Authority::new().sign("client").pem()))).await;
    assert_eq!(stranger.verdict(), Verdict::Unknown, "{stranger}");
    verified(with(Some(authority.sign("client").pem())))
        .await
        .assert_ok();
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_and_named() {
    for (verifier, expected) in [
        (up().certificate_authority("none"), "certificate authority"),
        (up().client_certificate("none"), "client certificate"),
    ] {
        let report = verified(verifier).await;
        let Some(Refusal::Certificate { what, .. }) = &report.refusal else {
            panic!("{report}");
        };
        assert_eq!(what, expected);
        assert_eq!(report.verdict(), Verdict::NothingToDo);
    }
}

#[tokio::test]
async fn a_proxy_is_asked_when_it_is_named() {
    let answer = async |uri: Uri| match uri.host() {
        Some("provider.invalid") => axum::http::StatusCode::OK,
        _ => axum::http::StatusCode::BAD_GATEWAY,
    };
    let proxy = format!("http://{}", serve(Router::new().fallback(answer)).await);

    let verifier = verifier().base_url("http://provider.invalid").proxy(&proxy);
    verified(verifier).await.assert_ok();
}

#[tokio::test]
async fn a_proxy_that_is_none_is_refused_without_its_password() {
    let report = verified(up().proxy("socks9://jane:secret@proxy")).await;
    let text = report.refusal.unwrap().to_string();
    assert!(text.contains("socks9://"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}
