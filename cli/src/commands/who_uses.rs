//! `treaty who-uses`.

use serde_json::json;
use treaty_core::usage::{Use, Wanted, uses};
use treaty_mock_server::NamePattern;

use crate::args::WhoUsesArgs;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, contracts};
use crate::pact_sources::{Found, PactSources};

pub(crate) async fn run(args: &WhoUsesArgs) -> Result<Answer, Failure> {
    let provider = args.provider.as_deref().map(NamePattern::new);
    let sources = PactSources {
        places: args.files.clone(),
        broker: args.broker.clone(),
        from_broker: args.files.is_empty(),
        providers: provider.clone().into_iter().collect(),
        ..PactSources::default()
    };
    let mut found = sources.read().await?;
    if let Some(provider) = &provider {
        found.retain(|found| provider.fits(found.pact.provider.as_str()));
    }
    if found.is_empty() {
        return Err(Failure::usage(
            "there is no pact to look at",
            "name pact files with --pacts, or another broker or provider",
        ));
    }
    let wanted = Wanted {
        method: args.method.clone(),
        path: args.path.clone(),
        field: args.field.clone(),
    };
    let users: Vec<(&Found, Vec<Use>)> = found
        .iter()
        .map(|found| (found, uses(&found.pact, &wanted)))
        .filter(|(_, uses)| !uses.is_empty())
        .collect();
    let code = if users.is_empty() {
        ExitCode::No
    } else {
        ExitCode::Yes
    };
    let documents = users.iter().map(|(found, uses)| {
        let Found {
            pact,
            consumer_version,
        } = found;
        json!({
            "consumer": pact.consumer, "consumerVersion": consumer_version,
            "provider": pact.provider, "interactions": uses,
        })
    });
    Ok(Answer {
        code,
        json: json!({
            "pacts": found.len(), "users": documents.collect::<Vec<_>>(),
            "verdict": code.word(),
        }),
        text: contracts::users(&wanted, &users, found.len()),
    })
}
