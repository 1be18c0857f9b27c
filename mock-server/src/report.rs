//! The account of a session: what was expected and did not come, what came and was not expected, what went wrong on
//! purpose.

use std::fmt;

use treaty_core::mismatch::Mismatch;

/// What a mock server has seen, against what its interactions expect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many requests matched an interaction.
    pub answered: usize,
    /// The interactions that no request matched, or whose requests got only faults that a later call would not get.
    pub unmet: Vec<UnmetInteraction>,
    /// The interactions that were asked for, and whose response a fault on every call kept from the client. Nothing is
    /// missing in a test of that fault, and nothing shows that the client could use the response: such an interaction
    /// does not belong into a pact.
    pub withheld: Vec<UnmetInteraction>,
    /// The requests that got no interaction's answer, in the order in which they came.
    pub unexpected: Vec<UnexpectedRequest>,
    /// The answers that a fault has changed or delayed, in the order in which they were asked for.
    pub faults: Vec<FaultyAnswer>,
    /// The faults that never happened, so that the test has not shown what they are there for.
    pub unused_faults: Vec<String>,
    /// What the random faults were made from; absent where none is random.
    pub seed: Option<u64>,
}

impl Report {
    /// Whether every interaction was met or withheld, every fault happened and nothing else came.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.unmet.is_empty() && self.unexpected.is_empty() && self.unused_faults.is_empty()
    }
}

/// An interaction whose response no request has got.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmetInteraction {
    /// Its place among the interactions of the session.
    pub place: usize,
    /// Its description and provider states.
    pub title: String,
    /// The request that it waits for, `GET /users/42`.
    pub request: String,
    /// How many requests came and got a fault.
    pub faulty: usize,
}

/// A request that got a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultyAnswer {
    /// The request, `GET /users/42`.
    pub request: String,
    /// The description and provider states of the interaction that it matched.
    pub title: String,
    /// Which of the interaction's calls this is, counted from 1.
    pub call: usize,
    /// What happened to the answer.
    pub faults: Vec<String>,
}

/// A request that got no interaction's answer: none matched it, or it failed before or after that.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnexpectedRequest {
    /// The request, `GET /users/42`.
    pub request: String,
    /// Why it could not be read or its answer not be sent; absent where it was only not expected.
    pub failure: Option<String>,
    /// The interaction that it came closest to; absent where the mock server has none.
    pub closest: Option<Closest>,
}

/// The interaction that a request came closest to, and why it is not it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closest {
    /// Its description and provider states.
    pub title: String,
    /// The differences.
    pub mismatches: Vec<Mismatch>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for unmet in &self.unmet {
            match unmet.faulty {
                0 => write!(f, "expected, but never came: ")?,
                1 => write!(f, "expected once more, behind 1 answer with a fault: ")?,
                n => write!(f, "expected once more, behind {n} answers with a fault: ")?,
            }
            writeln!(f, "{}\n    {}", unmet.request, unmet.title)?;
        }
        for unexpected in &self.unexpected {
            writeln!(f, "came, but was not expected: {unexpected}")?;
        }
        for fault in &self.unused_faults {
            writeln!(f, "a fault that never happened: {fault}")?;
        }
        for faulty in &self.faults {
            writeln!(f, "{faulty}")?;
        }
        match self.seed {
            Some(seed) => writeln!(f, "the seed of the faults: {seed}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FaultyAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.faults.join(" and ");
        let Self {
            request,
            title,
            call,
            ..
        } = self;
        write!(
            f,
            "answered with {faults}: {request}\n    {title}, call {call}"
        )
    }
}

impl fmt::Display for UnexpectedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.request)?;
        if let Some(failure) = &self.failure {
            return write!(f, "\n    {failure}");
        }
        let Some(closest) = &self.closest else {
            return f.write_str("\n    this mock server expects no HTTP request at all");
        };
        write!(f, "\n    closest: {}", closest.title)?;
        closest
            .mismatches
            .iter()
            .try_for_each(|mismatch| write!(f, "\n      {mismatch}"))
    }
}
