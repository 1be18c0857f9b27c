//! The path of the base URL: a proxy leaves it in requests, or takes it off.

use http::Uri;

use super::negotiate::without_ending;
use crate::error::StartError;

/// The path below which a broker is, and the paths that it answers there, their parameters in braces.
#[derive(Debug)]
pub(crate) struct Prefix {
    path: String,
    patterns: Vec<String>,
}

impl Prefix {
    /// The path of a base URL, if it has one. One at which it cannot be told whether a proxy took it off is refused.
    pub(crate) fn new(base_url: &str, patterns: Vec<String>) -> Result<Option<Self>, StartError> {
        let base: Option<Uri> = base_url.parse().ok();
        let path = base.map_or_else(String::new, |base| {
            base.path().trim_end_matches('/').to_owned()
        });
        if path.is_empty() {
            return Ok(None);
        }
        let below = |pattern: &String| match pattern.as_str() {
            "/" => path.clone(),
            pattern => format!("{path}{pattern}"),
        };
        let may_be_own = |left: &String| patterns.iter().any(|own| meet(own, left));
        if patterns.iter().map(below).any(|left| may_be_own(&left)) {
            return Err(StartError::BasePath { path });
        }
        Ok(Some(Self { path, patterns }))
    }

    /// Takes the path off a request that still has it.
    pub(super) fn strip(&self, uri: &mut Uri) {
        if self.is_answered(uri.path()) {
            return;
        }
        let Some(all) = uri.path_and_query() else {
            return;
        };
        let rest = match all.as_str().strip_prefix(&self.path) {
            Some("") => "/".to_owned(),
            Some(rest) if rest.starts_with('/') => rest.to_owned(),
            Some(rest) if rest.starts_with('?') => format!("/{rest}"),
            _ => return,
        };
        if let Ok(rest) = rest.parse() {
            *uri = rest;
        }
    }

    /// Whether a path is answered as it is: then nothing is to be taken off.
    fn is_answered(&self, path: &str) -> bool {
        let is = |path: &str| self.patterns.iter().any(|pattern| meet(pattern, path));
        is(path) || is(without_ending(path))
    }
}

/// Whether any path is of both patterns.
fn meet(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if meet_in_segment(one, other) => {}
            _ => return false,
        }
    }
}

fn meet_in_segment(one: &str, other: &str) -> bool {
    let is_any = |segment: &str| segment.starts_with('{');
    one == other || !one.is_empty() && !other.is_empty() && (is_any(one) || is_any(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(base_url: &str) -> Result<Option<Prefix>, StartError> {
        let routes = crate::router::routes().into_iter();
        Prefix::new(base_url, routes.map(|route| route.path).collect())
    }

    #[track_caller]
    fn check(base_url: &str, asked: &str, expected: &str) {
        let mut uri: Uri = asked.parse().unwrap();
        if let Some(prefix) = prefix(base_url).unwrap() {
            prefix.strip(&mut uri);
        }
        assert_eq!(uri.to_string(), expected);
    }

    #[test]
    fn what_a_proxy_left_is_taken_off_and_nothing_else() {
        check("http://a", "/pacts/latest", "/pacts/latest");
        check("http://a/b/", "/b/pacts/latest?x=1", "/pacts/latest?x=1");
        check("http://a/b", "/b", "/");
        check("http://a/b", "/b?x=1", "/?x=1");
        check("http://a/b", "/bc", "/bc");
        check("http://a/b", "/pacticipants/b", "/pacticipants/b");
    }

    #[test]
    fn a_prefix_that_is_the_beginning_of_a_route_is_told_from_it() {
        let base = "http://a/pacts";
        for own in [
            "/pacts/latest",
            "/pacts/latest.csv",
            "/pacts/provider/P/consumer/C/version/1",
        ] {
            check(base, own, own);
            check(base, &format!("/pacts{own}"), own);
        }
        check(base, "/pacts", "/");
        check(base, "/pacts/", "/");
        check(base, "/pacts/webhooks", "/webhooks");
    }

    #[test]
    fn a_prefix_that_could_be_meant_by_a_route_is_refused() {
        for path in ["/pacticipants", "/matrix", "/labels", "/pacticipants/a"] {
            let refused = prefix(&format!("http://a{path}")).unwrap_err();
            assert!(
                matches!(&refused, StartError::BasePath { path: told } if told == path),
                "{path}: {refused}"
            );
        }
    }
}
