//! The provider's build, as a broker is told of it with a result.

use treaty_core::names::TagName;
use treaty_provider::Publish;

use crate::build_properties::GivenBuild;
use crate::error::Failure;
use crate::output;

/// What is published with a result, the build completed with what the build machine or git says.
pub(super) fn published(given: GivenBuild, tags: &[TagName]) -> Result<Publish, Failure> {
    let found_version = given.version.is_none();
    let build = given.complete()?;
    if found_version {
        let of = build.branch.as_ref();
        let of = of.map_or_else(String::new, |branch| format!(" of the branch {branch}"));
        output::note(&format!(
            "the version of the provider is {}{of}",
            build.version
        ));
    }
    let mut publish = Publish::version(build.version);
    if let Some(branch) = build.branch {
        publish = publish.branch(branch);
    }
    if let Some(url) = build.url {
        publish = publish.build_url(url);
    }
    Ok(tags.iter().cloned().fold(publish, Publish::tag))
}
