//! `treaty diff`.

use serde_json::json;
use treaty_core::diff::{Level, diff, level};
use treaty_core::pact::Pact;
use treaty_mock_server::variation::{variations, varied};

use crate::args::DiffArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, contracts};
use crate::pact_sources;
use crate::suggestions::{self, Name};

/// The seed of the answers that are tried: the same every time, so that the verdict is.
const SEED: u64 = 0;

pub(crate) async fn run(args: &DiffArgs) -> Result<Answer, Failure> {
    let old = read(args, &args.old).await?;
    let new = read(args, &args.new).await?;
    if (&old.consumer, &old.provider) != (&new.consumer, &new.provider) {
        return Err(Failure::usage(
            format!(
                "these are the pacts of {} with {} and of {} with {}",
                old.consumer, old.provider, new.consumer, new.provider
            ),
            "compare two versions of the same pact",
        ));
    }
    let changes = diff(&old, &new, &|response| {
        let all = variations(response, SEED);
        let all = all.iter().filter_map(|one| varied(response, &[one]));
        std::iter::once(response.clone()).chain(all).collect()
    });
    let level = level(&changes);
    let code = match level {
        Level::Major => ExitCode::No,
        _ => ExitCode::Yes,
    };
    Ok(Answer {
        code,
        text: contracts::diff(&new, &changes, level),
        json: json!({
            "consumer": new.consumer, "provider": new.provider,
            "level": level, "changes": changes,
            "verdict": code.word(),
        }),
    })
}

async fn read(args: &DiffArgs, name: &str) -> Result<Pact, Failure> {
    if let (Some(consumer), Some(provider)) = (&args.consumer, &args.provider) {
        let client = broker_access::open(&args.broker)?;
        let version = name.parse();
        let version = version.map_err(|error| {
            Failure::usage(format!("{error}"), "give the number of a consumer version")
        })?;
        return match client.published_pact(consumer, &version, provider).await {
            Ok(fetched) => Ok(pact_sources::parsed(&fetched)?),
            Err(error) => {
                let names = [Name::Pacticipant(consumer), Name::Pacticipant(provider)];
                Err(suggestions::explained(&client, &names, error.into()).await)
            }
        };
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        let found = pact_sources::at_url(name, &args.broker.or_at(name)).await?;
        return Ok(found.pact);
    }
    Ok(pact_sources::in_file(name)?.pact)
}
