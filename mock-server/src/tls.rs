//! HTTPS: the certificate that a mock server shows, and the one that its client has to trust.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::options::MockServerOptions;
use crate::server::MockServer;

/// The names under which a client can reach a mock server on its own machine.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What the issuer of a mock server's own certificate is called.
const ISSUER: &str = "Treaty mock server";

/// The columns of a line in a PEM document.
const PEM_COLUMNS: usize = 64;

/// A certificate for HTTPS, and its key.
#[derive(Clone)]
pub struct Tls {
    certificate_pem: String,
    config: Arc<ServerConfig>,
}

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The certificate could not be made.
    #[error("no certificate could be made")]
    Make(#[from] rcgen::Error),
    /// The PEM text holds no certificate or no key, or something else.
    #[error("this is not a {what} in PEM form")]
    Pem {
        /// What was expected.
        what: &'static str,
        /// What the reader said.
        source: rustls::pki_types::pem::Error,
    },
    /// Certificate and key cannot be used, or not together.
    #[error("this certificate and this key make no server")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// A new certificate for `localhost`, `127.0.0.1` and `::1`, by an issuer that exists only as long as this value.
    ///
    /// ```
    /// let tls = treaty_mock_server::Tls::self_signed().unwrap();
    /// assert!(tls.certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    /// ```
    ///
    /// # Errors
    /// If the operating system has no randomness to give.
    pub fn self_signed() -> Result<Self, TlsError> {
        let mut issuer = CertificateParams::default();
        issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        issuer.distinguished_name.push(DnType::CommonName, ISSUER);
        let issuer = CertifiedIssuer::self_signed(issuer, KeyPair::generate()?)?;

        let key = KeyPair::generate()?;
        let names = NAMES.map(ToOwned::to_owned);
        let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let trusted = pem(issuer.der());
        Self::new(vec![certificate.der().clone()], key, trusted)
    }

    /// A certificate of your own: the chain from the server's certificate upwards, and the key of the first.
    ///
    /// # Errors
    /// If either is not PEM, or if they do not go together.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, TlsError> {
        let bad = |what| move |source| TlsError::Pem { what, source };
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
        let certificates = certificates.map_err(bad("certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(bad("key"))?;
        Self::new(certificates, key, chain.to_owned())
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        certificate_pem: String,
    ) -> Result<Self, TlsError> {
        // The provider is named, because a process can have several or none by default.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth();
        let mut config = config.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            certificate_pem,
            config: Arc::new(config),
        })
    }

    /// The certificate that a client has to trust, as PEM: `reqwest::Certificate::from_pem` takes it.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(Arc::clone(&self.config))
            .accept(stream)
            .await
    }
}

impl std::fmt::Debug for Tls {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl MockServerOptions {
    /// Speaks HTTPS.
    #[must_use]
    pub fn tls(self, tls: Tls) -> Self {
        Self {
            tls: Some(tls),
            ..self
        }
    }
}

impl MockServer {
    /// The certificate that a client has to trust, as PEM; absent without HTTPS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.options().tls.as_ref().map(Tls::certificate_pem)
    }
}

fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (position, letter) in text.chars().enumerate() {
        if position > 0 && position % PEM_COLUMNS == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem
}
