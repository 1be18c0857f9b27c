//! Which interaction a request got, so that the next one like it need not be matched.

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock};

use http::HeaderName;
use http::request::Parts;
use treaty_core::interaction::Interaction;

use super::states::States;

/// How many requests are remembered. When there are more, all are forgotten: a stub is asked for the same few again and
/// again, or for ever new ones, and neither is worth an order of use.
const REMEMBERED_MAX: usize = 4096;

/// The longest request that is remembered, in bytes.
const KEY_BYTES_MAX: usize = 4096;

/// Requests by all that the matching can see of them. Headers that no interaction names cannot change what matches, so
/// a trace id that is new in every request does no harm.
#[derive(Debug)]
pub(super) struct Memory {
    headers: Vec<HeaderName>,
    places: RwLock<HashMap<Box<[u8]>, usize>>,
}

impl Memory {
    pub(super) fn new(interactions: &[&Interaction], states: &States) -> Self {
        let mut names = BTreeSet::from(["content-type".to_owned(), states.header.clone()]);
        for interaction in interactions {
            if let Interaction::Http(http) = interaction {
                let headers = http.request.headers.iter().flatten();
                names.extend(headers.map(|(name, _)| name.to_lowercase()));
            }
        }
        Self {
            // A name that HTTP does not know is in no request.
            headers: names.iter().filter_map(|name| name.parse().ok()).collect(),
            places: RwLock::default(),
        }
    }

    /// What tells this request from others; nothing for one that is too long to remember.
    pub(super) fn key(&self, head: &Parts, body: &[u8]) -> Option<Box<[u8]>> {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        if target.len() + body.len() > KEY_BYTES_MAX {
            return None;
        }
        let mut key = Vec::with_capacity(128 + body.len());
        key.extend_from_slice(head.method.as_str().as_bytes());
        key.push(b' ');
        key.extend_from_slice(target.as_bytes());
        for name in &self.headers {
            // Neither a target nor the value of a header holds a line feed.
            key.push(b'\n');
            for value in head.headers.get_all(name) {
                key.extend_from_slice(value.as_bytes());
                key.push(b'\r');
            }
        }
        key.push(b'\n');
        key.extend_from_slice(body);
        (key.len() <= KEY_BYTES_MAX).then(|| key.into_boxed_slice())
    }

    pub(super) fn recall(&self, key: &[u8]) -> Option<usize> {
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        places.get(key).copied()
    }

    pub(super) fn keep(&self, key: Box<[u8]>, place: usize) {
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= REMEMBERED_MAX {
            places.clear();
        }
        places.insert(key, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(memory: &Memory, headers: &[(&str, &str)], body: &[u8]) -> Option<Box<[u8]>> {
        let mut request = http::Request::get("/a?b=1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        memory.key(&request.body(()).unwrap().into_parts().0, body)
    }

    #[test]
    fn only_what_the_matching_can_see_tells_requests_apart() {
        let memory = Memory::new(&[], &States::default());
        let plain = key(&memory, &[], b"");
        assert_eq!(key(&memory, &[("traceparent", "1")], b""), plain);
        assert_ne!(key(&memory, &[("content-type", "text/plain")], b""), plain);
        assert_ne!(key(&memory, &[("x-provider-state", "a")], b""), plain);
        assert_ne!(key(&memory, &[], b"body"), plain);
        assert_eq!(key(&memory, &[], &[0; KEY_BYTES_MAX]), None);
    }

    #[test]
    fn no_more_is_kept_than_the_limit_allows() {
        let memory = Memory::new(&[], &States::default());
        for place in 0..=REMEMBERED_MAX {
            memory.keep(place.to_string().into_bytes().into(), place);
        }
        assert_eq!(memory.recall(b"0"), None);
        assert_eq!(
            memory.recall(REMEMBERED_MAX.to_string().as_bytes()),
            Some(REMEMBERED_MAX)
        );
    }
}
