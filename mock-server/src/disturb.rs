//! Faults at work on one answer.

use std::time::Duration;

use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::v4::http_parts::HttpResponse;
use treaty_core::interaction::Interaction;

use crate::fault::{Calls, Effect, Fault, FaultError};
use crate::random::Seeded;

/// How many bytes a garbage answer has.
const GARBAGE_BYTES: usize = 64;

/// The faults of a session, and how often each had its chance.
#[derive(Debug)]
pub(crate) struct Disturber {
    faults: Vec<Counted>,
    seed: u64,
    random: Seeded,
}

#[derive(Debug)]
struct Counted {
    fault: Fault,
    calls: usize,
    happened: usize,
}

/// What faults have left of a response.
#[derive(Debug)]
pub struct Disturbed {
    place: usize,
    response: HttpResponse,
    delay: Duration,
    ending: Ending,
    intact: bool,
    permanent: bool,
    faults: Vec<String>,
}

/// How an answer ends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// As HTTP wants it.
    Whole,
    /// The connection breaks behind so many bytes of the body.
    CutAt(usize),
    /// No answer, until the client gives up.
    Never,
    /// The connection is reset instead of an answer.
    Reset,
    /// These bytes instead of an answer.
    Garbage(Vec<u8>),
}

impl Default for Disturber {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            seed: 0,
            random: Seeded::new(0),
        }
    }
}

impl Disturber {
    pub(crate) fn new(
        faults: &[Fault],
        seed: u64,
        interactions: &[Interaction],
    ) -> Result<Self, FaultError> {
        for fault in faults {
            check(fault, interactions)?;
        }
        let counted = |fault: &Fault| Counted {
            fault: fault.clone(),
            calls: 0,
            happened: 0,
        };
        Ok(Self {
            faults: faults.iter().map(counted).collect(),
            seed,
            random: Seeded::new(seed),
        })
    }

    /// The seed, where anything depends on it.
    pub(crate) fn seed(&self) -> Option<u64> {
        let mut faults = self.faults.iter();
        faults
            .any(|counted| counted.fault.is_random())
            .then_some(self.seed)
    }

    /// The faults that never happened. What is left to chance may stay away.
    pub(crate) fn unused(&self) -> Vec<String> {
        let by_chance = |fault: &Fault| matches!(fault.calls, Calls::Randomly(_));
        let unused = self
            .faults
            .iter()
            .filter(|counted| counted.happened == 0 && !by_chance(&counted.fault));
        unused.map(|counted| counted.fault.to_string()).collect()
    }

    /// What is left of the response of the interaction at this place; the response as it is where no fault applies.
    pub(crate) fn disturb(
        &mut self,
        place: usize,
        description: &str,
        response: HttpResponse,
    ) -> Result<Box<Disturbed>, Box<HttpResponse>> {
        let mut disturbed = Disturbed {
            place,
            response,
            delay: Duration::ZERO,
            ending: Ending::Whole,
            intact: true,
            permanent: false,
            faults: Vec::new(),
        };
        for counted in &mut self.faults {
            let fault = &counted.fault;
            if fault.on.as_deref().is_some_and(|on| on != description) {
                continue;
            }
            if fault.needs_body() && !has_body(&disturbed.response) {
                continue;
            }
            counted.calls += 1;
            if falls_on(fault.calls, counted.calls, &mut self.random)
                && disturbed.apply(&fault.effect, &mut self.random)
            {
                disturbed.permanent |= fault.is_permanent();
                disturbed.faults.push(fault.effect.to_string());
                counted.happened += 1;
            }
        }
        if disturbed.faults.is_empty() {
            return Err(Box::new(disturbed.response));
        }
        Ok(Box::new(disturbed))
    }
}

impl Disturbed {
    /// What is left of the response.
    #[must_use]
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }

    /// How long it is held up.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// How it ends.
    #[must_use]
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// What happened to it, in words.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// Whether the client gets what the interaction says, if late.
    pub(crate) fn is_intact(&self) -> bool {
        self.intact
    }

    /// Whether another call would get a fault as well.
    pub(crate) fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// Does what a fault does; false where there is nothing that it could do.
    fn apply(&mut self, effect: &Effect, random: &mut Seeded) -> bool {
        if let Effect::Delay(delay) = effect {
            self.delay += *delay;
            return true;
        }
        if self.ending != Ending::Whole {
            return false;
        }
        let body = self.response.body.value().unwrap_or_default();
        match effect {
            Effect::TruncatedBody | Effect::MalformedBody if body.is_empty() => return false,
            Effect::TruncatedBody => self.ending = Ending::CutAt(body.len() / 2),
            Effect::MalformedBody => self.response.body = malformed(&self.response, &body),
            Effect::Status {
                status,
                retry_after,
            } => self.response = bare(*status, *retry_after),
            Effect::NoAnswer => self.ending = Ending::Never,
            Effect::Reset => self.ending = Ending::Reset,
            Effect::Garbage => self.ending = Ending::Garbage(random.bytes(GARBAGE_BYTES)),
            Effect::Delay(_) => {}
        }
        self.intact = false;
        true
    }
}

fn has_body(response: &HttpResponse) -> bool {
    response.body.value().is_some_and(|body| !body.is_empty())
}

fn falls_on(calls: Calls, call: usize, random: &mut Seeded) -> bool {
    match calls {
        Calls::All => true,
        Calls::First(calls) => call <= calls,
        Calls::Nth(nth) => call == nth,
        Calls::EveryNth(calls) => call.is_multiple_of(calls),
        Calls::Randomly(probability) => random.chance(probability),
    }
}

fn bare(status: u16, retry_after: Option<Duration>) -> HttpResponse {
    let retry_after = retry_after.map(|wait| {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        [("retry-after".to_owned(), vec![seconds.to_string()])].into()
    });
    HttpResponse {
        status,
        headers: retry_after,
        ..HttpResponse::default()
    }
}

/// The body as no reader of its content type can take it, with that content type.
fn malformed(response: &HttpResponse, body: &Bytes) -> OptionalBody {
    let content_type = response.content_type();
    let half = &body[..body.len() / 2];
    let broken = match content_type.as_ref() {
        // Behind half a document no `<` can follow, be it JSON or XML.
        Some(kind) if kind.is_json() || kind.is_xml() => [half, b"<"].concat(),
        // 0xFF occurs nowhere in UTF-8.
        Some(ContentType { main_type, .. }) if main_type == "text" => [b"\xFF", half].concat(),
        _ => body.iter().map(|byte| !byte).collect(),
    };
    OptionalBody::Present(broken.into(), content_type, None)
}

fn check(fault: &Fault, interactions: &[Interaction]) -> Result<(), FaultError> {
    if let Some(reason) = impossible(fault) {
        return Err(FaultError::Impossible {
            fault: fault.to_string(),
            reason,
        });
    }
    let Some(description) = &fault.on else {
        return Ok(());
    };
    let mut named = interactions
        .iter()
        .filter(|interaction| interaction.description() == description)
        .peekable();
    if named.peek().is_none() {
        let known = interactions.iter().map(|i| i.description().to_owned());
        return Err(FaultError::UnknownInteraction {
            description: description.clone(),
            known: known.collect(),
        });
    }
    let bodiless = named.find(|interaction| match interaction {
        Interaction::Http(http) => !has_body(&http.response),
        _ => true,
    });
    match bodiless {
        Some(interaction) if fault.needs_body() => Err(FaultError::NoBody {
            fault: fault.effect.to_string(),
            interaction: interaction.title(),
        }),
        _ => Ok(()),
    }
}

fn impossible(fault: &Fault) -> Option<&'static str> {
    match (fault.calls, &fault.effect) {
        (Calls::First(0) | Calls::Nth(0) | Calls::EveryNth(0), _) => Some("calls count from 1"),
        (Calls::Randomly(probability), _) if !(0.0..=1.0).contains(&probability) => {
            Some("a probability is between 0 and 1")
        }
        (_, Effect::Status { status, .. }) if !(200..=599).contains(status) => {
            Some("a status is between 200 and 599")
        }
        _ => None,
    }
}
