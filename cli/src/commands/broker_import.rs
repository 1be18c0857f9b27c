//! `treaty broker import`.

use treaty_broker_client::ImportStamp;

use super::broker_serve::database;
use crate::args::ImportArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer, import};

pub(crate) async fn run(args: &ImportArgs) -> Result<Answer, Failure> {
    let mut from = args.source.broker.clone();
    from.broker_base_url = Some(args.url.clone());
    let source = broker_access::open(&from)?;
    let (target, moment) =
        broker_access::for_history(database(&args.database)?, source.base_url()).await?;
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
        text: import::text(source.base_url(), &imported),
        json: import::json(&imported),
    })
}
