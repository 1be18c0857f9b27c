//! The sentences that clients print after a publication.

use super::events::Event;
use super::webhook::EventName;

/// The `type` of a notice and its text.
pub(crate) type Notice = (&'static str, String);

/// What is said about the version that publishes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VersionNotice<'a> {
    pub(crate) pacticipant: &'a str,
    pub(crate) number: &'a str,
    pub(crate) is_new: bool,
    pub(crate) branch: Option<&'a str>,
    pub(crate) tags: &'a [String],
}

/// The notices about the version.
pub(crate) fn about_version(version: VersionNotice<'_>) -> Vec<Notice> {
    let verb = if version.is_new { "Created" } else { "Updated" };
    let branch = version
        .branch
        .map(|branch| format!(" with branch {branch}"));
    let tags = (!version.tags.is_empty()).then(|| {
        let with = if branch.is_some() {
            "and tags"
        } else {
            "with tags"
        };
        format!(" {with} {}", version.tags.join(", "))
    });
    let text = format!(
        "{verb} {} version {}{}{}",
        version.pacticipant,
        version.number,
        branch.clone().unwrap_or_default(),
        tags.unwrap_or_default()
    );
    let mut notices = vec![("debug", text)];
    if branch.is_none() {
        let text = "  Next steps:\n    Configure the version branch to be the value of your repository branch.";
        notices.push(("prompt", text.to_owned()));
    }
    notices
}

/// What a version had published for a provider before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// No pact.
    Nothing,
    /// The same content.
    Same,
    /// Another content.
    Other,
}

/// What is said about a pact that was published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PactNotice<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) number: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) url: &'a str,
    pub(crate) before: Before,
    /// Whether the pact was to be joined with what was there.
    pub(crate) merges: bool,
    pub(crate) events: &'a [Event],
    /// Whether any version of the provider ever verified a pact of this consumer.
    pub(crate) was_verified: bool,
    pub(crate) webhooks: &'a [WebhookNotice],
    /// Whether any webhook is about this pact, whatever it listens to.
    pub(crate) has_webhooks: bool,
}

/// What is said about a webhook that was triggered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebhookNotice {
    pub(crate) name: String,
    pub(crate) event: EventName,
    /// Where its logs will be.
    pub(crate) logs_url: String,
}

/// The notices about a pact.
pub(crate) fn about_pact(pact: PactNotice<'_>) -> Vec<Notice> {
    let events: Vec<String> = pact.events.iter().map(ToString::to_string).collect();
    let mut notices = vec![
        published(pact),
        (
            "debug",
            format!("  View the published pact at {}", pact.url),
        ),
        ("debug", format!("  Events detected: {}", events.join(", "))),
    ];
    notices.extend(about_webhooks(pact));
    notices.extend(next_steps(pact));
    notices
}

fn published(pact: PactNotice<'_>) -> Notice {
    let PactNotice {
        consumer,
        number,
        provider,
        ..
    } = pact;
    let what = format!("{consumer} version {number} and provider {provider}");
    match (pact.before, pact.merges) {
        (Before::Nothing, _) => (
            "success",
            format!("Pact successfully published for {what}."),
        ),
        (_, true) => (
            "success",
            format!("Pact content merged with existing content for {what}."),
        ),
        (Before::Same, false) => (
            "success",
            format!("Pact successfully republished for {what} with no content changes."),
        ),
        (Before::Other, false) => (
            "warning",
            format!(
                "Pact with changed content published over existing content for {what}. This is not recommended in normal \
                 circumstances and may indicate that you have not configured your Pact pipeline correctly. For more \
                 information see https://docs.pact.io/go/versioning"
            ),
        ),
    }
}

fn about_webhooks(pact: PactNotice<'_>) -> Vec<Notice> {
    if pact.has_webhooks && pact.webhooks.is_empty() {
        let text = "  No enabled webhooks found for the detected events";
        return vec![("debug", text.to_owned())];
    }
    let told = |webhook: &WebhookNotice| {
        let text = format!(
            "  Webhook \"{}\" triggered for event {}.\n    View logs at {}",
            webhook.name,
            webhook.event.as_str(),
            webhook.logs_url
        );
        ("debug", text)
    };
    pact.webhooks.iter().map(told).collect()
}

fn next_steps(pact: PactNotice<'_>) -> Vec<Notice> {
    let provider = pact.provider;
    let mut steps = Vec::new();
    if !pact.was_verified {
        let text = format!(
            "    * Add Pact verification tests to the {provider} build. \
             See https://docs.pact.io/go/provider_verification"
        );
        steps.push(("prompt", text));
    }
    if !pact.has_webhooks {
        let text = format!(
            "    * Configure separate {provider} pact verification build and webhook to trigger it when the pact \
             content changes. See https://docs.pact.io/go/webhooks"
        );
        steps.push(("prompt", text));
    }
    if !steps.is_empty() {
        steps.insert(0, ("prompt", "  Next steps:".to_owned()));
    }
    steps
}

/// Why a published pact cannot be changed.
pub(crate) fn content_conflict(consumer: &str, number: &str, provider: &str) -> String {
    format!(
        "Cannot change the content of the pact for {consumer} version {number} and provider {provider}, as race \
         conditions will cause unreliable results for can-i-deploy. Each pact must be published with a unique consumer \
         version number. Some Pact libraries generate random data when a concrete value for a type matcher is not \
         specified, and this can cause the contract to mutate - ensure you have given example values for all type \
         matchers. For more information see https://docs.pact.io/go/versioning"
    )
}

/// Why a new name is refused.
pub(crate) fn name_conflict(name: &str, similar: &[String], base: &str) -> String {
    let list: Vec<String> = similar.iter().map(|name| format!("* {name}")).collect();
    format!(
        "This is the first time a pact has been published for \"{name}\".\n\
         The name \"{name}\" is very similar to the following existing pacticipants:\n{}\n\
         If you meant to specify one of the above names, please correct the pact configuration, and re-publish the \
         pact.\n\
         If the pact is intended to be for a new consumer or provider, please manually create \"{name}\" using the \
         following command from the Pact Broker CLI, and then re-publish the pact:\n\n\
         pact-broker create-or-update-pacticipant --name \"{name}\" --broker-base-url {base}\n\n\
         For information on the Pact Broker CLI see https://docs.pact.io/go/pbc-cli\n\
         To disable this check, set `check_for_potential_duplicate_pacticipant_names` to false in the configuration.\n",
        list.join("\n")
    )
}
