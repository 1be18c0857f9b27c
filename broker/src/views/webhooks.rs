//! Webhooks.

use serde_json::{Map, Value, json};

use super::{add_moments, add_text, members};
use crate::domain::webhook::{Party, Request, Webhook};
use crate::hal::{Urls, href, named, segment, titled};
use crate::http::Call;

/// A webhook.
pub(crate) fn webhook(urls: &Urls, webhook: &Webhook) -> Value {
    let mut document = Map::new();
    add_text(&mut document, "uuid", Some(&webhook.uuid));
    add_text(&mut document, "description", Some(&webhook.name()));
    for (role, party) in [
        ("consumer", &webhook.consumer),
        ("provider", &webhook.provider),
    ] {
        let shown = match party {
            Party::Any => continue,
            Party::Named(name) => json!({ "name": name }),
            Party::Labelled(label) => json!({ "label": label }),
        };
        document.insert(role.to_owned(), shown);
    }
    document.insert("enabled".to_owned(), webhook.enabled.into());
    document.insert("request".to_owned(), request(&webhook.request));
    let events = webhook.events.iter();
    let events: Vec<Value> = events
        .map(|event| json!({ "name": event.as_str() }))
        .collect();
    document.insert("events".to_owned(), events.into());
    add_moments(
        &mut document,
        &webhook.created_at,
        webhook.updated_at.as_deref(),
    );
    document.insert("_links".to_owned(), links(urls, webhook));
    Value::Object(document)
}

fn request(request: &Request) -> Value {
    let mut document = Map::new();
    add_text(&mut document, "method", Some(&request.method));
    add_text(&mut document, "url", Some(&request.url));
    if !request.headers.is_empty() {
        let headers = request.headers.iter();
        let headers: Map<_, _> = headers
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        document.insert("headers".to_owned(), headers.into());
    }
    if let Some(body) = &request.body {
        document.insert("body".to_owned(), json_or_text(body));
    }
    add_text(&mut document, "username", request.username.as_deref());
    add_text(&mut document, "password", request.password.as_deref());
    add_text(
        &mut document,
        "signingSecret",
        request.signing_secret.as_deref(),
    );
    Value::Object(document)
}

fn links(urls: &Urls, webhook: &Webhook) -> Value {
    let own = urls.webhook(&webhook.uuid);
    let title = "Test the execution of the webhook with the latest matching pact or verification by sending a POST \
                 request to this URL";
    let mut links = members(json!({
        "self": titled(webhook.name(), &own),
        "pb:execute": titled(title, format!("{own}/execute")),
    }));
    let sides = [
        ("consumer", "Consumer", &webhook.consumer),
        ("provider", "Provider", &webhook.provider),
    ];
    for (role, title, party) in sides {
        let (relation, link) = match party {
            Party::Any => continue,
            Party::Named(name) => (
                format!("pb:{role}"),
                named(title, name, urls.pacticipant(name)),
            ),
            Party::Labelled(label) => {
                let path = format!("/pacticipants/label/{}", segment(label));
                let title = format!("{title}s by label");
                (format!("pb:{role}s"), named(title, label, urls.path(&path)))
            }
        };
        links.insert(relation, link);
    }
    if let (Party::Named(consumer), Party::Named(provider)) = (&webhook.consumer, &webhook.provider)
    {
        let path = format!(
            "/webhooks/provider/{}/consumer/{}",
            segment(provider),
            segment(consumer)
        );
        let title = format!("All webhooks for consumer {consumer} and provider {provider}");
        links.insert(
            "pb:pact-webhooks".to_owned(),
            titled(title, urls.path(&path)),
        );
    }
    let all = titled("All webhooks", urls.path("/webhooks"));
    links.insert("pb:webhooks".to_owned(), all);
    Value::Object(links)
}

/// A list of webhooks.
pub(crate) fn list(call: &Call, title: &str, webhooks: &[Webhook]) -> Value {
    let own = call.own_url();
    let link = |webhook: &Webhook| {
        named(
            scope(webhook),
            webhook.name(),
            call.urls.webhook(&webhook.uuid),
        )
    };
    json!({
        "_links": {
            "self": titled(title, &own),
            "pb:create": titled("POST to create a webhook", &own),
            "pb:webhooks": webhooks.iter().map(link).collect::<Vec<_>>(),
            "curies": [{
                "name": "pb", "href": call.urls.path("/doc/webhooks-{rel}"), "templated": true,
            }],
        },
    })
}

/// What a webhook is about, in words.
fn scope(webhook: &Webhook) -> String {
    let side = |role: &str, party: &Party| match party {
        Party::Any => None,
        Party::Named(name) => Some(format!("{role} {name}")),
        Party::Labelled(label) => Some(format!("{role} labeled '{label}'")),
    };
    if let (Party::Named(consumer), Party::Named(provider)) = (&webhook.consumer, &webhook.provider)
    {
        return format!("A webhook for the pact between {consumer} and {provider}");
    }
    let sides = [
        side("consumer", &webhook.consumer),
        side("provider", &webhook.provider),
    ];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    if sides.is_empty() {
        "A webhook for all pacts".to_owned()
    } else {
        format!("A webhook for all pacts with {}", sides.join(" and "))
    }
}

/// A body as JSON where it is JSON, else as text.
pub(super) fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// A link to a webhook.
pub(super) fn link(urls: &Urls, uuid: &str) -> Value {
    href(urls.webhook(uuid))
}
