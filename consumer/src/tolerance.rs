//! Whether the consumer copes with everything that its contract lets the provider answer.

mod trial;

use std::fmt;

use treaty_mock_server::StartError;
use url::Url;

use crate::http::MockServer;
use trial::{Trial, tried};

/// How many responses with one variation are tried, unless the test says otherwise.
const RUNS_MAX: usize = 200;

/// How thoroughly to try, and with which seed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ToleranceOptions {
    seed: u64,
    runs_max: usize,
    excepted: Vec<String>,
}

impl Default for ToleranceOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            runs_max: RUNS_MAX,
            excepted: Vec::new(),
        }
    }
}

impl ToleranceOptions {
    /// What the values are made from; 0 unless it is set, so that one test always tries the same responses.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The largest number of responses with one variation, 200 unless it is set.
    #[must_use]
    pub fn runs_max(self, runs_max: usize) -> Self {
        Self { runs_max, ..self }
    }

    /// Leaves this place of the responses as the example has it: `$.id`, `header location`, `status`.
    #[must_use]
    pub fn except(mut self, path: impl Into<String>) -> Self {
        self.excepted.push(path.into());
        self
    }
}

/// What became of the consumer under responses that the contract allows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an intolerance is in here, not in a panic"]
#[non_exhaustive]
pub struct Tolerance {
    /// What the values were made from.
    pub seed: u64,
    /// How many responses the consumer survived.
    pub survived: usize,
    /// The smallest responses that it did not survive.
    pub intolerances: Vec<Intolerance>,
    /// Variations that led the consumer to a request which no interaction describes: an id that another request then
    /// uses. They say nothing about the consumer.
    pub strayed: Vec<String>,
    /// Interactions whose responses have a body that cannot be varied, because it is neither JSON, nor a form, nor plain
    /// text: of these the status and the headers were tried.
    pub opaque: Vec<String>,
    /// How many variations were not tried, because there are more than `runs_max`.
    pub left_out: usize,
}

/// A response that the contract allows and the consumer does not survive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Intolerance {
    /// The interaction, or several of them, by description and provider states.
    pub interaction: String,
    /// How the response differs from the example. None of these can be left out.
    pub variations: Vec<String>,
    /// The body, as text.
    pub body: String,
    /// What the consumer's code said: its error or its panic.
    pub failure: String,
}

/// Why nothing was found out about the consumer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Untried {
    /// It fails with the responses as the contract shows them.
    #[error("the consumer does not survive the examples themselves: {failure}")]
    Example {
        /// Its error or its panic.
        failure: String,
    },
    /// It asked for nothing that an interaction describes, or for something else as well.
    #[error("the consumer did not ask for what the interactions describe\n{account}")]
    Strayed {
        /// What it asked for instead.
        account: String,
    },
    /// The contract leaves the provider no choice: every value has to equal the example.
    #[error("the contract allows no response but the examples, so there was nothing to try")]
    NothingVaries,
    /// A place that nothing would have varied is excepted.
    #[error("nothing varies at {path:?}; there are {}", known.join(", "))]
    UnknownPath {
        /// What is excepted.
        path: String,
        /// Where there are variations.
        known: Vec<String>,
    },
    /// No mock server could be started.
    #[error("no mock server started")]
    Start(#[from] StartError),
}

impl Tolerance {
    /// Whether the consumer survived, at least one response and every one.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.intolerances.is_empty() && self.survived > 0
    }

    /// Fails the test with the whole account if there is an intolerance.
    ///
    /// # Panics
    /// Unless the consumer survived.
    #[track_caller]
    pub fn assert_ok(&self) {
        assert!(self.is_ok(), "{self}");
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.intolerances.len();
        let tried = self.survived + failed;
        let seed = self.seed;
        match failed {
            0 => writeln!(
                f,
                "the consumer survives {tried} responses that the contract allows (seed {seed})"
            )?,
            _ => writeln!(
                f,
                "the consumer does not survive {failed} of {tried} responses that the contract allows (seed {seed})"
            )?,
        }
        for intolerance in &self.intolerances {
            write!(f, "\n{intolerance}")?;
        }
        if !self.strayed.is_empty() {
            writeln!(
                f,
                "\nled to requests that no interaction describes, so nothing is known about them:"
            )?;
            self.strayed
                .iter()
                .try_for_each(|variation| writeln!(f, "    {variation}"))?;
        }
        for interaction in &self.opaque {
            writeln!(
                f,
                "\nnot tried: other bodies of {interaction}, which are neither JSON, nor a form, nor plain text"
            )?;
        }
        match self.left_out {
            0 => Ok(()),
            n => writeln!(f, "\nnot tried: {n} more, see `ToleranceOptions::runs_max`"),
        }
    }
}

impl fmt::Display for Intolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.interaction)?;
        self.variations
            .iter()
            .try_for_each(|variation| writeln!(f, "    {variation}"))?;
        writeln!(f, "    body: {}", self.body)?;
        writeln!(f, "    {}", self.failure)
    }
}

impl MockServer {
    /// Runs the consumer's code against other responses that the contract allows, and tells which it does not survive:
    /// other values under type matchers, longer and shorter lists, members that nobody described.
    ///
    /// The code runs once for each response, against a server of its own: nothing of it counts for
    /// [`MockServer::finish`], and nothing gets into the pact. It survives a response if it returns `Ok`; an error and a
    /// panic are an intolerance. Each is told with the smallest response that brings it about. Two ways lead out of one:
    /// a consumer that copes, or a contract that allows less.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let runtime = tokio::runtime::Runtime::new().unwrap();
    /// # runtime.block_on(async {
    /// let mock = PactBuilder::new_v4("A", "B")
    /// #   .with_output_dir(pacts.path())
    ///     .interaction("a name", "", |mut i| {
    ///         i.response.json_body(json_pattern!({ "name": like!("Jane") }));
    ///         i
    ///     })
    ///     .mock_server();
    /// let greets = async |url| {
    ///     let user: serde_json::Value = reqwest::get::<url::Url>(url).await.unwrap().json().await.unwrap();
    ///     if user["name"] == "" { Err("nobody to greet") } else { Ok(()) }
    /// };
    ///
    /// let tolerance = mock.tolerates(ToleranceOptions::default(), greets).await.unwrap();
    /// assert_eq!(tolerance.intolerances[0].variations, [r#"$.name  "" in place of "Jane""#]);
    /// # reqwest::get(mock.url()).await.unwrap();
    /// # mock.finish().unwrap();
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`Untried`] if the code fails with the examples themselves, asks for nothing, or if the contract allows nothing
    /// but the examples.
    pub async fn tolerates<E: fmt::Debug>(
        &self,
        options: ToleranceOptions,
        consumer: impl AsyncFn(Url) -> Result<(), E>,
    ) -> Result<Tolerance, Untried> {
        let trial = Trial {
            interactions: &self.draft.interactions,
            options: self.server.options().clone().without_faults(),
            consumer: &consumer,
        };
        tried(trial, &options).await
    }
}
