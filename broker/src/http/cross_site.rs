//! Changes that a page of another site asks for, with the credentials that a browser keeps for this one.

use http::{HeaderMap, Method};
use url::Url;

use super::problem::Problem;

/// What is wrong with a change that a page of another site asks for. Browsers tell where a request comes from, in
/// `Sec-Fetch-Site` and in `Origin`; other clients send neither and are let through.
pub(super) fn fault(method: &Method, headers: &HeaderMap, base_url: &str) -> Option<Problem> {
    if method.is_safe() {
        return None;
    }
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("null"))
    };
    let origin = text("origin");
    let is_foreign = match text("sec-fetch-site") {
        Some("same-origin" | "none") => false,
        Some("cross-site") => true,
        _ => origin
            .is_some_and(|origin| !is_origin_of(origin, base_url) && !is_at(origin, text("host"))),
    };
    is_foreign.then(|| {
        let origin = origin.unwrap_or("another site");
        Problem::Forbidden(format!(
            "A page of {origin} asks for this change. In a browser, only pages of {base_url} may."
        ))
    })
}

fn is_origin_of(origin: &str, base_url: &str) -> bool {
    let read = |url: &str| Url::parse(url).map(|url| url.origin());
    matches!((read(origin), read(base_url)), (Ok(one), Ok(other)) if one == other)
}

/// Whether the page came from where the request goes to: a broker may be reached by other names than its base URL's.
fn is_at(origin: &str, host: Option<&str>) -> bool {
    let own = origin.split_once("://").map(|(_, host)| host);
    own.is_some() && own == host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &Method, headers: &[(&'static str, &str)], is_refused: bool) {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        let found = fault(method, &all, "https://pacts.example.com/our");
        assert_eq!(found.is_some(), is_refused, "{method} {headers:?}");
    }

    #[test]
    fn a_change_that_a_page_of_another_site_asks_for_is_refused() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            check(&method, &[("origin", "https://evil.example")], true);
            check(&method, &[("origin", "null")], true);
            check(&method, &[("origin", "http://pacts.example.com")], true);
            check(&method, &[("sec-fetch-site", "cross-site")], true);
            check(
                &method,
                &[
                    ("sec-fetch-site", "same-site"),
                    ("origin", "https://ci.example.com"),
                ],
                true,
            );
        }
    }

    #[test]
    fn own_pages_and_other_clients_may_change_and_everybody_may_ask() {
        check(&Method::POST, &[], false);
        check(
            &Method::POST,
            &[("origin", "https://pacts.example.com:443")],
            false,
        );
        check(&Method::POST, &[("sec-fetch-site", "none")], false);
        check(
            &Method::POST,
            &[
                ("origin", "http://10.0.0.5:9292"),
                ("host", "10.0.0.5:9292"),
            ],
            false,
        );
        check(
            &Method::DELETE,
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://behind.a.proxy"),
            ],
            false,
        );
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            check(&method, &[("origin", "https://evil.example")], false);
        }
    }
}
