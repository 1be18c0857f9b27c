//! How the provider is reached over the network, where a plain connection will not do.

use super::build::Verifier;

impl<T> Verifier<T> {
    /// Trusts the certificate authorities in this PEM text, beside those that the system trusts.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").base_url("https://127.0.0.1:8443");
    /// let report = verifier.certificate_authority("not PEM").verify(PactSource::dir("../../pacts")).await;
    /// let refusal = report.refusal.unwrap().to_string();
    /// assert!(refusal.starts_with("the certificate authority cannot be used"), "{refusal}");
    /// # }
    /// ```
    pub fn certificate_authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        let added = self.settings.connection.authorities(pem.as_ref());
        self.settings.note(added);
        self
    }

    /// Shows this certificate to a provider that asks for one: PEM text with the certificate and its private key.
    pub fn client_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        let added = self.settings.connection.identity(pem.as_ref());
        self.settings.note(added);
        self
    }

    /// Sends every request through this proxy: those to the provider, to the state-change URL and to the message URL,
    /// and for pacts at URLs. The environment's proxies are never asked.
    pub fn proxy(mut self, url: &str) -> Self {
        let added = self.settings.connection.proxy(url);
        self.settings.note(added);
        self
    }
}
