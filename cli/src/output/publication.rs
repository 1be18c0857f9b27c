//! What a broker says to pacts that were published.

use treaty_broker_client::{PublishContracts, Published};

/// Every notice of the broker, except those that only help to find errors in it; for who wants it quiet also without what
/// it proposes to do next.
pub(crate) fn published(published: &[Published], is_quiet: bool) -> String {
    let notices = published.iter().flat_map(|p| &p.notices);
    let is_told = |kind: &str| match kind {
        "debug" => false,
        "prompt" => !is_quiet,
        _ => true,
    };
    let lines: Vec<&str> = notices
        .filter(|notice| is_told(&notice.kind))
        .map(|notice| notice.text.as_str())
        .collect();
    lines.join("\n")
}

/// What would be sent, in a line for each pact.
pub(crate) fn would_be_published(publications: &[PublishContracts]) -> String {
    let lines = publications.iter().flat_map(|publication| {
        let branch = publication.branch.as_ref();
        let branch = branch.map_or_else(String::new, |branch| format!(", branch {branch}"));
        let tags = publication.tags.iter().map(|tag| format!(", tag {tag}"));
        let build = publication.build_url.as_ref();
        let build = build.map_or_else(String::new, |url| format!(", build {url}"));
        let about = format!("{branch}{}{build}", tags.collect::<String>());
        publication.contracts.iter().map(move |contract| {
            format!(
                "Would publish the pact of {} version {} with {}{about}.",
                publication.pacticipant, publication.version, contract.provider
            )
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}
