//! What a request says about a webhook, and what is wrong with it.

use http::{HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::domain::template::fill_all_with;
use crate::domain::webhook::{EventName, Party, Request};
use crate::http::{JsonBody, Problem, Violations};
use crate::store::{Sql, pacticipants};
use crate::webhooks::WebhookSettings;

/// The methods that HTTP knows; others may be spelled right, but no server knows them.
const METHODS: [Method; 8] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
];

/// Where a text about the lists of allowed things sends its reader.
const SEE: &str = "See /doc/webhooks#whitelist for more information.";

/// A webhook as a request describes it.
#[derive(Debug, Clone)]
pub(super) struct WebhookFields {
    pub(super) description: Option<String>,
    pub(super) consumer: Party,
    pub(super) provider: Party,
    pub(super) enabled: bool,
    pub(super) events: Vec<EventName>,
    pub(super) request: Request,
}

/// Reads a webhook. `scope` is what the path says about its pacticipants, which counts more than the body.
pub(super) fn read(
    sql: &mut dyn Sql,
    body: &JsonBody,
    scope: (&Party, &Party),
    settings: &WebhookSettings,
) -> Result<WebhookFields, Problem> {
    let (text, body) = (&body.text, &body.object()?);
    let mut violations = Violations::default();
    let description = violations.optional_text(body, "description");
    let enabled = match body.get("enabled") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(enabled)) => *enabled,
        Some(_) => {
            violations.add("enabled", "must be boolean");
            true
        }
    };
    let mut side = |role: &str, in_path: &Party| match in_path {
        Party::Any => party(sql, body.get(role), role, &mut violations),
        in_path => Ok(in_path.clone()),
    };
    let consumer = side("consumer", scope.0)?;
    let provider = side("provider", scope.1)?;
    let events = events(body.get("events"), &mut violations);
    let mut request = request(body.get("request"), settings, &mut violations);
    request.body = body_of_request(text);
    violations.check()?;
    Ok(WebhookFields {
        description: description.filter(|text| !text.is_empty()),
        consumer,
        provider,
        enabled,
        events,
        request,
    })
}

fn party(
    sql: &mut dyn Sql,
    value: Option<&Value>,
    role: &str,
    violations: &mut Violations,
) -> Result<Party, Problem> {
    let members = match value {
        None | Some(Value::Null) => return Ok(Party::Any),
        Some(Value::Object(members)) => members,
        Some(_) => {
            violations.add(role, "must be an object");
            return Ok(Party::Any);
        }
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let name_field = format!("{role}.name");
    match (text("name"), text("label")) {
        (Some(_), Some(_)) => {
            let fault = "name and label cannot be provided at the same time";
            violations.add(&format!("{role}.label"), fault);
        }
        (Some(name), None) if !name.trim().is_empty() => {
            if pacticipants::find(sql, name)?.is_some() {
                return Ok(Party::Named(name.to_owned()));
            }
            violations.add(&name_field, "does not match an existing pacticipant");
        }
        (None, Some(label)) if !label.trim().is_empty() => {
            return Ok(Party::Labelled(label.to_owned()));
        }
        (None, Some(_)) => violations.add(&format!("{role}.label"), "cannot be blank"),
        _ => violations.add(&name_field, "cannot be blank"),
    }
    Ok(Party::Any)
}

fn events(value: Option<&Value>, violations: &mut Violations) -> Vec<EventName> {
    let items = match value {
        None | Some(Value::Null) => return vec![EventName::ContractContentChanged],
        Some(Value::Array(items)) => items,
        Some(_) => {
            violations.add("events", "must be an array");
            return Vec::new();
        }
    };
    if items.is_empty() {
        violations.add("events", "size cannot be less than 1");
    }
    let mut events = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let name = item.get("name").and_then(Value::as_str);
        match name.and_then(EventName::parse) {
            Some(event) if events.contains(&event) => {}
            Some(event) => events.push(event),
            None => {
                let names: Vec<&str> = EventName::ALL.iter().map(|event| event.as_str()).collect();
                let names = names.join(", ");
                let text = format!("name must be one of: {names} (at index {index})");
                violations.add("events", text);
            }
        }
    }
    events
}

fn request(
    value: Option<&Value>,
    settings: &WebhookSettings,
    violations: &mut Violations,
) -> Request {
    let members = match value {
        None => {
            violations.add("request", "is missing");
            return Request::default();
        }
        Some(Value::Object(members)) if !members.is_empty() => members,
        Some(Value::Object(_) | Value::Null) => {
            violations.add("request", "must be filled");
            return Request::default();
        }
        Some(_) => {
            violations.add("request", "must be an object");
            return Request::default();
        }
    };
    let mut text = |name: &str, is_required: bool| {
        let field = format!("request.{name}");
        match members.get(name) {
            None if is_required => violations.add(&field, "is missing"),
            None | Some(Value::Null) if !is_required => {}
            Some(Value::String(text)) if !text.is_empty() || !is_required => {
                return Some(text.clone());
            }
            Some(Value::Null | Value::String(_)) => violations.add(&field, "must be filled"),
            _ => violations.add(&field, "must be a string"),
        }
        None
    };
    let (method, url) = (text("method", true), text("url", true));
    let (username, password) = (text("username", false), text("password", false));
    let signing_secret = text("signingSecret", false);
    if let Some(fault) = method
        .as_deref()
        .and_then(|method| method_fault(method, settings))
    {
        violations.add("request.method", fault);
    }
    if let Some(fault) = url.as_deref().and_then(|url| url_fault(url, settings)) {
        violations.add("request.url", fault);
    }
    Request {
        method: method.unwrap_or_default(),
        url: url.unwrap_or_default(),
        headers: headers(members.get("headers"), violations),
        body: None,
        username: username.filter(|text| !text.is_empty()),
        password: password.filter(|text| !text.is_empty()),
        signing_secret: signing_secret.filter(|text| !text.is_empty()),
    }
}

/// The body of the request inside a webhook as it was written: going through a map would sort its members.
fn body_of_request(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Webhook<'a> {
        #[serde(borrow)]
        request: Inner<'a>,
    }
    #[derive(Deserialize)]
    struct Inner<'a> {
        #[serde(borrow)]
        body: Option<&'a RawValue>,
    }
    let webhook: Webhook<'_> = serde_json::from_str(text).ok()?;
    webhook.request.body.map(|body| body.get().to_owned())
}

fn method_fault(method: &str, settings: &WebhookSettings) -> Option<String> {
    let is = |known: &str| known.eq_ignore_ascii_case(method);
    if !METHODS.iter().any(|known| is(known.as_str())) {
        return Some("is not a recognised HTTP method".to_owned());
    }
    if settings.methods.iter().any(|allowed| is(allowed)) {
        return None;
    }
    Some(match settings.methods.as_slice() {
        [only] => format!("must be {only}. {SEE}"),
        all => format!("must be one of {}. {SEE}", all.join(", ")),
    })
}

fn url_fault(url: &str, settings: &WebhookSettings) -> Option<String> {
    let invalid = || Some("is not a valid URL eg. http://example.org".to_owned());
    let has_space = |text: &str| text.chars().any(|c| c.is_whitespace() || c.is_control());
    if has_space(url) {
        return invalid();
    }
    let read = |text: &str| {
        let url = Url::parse(&fill_all_with(url, text)).ok()?;
        url.has_host().then_some(url)
    };
    let (Some(one), Some(other)) = (read("one"), read("other")) else {
        return invalid();
    };
    if one.host_str() != other.host_str() || one.port() != other.port() {
        return Some("cannot have a template parameter in the host".to_owned());
    }
    if !one.username().is_empty() || one.password().is_some() {
        return Some("cannot hold a user or a password: use username and password".to_owned());
    }
    if !settings
        .schemes
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(one.scheme()))
    {
        return Some(format!(
            "scheme must be {}. {SEE}",
            settings.schemes.join(", ")
        ));
    }
    if settings.hosts.is_empty() || settings.lists(one.host_str().unwrap_or_default()) {
        return None;
    }
    let hosts: Vec<&str> = settings.hosts.iter().map(|host| host.as_str()).collect();
    Some(format!(
        "host must be in the whitelist {}. {SEE}",
        hosts.join(", ")
    ))
}

fn headers(value: Option<&Value>, violations: &mut Violations) -> Vec<(String, String)> {
    let members = match value {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Object(members)) => members,
        Some(_) => {
            violations.add("request.headers", "must be an object");
            return Vec::new();
        }
    };
    let mut headers = Vec::new();
    for (name, value) in members {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => {
                violations.add("request.headers", format!("{name} must be a string"));
                continue;
            }
        };
        let is_header = HeaderName::try_from(name.as_str()).is_ok()
            && HeaderValue::try_from(text.as_str()).is_ok();
        if !is_header {
            violations.add("request.headers", format!("{name} is not a valid header"));
        }
        headers.push((name.to_ascii_lowercase(), text));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::HostPattern;

    fn settings(hosts: &[&str]) -> WebhookSettings {
        let hosts = hosts.iter().map(|host| HostPattern::parse(host).unwrap());
        WebhookSettings::default().hosts(hosts.collect())
    }

    #[track_caller]
    fn check_url(url: &str, hosts: &[&str], fault: Option<&str>) {
        let found = url_fault(url, &settings(hosts));
        let begins = |fault: &str| {
            found
                .as_deref()
                .is_some_and(|found| found.starts_with(fault))
        };
        assert!(fault.map_or(found.is_none(), begins), "{url}: {found:?}");
    }

    #[test]
    fn urls_are_checked_against_what_is_allowed() {
        check_url(
            "https://ci.example.com/${pactbroker.consumerName}",
            &[],
            None,
        );
        check_url("https://127.0.0.1/", &[], None); // refused when connecting
        check_url(
            "http://ci.example.com/",
            &[],
            Some("scheme must be https. See"),
        );
        check_url("https://ci.example.com/", &["ci.example.com"], None);
        check_url(
            "https://other/",
            &["a", "b"],
            Some("host must be in the whitelist a, b. See"),
        );
        for url in [
            "nope",
            "https://",
            "https://a b/",
            "https://a/\n",
            "https://[::1/",
        ] {
            check_url(url, &[], Some("is not a valid URL"));
        }
        check_url(
            "https://${pactbroker.consumerName}.org/",
            &[],
            Some("cannot have a template"),
        );
        check_url("https://u:p@example.com/", &[], Some("cannot hold a user"));
    }

    #[test]
    fn methods_are_checked_against_what_is_allowed() {
        let fault = |method: &str| method_fault(method, &settings(&[]));
        assert_eq!(fault("post"), None);
        assert_eq!(
            fault("FOO").as_deref(),
            Some("is not a recognised HTTP method")
        );
        let only_post = format!("must be POST. {SEE}");
        assert_eq!(fault("GET"), Some(only_post));
    }
}
