//! `treaty completions` and `treaty man`.

use std::path::Path;

use clap::Command;

use crate::args::{CompletionsArgs, ManArgs, documented};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;

pub(crate) fn completions(args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut documented(), "treaty", &mut script);
    told(String::from_utf8_lossy(&script).into_owned())
}

pub(crate) fn man(args: &ManArgs) -> Result<Answer, Failure> {
    let mut command = documented();
    command.build();
    match &args.dir {
        None => Ok(told(page(&command)?)),
        Some(directory) => {
            let count = write_pages(&command, directory)?;
            Ok(told(format!(
                "{count} pages are in {}",
                directory.display()
            )))
        }
    }
}

/// A page for the command and for each below it.
fn write_pages(command: &Command, directory: &Path) -> Result<usize, Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let path = directory.join(format!("{name}.1"));
    let unwritable = |source| Failure::Write {
        path: path.clone(),
        source,
    };
    std::fs::create_dir_all(directory).map_err(unwritable)?;
    std::fs::write(&path, page(command)?).map_err(unwritable)?;
    let mut count = 1;
    for below in command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
    {
        count += write_pages(below, directory)?;
    }
    Ok(count)
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command.clone()).render(&mut page);
    rendered.map_err(|source| Failure::System {
        what: "the manual cannot be rendered",
        source,
    })?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn told(text: String) -> Answer {
    Answer {
        text,
        ..Answer::silent(ExitCode::Yes)
    }
}
