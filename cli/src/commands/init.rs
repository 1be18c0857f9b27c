//! `treaty init`.

use std::path::Path;

use serde_json::json;

use crate::args::{InitArgs, Pipeline};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;
use crate::settings::FILE_NAME;

const SETTINGS: &str = include_str!("init/treaty.toml");
const GITHUB: &str = include_str!("init/github.yml");
const GITLAB: &str = include_str!("init/gitlab.yml");
const SHELL: &str = include_str!("init/contracts.sh");

pub(crate) fn run(args: &InitArgs) -> Result<Answer, Failure> {
    let pacticipant = match &args.pacticipant {
        Some(name) => name.to_string(),
        None => directory_name(),
    };
    let pipeline = args.ci.unwrap_or_else(found);
    let (path, template) = match pipeline {
        Pipeline::Github => (".github/workflows/contracts.yml", GITHUB),
        Pipeline::Gitlab => (".gitlab/contracts.yml", GITLAB),
        Pipeline::Shell => ("contracts.sh", SHELL),
    };
    let settings = SETTINGS.replace("{pacticipant}", &toml_text(&pacticipant));
    let settings = match &args.broker_base_url {
        Some(url) => settings.replace(
            "# {broker}",
            &format!("broker-base-url = {}", toml_text(url)),
        ),
        None => settings.replace(
            "# {broker}",
            "# broker-base-url = \"https://broker.example.com\"",
        ),
    };
    // A text of JSON is one of YAML, too.
    let name = serde_json::Value::from(pacticipant.as_str()).to_string();
    let steps = template.replace("{pacticipant}", &name);
    let files = [(FILE_NAME, settings), (path, steps)];
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
    Ok(true)
}
