//! `treaty broker import`.

use serde_json::{Value, json};
use treaty_broker_client::{ImportStamp, Imported};

use super::broker_serve::database;
use crate::args::ImportArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer};

pub(crate) async fn run(args: &ImportArgs) -> Result<Answer, Failure> {
    let mut from = args.source.broker.clone();
    from.broker_base_url = Some(args.url.clone());
    let source = broker_access::open(&from)?;
    let (target, moment) = broker_access::for_history(database(&args.database)?)?;
    output::note(&format!(
        "importing from {}; after a break, the same command goes on where it ended",
        source.base_url()
    ));
    let stamp = |stamp: ImportStamp<'_>| moment.set(stamp.at, stamp.id);
    let imported = target.import_from(&source, &stamp).await?;
    let code = if imported.is_whole() {
        ExitCode::Yes
    } else {
        ExitCode::No
    };
    Ok(Answer {
        code,
        text: text(source.base_url(), &imported),
        json: json(&imported),
    })
}

fn text(source: &str, imported: &Imported) -> String {
    let mut text = format!("imported from {source}:\n      there      here\n");
    for (kind, count) in &imported.counts {
        text.push_str(&format!("  {:>9} {:>9}  {kind}\n", count.there, count.here));
    }
    let mut list = |title: &str, items: &mut dyn Iterator<Item = &str>| {
        for (place, item) in items.enumerate() {
            if place == 0 {
                text.push_str(&format!("{title}\n"));
            }
            text.push_str(&format!("  {item}\n"));
        }
    };
    list(
        "left out:",
        &mut imported.left_out.iter().map(String::as_str),
    );
    list(
        "carried from no broker:",
        &mut imported.not_carried.iter().copied(),
    );
    text
}

fn json(imported: &Imported) -> Value {
    let counts = imported.counts.iter().map(|(kind, count)| {
        json!({ "kind": kind.to_string(), "there": count.there, "here": count.here })
    });
    json!({
        "counts": counts.collect::<Vec<_>>(),
        "leftOut": imported.left_out,
        "notCarried": imported.not_carried,
    })
}
