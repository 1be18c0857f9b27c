//! `treaty init`.

use std::path::Path;

use serde_json::json;
use treaty_core::shell;

use crate::args::{InitArgs, Pipeline};
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;
use crate::settings::{FILE_NAME, Settings};

const SETTINGS: &str = include_str!("init/treaty.toml");
const GITHUB: &str = include_str!("init/github.yml");
const GITLAB: &str = include_str!("init/gitlab.yml");
const SHELL: &str = include_str!("init/contracts.sh");

/// Where the sources of this version are: the name in a registry may be somebody else's.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The tag of this version there.
const TAG: &str = concat!("v", env!("CARGO_PKG_VERSION"));

pub(crate) fn run(args: &InitArgs) -> Result<Answer, Failure> {
    let pacticipant = pacticipant(args)?;
    if let Some(url) = &args.broker_base_url {
        broker_access::check(url)?;
    }
    let pipeline = args.ci.unwrap_or_else(found);
    let (path, steps) = steps(pipeline, &pacticipant);
    let files = [(FILE_NAME, settings(args, &pacticipant)), (path, steps)];
    let mut lines = Vec::new();
    let mut written = Vec::new();
    for (path, text) in files {
        if write(path, &text)? {
            lines.push(format!("wrote {path}"));
            written.push(path);
        } else {
            lines.push(format!("{path} is there, and stays as it is"));
        }
    }
    lines.push(next(args, pipeline));
    Ok(Answer {
        code: ExitCode::Yes,
        text: lines.join("\n"),
        json: json!({ "written": written }),
    })
}

/// The application that lives here: as the file that is there already says, else as it is named, else as the directory is.
fn pacticipant(args: &InitArgs) -> Result<String, Failure> {
    let given = args.pacticipant.as_ref().map(ToString::to_string);
    match (Settings::pacticipant_here()?, given) {
        (Some(there), Some(given)) if there != given => Err(Failure::usage(
            format!(
                "{FILE_NAME} says that {there} lives here, and --pacticipant that {given} does"
            ),
            format!("leave --pacticipant out, or correct {FILE_NAME}"),
        )),
        (Some(name), _) | (None, Some(name)) => Ok(name),
        (None, None) => Ok(directory_name()),
    }
}

fn settings(args: &InitArgs, pacticipant: &str) -> String {
    let broker = match &args.broker_base_url {
        Some(url) => format!("broker-base-url = {}", toml_text(url)),
        None => "# broker-base-url = \"https://broker.example.com\"".to_owned(),
    };
    SETTINGS
        .replace("{pacticipant}", &toml_text(pacticipant))
        .replace("# {broker}", &broker)
}

/// The pipeline's file, and what is in it.
fn steps(pipeline: Pipeline, pacticipant: &str) -> (&'static str, String) {
    // A text of JSON is one of YAML, too.
    let in_yaml = || serde_json::Value::from(pacticipant).to_string();
    let (path, template, name) = match pipeline {
        Pipeline::Github => (".github/workflows/contracts.yml", GITHUB, in_yaml()),
        Pipeline::Gitlab => (".gitlab/contracts.yml", GITLAB, in_yaml()),
        Pipeline::Shell => ("contracts.sh", SHELL, shell::word(pacticipant)),
    };
    let action = REPOSITORY.trim_start_matches("https://github.com/");
    let steps = template
        .replace("{repository}", action)
        .replace("{repository-url}", REPOSITORY)
        .replace("{tag}", TAG)
        .replace("{pacticipant}", &name);
    (path, steps)
}

/// What to do now, in the order in which to do it.
fn next(args: &InitArgs, pipeline: Pipeline) -> String {
    let mut steps = Vec::new();
    if args.broker_base_url.is_none() {
        steps.push(
            "name your broker in treaty.toml; without one, the broker is in .treaty/broker.sqlite",
        );
    }
    steps.push("write a consumer's test, or a provider's: the README of treaty shows both");
    steps.push(match pipeline {
        Pipeline::Gitlab => "include .gitlab/contracts.yml in .gitlab-ci.yml, and correct what it says about your build",
        _ => "correct what the pipeline's file says about your build",
    });
    steps.push("see where you are: treaty status");
    let steps = steps
        .iter()
        .enumerate()
        .map(|(place, step)| format!("  {}. {step}", place + 1));
    format!("\nnext:\n{}", steps.collect::<Vec<_>>().join("\n"))
}

/// The pipeline whose files are here.
fn found() -> Pipeline {
    if Path::new(".github").is_dir() {
        Pipeline::Github
    } else if Path::new(".gitlab-ci.yml").is_file() {
        Pipeline::Gitlab
    } else {
        Pipeline::Shell
    }
}

fn directory_name() -> String {
    let directory = std::env::current_dir().unwrap_or_default();
    let name = directory
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "MyService".to_owned())
}

/// A text as TOML writes it.
fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Whether the file was not there, and is now.
fn write(path: &str, text: &str) -> Result<bool, Failure> {
    let path = Path::new(path);
    let unwritable = |source| Failure::Write {
        path: path.to_owned(),
        source,
    };
    if path.exists() {
        return Ok(false);
    }
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(unwritable)?;
    }
    std::fs::write(path, text).map_err(unwritable)?;
    if text.starts_with("#!") {
        make_executable(path).map_err(unwritable)?;
    }
    Ok(true)
}

/// For whoever may read it.
#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata()?.permissions().mode();
    let readable = mode & 0o444;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode | readable >> 2))
}

/// Elsewhere a script is run by its shell.
#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
