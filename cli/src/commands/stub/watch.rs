//! Looks for changes of what a stub answers from.

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use treaty_mock_server::Stubbed;

use super::sources::Sources;
use crate::error::Failure;
use crate::output;

/// How often files are looked at.
const FILES_EVERY: Duration = Duration::from_millis(250);

/// How often a broker is asked.
const BROKER_EVERY: Duration = Duration::from_secs(10);

/// What tells one state of the files from another.
type Stamp = Vec<(PathBuf, Option<SystemTime>, u64)>;

/// Calls back with what there is to answer from whenever that has changed, for ever. What cannot be read is told once,
/// and changes nothing: somebody may be writing it.
pub(super) async fn changes(
    sources: &Sources,
    mut current: Vec<Stubbed>,
    changed: impl Fn(Vec<Stubbed>),
) {
    // Nothing was seen yet: what changed since it was first read must not pass for what was read.
    let mut seen = Stamp::new();
    let mut asked = Instant::now();
    let mut complaint = String::new();
    loop {
        // The beat of the watch: files are looked at for as long as the stub runs.
        tokio::time::sleep(FILES_EVERY).await;
        let now = stamp(sources);
        let is_time = sources.has_broker() && asked.elapsed() >= BROKER_EVERY;
        if now == seen && !is_time {
            continue;
        }
        (seen, asked) = (now, Instant::now());
        match sources.read().await {
            Ok(stubbed) => {
                complaint.clear();
                if stubbed != current {
                    current.clone_from(&stubbed);
                    changed(stubbed);
                }
            }
            Err(failure) => complain(&failure, &mut complaint),
        }
    }
}

fn complain(failure: &Failure, complaint: &mut String) {
    let text = failure.to_string();
    if text != *complaint {
        output::note(&format!("still answering as before: {text}"));
        *complaint = text;
    }
}

fn stamp(sources: &Sources) -> Stamp {
    let files = sources.files().into_iter();
    let stamps = files.map(|path| {
        let data = path.metadata().ok();
        let modified = data.as_ref().and_then(|data| data.modified().ok());
        (path, modified, data.map_or(0, |data| data.len()))
    });
    stamps.collect()
}
