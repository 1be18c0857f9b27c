//! `treaty who-uses`.

use serde_json::json;
use treaty_core::interaction::Interaction;
use treaty_core::usage::{Use, Wanted, uses};
use treaty_mock_server::NamePattern;

use crate::args::WhoUsesArgs;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer, contracts};
use crate::pact_sources::{Found, PactSources};

/// Those that a request may have although no pact has one yet.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

pub(crate) async fn run(args: &WhoUsesArgs) -> Result<Answer, Failure> {
    let path = path(&args.path)?;
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
    check_method(&args.method, &found)?;
    let wanted = Wanted {
        method: args.method.clone(),
        path: path.to_owned(),
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

/// The path of what may be a URL, or have a query.
fn path(given: &str) -> Result<&str, Failure> {
    let below_host = match given.split_once("://") {
        Some((_, rest)) if !given.starts_with('/') => {
            let start = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let below = &rest[start..];
            if below.starts_with('/') { below } else { "/" }
        }
        _ => given,
    };
    let end = below_host.find(['?', '#']).unwrap_or(below_host.len());
    let path = &below_host[..end];
    if !path.starts_with('/') {
        return Err(Failure::usage(
            format!("{given:?} is no path: it begins with no slash"),
            "write it as requests have it, such as /users/{id}",
        ));
    }
    if path != given {
        output::note(&format!(
            "the question is about {path}: hosts and queries are not looked at"
        ));
    }
    Ok(path)
}

/// A method that nobody knows, and that no pact has, is a slip and used by nobody for that reason alone.
fn check_method(method: &str, found: &[Found]) -> Result<(), Failure> {
    let is = |other: &str| other.eq_ignore_ascii_case(method);
    let is_in_a_pact = || {
        let mut interactions = found.iter().flat_map(|found| &found.pact.interactions);
        interactions.any(|interaction| match interaction {
            Interaction::Http(http) => is(&http.request.method),
            _ => false,
        })
    };
    if method == "*" || METHODS.into_iter().any(is) || is_in_a_pact() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("no request has the method {method:?}"),
        format!("write * for any, or one of {}", METHODS.join(", ")),
    ))
}
