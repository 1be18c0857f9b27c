//! One test's conversation with the mock server, without a socket.

use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use treaty_core::interaction::Interaction;
use treaty_core::matching::{generate_response, match_request};

use crate::index::Index;
use crate::rank::closest;
use crate::report::{Report, UnexpectedRequest, UnmetInteraction};

/// What the interactions of a test say to the requests that come, and which of them were met.
#[derive(Debug)]
pub struct Session {
    interactions: Vec<Interaction>,
    index: Index,
    met: Vec<bool>,
    answered: usize,
    unexpected: Vec<UnexpectedRequest>,
    url: String,
}

/// What a request gets.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The response of the interaction that matched.
    Matched(Box<HttpResponse>),
    /// Nothing matched.
    Unexpected(UnexpectedRequest),
}

impl Session {
    /// A session in which nothing has been asked yet. `url` is where the mock server answers, for generators that use it.
    #[must_use]
    pub fn new(interactions: Vec<Interaction>, url: &str) -> Self {
        Self {
            index: Index::new(&interactions),
            met: vec![false; interactions.len()],
            interactions,
            answered: 0,
            unexpected: Vec::new(),
            url: url.to_owned(),
        }
    }

    /// Answers a request and remembers it.
    ///
    /// Where several interactions match, the first that was not met yet answers, so that two of the same request in
    /// different provider states are both required, in their order; when all were met, the last one answers again.
    pub fn answer(&mut self, request: &HttpRequest) -> Answer {
        let Some(place) = self.matching(request) else {
            let unexpected = UnexpectedRequest {
                request: line(request),
                closest: closest(&self.interactions, request),
            };
            self.unexpected.push(unexpected.clone());
            return Answer::Unexpected(unexpected);
        };
        self.met[place] = true;
        self.answered += 1;
        let Interaction::Http(http) = &self.interactions[place] else {
            unreachable!("the index holds HTTP interactions only");
        };
        Answer::Matched(Box::new(generate_response(&http.response, &self.url)))
    }

    fn matching(&self, request: &HttpRequest) -> Option<usize> {
        let candidates = self.index.candidates(&request.method, &request.path);
        let mut last = None;
        for place in candidates {
            let Interaction::Http(http) = &self.interactions[place] else {
                continue;
            };
            if match_request(&http.request, request).is_empty() {
                if !self.met[place] {
                    return Some(place);
                }
                last = Some(place);
            }
        }
        last
    }

    /// The account so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let unmet = self
            .interactions
            .iter()
            .zip(&self.met)
            .filter(|(_, met)| !**met);
        let unmet = unmet.filter_map(|(interaction, _)| match interaction {
            Interaction::Http(http) => Some(UnmetInteraction {
                title: interaction.title(),
                request: line(&http.request),
            }),
            _ => None,
        });
        Report {
            answered: self.answered,
            unmet: unmet.collect(),
            unexpected: self.unexpected.clone(),
        }
    }
}

fn line(request: &HttpRequest) -> String {
    let query = request
        .query
        .clone()
        .map(pact_models::query_strings::build_query_string);
    let query = query
        .filter(|query| !query.is_empty())
        .map(|query| format!("?{query}"));
    format!(
        "{} {}{}",
        request.method,
        request.path,
        query.unwrap_or_default()
    )
}
