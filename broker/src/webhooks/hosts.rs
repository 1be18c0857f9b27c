//! Which hosts webhooks may go to.

use std::net::IpAddr;

use ipnet::IpNet;
use regex::Regex;

/// A host, or a pattern of hosts: a name or an address, `10.0.0.0/8`, or a regular expression between slashes.
///
/// ```
/// use treaty_broker::HostPattern;
///
/// assert!(HostPattern::parse("ci.example.com")?.matches("CI.example.com"));
/// assert!(HostPattern::parse("10.0.0.0/8")?.matches("10.1.2.3"));
/// assert!(HostPattern::parse(r"/.*\.example\.com/")?.matches("ci.example.com"));
/// assert!(!HostPattern::parse(r"/.*\.example\.com/")?.matches("ci.example.com.evil.org"));
/// # Ok::<(), treaty_broker::HostPatternError>(())
/// ```
#[derive(Debug, Clone)]
pub struct HostPattern {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Exactly(String),
    Network(IpNet),
    Pattern(Regex),
}

/// Why a text is no pattern of hosts.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum HostPatternError {
    /// What stands between the slashes is no regular expression.
    #[error("`{text}` holds no regular expression")]
    Pattern {
        /// What was given.
        text: String,
        /// What is wrong with it.
        #[source]
        source: regex::Error,
    },
    /// There is a slash in it, but it is no network.
    #[error(
        "`{text}` is neither a host, nor a network as in 10.0.0.0/8, nor a pattern as in /.*\\.example\\.com/"
    )]
    Unknown {
        /// What was given.
        text: String,
    },
}

impl HostPattern {
    /// Reads a host, a network, or a regular expression between slashes, which has to match the whole host.
    ///
    /// # Errors
    /// [`HostPatternError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, HostPatternError> {
        let unknown = || HostPatternError::Unknown {
            text: text.to_owned(),
        };
        let inner = text
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'));
        let kind = if let Some(inner) = inner {
            let regex = Regex::new(&format!("^(?i:{inner})$"));
            Kind::Pattern(regex.map_err(|source| HostPatternError::Pattern {
                text: text.to_owned(),
                source,
            })?)
        } else if text.contains('/') {
            Kind::Network(text.parse().map_err(|_| unknown())?)
        } else {
            let host = text.trim_matches(['[', ']']).to_ascii_lowercase();
            // A port is no part of a host: with one, nothing would ever match.
            let has_port = host.contains(':') && host.parse::<IpAddr>().is_err();
            if host.is_empty() || has_port {
                return Err(unknown());
            }
            Kind::Exactly(host)
        };
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// Whether a host, by name or by address, is meant.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        match &self.kind {
            Kind::Exactly(known) => *known == host,
            Kind::Network(network) => host
                .parse::<IpAddr>()
                .is_ok_and(|address| network.contains(&address)),
            Kind::Pattern(pattern) => pattern.is_match(&host),
        }
    }

    /// The pattern as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, host: &str, expected: bool) {
        let pattern = HostPattern::parse(pattern).unwrap();
        assert_eq!(pattern.matches(host), expected, "{pattern:?} {host}");
    }

    #[test]
    fn a_host_is_matched_whole() {
        check("example.com", "example.com", true);
        check("example.com", "EXAMPLE.com", true);
        check("example.com", "ci.example.com", false);
        check("127.0.0.1", "127.0.0.1", true);
        check("::1", "[::1]", true);
        check("[::1]", "[::1]", true);
        assert!(HostPattern::parse("ci.internal:8080").is_err());
    }

    #[test]
    fn a_network_holds_addresses_and_no_names() {
        check("10.1.0.0/16", "10.1.255.1", true);
        check("10.1.0.0/16", "10.2.0.1", false);
        check("10.1.0.0/16", "example.com", false);
    }

    #[test]
    fn a_pattern_is_matched_whole() {
        check(r"/.*\.example\.com/", "ci.example.com", true);
        check(r"/a|b/", "xb", false);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "https://example.com", "10.0.0.0/99", "/(/"] {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
    }
}
