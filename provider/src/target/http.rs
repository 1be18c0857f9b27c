//! A provider at a URL: the one file that sends requests to it over the network.

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use reqwest::{Client, Url};

use super::body::{Answer, BoxError};
use crate::report::Refusal;

/// A URL with the client that reaches it.
#[derive(Debug)]
pub(crate) struct HttpTarget {
    client: Client,
    base: Url,
}

/// Checks that a text is the URL of a web server.
pub(crate) fn web_url(text: &str) -> Result<Url, Refusal> {
    let refusal = |reason: String| Refusal::Url {
        url: bare(text),
        reason,
    };
    let url = Url::parse(text).map_err(|error| refusal(error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(refusal(format!(
            "the scheme is {scheme:?}, not http or https"
        ))),
    }
}

/// The URL as a report may show it: without user name and password. A text that is no URL is shown as it is.
pub(crate) fn bare(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return text.to_owned();
    };
    // Both fail only for URLs that cannot carry credentials in the first place.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

impl HttpTarget {
    pub(crate) fn new(client: Client, base: Url) -> Self {
        Self { client, base }
    }

    /// The URL that the provider answers below.
    #[cfg_attr(
        not(feature = "plugins"),
        expect(dead_code, reason = "only plugins ask by themselves")
    )]
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Answer, BoxError> {
        let (head, body) = request.into_parts();
        let mut url = self.base.clone();
        url.set_path(&joined(self.base.path(), head.uri.path()));
        url.set_query(head.uri.query());
        let mut request = self.client.request(head.method, url).headers(head.headers);
        if !body.is_empty() {
            request = request.body(body);
        }
        Ok(answer(request.send().await?))
    }
}

/// The client's response, its body still to be read.
pub(crate) fn answer(response: reqwest::Response) -> Answer {
    let response = http::Response::<reqwest::Body>::from(response);
    response.map(|body| body.map_err(BoxError::from).boxed_unsync())
}

/// The path below the base; the root of a provider that has a base path is that path, without a slash behind it.
fn joined(base: &str, path: &str) -> String {
    let base = base.trim_end_matches('/');
    match path {
        "/" if !base.is_empty() => base.to_owned(),
        path => format!("{base}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_below_the_base() {
        assert_eq!(joined("/", "/users"), "/users");
        assert_eq!(joined("/api/", "/users"), "/api/users");
        assert_eq!(joined("/api/", "/"), "/api");
        assert_eq!(joined("/", "/"), "/");
    }

    #[test]
    fn only_the_url_of_a_web_server_is_one() {
        let message = |text| web_url(text).unwrap_err().to_string();
        assert_eq!(
            message("ftp://host/"),
            r#""ftp://host/" is not a URL of a web server: the scheme is "ftp", not http or https"#
        );
        assert!(message("127.0.0.1:8080").contains("relative URL without a base"));
    }
}
