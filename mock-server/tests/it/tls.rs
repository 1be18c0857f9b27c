use reqwest::{Certificate, Client};
use treaty_mock_server::{Fault, MockServerOptions, Tls, TlsError};

use crate::support::start;

fn trusting(pem: &str) -> Client {
    let certificate = Certificate::from_pem(pem.as_bytes()).unwrap();
    Client::builder()
        .add_root_certificate(certificate)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_is_answered() {
    let server = start(MockServerOptions::default().tls(Tls::self_signed().unwrap()));
    assert!(server.url().starts_with("https://127.0.0.1:"));
    let client = trusting(server.certificate_pem().unwrap());
    let by_number = client
        .get(format!("{}/ping", server.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(by_number.status(), 204);
    assert_eq!(by_number.version(), reqwest::Version::HTTP_2);
    let by_name = server.url().replace("127.0.0.1", "localhost");
    assert_eq!(
        client
            .get(format!("{by_name}/ping"))
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
}

#[tokio::test]
async fn a_client_that_does_not_is_not() {
    let server = start(MockServerOptions::default().tls(Tls::self_signed().unwrap()));
    let stranger = trusting(Tls::self_signed().unwrap().certificate_pem());
    assert!(
        stranger
            .get(format!("{}/ping", server.url()))
            .send()
            .await
            .is_err()
    );
    assert_eq!(server.report().answered, 0);
}

#[tokio::test]
async fn a_given_certificate_is_used() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let pem = |label: &str, der: &[u8]| {
        let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    let (chain, key) = (
        pem("CERTIFICATE", certificate.der()),
        pem("PRIVATE KEY", &key.serialize_der()),
    );
    let server = start(MockServerOptions::default().tls(Tls::from_pem(&chain, &key).unwrap()));
    let answer = trusting(&chain)
        .get(format!("{}/ping", server.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    assert!(matches!(
        Tls::from_pem(&chain, "no key"),
        Err(TlsError::Pem { what: "key", .. })
    ));
    assert!(Tls::from_pem("", &key).is_err());
}

#[tokio::test]
async fn faults_happen_under_tls_as_well() {
    let tls = Tls::self_signed().unwrap();
    let client = trusting(tls.certificate_pem());
    let server = start(MockServerOptions::default().tls(tls).fault(Fault::reset()));
    assert!(
        client
            .get(format!("{}/ping", server.url()))
            .send()
            .await
            .is_err()
    );
    assert_eq!(server.report().faults[0].faults, ["a reset"]);
}
