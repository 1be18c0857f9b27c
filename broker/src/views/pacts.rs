//! Pacts and lists of them.

use serde_json::{Map, Value, json};

use crate::domain::document;
use crate::domain::model::Publication;
use crate::hal::{Urls, href, named, segment, templated, titled};
use crate::time::{day, shown};

/// How a pact was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// The metadata that results for this pact are to carry.
    pub(crate) metadata: Option<String>,
    /// The numbers of the consumer versions that the metadata names.
    pub(crate) consumer_versions: Vec<String>,
}

/// A pact as it was published, with its links.
pub(crate) fn pact(urls: &Urls, publication: &Publication, stored: &str, asked: &Asked) -> String {
    let created_at = Value::from(shown(&publication.created_at));
    let links = Value::Object(links(urls, publication, asked));
    document::with_members(stored, &[("createdAt", &created_at), ("_links", &links)])
}

/// A pact under a member of its own, with the tags of which it is the latest, for readers that show more than pacts.
pub(crate) fn extended(
    urls: &Urls,
    publication: &Publication,
    stored: &str,
    tags: &[String],
) -> String {
    let Publication {
        consumer, provider, ..
    } = publication;
    let tag = |name: &String| {
        let own = urls.tag(consumer, &publication.version_number, name);
        let latest = format!(
            "{}/latest/{}",
            urls.pacts(provider, consumer),
            segment(name)
        );
        json!({
            "name": name,
            "latest": true,
            "_links": {
                "self": named("Tag", name, own),
                "pb:latest-pact": { "name": format!("The latest pact with the tag {name}"), "href": latest },
            },
        })
    };
    let created_at = Value::from(shown(&publication.created_at));
    let embedded = json!({ "tags": tags.iter().map(tag).collect::<Vec<_>>() });
    let links = Value::Object(links(urls, publication, &Asked::default()));
    let added = [
        ("createdAt", &created_at),
        ("_embedded", &embedded),
        ("_links", &links),
    ];
    document::with_members(&format!("{{\"contract\":{stored}}}"), &added)
}

fn links(urls: &Urls, publication: &Publication, asked: &Asked) -> Map<String, Value> {
    let Publication {
        consumer,
        provider,
        version_number: number,
        hash,
        ..
    } = publication;
    let pacts = urls.pacts(provider, consumer);
    let own = urls.pact(provider, consumer, number);
    let content = urls.content(provider, consumer, hash);
    let version = urls.version(consumer, number);
    let results = match &asked.metadata {
        Some(text) => format!("{content}/metadata/{text}/verification-results"),
        None => format!("{content}/verification-results"),
    };
    let mut links = super::members(json!({
        "self": named("Pact", publication.title(), &own),
        "pb:consumer": named("Consumer", consumer, urls.pacticipant(consumer)),
        "pb:consumer-version": named("Consumer version", number, &version),
        "pb:provider": named("Provider", provider, urls.pacticipant(provider)),
        "pb:pact-version": named("Pact content version permalink", hash, &content),
        "pb:latest-pact-version": titled("Latest version of this pact", format!("{pacts}/latest")),
        "pb:all-pact-versions": titled("All versions of this pact", format!("{pacts}/versions")),
        "pb:latest-untagged-pact-version":
            titled("Latest untagged version of this pact", format!("{pacts}/latest-untagged")),
        "pb:latest-tagged-pact-version":
            templated("Latest tagged version of this pact", format!("{pacts}/latest/{{tag}}")),
        "pb:previous-distinct":
            titled("Previous distinct version of this pact", format!("{own}/previous-distinct")),
        "pb:diff-previous-distinct":
            titled("Diff with previous distinct version of this pact", format!("{own}/diff/previous-distinct")),
        "pb:diff": templated(
            "Diff with another specified version of this pact",
            format!("{content}/diff/pact-version/{{pactVersion}}"),
        ),
        "pb:publish-verification-results": titled("Publish verification results", results),
        "pb:latest-verification-results": href(format!("{content}/verification-results/latest")),
        "curies": urls.curies("pact"),
    }));
    links.extend(neighbours(urls, publication, &own, &version));
    if !asked.consumer_versions.is_empty() {
        let link =
            |number: &String| named("Consumer version", number, urls.version(consumer, number));
        let versions: Vec<Value> = asked.consumer_versions.iter().map(link).collect();
        links.insert("pb:consumer-versions".to_owned(), versions.into());
    }
    links
}

/// The links that lead away from the pact itself.
fn neighbours(
    urls: &Urls,
    publication: &Publication,
    own: &str,
    version: &str,
) -> Map<String, Value> {
    let Publication {
        consumer,
        provider,
        version_number: number,
        ..
    } = publication;
    let hooks = |path: String| urls.path(&format!("/webhooks{path}"));
    let segment = |text: &str| crate::hal::segment(text).to_string();
    let form = |text: &str| segment(text).replace("%20", "+");
    let matrix = format!(
        "/matrix?q%5B%5D%5Bpacticipant%5D={}&q%5B%5D%5Bversion%5D={}&latestby=cvpv",
        form(consumer),
        form(number)
    );
    super::members(json!({
        "pb:pact-webhooks": titled(
            format!("Webhooks for the pact between {consumer} and {provider}"),
            hooks(format!("/provider/{}/consumer/{}", segment(provider), segment(consumer))),
        ),
        "pb:consumer-webhooks": titled(
            format!("Webhooks for all pacts with provider {provider}"),
            hooks(format!("/consumer/{}", segment(provider))),
        ),
        "pb:tag-prod-version": titled(
            "PUT to this resource to tag this consumer version as 'production'",
            format!("{version}/tags/prod"),
        ),
        "pb:tag-version":
            titled("PUT to this resource to tag this consumer version", format!("{version}/tags/{{tag}}")),
        "pb:triggered-webhooks":
            titled("Webhooks triggered by the publication of this pact", format!("{own}/triggered-webhooks")),
        "pb:matrix-for-consumer-version": titled(
            "View matrix rows for the consumer version to which this pact belongs",
            urls.path(&matrix),
        ),
    }))
}

/// The pacts of a provider, under a title.
pub(crate) fn of_provider(
    urls: &Urls,
    provider: &str,
    pacts: &[Publication],
    own: &str,
    title: &str,
) -> Value {
    let link = |prefix: &str| -> Vec<Value> {
        let link = |pact: &Publication| {
            let href = urls.pact(&pact.provider, &pact.consumer, &pact.version_number);
            json!({ "href": href, "title": format!("{prefix}{}", pact.title()), "name": pact.consumer })
        };
        pacts.iter().map(link).collect()
    };
    let home = urls.pacticipant(provider);
    json!({
        "_links": {
            "self": { "href": own, "title": title },
            "pb:provider": { "href": home, "name": provider },
            "pb:pacts": link(""),
            "provider": {
                "href": home, "title": provider, "name": "DEPRECATED - please use the pb:provider relation",
            },
            "pacts": link("DEPRECATED - please use the pb:pacts relation. "),
        },
    })
}

/// Whose versions a list of one pair's pacts shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) provider: &'a str,
    /// The tag that all of them have.
    pub(crate) tag: Option<&'a str>,
}

/// The pacts between two pacticipants.
pub(crate) fn between(urls: &Urls, pair: Between<'_>, pacts: &[Publication], own: &str) -> Value {
    let Between {
        consumer,
        provider,
        tag,
    } = pair;
    let item = |pact: &Publication| {
        let number = &pact.version_number;
        let version = named("Version", number, urls.version(consumer, number));
        json!({
            "createdAt": shown(&pact.created_at),
            "_embedded": { "consumerVersion": { "number": number, "_links": { "self": version } } },
            "_links": { "self": { "href": urls.pact(provider, consumer, number), "title": pact.title() } },
        })
    };
    let (prefix, title, with_tag) = match tag {
        Some(tag) => ("pb:", "Pact version", format!(" with tag {tag}")),
        None => ("", "Pact", String::new()),
    };
    let link = |pact: &Publication| {
        let name = format!(
            "Version {} - {}",
            pact.version_number,
            day(&pact.created_at)
        );
        json!({ "href": urls.pact(provider, consumer, &pact.version_number), "title": title, "name": name })
    };
    let party = |title: &str, name: &str| json!({ "href": urls.pacticipant(name), "title": title, "name": name });
    json!({
        "_embedded": { "pacts": pacts.iter().map(item).collect::<Vec<_>>() },
        "_links": {
            "self": {
                "href": own,
                "title": format!("All versions of the pact between {consumer} and {provider}{with_tag}"),
            },
            format!("{prefix}consumer"): party("Consumer", consumer),
            format!("{prefix}provider"): party("Provider", provider),
            format!("{prefix}pact-versions"): pacts.iter().map(link).collect::<Vec<_>>(),
        },
    })
}

/// The latest pact of every pair.
pub(crate) fn latest(urls: &Urls, pacts: &[Publication]) -> Value {
    let latest_url =
        |pact: &Publication| format!("{}/latest", urls.pacts(&pact.provider, &pact.consumer));
    let item = |pact: &Publication| {
        let Publication {
            consumer,
            provider,
            version_number: number,
            ..
        } = pact;
        let version = named("Version", number, urls.version(consumer, number));
        json!({
            "createdAt": shown(&pact.created_at),
            "_embedded": {
                "consumer": {
                    "name": consumer,
                    "_embedded": { "version": { "number": number, "_links": { "self": version } } },
                    "_links": { "self": href(urls.pacticipant(consumer)) },
                },
                "provider": { "name": provider, "_links": { "self": href(urls.pacticipant(provider)) } },
            },
            "_links": { "self": [href(latest_url(pact)), href(urls.pact(provider, consumer, number))] },
        })
    };
    let title = |pact: &Publication| {
        format!(
            "Latest pact between {} and {}",
            pact.consumer, pact.provider
        )
    };
    let link = |pact: &Publication| titled(title(pact), latest_url(pact));
    let deprecated = |pact: &Publication| {
        named(
            title(pact),
            "DEPRECATED - please use the pb:pacts relation",
            latest_url(pact),
        )
    };
    json!({
        "pacts": pacts.iter().map(item).collect::<Vec<_>>(),
        "_links": {
            "self": href(urls.path("/pacts/latest")),
            "pb:pacts": pacts.iter().map(link).collect::<Vec<_>>(),
            "pacts": pacts.iter().map(deprecated).collect::<Vec<_>>(),
            "curies": urls.curies("pacts"),
        },
    })
}
