//! One test's conversation with the mock server, without a socket.

use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use treaty_core::interaction::Interaction;
use treaty_core::matching::generate_response;
use treaty_core::wire;

use crate::cors;
use crate::disturb::{Disturbed, Disturber};
use crate::fault::FaultError;
use crate::index::Index;
use crate::options::MockServerOptions;
use crate::rank::{closest, is_match};
use crate::report::{FaultyAnswer, Report, UnexpectedRequest, UnmetInteraction};

/// What the interactions of a test say to the requests that come, and which of them were met.
#[derive(Debug)]
pub struct Session {
    interactions: Vec<Interaction>,
    index: Index,
    standings: Vec<Standing>,
    disturber: Disturber,
    cors: bool,
    answered: usize,
    unexpected: Vec<UnexpectedRequest>,
    faulty: Vec<FaultyAnswer>,
    url: String,
}

/// How far an interaction has come.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// A request got the interaction's own response.
    met: bool,
    /// A request came, and a fault that never ends kept the response from it: the test cannot meet this one.
    excused: bool,
    /// How many requests it matched.
    calls: usize,
    /// How many of them got a fault.
    faulty: usize,
}

/// What a request gets.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The response of the interaction that matched.
    Matched(Box<HttpResponse>),
    /// What faults have left of the response of the interaction that matched.
    Disturbed(Box<Disturbed>),
    /// A browser's question whether it may ask at all.
    Preflight(Box<HttpResponse>),
    /// Nothing matched.
    Unexpected(UnexpectedRequest),
}

impl Session {
    /// A session in which nothing has been asked yet. `url` is where the mock server answers, for generators that use it.
    #[must_use]
    pub fn new(interactions: Vec<Interaction>, url: &str) -> Self {
        Self::over(interactions, url, Disturber::default(), false)
    }

    /// A session with faults or other options.
    ///
    /// # Errors
    /// [`FaultError`] for a fault that could never happen: a test would be green because of it.
    pub fn with_options(
        interactions: Vec<Interaction>,
        url: &str,
        options: &MockServerOptions,
    ) -> Result<Self, FaultError> {
        let disturber = Disturber::new(&options.faults, options.seed, &interactions)?;
        Ok(Self::over(interactions, url, disturber, options.cors))
    }

    fn over(interactions: Vec<Interaction>, url: &str, disturber: Disturber, cors: bool) -> Self {
        Self {
            index: Index::new(&interactions),
            standings: vec![Standing::default(); interactions.len()],
            interactions,
            disturber,
            cors,
            answered: 0,
            unexpected: Vec::new(),
            faulty: Vec::new(),
            url: url.to_owned(),
        }
    }

    /// Answers a request and remembers it.
    ///
    /// Where several interactions match, the first that was not met yet answers, so that two of the same request in
    /// different provider states are both required, in their order; when all were met, the last one answers again.
    pub fn answer(&mut self, request: &HttpRequest) -> Answer {
        let Some(place) = self.matching(request) else {
            return self.unmatched(request);
        };
        self.answered += 1;
        let interaction = &self.interactions[place];
        let Interaction::Http(http) = interaction else {
            unreachable!("the index holds HTTP interactions only");
        };
        self.standings[place].calls += 1;
        let response = generate_response(&http.response, &self.url);
        let disturbed = match self.disturber.disturb(place, &http.description, response) {
            Ok(disturbed) => disturbed,
            Err(response) => {
                self.standings[place].met = true;
                return Answer::Matched(response);
            }
        };
        let standing = &mut self.standings[place];
        standing.faulty += 1;
        standing.excused |= disturbed.is_permanent();
        self.faulty.push(FaultyAnswer {
            request: line(request),
            title: interaction.title(),
            call: standing.calls,
            faults: disturbed.faults().to_vec(),
        });
        Answer::Disturbed(disturbed)
    }

    /// Remembers that an answer which faults held up has gone out. It meets its interaction if it is the right one.
    pub fn delivered(&mut self, disturbed: &Disturbed) {
        if disturbed.is_intact() {
            self.standings[disturbed.place()].met = true;
        }
    }

    fn unmatched(&mut self, request: &HttpRequest) -> Answer {
        if self.cors
            && let Some(response) = cors::preflight(request)
        {
            return Answer::Preflight(Box::new(response));
        }
        let unexpected = UnexpectedRequest {
            request: line(request),
            failure: None,
            closest: closest(&self.interactions, request),
        };
        self.unexpected.push(unexpected.clone());
        Answer::Unexpected(unexpected)
    }

    /// Remembers a request that could not be read, or whose answer could not be sent.
    pub(crate) fn fail(&mut self, request: String, failure: String) {
        self.unexpected.push(UnexpectedRequest {
            request,
            failure: Some(failure),
            closest: None,
        });
    }

    fn matching(&self, request: &HttpRequest) -> Option<usize> {
        let mut last = None;
        for place in self.index.candidates(request) {
            let Interaction::Http(http) = &self.interactions[place] else {
                continue;
            };
            if is_match(&http.request, request) {
                let Standing { met, excused, .. } = self.standings[place];
                if !met && !excused {
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
        let standings = self.interactions.iter().zip(&self.standings);
        let not_met = standings
            .enumerate()
            .filter(|(_, (_, standing))| !standing.met);
        let not_met = not_met.filter_map(|(place, (interaction, standing))| match interaction {
            Interaction::Http(http) => Some((
                standing.excused,
                UnmetInteraction {
                    place,
                    title: interaction.title(),
                    request: line(&http.request),
                    faulty: standing.faulty,
                },
            )),
            _ => None,
        });
        let (withheld, unmet): (Vec<_>, Vec<_>) = not_met.partition(|(excused, _)| *excused);
        let second = |list: Vec<(bool, UnmetInteraction)>| {
            list.into_iter()
                .map(|(_, interaction)| interaction)
                .collect()
        };
        Report {
            answered: self.answered,
            unmet: second(unmet),
            withheld: second(withheld),
            unexpected: self.unexpected.clone(),
            faults: self.faulty.clone(),
            unused_faults: self.disturber.unused(),
            seed: self.disturber.seed(),
        }
    }
}

/// A request in a line, `GET /users?id=42`.
pub(crate) fn line(request: &HttpRequest) -> String {
    let query = request.query.as_ref().map(wire::query_text);
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
