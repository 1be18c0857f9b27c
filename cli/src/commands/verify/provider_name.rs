//! Who is verified: the name that is given, or the provider of the pact files that are given.

use treaty_core::document::{LoadError, load, load_for_plugins};
use treaty_core::names::PacticipantName;

use crate::args::VerifyArgs;
use crate::error::Failure;
use crate::files;

/// The provider's name; a pact file says it by itself, any other source has to be asked for somebody's pacts.
pub(super) fn of(args: &VerifyArgs) -> Result<PacticipantName, Failure> {
    if let Some(name) = &args.provider.provider_name {
        return Ok(name.clone());
    }
    let mut providers = Vec::new();
    for path in &args.pacts.file {
        let bytes = files::read(path)?;
        let provider = provider(&path.to_string_lossy(), &bytes)?;
        if !providers.contains(&provider) {
            providers.push(provider);
        }
    }
    match <[PacticipantName; 1]>::try_from(providers) {
        Ok([provider]) => Ok(provider),
        Err(none) if none.is_empty() => Err(Failure::usage(
            "whose pacts are to be verified is not said",
            "name the provider with --provider-name, or as pacticipant in treaty.toml; only a --file says it by itself",
        )),
        Err(several) => {
            let names: Vec<&str> = several.iter().map(PacticipantName::as_str).collect();
            Err(Failure::usage(
                format!(
                    "the pact files are for several providers: {}",
                    names.join(", ")
                ),
                "name the one that is running with --provider-name",
            ))
        }
    }
}

/// Who provides what the pact asks for. Whether plugins that it needs can be run is not asked here.
fn provider(origin: &str, bytes: &[u8]) -> Result<PacticipantName, LoadError> {
    let pact = match (load(origin, bytes), serde_json::from_slice(bytes)) {
        (Err(LoadError::NeedsPlugin { .. }), Ok(document)) => load_for_plugins(origin, &document),
        (loaded, _) => loaded,
    };
    pact.map(|pact| pact.provider)
}
