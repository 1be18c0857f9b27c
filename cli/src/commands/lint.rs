//! `treaty lint`.

use std::path::Path;

use serde_json::{Value, json};
use treaty_core::lint::report::{self, Linted};
use treaty_core::lint::{Finding, Severity, lint};

use crate::args::{LintArgs, LintOutput};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::files;
use crate::output::Answer;
use crate::pact_files;

pub(crate) fn run(args: &LintArgs) -> Result<Answer, Failure> {
    let paths = pact_files::find(&args.pacts)?;
    let files: Vec<Linted> = paths
        .iter()
        .map(|path| linted(path))
        .collect::<Result<_, _>>()?;
    let denied = |severity| severity == Severity::Error || args.deny_warnings;
    let findings = files.iter().flat_map(|linted| &linted.findings);
    let code = if findings.map(Finding::severity).any(denied) {
        ExitCode::No
    } else {
        ExitCode::Yes
    };
    Ok(Answer {
        code,
        text: report::text(&files),
        json: match args.output {
            LintOutput::Sarif => report::sarif(&files),
            LintOutput::Json | LintOutput::Text => with_verdict(report::json(&files), code),
        },
    })
}

fn linted(path: &Path) -> Result<Linted, Failure> {
    let bytes = files::read(path)?;
    let file = path.to_string_lossy().into_owned();
    let findings = lint(&file, &bytes)?;
    Ok(Linted { file, findings })
}

fn with_verdict(mut json: Value, code: ExitCode) -> Value {
    json["verdict"] = json!(code.word());
    json
}
