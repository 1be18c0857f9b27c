//! Documents with links, and the links themselves.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::error::{ClientError, bare};

/// What stays as it is inside one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A JSON document of a broker, and where it was found.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) url: Url,
    pub(crate) body: Value,
}

/// A link, or a template of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) name: Option<String>,
}

impl Document {
    /// Every link of the relation, whether the document has one or a list.
    pub(crate) fn links(&self, relation: &str) -> Vec<Link> {
        links_in(&self.body, relation)
    }

    /// The first link of the relation.
    pub(crate) fn link(&self, relation: &str) -> Result<Link, ClientError> {
        let missing = || ClientError::MissingLink {
            url: bare(&self.url),
            relation: relation.to_owned(),
            candidates: Vec::new(),
        };
        self.links(relation).into_iter().next().ok_or_else(missing)
    }

    /// The first link of any of the relations: brokers have renamed some.
    pub(crate) fn link_of(&self, relations: &[&str]) -> Result<Link, ClientError> {
        let found = relations.iter().find_map(|r| self.link(r).ok());
        found.map_or_else(|| self.link(relations[0]), Ok)
    }

    /// The URL behind a link, which may be relative to the document and have names to fill in.
    pub(crate) fn follow(&self, link: &Link, names: &[(&str, &str)]) -> Result<Url, ClientError> {
        let mut href = link.href.clone();
        for (name, value) in names {
            href = href.replace(&format!("{{{name}}}"), &segment(value));
        }
        self.url.join(&href).map_err(|error| ClientError::BaseUrl {
            given: href,
            reason: format!("{error}, in a link of {}", bare(&self.url)),
        })
    }

    /// The items of an embedded list; none if there is no such list.
    pub(crate) fn embedded(&self, name: &str) -> &[Value] {
        let list = self.body.pointer("/_embedded").and_then(|e| e.get(name));
        list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// A text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Every link of the relation in a JSON object.
pub(crate) fn links_in(body: &Value, relation: &str) -> Vec<Link> {
    let Some(found) = body.get("_links").and_then(|links| links.get(relation)) else {
        return Vec::new();
    };
    let one = std::slice::from_ref(found);
    let all = found.as_array().map_or(one, Vec::as_slice);
    all.iter().filter_map(link).collect()
}

fn link(value: &Value) -> Option<Link> {
    let name = value.get("name").and_then(Value::as_str);
    Some(Link {
        href: value.get("href")?.as_str()?.to_owned(),
        name: name.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(body: Value) -> Document {
        Document {
            url: "http://b/prefix/".parse().unwrap(),
            body,
        }
    }

    #[test]
    fn names_are_filled_in_as_single_segments() {
        let document = document(serde_json::json!({}));
        let link = Link {
            href: "/n/{name}/v/{version}".to_owned(),
            name: None,
        };
        let url = document
            .follow(&link, &[("name", "A B"), ("version", "feat/x?")])
            .unwrap();
        assert_eq!(url.as_str(), "http://b/n/A%20B/v/feat%2Fx%3F");
    }

    #[test]
    fn a_list_and_a_single_link_are_read_alike() {
        let document = document(serde_json::json!({"_links": {
            "one": {"href": "x", "name": "n"}, "two": [{"href": "y"}, null, {"href": "z"}]}}));
        assert_eq!(document.links("one")[0].name.as_deref(), Some("n"));
        assert_eq!(document.links("two").len(), 2);
        assert!(document.links("three").is_empty());
    }

    #[test]
    fn a_missing_link_names_the_document() {
        let error = document(serde_json::json!({})).link("pb:x").unwrap_err();
        assert_eq!(error.to_string(), "http://b/prefix/ has no link \"pb:x\"");
    }
}
