//! The runs of a consumer's code, one for each response.

use std::fmt;
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use treaty_core::interaction::Interaction;
use treaty_mock_server::variation::{Variation, combination, is_opaque, variations, varied};
use treaty_mock_server::{MockServerOptions, StartError};
use url::Url;

use super::{Intolerance, Tolerance, ToleranceOptions, Untried};
use crate::environment::runtime;
use crate::http::LOCAL;

/// How many responses with several variations at once are tried.
const COMBINATIONS: u64 = 10;

/// How many runs it may take to make a failing response smaller.
const SHRINKING_RUNS_MAX: usize = 100;

/// The longest body that is shown, in characters.
const BODY_CHARS_MAX: usize = 400;

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

/// The consumer's code, and what it is tried with.
pub(super) struct Trial<'a, C> {
    pub(super) interactions: &'a [Interaction],
    pub(super) options: MockServerOptions,
    pub(super) consumer: &'a C,
}

/// The whole account: one variation at a time, then several.
pub(super) async fn tried<C, E>(
    mut trial: Trial<'_, C>,
    options: &ToleranceOptions,
) -> Result<Tolerance, Untried>
where
    C: AsyncFn(Url) -> Result<(), E>,
    E: fmt::Debug,
{
    let candidates = trial.candidates(options).await?;
    let tried = evenly(&candidates, options.runs_max);
    let mut tolerance = Tolerance {
        seed: options.seed,
        survived: 0,
        intolerances: Vec::new(),
        strayed: Vec::new(),
        opaque: trial.opaque(),
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

    /// The interactions whose bodies no variation touches.
    fn opaque(&self) -> Vec<String> {
        let opaque = self
            .interactions
            .iter()
            .filter(|one| matches!(one, Interaction::Http(http) if is_opaque(&http.response)));
        opaque.map(Interaction::title).collect()
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
    let bytes = http.response.body.value().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
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
