//! Whether the consumer copes with everything that its contract lets the provider answer.

use std::fmt;
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use treaty_core::interaction::Interaction;
use treaty_mock_server::variation::{Variation, combination, variations, varied};
use treaty_mock_server::{MockServerOptions, StartError};
use url::Url;

use crate::environment::runtime;
use crate::http::{LOCAL, MockServer};

/// How many responses with several variations at once are tried.
const COMBINATIONS: u64 = 10;

/// How many responses with one variation are tried, unless the test says otherwise.
const RUNS_MAX: usize = 200;

/// How many runs it may take to make a failing response smaller.
const SHRINKING_RUNS_MAX: usize = 100;

/// The longest body that is shown, in characters.
const BODY_CHARS_MAX: usize = 400;

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
    ///     .interaction("a list", "", |mut i| {
    ///         i.response.json_body(json_pattern!({ "names": each_like!("Jane") }));
    ///         i
    ///     })
    ///     .mock_server();
    /// let first_name = async |url: url::Url| {
    ///     let list: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    ///     list["names"][1].as_str().map(drop).ok_or("there is no second name")
    /// };
    /// let refused = mock.tolerates(ToleranceOptions::default(), first_name).await;
    /// assert!(refused.is_err(), "the example has one name");
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
        let mut trial = Trial {
            interactions: &self.draft.interactions,
            options: self.server.options().clone().without_faults(),
            consumer: &consumer,
        };
        let candidates = trial.candidates(&options).await?;
        let tried = evenly(&candidates, options.runs_max);
        let mut tolerance = Tolerance {
            seed: options.seed,
            survived: 0,
            intolerances: Vec::new(),
            strayed: Vec::new(),
            left_out: candidates.len() - tried.len(),
        };
        let mut harmless = Vec::new();
        for candidate in tried {
            match trial.run(&[candidate]).await? {
                Some(End::Survived) => harmless.push(candidate),
                Some(End::Strayed(_)) => tolerance.strayed.push(candidate.variation.to_string()),
                Some(End::Failed(failure)) => {
                    tolerance
                        .intolerances
                        .push(trial.told(&[candidate], failure));
                }
                None => {}
            }
        }
        tolerance.survived = harmless.len();
        trial.try_together(&harmless, &mut tolerance).await?;
        Ok(tolerance)
    }
}

/// A variation of one interaction's response.
#[derive(Debug, Clone)]
struct Candidate {
    place: usize,
    variation: Variation,
}

/// How the consumer's code ended.
enum End {
    Survived,
    Failed(String),
    Strayed(String),
}

struct Trial<'a, C> {
    interactions: &'a [Interaction],
    options: MockServerOptions,
    consumer: &'a C,
}

impl<C, E: fmt::Debug> Trial<'_, C>
where
    C: AsyncFn(Url) -> Result<(), E>,
{
    /// All single variations of the interactions that the consumer asks for.
    async fn candidates(&mut self, options: &ToleranceOptions) -> Result<Vec<Candidate>, Untried> {
        let (end, unmet) = self.serve(self.interactions.to_vec()).await?;
        match end {
            End::Failed(failure) => return Err(Untried::Example { failure }),
            End::Strayed(account) => return Err(Untried::Strayed { account }),
            End::Survived => {}
        }
        let mut candidates = Vec::new();
        for (place, interaction) in self.interactions.iter().enumerate() {
            if let Interaction::Http(http) = interaction
                && !unmet.contains(&place)
            {
                let all = variations(&http.response, options.seed).into_iter();
                candidates.extend(all.map(|variation| Candidate { place, variation }));
            }
        }
        for path in &options.excepted {
            let before = candidates.len();
            let known = paths(&candidates);
            candidates.retain(|candidate| candidate.variation.path() != *path);
            if candidates.len() == before {
                let path = path.clone();
                return Err(Untried::UnknownPath { path, known });
            }
        }
        // A header that nobody asked for shows nothing where it is all that can change.
        if candidates
            .iter()
            .all(|candidate| candidate.variation.path().starts_with("header x-not"))
        {
            return Err(Untried::NothingVaries);
        }
        Ok(candidates)
    }

    /// Tries what is harmless alone in company, and tells the smallest company that is not.
    async fn try_together(
        &mut self,
        harmless: &[&Candidate],
        tolerance: &mut Tolerance,
    ) -> Result<(), Untried> {
        for round in 0..COMBINATIONS {
            let seed = tolerance.seed.wrapping_add(round);
            let chosen = together(harmless, seed);
            if chosen.len() < 2 {
                continue;
            }
            match self.run(&chosen).await? {
                Some(End::Survived) => tolerance.survived += 1,
                Some(End::Failed(failure)) => {
                    let (smallest, failure) = self.shrunk(chosen, failure).await?;
                    let told = self.told(&smallest, failure);
                    if !tolerance.intolerances.contains(&told) {
                        tolerance.intolerances.push(told);
                    }
                }
                Some(End::Strayed(_)) | None => {}
            }
        }
        Ok(())
    }

    /// The fewest of these variations that still make the consumer fail, and how it fails with them.
    async fn shrunk<'c>(
        &mut self,
        mut chosen: Vec<&'c Candidate>,
        mut failure: String,
    ) -> Result<(Vec<&'c Candidate>, String), Untried> {
        let mut size = chosen.len() / 2;
        let mut runs = 0;
        while size > 0 && runs < SHRINKING_RUNS_MAX {
            let mut smaller = None;
            for start in (0..chosen.len()).step_by(size) {
                let mut rest = chosen.clone();
                rest.drain(start..(start + size).min(chosen.len()));
                runs += 1;
                if !rest.is_empty()
                    && let Some(End::Failed(failure)) = self.run(&rest).await?
                {
                    smaller = Some((rest, failure));
                    break;
                }
            }
            match smaller {
                Some((rest, said)) => (chosen, failure) = (rest, said),
                None => size /= 2,
            }
            size = size
                .min(chosen.len() / 2)
                .max(usize::from(size > 0 && chosen.len() > 1));
        }
        Ok((chosen, failure))
    }

    /// One run with these variations at once; nothing where the contract does not allow them together.
    async fn run(&mut self, chosen: &[&Candidate]) -> Result<Option<End>, Untried> {
        match self.interactions_with(chosen) {
            Some(interactions) => Ok(Some(self.serve(interactions).await?.0)),
            None => Ok(None),
        }
    }

    fn interactions_with(&self, chosen: &[&Candidate]) -> Option<Vec<Interaction>> {
        let mut interactions = self.interactions.to_vec();
        for (place, interaction) in interactions.iter_mut().enumerate() {
            let here = chosen.iter().filter(|candidate| candidate.place == place);
            let here: Vec<&Variation> = here.map(|candidate| &candidate.variation).collect();
            if let Interaction::Http(http) = interaction
                && !here.is_empty()
            {
                http.response = varied(&http.response, &here)?;
            }
        }
        Some(interactions)
    }

    /// Runs the consumer's code against these interactions: its end, and the places that it did not ask for.
    async fn serve(
        &mut self,
        interactions: Vec<Interaction>,
    ) -> Result<(End, Vec<usize>), Untried> {
        let listener = TcpListener::bind(LOCAL).map_err(StartError::from)?;
        let server = treaty_mock_server::MockServer::start_with(
            interactions,
            listener,
            self.options.clone(),
            runtime(),
        )?;
        let url = Url::parse(&server.url()).expect("the address of a listener makes a URL");
        let failure = failure_of((self.consumer)(url)).await;
        let report = server.report();
        let unmet = report.unmet.iter().map(|unmet| unmet.place).collect();
        let end = match failure {
            _ if !report.unexpected.is_empty() || report.answered == 0 => {
                End::Strayed(report.to_string())
            }
            Some(failure) => End::Failed(failure),
            None => End::Survived,
        };
        Ok((end, unmet))
    }

    fn told(&self, chosen: &[&Candidate], failure: String) -> Intolerance {
        let interactions = self.interactions_with(chosen).unwrap_or_default();
        let mut places: Vec<usize> = chosen.iter().map(|candidate| candidate.place).collect();
        places.dedup();
        let changed: Vec<&Interaction> = places
            .iter()
            .filter_map(|place| interactions.get(*place))
            .collect();
        let titles: Vec<String> = changed
            .iter()
            .map(|interaction| interaction.title())
            .collect();
        let bodies: Vec<String> = changed
            .iter()
            .map(|interaction| body(interaction))
            .collect();
        Intolerance {
            interaction: titles.join(", and "),
            variations: chosen
                .iter()
                .map(|candidate| candidate.variation.to_string())
                .collect(),
            body: bodies.join(", and "),
            failure,
        }
    }
}

/// What the consumer's code said when it did not survive.
async fn failure_of<E: fmt::Debug>(run: impl Future<Output = Result<(), E>>) -> Option<String> {
    let mut run = pin!(run);
    let end = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(context)));
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    });
    match end.await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("failed: {error:?}")),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Some(format!("panicked: {}", text.unwrap_or_default()))
        }
    }
}

fn body(interaction: &Interaction) -> String {
    let Interaction::Http(http) = interaction else {
        return String::new();
    };
    let text = http.response.body.value_as_string().unwrap_or_default();
    match text.char_indices().nth(BODY_CHARS_MAX) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

fn paths(candidates: &[Candidate]) -> Vec<String> {
    let mut paths: Vec<String> = candidates
        .iter()
        .map(|candidate| candidate.variation.path())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// At most so many of them, from all over the list.
fn evenly(candidates: &[Candidate], count_max: usize) -> Vec<&Candidate> {
    let count = candidates.len().min(count_max);
    (0..count)
        .map(|number| &candidates[number * candidates.len() / count])
        .collect()
}

/// Some of them, of every interaction.
fn together<'a>(harmless: &[&'a Candidate], seed: u64) -> Vec<&'a Candidate> {
    let places = harmless
        .iter()
        .map(|candidate| candidate.place)
        .max()
        .map_or(0, |place| place + 1);
    let mut chosen = Vec::new();
    for place in 0..places {
        let here: Vec<&Candidate> = harmless
            .iter()
            .copied()
            .filter(|one| one.place == place)
            .collect();
        let variations: Vec<&Variation> = here.iter().map(|one| &one.variation).collect();
        let picked = combination(&variations, seed);
        chosen.extend(
            here.into_iter()
                .filter(|one| picked.contains(&&one.variation)),
        );
    }
    chosen
}
