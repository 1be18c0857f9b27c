//! The certificate that a broker shows.

use std::fmt;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate for HTTPS, and its key.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
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
    /// The chain from the broker's certificate upwards, and the key of the first, both as PEM.
    ///
    /// # Errors
    /// [`TlsError`] if either is not PEM, or if they do not go together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let bad = |what| move |source| TlsError::Pem { what, source };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = chain.map_err(bad("certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(bad("key"))?;
        // The provider is named, because a process can have several or none by default.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth();
        Ok(Self(Arc::new(config.with_single_cert(chain, key)?)))
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0)
    }
}
