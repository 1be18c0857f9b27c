//! From the request that a pact expects to one that can be sent.

use std::collections::HashMap;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use pact_models::bodies::OptionalBody;
use pact_models::v4::http_parts::HttpRequest;
use reqwest::Url;
use url::{Position, form_urlencoded};

use crate::report::Refusal;

/// Headers that are sent with every request, in place of those of the same name that the pact gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct CustomHeaders(HeaderMap);

impl CustomHeaders {
    pub(crate) fn add(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let refusal = |reason: String| Refusal::Header {
            name: name.to_owned(),
            reason,
        };
        let header = HeaderName::try_from(name).map_err(|error| refusal(error.to_string()))?;
        let value = HeaderValue::try_from(value).map_err(|error| refusal(error.to_string()))?;
        self.0.append(header, value);
        Ok(())
    }

    /// Each with its value, where that is text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.0.iter();
        headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// Puts them among the headers of a request.
    pub(crate) fn put_into(&self, headers: &mut HeaderMap) {
        for name in self.0.keys() {
            headers.remove(name);
        }
        headers.extend(self.0.clone());
    }
}

/// The request with a path and query for its target, or the part of it that no request can have.
pub(crate) fn request(
    expected: &HttpRequest,
    custom: &CustomHeaders,
) -> Result<Request<Bytes>, String> {
    let mut request = Request::new(body(expected));
    let method = expected.method.to_uppercase();
    *request.method_mut() =
        Method::from_bytes(method.as_bytes()).map_err(|_| format!("{method:?} is not a method"))?;
    *request.uri_mut() =
        uri(expected).ok_or_else(|| format!("{:?} is not a path", expected.path))?;
    *request.headers_mut() = headers(expected)?;
    if let Some(content_type) = content_type(expected) {
        let headers = request.headers_mut();
        headers.entry(CONTENT_TYPE).or_insert(content_type);
    }
    custom.put_into(request.headers_mut());
    Ok(request)
}

/// The path as it stands in the pact, percent-encoded where it is not, and the query.
fn uri(expected: &HttpRequest) -> Option<Uri> {
    let mut url = Url::parse("http://localhost").ok()?;
    url.set_path(&expected.path);
    let query = expected.query.as_ref().filter(|query| !query.is_empty());
    url.set_query(query.map(self::query).as_deref());
    url[Position::BeforePath..Position::AfterQuery].parse().ok()
}

/// Parameters in the order of their names, the values of each in the order of the pact.
fn query(expected: &HashMap<String, Vec<Option<String>>>) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let mut names: Vec<_> = expected.keys().collect();
    names.sort_unstable();
    let mut pairs = Vec::new();
    for name in names {
        for value in &expected[name] {
            pairs.push(match value {
                Some(value) => format!("{}={}", encoded(name), encoded(value)),
                None => encoded(name),
            });
        }
    }
    pairs.join("&")
}

fn headers(expected: &HttpRequest) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, values) in expected.headers.iter().flatten() {
        let header = HeaderName::try_from(name)
            .map_err(|_| format!("{name:?} is not the name of a header"))?;
        for value in values {
            let value = HeaderValue::try_from(value)
                .map_err(|_| format!("{value:?} cannot be the value of the header {name}"))?;
            headers.append(&header, value);
        }
    }
    Ok(headers)
}

/// The type of the body where the pact keeps it beside the body and not among the headers.
fn content_type(expected: &HttpRequest) -> Option<HeaderValue> {
    let content_type = expected.body.content_type()?;
    HeaderValue::try_from(content_type.to_string()).ok()
}

fn body(expected: &HttpRequest) -> Bytes {
    let is_json = || expected.content_type().is_some_and(|kind| kind.is_json());
    match &expected.body {
        OptionalBody::Present(bytes, ..) => bytes.clone(),
        OptionalBody::Null if is_json() => Bytes::from_static(b"null"),
        _ => Bytes::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pact_models::content_types::JSON;

    fn sent(expected: &HttpRequest) -> Request<Bytes> {
        request(expected, &CustomHeaders::default()).unwrap()
    }

    #[track_caller]
    fn check_uri(path: &str, query: &[(&str, &[Option<&str>])], expected: &str) {
        let values =
            |values: &[Option<&str>]| values.iter().map(|v| v.map(str::to_owned)).collect();
        let query = query
            .iter()
            .map(|(name, all)| ((*name).to_owned(), values(all)));
        let request = HttpRequest {
            path: path.to_owned(),
            query: Some(query.collect()),
            ..HttpRequest::default()
        };
        assert_eq!(sent(&request).uri().to_string(), expected);
    }

    #[test]
    fn every_value_of_a_query_parameter_is_sent_in_its_order() {
        let query: [(&str, &[Option<&str>]); 3] = [
            ("b", &[Some("2"), Some("1")]),
            ("a", &[Some("x & y")]),
            ("flag", &[None]),
        ];
        check_uri("/users", &query, "/users?a=x+%26+y&b=2&b=1&flag");
    }

    #[test]
    fn a_path_is_encoded_where_it_is_not() {
        check_uri("/a b/%20/ü?#", &[], "/a%20b/%20/%C3%BC%3F%23");
    }

    #[test]
    fn every_value_of_a_header_is_sent() {
        let values = vec!["1".to_owned(), "2".to_owned()];
        let expected = HttpRequest {
            headers: Some(HashMap::from([("X-Many".to_owned(), values)])),
            ..HttpRequest::default()
        };
        let request = sent(&expected);
        let values: Vec<_> = request.headers().get_all("x-many").iter().collect();
        assert_eq!(values, ["1", "2"]);
    }

    #[test]
    fn a_custom_header_takes_the_place_of_the_pact_s() {
        let mut custom = CustomHeaders::default();
        custom.add("AUTHORIZATION", "Bearer new").unwrap();
        let headers = HashMap::from([("Authorization".to_owned(), vec!["Bearer old".to_owned()])]);
        let expected = HttpRequest {
            headers: Some(headers),
            ..HttpRequest::default()
        };
        let request = request(&expected, &custom).unwrap();
        let values: Vec<_> = request.headers().get_all("authorization").iter().collect();
        assert_eq!(values, ["Bearer new"]);
    }

    #[test]
    fn the_type_of_the_body_is_sent_though_no_header_names_it() {
        let bytes = Bytes::from_static(b"{}");
        let expected = HttpRequest {
            body: OptionalBody::Present(bytes, Some(JSON.clone()), None),
            ..HttpRequest::default()
        };
        assert_eq!(
            sent(&expected).headers()["content-type"],
            "application/json"
        );
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_named() {
        let headers = HashMap::from([("X".to_owned(), vec!["a\nb".to_owned()])]);
        let expected = HttpRequest {
            headers: Some(headers),
            ..HttpRequest::default()
        };
        let error = request(&expected, &CustomHeaders::default()).unwrap_err();
        assert_eq!(error, r#""a\nb" cannot be the value of the header X"#);
    }
}
