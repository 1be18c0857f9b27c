//! What goes over the wire for a webhook, and what is written down about it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::segment::segment;
use super::template::{Parameters, fill, json_escaped};
use super::webhook::{Request, STARS, is_secret};

/// The shortest secret that is looked for in what came back: shorter ones are part of too many harmless texts.
const SECRET_BYTES_MIN: usize = 4;

/// A request with its templates filled in, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// What nobody is to read in what came back, the longest first.
    secrets: Vec<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The protocol, as in `HTTP/1.1`.
    pub(crate) protocol: String,
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// This broker did not send the request; anyone may know why.
    Refused(String),
    /// The request could not be sent, or was not answered. Why tells something about the receiver's network.
    Failed(String),
}

impl Outgoing {
    /// Fills in the templates of a request that holds its secrets.
    pub(crate) fn new(request: &Request, parameters: &Parameters, user_agent: &str) -> Self {
        let body = request.body.as_ref().map(|json| match text(json) {
            Some(text) => fill(&text, parameters, str::to_owned),
            None => fill(json, parameters, json_escaped),
        });
        let headers = headers(request, user_agent);
        Self {
            method: request.method.to_ascii_uppercase(),
            url: fill(&request.url, parameters, |value| segment(value).to_string()),
            secrets: secrets(request, &headers),
            headers,
            body,
        }
    }

    /// What came back without the secrets that were sent, and without the receiver's own.
    pub(crate) fn without_secrets(&self, answer: Answer) -> Answer {
        let masked = |text: String| {
            let mask = |text: String, secret: &String| text.replace(secret, STARS);
            self.secrets.iter().fold(text, mask)
        };
        let header = |(name, value): (String, String)| {
            let value = if is_secret(&name) {
                STARS.to_owned()
            } else {
                masked(value)
            };
            (name, value)
        };
        Answer {
            headers: answer.headers.into_iter().map(header).collect(),
            body: masked(answer.body),
            ..answer
        }
    }

    /// Every header of the request as it may be shown, with those that its sender adds.
    pub(crate) fn shown_headers(&self) -> Vec<(String, String)> {
        let mut shown: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let value = if is_secret(name) { STARS } else { value };
                (name.clone(), value.to_owned())
            })
            .collect();
        shown.push(("host".to_owned(), self.authority().to_owned()));
        if let Some(body) = &self.body {
            shown.push(("content-length".to_owned(), body.len().to_string()));
        }
        shown
    }

    fn after_scheme(&self) -> &str {
        self.url
            .split_once("://")
            .map_or(self.url.as_str(), |(_, rest)| rest)
    }

    fn authority(&self) -> &str {
        let rest = self.after_scheme();
        rest.split(['/', '?', '#']).next().unwrap_or(rest)
    }

    /// The path and the query.
    pub(crate) fn path(&self) -> &str {
        match &self.after_scheme()[self.authority().len()..] {
            "" => "/",
            path => path,
        }
    }
}

/// The secrets of a request in the forms in which a receiver may send them back.
fn secrets(request: &Request, headers: &[(String, String)]) -> Vec<String> {
    let mut secrets: Vec<String> = request.clone().take_secrets().into_values().collect();
    for (_, value) in headers.iter().filter(|(name, _)| is_secret(name)) {
        secrets.push(value.clone());
    }
    // What stands behind `Bearer` or `Basic`.
    let bare = secrets.iter().filter_map(|secret| secret.split_once(' '));
    let bare: Vec<String> = bare.map(|(_, bare)| bare.trim().to_owned()).collect();
    secrets.extend(bare);
    let in_json: Vec<String> = secrets.iter().map(|secret| json_escaped(secret)).collect();
    secrets.extend(in_json);
    secrets.retain(|secret| secret.len() >= SECRET_BYTES_MIN);
    secrets.sort_unstable_by(|one, other| (other.len(), other).cmp(&(one.len(), one)));
    secrets.dedup();
    secrets
}

/// The text that a JSON string holds.
fn text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The headers in the order they are sent: those that every request has, then the webhook's own.
fn headers(request: &Request, user_agent: &str) -> Vec<(String, String)> {
    let own = |name: &str| {
        let found = request.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    };
    let mut headers = vec![
        (
            "accept".to_owned(),
            own("accept").unwrap_or_else(|| "*/*".to_owned()),
        ),
        (
            "user-agent".to_owned(),
            own("user-agent").unwrap_or_else(|| user_agent.to_owned()),
        ),
    ];
    for (name, value) in &request.headers {
        // A user goes before a header that says who else sends the request.
        let is_other_user = request.username.is_some() && name == "authorization";
        if !is_other_user && !headers.iter().any(|(known, _)| known == name) {
            headers.push((name.clone(), value.clone()));
        }
    }
    if let Some(json) = &request.body
        && own("content-type").is_none()
    {
        let content_type = match text(json) {
            Some(_) => "text/plain;charset=utf-8",
            None => "application/json",
        };
        headers.push(("content-type".to_owned(), content_type.to_owned()));
    }
    if let Some(username) = &request.username {
        let password = request.password.as_deref().unwrap_or_default();
        let credentials = STANDARD.encode(format!("{username}:{password}"));
        headers.push(("authorization".to_owned(), format!("Basic {credentials}")));
    }
    headers
}

/// Where an attempt comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    /// The start of the broker's own URLs.
    pub(crate) base_url: &'a str,
    pub(crate) event: &'a str,
    /// When, to the second.
    pub(crate) at: &'a str,
    /// Whether what the receiver answers may be shown to those who may read about webhooks.
    pub(crate) is_answer_shown: bool,
}

/// Why an answer is not shown.
pub(crate) fn hidden(base_url: &str) -> String {
    format!(
        "For security purposes, the response details are not logged. To enable response logging, list the host with \
         --webhook-hosts when the broker is started. See {base_url}/doc/webhooks#whitelist for more information."
    )
}

/// What is written down about an attempt: what was sent, what came back, and what comes next.
pub(crate) fn log(
    occasion: Occasion<'_>,
    outgoing: &Outgoing,
    outcome: &Result<Answer, NoAnswer>,
    next: Option<&str>,
) -> String {
    let mut log = Log {
        at: occasion.at,
        text: String::new(),
    };
    let context =
        serde_json::json!({ "base_url": occasion.base_url, "event_name": occasion.event });
    log.line("DEBUG", &format!("Webhook context {context}"));
    log.line(
        "INFO",
        &format!("HTTP/1.1 {} {}", outgoing.method, outgoing.url),
    );
    for (name, value) in outgoing.shown_headers() {
        log.line("INFO", &format!("{name}: {value}"));
    }
    if let Some(body) = &outgoing.body {
        log.line("INFO", body);
    }
    match outcome {
        Ok(answer) if occasion.is_answer_shown => {
            log.line(
                "INFO",
                &format!("{} {} {}", answer.protocol, answer.status, answer.reason),
            );
            for (name, value) in &answer.headers {
                log.line("INFO", &format!("{name}: {value}"));
            }
            log.line("INFO", &answer.body);
        }
        Err(NoAnswer::Refused(why)) => log.line("ERROR", why),
        Err(NoAnswer::Failed(why)) if occasion.is_answer_shown => {
            log.line("ERROR", &format!("Error executing webhook: {why}"));
        }
        Err(NoAnswer::Failed(_)) => {
            let hidden = hidden(occasion.base_url);
            log.line("ERROR", &format!("Error executing webhook. {hidden}"));
        }
        Ok(_) => log.line("INFO", &hidden(occasion.base_url)),
    }
    if let Some(next) = next {
        log.line("INFO", next);
    }
    log.text
}

struct Log<'a> {
    at: &'a str,
    text: String,
}

impl Log<'_> {
    fn line(&mut self, level: &str, text: &str) {
        self.text
            .push_str(&format!("[{}] {level}: {text}\n", self.at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> Parameters {
        [("consumerName".to_owned(), "My Web/1".to_owned())].into()
    }

    fn request() -> Request {
        Request {
            method: "post".to_owned(),
            url: "https://ci.example.com:8443/run/${pactbroker.consumerName}?x=1".to_owned(),
            headers: vec![
                ("x-auth-token".to_owned(), "t0ken".to_owned()),
                ("accept".to_owned(), "text/plain".to_owned()),
            ],
            body: Some(r#"{"z": "${pactbroker.consumerName}", "a": 1.0}"#.to_owned()),
            username: Some("me".to_owned()),
            password: Some("pass".to_owned()),
            ..Request::default()
        }
    }

    #[test]
    fn templates_are_filled_into_the_url_and_the_body() {
        let outgoing = Outgoing::new(&request(), &parameters(), "agent");
        assert_eq!(outgoing.method, "POST");
        assert_eq!(
            outgoing.url,
            "https://ci.example.com:8443/run/My%20Web%2F1?x=1"
        );
        assert_eq!(outgoing.path(), "/run/My%20Web%2F1?x=1");
        assert_eq!(
            outgoing.body.as_deref(),
            Some(r#"{"z": "My Web/1", "a": 1.0}"#)
        );
    }

    #[test]
    fn a_body_that_is_a_text_is_sent_without_its_quotes() {
        let body = Some(r#""<c>${pactbroker.consumerName}</c>""#.to_owned());
        let outgoing = Outgoing::new(&Request { body, ..request() }, &parameters(), "agent");
        assert_eq!(outgoing.body.as_deref(), Some("<c>My Web/1</c>"));
        let content_type = (
            "content-type".to_owned(),
            "text/plain;charset=utf-8".to_owned(),
        );
        assert!(outgoing.headers.contains(&content_type));
    }

    #[test]
    fn headers_are_completed_and_shown_without_secrets() {
        let outgoing = Outgoing::new(&request(), &parameters(), "agent");
        let header = |(name, value): &(String, String)| format!("{name}: {value}");
        let sent: Vec<String> = outgoing.headers.iter().map(header).collect();
        let expected = [
            "accept: text/plain",
            "user-agent: agent",
            "x-auth-token: t0ken",
            "content-type: application/json",
            "authorization: Basic bWU6cGFzcw==",
        ];
        assert_eq!(sent, expected);
        let shown: Vec<String> = outgoing.shown_headers().iter().map(header).collect();
        assert_eq!(shown[2], "x-auth-token: **********");
        assert_eq!(shown[4], "authorization: **********");
        assert_eq!(
            shown[5..],
            ["host: ci.example.com:8443", "content-length: 27"]
        );
    }

    #[test]
    fn a_user_takes_the_place_of_a_header_that_names_another() {
        let mut request = request();
        let other = ("authorization".to_owned(), "Bearer abc".to_owned());
        request.headers.push(other);
        let headers = Outgoing::new(&request, &parameters(), "agent").headers;
        let sent = headers.iter().filter(|(name, _)| name == "authorization");
        let sent: Vec<&str> = sent.map(|(_, value)| value.as_str()).collect();
        assert_eq!(sent, ["Basic bWU6cGFzcw=="]);
    }

    #[test]
    fn what_comes_back_holds_no_secret() {
        let mut request = request();
        request
            .headers
            .push(("authorization".to_owned(), "Bearer a\"b-c".to_owned()));
        request.password = Some("pass".to_owned());
        let outgoing = Outgoing::new(&request, &parameters(), "agent");
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let answer = Answer {
            protocol: "HTTP/1.1".to_owned(),
            status: 200,
            reason: "OK".to_owned(),
            headers: vec![header("set-cookie", "session=1"), header("x-echo", "t0ken!")],
            body: r#"{"auth":"a\"b-c","plain":"a"b-c","basic":"bWU6cGFzcw==","word":"pass","x":"t0k"}"#
                .to_owned(),
        };
        let masked = outgoing.without_secrets(answer);
        assert_eq!(
            masked.headers,
            [header("set-cookie", STARS), header("x-echo", "**********!")]
        );
        assert_eq!(
            masked.body,
            r#"{"auth":"S","plain":"S","basic":"S","word":"S","x":"t0k"}"#.replace('S', STARS)
        );
    }

    #[track_caller]
    fn check_log(outcome: &Result<Answer, NoAnswer>, is_answer_shown: bool, expected: &str) {
        let outgoing = Outgoing {
            method: "GET".to_owned(),
            url: "https://ci".to_owned(),
            headers: Vec::new(),
            body: None,
            secrets: Vec::new(),
        };
        let occasion = Occasion {
            base_url: "http://broker",
            event: "test",
            at: "T",
            is_answer_shown,
        };
        let log = log(occasion, &outgoing, outcome, Some("the end"));
        let begin = "[T] DEBUG: Webhook context {\"base_url\":\"http://broker\",\"event_name\":\"test\"}\n\
                     [T] INFO: HTTP/1.1 GET https://ci\n[T] INFO: host: ci\n";
        let told = log.strip_prefix(begin).unwrap();
        assert_eq!(told.strip_suffix("[T] INFO: the end\n"), Some(expected));
    }

    #[test]
    fn what_came_back_is_told_only_if_it_may_be_shown() {
        let answer = Answer {
            protocol: "HTTP/1.1".to_owned(),
            status: 200,
            reason: "OK".to_owned(),
            headers: vec![("x".to_owned(), "y".to_owned())],
            body: "secret".to_owned(),
        };
        let shown = "[T] INFO: HTTP/1.1 200 OK\n[T] INFO: x: y\n[T] INFO: secret\n";
        check_log(&Ok(answer.clone()), true, shown);
        let hidden = hidden("http://broker");
        check_log(&Ok(answer), false, &format!("[T] INFO: {hidden}\n"));
        let failed = Err(NoAnswer::Failed("connection refused".to_owned()));
        let shown = "[T] ERROR: Error executing webhook: connection refused\n";
        check_log(&failed, true, shown);
        let told = format!("[T] ERROR: Error executing webhook. {hidden}\n");
        check_log(&failed, false, &told);
        let refused = Err(NoAnswer::Refused("no".to_owned()));
        check_log(&refused, false, "[T] ERROR: no\n");
    }
}
