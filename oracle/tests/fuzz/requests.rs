//! Requests to a broker as text, and changes of them.

use std::str;

use ::bytes::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use http::Request;
use http_body_util::Full;
use serde_json::Value;
use treaty_broker::routes;

use crate::{bytes, json};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW",
];
/// Segments of paths, and values of queries.
const WORDS: [&str; 22] = [
    "",
    ".",
    "..",
    "%2e%2e%2f",
    "%2F",
    "%00",
    "%0d%0aa:%20b",
    "%FF%FE",
    "%F0%9F%A6%80",
    "%C3%A9",
    "%zz",
    "%27%20OR%201=1;--",
    "%3Cscript%3E",
    "%25s",
    "+",
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "1e400",
    "latest",
    "true",
];
/// Names of queries that routes read.
const QUERIES: [&str; 24] = [
    "q[][pacticipant]",
    "q[][version]",
    "q[][branch]",
    "q[][tag]",
    "q[][latest]",
    "q[][mainBranch]",
    "q[][environment]",
    "q[]",
    "latestby",
    "limit",
    "success[]",
    "environment",
    "ignore[][pacticipant]",
    "pacticipant",
    "version",
    "to",
    "page",
    "pageSize",
    "q",
    "include",
    "consumer_version_selectors[][tag]",
    "provider_version_branch",
    "include_wip_pacts_since",
    "[",
];
const HEADERS: [(&str, &str); 20] = [
    ("accept", "text/html"),
    ("accept", "application/hal+json"),
    ("accept", "application/vnd.pactbrokerextended.v1+json"),
    ("accept", "image/svg+xml"),
    ("accept", ";;q=x,*/*;q=9"),
    ("authorization", "Basic !!!"),
    ("authorization", "Bearer x"),
    ("content-encoding", "gzip"),
    ("content-type", ""),
    ("content-type", "application/json; charset=utf-16"),
    ("content-type", "application/merge-patch+json"),
    ("content-type", "text/plain"),
    ("cookie", "a=b; ="),
    ("host", "[::1"),
    ("if-none-match", "*"),
    ("range", "bytes=9-1"),
    ("x-forwarded-host", "a b\"<é"),
    ("x-forwarded-port", "99999999999"),
    ("x-forwarded-prefix", "//%00"),
    ("x-forwarded-proto", "javascript"),
];

/// A request: on paper a line with method and target, a line a header, an empty line, and the body.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {}\n", self.method, self.target);
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\n");
        }
        [text.as_bytes(), b"\n", &self.body].concat()
    }

    /// What a client could send; `None` if HTTP has no such request.
    pub(crate) fn read(bytes: &[u8]) -> Option<Request<Full<Bytes>>> {
        let end = bytes.windows(2).position(|two| two == b"\n\n")?;
        let mut lines = str::from_utf8(&bytes[..end]).ok()?.split('\n');
        let (method, target) = lines.next()?.split_once(' ')?;
        let request = Request::builder().method(method).uri(target);
        // What a client always sends; a header of the input comes besides.
        let request = lines.fold(request.header("host", "broker"), |request, line| {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            request.header(name, value)
        });
        let body = Full::from(bytes[end + 2..].to_vec());
        let request = request.body(body).ok()?;
        request.uri().path().starts_with('/').then_some(request)
    }
}

/// One of the requests, or a route that none of them is for, with some of it changed.
pub(crate) fn changed(known: &[Asked], random: &mut Rng) -> Asked {
    let mut asked = random.choice(known).unwrap().clone();
    if random.u8(..8) == 0 {
        let route = random.choice(routes()).unwrap();
        let parts = route.path.split('/').map(|part| match part.find('{') {
            Some(_) => word(known, random),
            None => part.to_owned(),
        });
        asked.target = parts.collect::<Vec<_>>().join("/");
        asked.method = route.method.to_owned();
    }
    for _ in 0..random.usize(..4) {
        change(&mut asked, known, random);
    }
    asked
}

fn change(asked: &mut Asked, known: &[Asked], random: &mut Rng) {
    match random.u8(..8) {
        0 => {
            let (path, query) = halves(&asked.target);
            let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
            let place = random.usize(1..segments.len().max(2));
            segments.truncate(place.max(segments.len() - random.usize(..2)));
            match segments.get_mut(place) {
                Some(segment) => *segment = word(known, random),
                None => segments.push(word(known, random)),
            }
            asked.target = whole(&segments.join("/"), &query);
        }
        1 | 2 => {
            let (path, query) = halves(&asked.target);
            let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
            if random.bool() {
                pairs.remove(random.usize(..pairs.len()));
            }
            for _ in 0..random.usize(..3) {
                let name = random.choice(QUERIES).unwrap();
                pairs.push(format!("{name}={}", word(known, random)));
            }
            asked.target = whole(&path, &pairs.join("&"));
        }
        3 => asked.method = (*random.choice(METHODS).unwrap()).to_owned(),
        4 => {
            let (name, value) = random.choice(HEADERS).unwrap();
            asked.headers.retain(|(own, _)| own != name);
            asked.headers.push((name.to_owned(), value.to_owned()));
        }
        5 => bytes::change(&mut asked.body, random),
        _ => {
            let other = &random.choice(known).unwrap().body;
            let other = serde_json::from_slice(other).unwrap_or_default();
            let mut body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
            change_document(&mut body, &other, random);
            asked.body = body.to_string().into_bytes();
        }
    }
}

/// Changes a body, or the pact that a publication holds in it.
fn change_document(body: &mut Value, other: &Value, random: &mut Rng) {
    let content = body.pointer_mut("/contracts/0/content");
    let pact = content
        .as_deref()
        .and_then(Value::as_str)
        .map(|content| STANDARD.decode(content));
    let pact = pact.and_then(|pact| serde_json::from_slice(&pact.ok()?).ok());
    match (content, pact) {
        (Some(content), Some(mut pact)) if random.bool() => {
            json::change(&mut pact, other, random);
            *content = STANDARD.encode(pact.to_string()).into();
        }
        _ => json::change(body, other, random),
    }
}

/// A word of a request's path, which is likely to be the name of something, or one that nobody expects.
fn word(known: &[Asked], random: &mut Rng) -> String {
    if random.bool() {
        return (*random.choice(WORDS).unwrap()).to_owned();
    }
    let (path, _) = halves(&random.choice(known).unwrap().target);
    let segments: Vec<&str> = path.split('/').collect();
    (*random.choice(&segments).unwrap()).to_owned()
}

fn halves(target: &str) -> (String, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (path.to_owned(), query.to_owned())
}

fn whole(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
