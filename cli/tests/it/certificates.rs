//! Brokers that speak HTTPS, with certificates of the test's own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{CertificateParams, CertifiedKey, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::command::Place;

fn certificate(last_year: i32) -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

/// A text for each, as files hold them.
fn pem(of: &CertifiedKey<KeyPair>) -> (String, String) {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    let text = |what: &str, der: &[u8]| {
        let lines = BASE64_STANDARD.encode(der);
        format!("-----BEGIN {what}-----\n{lines}\n-----END {what}-----\n")
    };
    (
        text("CERTIFICATE", of.cert.der()),
        text("PRIVATE KEY", of.signing_key.serialized_der()),
    )
}

/// A broker without environments. It wants to see this certificate, if one is given.
fn broker(own: &CertifiedKey<KeyPair>, wanted: Option<&CertifiedKey<KeyPair>>) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = match wanted {
        None => config.with_no_client_auth(),
        Some(wanted) => {
            let mut roots = RootCertStore::empty();
            roots.add(wanted.cert.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::try_from(own.signing_key.serialized_der().to_vec()).unwrap();
    let chain: Vec<CertificateDer<'static>> = vec![own.cert.der().clone()];
    let config = Arc::new(config.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut request = [0; 4096];
            let Ok(read) = stream.read(&mut request) else {
                continue;
            };
            let body = if request[..read].starts_with(b"GET /environments") {
                r#"{"_embedded": {"environments": []}}"#
            } else {
                r#"{"_links": {"pb:environments": {"href": "/environments"}}}"#
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    url
}

#[test]
fn a_certificate_that_is_given_is_trusted() {
    let own = certificate(2090);
    let url = broker(&own, None);
    let place = Place::new();
    place.write("ca.pem", &pem(&own).0);
    for trust in [
        "-c ca.pem",
        "--ssl-certificate ca.pem --ssl-trust-store false",
        "--skip-ssl-verification",
    ] {
        place
            .run(&format!("list-environments -b {url} {trust}"))
            .ends_with(0)
            .says("There are no environments.");
    }
    place
        .run(&format!("list-environments -b {url}"))
        .ends_with(3)
        .complains("certificate")
        .complains("have the one that signed it trusted");
}

#[test]
fn those_who_replay_and_stub_pacts_trust_it_too() {
    let own = certificate(2090);
    let url = broker(&own, None);
    let place = Place::new();
    place.write("ca.pem", &pem(&own).0);
    for line in ["stub", "verify -n B --provider-base-url http://127.0.0.1:1"] {
        let told = place.run(&format!("{line} -b {url} --ssl-certificate ca.pem"));
        let told = format!("{}{}", told.stdout, told.stderr);
        assert!(told.contains("has no link"), "{told}");
    }
    place
        .run(&format!("stub --url {url} --insecure-tls"))
        .ends_with(2)
        .complains("is not a pact");
}

#[test]
fn an_expired_certificate_is_told_as_such() {
    let own = certificate(2021);
    let url = broker(&own, None);
    let place = Place::new();
    place.write("ca.pem", &pem(&own).0);
    place
        .run(&format!("list-environments -b {url} -c ca.pem"))
        .ends_with(3)
        .complains("expired")
        .complains("renew the broker's certificate");
}

#[test]
fn a_certificate_of_ones_own_is_shown() {
    let (own, mine) = (certificate(2090), certificate(2090));
    let url = broker(&own, Some(&mine));
    let place = Place::new();
    let (certificate, key) = pem(&mine);
    place.write("ca.pem", &pem(&own).0);
    place.write("mine.pem", &certificate);
    place.write("key.pem", &key);
    place.write("both.pem", &format!("{certificate}{key}"));
    for shown in [
        "--client-certificate both.pem",
        "--client-certificate mine.pem --client-key key.pem",
    ] {
        place
            .run(&format!("list-environments -b {url} -c ca.pem {shown}"))
            .ends_with(0)
            .says("There are no environments.");
    }
    place
        .run(&format!("list-environments -b {url} -c ca.pem --retries 0"))
        .ends_with(3);
    place
        .run(&format!(
            "list-environments -b {url} --client-certificate ca.pem"
        ))
        .ends_with(2)
        .complains("the client certificate cannot be used");
}
