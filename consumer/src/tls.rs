//! HTTPS for a consumer's tests.

use crate::http::MockServer;

impl MockServer {
    /// The certificate that the client under test has to trust, as PEM; absent without HTTPS.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    /// use treaty_consumer::Tls;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mock = PactBuilder::new_v4("A", "B")
    /// #   .with_output_dir(pacts.path())
    ///     .interaction("a ping", "", |mut i| { i.request.path("/ping"); i })
    ///     .mock_server_with(MockServerOptions::default().tls(Tls::self_signed().unwrap()));
    /// let pem = mock.certificate_pem().unwrap();
    ///
    /// let trusted = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    /// let client = reqwest::Client::builder().add_root_certificate(trusted).build().unwrap();
    /// # let runtime = tokio::runtime::Runtime::new().unwrap();
    /// # let answer = runtime.block_on(client.get(mock.path("/ping")).send()).unwrap();
    /// # assert_eq!((answer.status().as_u16(), mock.url().scheme()), (200, "https"));
    /// mock.finish().unwrap();
    /// ```
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.server.certificate_pem()
    }
}
