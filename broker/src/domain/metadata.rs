//! What a pact's URL remembers about why the pact was selected: a nested query in URL-safe base64.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What the metadata of a pact's URL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// The consumer versions, by id.
    pub(crate) consumer_versions: Vec<i64>,
    /// The consumer versions, by number.
    pub(crate) consumer_version_numbers: Vec<String>,
    /// Whether the pact was selected as work in progress.
    pub(crate) wip: bool,
}

/// Reads metadata; what cannot be read says nothing.
pub(crate) fn decode(text: &str) -> Metadata {
    let mut metadata = Metadata::default();
    let bytes = URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .unwrap_or_default();
    let query = String::from_utf8_lossy(&bytes).into_owned();
    for part in query.split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let decoded = |text: &str| {
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        match (decoded(name).as_str(), decoded(value)) {
            ("s[][cv]" | "cv", id) => metadata.consumer_versions.extend(id.parse::<i64>()),
            ("cvn", number) => metadata.consumer_version_numbers.push(number),
            ("w" | "wip", value) => metadata.wip = value == "true",
            _ => {}
        }
    }
    metadata
}

/// One selector as metadata keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SelectorMetadata {
    /// The branch that was named.
    pub(crate) branch: Option<String>,
    /// The tag that was named.
    pub(crate) tag: Option<String>,
    /// Whether the latest was asked for.
    pub(crate) latest: bool,
    /// The environment that was named.
    pub(crate) environment: Option<String>,
    /// The consumer version, by id.
    pub(crate) consumer_version: i64,
}

/// Writes the metadata of a pact that was selected, with its pending state if that was asked for.
pub(crate) fn encode(selectors: &[SelectorMetadata], pending: Option<bool>) -> String {
    let mut parts = Vec::new();
    let mut part = |name: &str, value: &str| {
        parts.push(format!("s{}={}", encode_part(name), encode_part(value)))
    };
    for selector in selectors {
        if let Some(branch) = &selector.branch {
            part("[][b]", branch);
        }
        if let Some(tag) = &selector.tag {
            part("[][t]", tag);
        }
        if selector.latest {
            part("[][l]", "true");
        }
        if let Some(environment) = &selector.environment {
            part("[][e]", environment);
        }
        part("[][cv]", &selector.consumer_version.to_string());
    }
    if let Some(pending) = pending {
        parts.push(format!("p={pending}"));
    }
    URL_SAFE_NO_PAD.encode(parts.join("&"))
}

/// The metadata of a pact that is work in progress.
pub(crate) fn encode_wip() -> String {
    URL_SAFE_NO_PAD.encode("w=true")
}

/// The metadata of the latest pact, of all or of those with a tag.
pub(crate) fn encode_latest(consumer_version: i64, tag: Option<&str>) -> String {
    let tag = tag
        .map(|tag| format!("{}={}&", encode_part("cvt[]"), encode_part(tag)))
        .unwrap_or_default();
    URL_SAFE_NO_PAD.encode(format!("{tag}cv={consumer_version}"))
}

/// The metadata of a pact that belongs to a consumer version, by number.
pub(crate) fn encode_number(number: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("cvn={}", encode_part(number)))
}

/// The metadata of the pact that a webhook is about. Results for it do not count as those of a selected pact.
pub(crate) fn encode_webhook(number: &str, tags: &[String]) -> String {
    let mut parts = vec![format!("cvn={}", encode_part(number))];
    for tag in tags {
        parts.push(format!("{}={}", encode_part("cvt[]"), encode_part(tag)));
    }
    parts.push("w=true".to_owned());
    URL_SAFE_NO_PAD.encode(parts.join("&"))
}

fn encode_part(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let selector = SelectorMetadata {
            branch: Some("feat/a&b".to_owned()),
            latest: true,
            consumer_version: 42,
            ..SelectorMetadata::default()
        };
        let read = decode(&encode(&[selector], Some(true)));
        assert_eq!(
            read,
            Metadata {
                consumer_versions: vec![42],
                ..Metadata::default()
            }
        );
        assert!(decode(&encode_wip()).wip);
        assert_eq!(
            decode(&encode_number("1.0+a b")).consumer_version_numbers,
            ["1.0+a b"]
        );
    }

    #[test]
    fn garbage_says_nothing() {
        assert_eq!(decode("%%%"), Metadata::default());
    }
}
