//! The arguments that stand in groups: `--pacticipant A --version 1 --pacticipant B --latest prod --ignore C`.

use clap::error::{Error, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use treaty_broker_client::{Ignored, MatrixSelector, VersionChoice};
use treaty_core::names::{NameError, PacticipantName, VersionNumber};

/// Names the pacticipants to ignore, separated by commas.
const IGNORE_VARIABLE: &str = "PACT_BROKER_CAN_I_DEPLOY_IGNORE";

/// The versions that a deploy question is about, and what to leave out of account.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectorArgs {
    pub(crate) selectors: Vec<MatrixSelector>,
    pub(crate) ignored: Vec<Ignored>,
}

/// One of the arguments, in the order of the command line.
#[derive(Debug)]
struct Word {
    place: usize,
    argument: &'static str,
    value: String,
}

const ARGUMENTS: [&str; 8] = [
    "pacticipant",
    "version",
    "latest",
    "tag",
    "branch",
    "main-branch",
    "no-main-branch",
    "ignore",
];

impl Args for SelectorArgs {
    fn augment_args(command: Command) -> Command {
        let value = |id: &'static str, name: &'static str, help: &'static str| {
            let argument = Arg::new(id).long(id).value_name(name).help(help);
            argument.action(ArgAction::Append)
        };
        let latest = value(
            "latest",
            "TAG",
            "The latest version, or the latest with the tag",
        );
        let switch = |id: &'static str| {
            let argument = Arg::new(id).long(id).num_args(0);
            argument
                .action(ArgAction::Append)
                .default_missing_value("true")
        };
        let not_main = switch("no-main-branch").alias("skip-main-branch");
        let ignore = value(
            "ignore",
            "NAME",
            "Pacticipant to leave out of account, or only its --version",
        );
        command
            .arg(value("pacticipant", "NAME", "Pacticipant that the question is about; the next five belong to the one before them").short('a').required(true))
            .arg(value("version", "VERSION", "This version of it").short('e'))
            .arg(latest.short('l').num_args(0..=1).default_missing_value(""))
            .arg(value("tag", "TAG", "Every version of it with the tag"))
            .arg(value("branch", "BRANCH", "The latest version of its branch"))
            .arg(switch("main-branch").help("The latest version of its main branch"))
            .arg(not_main.hide(true).help("Takes back the --main-branch before it"))
            .arg(ignore.env(IGNORE_VARIABLE).value_delimiter(','))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SelectorArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut args = Self::default();
        let mut ignoring = false;
        for word in words(matches) {
            match word.argument {
                "pacticipant" => args.begin(&word).map_err(wrong)?,
                "ignore" => args.begin_ignored(&word).map_err(wrong)?,
                "version" if ignoring => args.narrow_ignored(&word)?,
                "no-main-branch" => args.take_main_branch_back(),
                _ => args.choose(&word)?,
            }
            match word.argument {
                "pacticipant" => ignoring = false,
                "ignore" => ignoring = true,
                _ => {}
            }
        }
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl SelectorArgs {
    fn begin(&mut self, word: &Word) -> Result<(), NameError> {
        self.selectors.push(MatrixSelector {
            pacticipant: PacticipantName::parse(word.value.as_str())?,
            versions: VersionChoice::Any,
        });
        Ok(())
    }

    fn begin_ignored(&mut self, word: &Word) -> Result<(), NameError> {
        if !word.value.is_empty() {
            self.ignored.push(Ignored {
                pacticipant: PacticipantName::parse(word.value.as_str())?,
                version: None,
            });
        }
        Ok(())
    }

    fn narrow_ignored(&mut self, word: &Word) -> Result<(), Error> {
        let version = VersionNumber::parse(word.value.as_str()).map_err(wrong)?;
        if let Some(ignored) = self.ignored.last_mut() {
            ignored.version = Some(version);
        }
        Ok(())
    }

    fn take_main_branch_back(&mut self) {
        let last = self.selectors.last_mut();
        if let Some(selector) = last.filter(|it| it.versions == VersionChoice::MainBranch) {
            selector.versions = VersionChoice::Any;
        }
    }

    fn choose(&mut self, word: &Word) -> Result<(), Error> {
        let Some(selector) = self.selectors.last_mut() else {
            return Err(wrong(format!(
                "--{} must come after the --pacticipant that it belongs to",
                word.argument
            )));
        };
        let earlier = std::mem::replace(&mut selector.versions, VersionChoice::Any);
        selector.versions = match (earlier, choice(word).map_err(wrong)?) {
            (VersionChoice::Any, chosen) => chosen,
            (VersionChoice::Latest, VersionChoice::WithTag(tag))
            | (VersionChoice::WithTag(tag), VersionChoice::Latest) => {
                VersionChoice::LatestWithTag(tag)
            }
            _ => {
                return Err(wrong(format!(
                    "{} has its version chosen twice: use one of --version, --latest, --tag, --branch, --main-branch",
                    selector.pacticipant
                )));
            }
        };
        Ok(())
    }
}

fn choice(word: &Word) -> Result<VersionChoice, NameError> {
    let value = word.value.as_str();
    Ok(match word.argument {
        "version" => VersionChoice::Number(value.parse()?),
        "latest" if value.is_empty() => VersionChoice::Latest,
        "latest" => VersionChoice::LatestWithTag(value.parse()?),
        "tag" => VersionChoice::WithTag(value.parse()?),
        "branch" => VersionChoice::Branch(value.parse()?),
        _ => VersionChoice::MainBranch,
    })
}

/// Every argument of the groups, in the order of the command line.
fn words(matches: &ArgMatches) -> Vec<Word> {
    let mut words: Vec<Word> = ARGUMENTS
        .into_iter()
        .flat_map(|argument| {
            // What the settings say goes before all that is on the command line.
            let is_default = matches.value_source(argument) == Some(ValueSource::DefaultValue);
            let places = matches.indices_of(argument).into_iter().flatten();
            let places = places.map(move |place| if is_default { 0 } else { place });
            let values = matches.get_many::<String>(argument).into_iter().flatten();
            places.zip(values).map(move |(place, value)| Word {
                place,
                argument,
                value: value.clone(),
            })
        })
        .collect();
    words.sort_by_key(|word| word.place);
    words
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::raw(ErrorKind::ValueValidation, error.to_string())
}
