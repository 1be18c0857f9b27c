//! `treaty broker backup` and `treaty broker restore`.

use treaty_broker::{Copied, CopyError};

use super::broker_serve::database;
use crate::args::CopyArgs;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;

pub(crate) async fn back_up(args: &CopyArgs) -> Result<Answer, Failure> {
    let (from, to) = (database(&args.database)?, args.file.clone());
    let copied = finished(move || treaty_broker::backup(&from, &to)).await?;
    Ok(answer("backed up", &copied))
}

pub(crate) async fn restore(args: &CopyArgs) -> Result<Answer, Failure> {
    let (from, to) = (args.file.clone(), database(&args.database)?);
    let copied = finished(move || treaty_broker::restore(&from, &to)).await?;
    Ok(answer("restored", &copied))
}

/// Copies on a thread that may wait.
async fn finished(
    copy: impl FnOnce() -> Result<Vec<Copied>, CopyError> + Send + 'static,
) -> Result<Vec<Copied>, Failure> {
    let copied = tokio::task::spawn_blocking(copy).await;
    Ok(copied.expect("copying does not panic")?)
}

fn answer(done: &str, copied: &[Copied]) -> Answer {
    let counts: Vec<String> = copied
        .iter()
        .filter(|table| table.rows > 0)
        .map(|table| format!("  {:>9}  {}\n", table.rows, table.table.replace('_', " ")))
        .collect();
    Answer {
        text: format!("{done}:\n{}", counts.concat()),
        ..Answer::silent(ExitCode::Yes)
    }
}
