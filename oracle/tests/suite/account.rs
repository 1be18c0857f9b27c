//! What became of every scenario of the suite: nothing is left out of the count, and the last line says it plainly.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use cucumber::event::{Cucumber, Feature as FeatureEvent, Hook, Scenario as ScenarioEvent, Step};
use cucumber::gherkin::{Feature, GherkinEnv, Scenario};
use cucumber::{Event, Writer, parser, writer};

use crate::not_run::{NOT_RUN, Selection, file, reason};
use crate::world::World;

/// A scenario's place: its file and line.
type Place = (String, usize);

/// What became of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is to run; if this is still so at the end, it was lost, and that is a failure.
    Planned,
    NotRun(&'static str),
    Passed,
    Failed,
    /// One of its steps is not defined here.
    Skipped,
}

#[derive(Debug)]
struct Planned {
    name: String,
    fate: Fate,
}

/// Listens to the run, tells of failures as they come, and of everything at the end.
#[derive(Debug)]
pub(crate) struct Account {
    selection: Selection,
    scenarios: BTreeMap<Place, Planned>,
    /// What is wrong with the run itself.
    problems: Vec<String>,
}

impl Account {
    /// An account in which every scenario of the suite that was asked for has its place before anything runs.
    pub(crate) fn new(features: &Path, selection: Selection) -> Self {
        let mut account = Self {
            selection,
            scenarios: BTreeMap::new(),
            problems: Vec::new(),
        };
        for feature in account.read(features) {
            for scenario in &feature.scenarios {
                account.plan(&feature, scenario);
            }
        }
        account.check_table();
        account
    }

    fn read(&mut self, features: &Path) -> Vec<Feature> {
        let mut read = Vec::new();
        let versions = std::fs::read_dir(features).into_iter().flatten().flatten();
        for version in versions.filter(|entry| entry.path().is_dir()) {
            for entry in std::fs::read_dir(version.path())
                .into_iter()
                .flatten()
                .flatten()
            {
                match Feature::parse_path(entry.path(), GherkinEnv::default()) {
                    Ok(feature) => read.push(feature),
                    Err(error) => self.problems.push(error.to_string()),
                }
            }
        }
        read
    }

    fn plan(&mut self, feature: &Feature, scenario: &Scenario) {
        if !self.selection.asks_for(feature, scenario) {
            return;
        }
        let planned = Planned {
            name: scenario.name.clone(),
            fate: reason(feature, scenario).map_or(Fate::Planned, Fate::NotRun),
        };
        let place = (file(feature), scenario.position.line);
        self.scenarios.insert(place, planned);
    }

    /// A name in the table that no scenario has would one day hide another one.
    fn check_table(&mut self) {
        if !self.selection.is_everything() {
            return;
        }
        let names = NOT_RUN.iter().flat_map(|group| {
            let names = group.scenarios.iter();
            names.map(|name| (group.feature, *name))
        });
        for (feature, name) in names {
            let mut scenarios = self.scenarios.iter();
            if !scenarios.any(|((file, _), it)| file == feature && it.name == name) {
                let problem = format!("no scenario {name:?} in {feature}");
                self.problems.push(problem);
            }
        }
    }

    fn settle(&mut self, place: &Place, fate: Fate) {
        match self.scenarios.get_mut(place) {
            Some(planned) if planned.fate == Fate::Planned => planned.fate = fate,
            Some(_) => {}
            None => self
                .problems
                .push(format!("{}:{} was not planned", place.0, place.1)),
        }
    }

    fn step(&mut self, place: &Place, scenario: &Scenario, text: &str, step: &Step<World>) {
        let (fate, what) = match step {
            Step::Started | Step::Passed(..) => return,
            Step::Skipped => (Fate::Skipped, "the step is not defined".to_owned()),
            Step::Failed(.., error) => (Fate::Failed, error.to_string()),
        };
        self.settle(place, fate);
        let (file, line) = place;
        eprintln!(
            "{file}:{line} {}\n    {text}\n    {}\n",
            scenario.name,
            indented(&what)
        );
    }

    fn count(&self, of: impl Fn(Fate) -> bool) -> usize {
        self.scenarios.values().filter(|it| of(it.fate)).count()
    }

    /// Prints the account. Success takes that all that ran passed, and that something ran.
    #[expect(clippy::print_stdout, reason = "the account is this test's answer")]
    pub(crate) fn told(&self) -> ExitCode {
        println!("\n{:<42} passed failed skipped not run", "scenarios");
        let mut files: Vec<&String> = self.scenarios.keys().map(|(file, _)| file).collect();
        files.dedup();
        for file in files {
            let of = |fate: fn(Fate) -> bool| {
                let mut scenarios = self.scenarios.iter().filter(|((its, _), _)| its == file);
                scenarios.by_ref().filter(|(_, it)| fate(it.fate)).count()
            };
            let (passed, failed) = (of(is_passed), of(is_failed));
            let (skipped, not_run) = (of(is_skipped), of(is_not_run));
            println!("{file:<42} {passed:>6} {failed:>6} {skipped:>7} {not_run:>7}");
        }
        println!();
        for ((file, _), it) in &self.scenarios {
            match it.fate {
                Fate::NotRun(reason) => println!("not run: {file}: {}: {reason}", it.name),
                Fate::Planned => println!("lost: {file}: {}", it.name),
                _ => {}
            }
        }
        for problem in &self.problems {
            println!("problem: {problem}");
        }
        println!("not run, by name above: {}", self.count(is_not_run));
        let (passed, failed) = (self.count(is_passed), self.count(is_failed));
        let skipped = self.count(is_skipped);
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        self.exit_code()
    }

    fn exit_code(&self) -> ExitCode {
        let bad = self.count(is_failed) + self.count(is_skipped) + self.problems.len();
        let nothing = self.selection.is_everything() && self.count(is_passed) == 0;
        if bad > 0 || nothing {
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}

fn is_passed(fate: Fate) -> bool {
    fate == Fate::Passed
}

fn is_failed(fate: Fate) -> bool {
    matches!(fate, Fate::Failed | Fate::Planned)
}

fn is_skipped(fate: Fate) -> bool {
    fate == Fate::Skipped
}

fn is_not_run(fate: Fate) -> bool {
    matches!(fate, Fate::NotRun(_))
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}

impl Writer<World> for Account {
    type Cli = cucumber::cli::Empty;

    async fn handle_event(
        &mut self,
        event: parser::Result<Event<Cucumber<World>>>,
        _cli: &Self::Cli,
    ) {
        let event = match event {
            Ok(event) => event.into_inner(),
            Err(error) => return self.problems.push(error.to_string()),
        };
        let Cucumber::Feature(feature, FeatureEvent::Scenario(scenario, event)) = event else {
            return;
        };
        let place = (file(&feature), scenario.position.line);
        match event.event {
            ScenarioEvent::Background(step, event) | ScenarioEvent::Step(step, event) => {
                self.step(&place, &scenario, &step.value, &event);
            }
            ScenarioEvent::Hook(_, Hook::Failed(..)) => self.settle(&place, Fate::Failed),
            ScenarioEvent::Finished => self.settle(&place, Fate::Passed),
            _ => {}
        }
    }
}

/// The order of the events does not matter here: each is put to its scenario's account.
impl writer::Normalized for Account {}
