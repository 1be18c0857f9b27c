//! What each relation means. A table: exempt from the limits on size.

/// Each relation, the methods that make sense at its end, and what is there.
pub(super) const RELATIONS: &[(&str, &str, &str)] = &[
    (
        "publish-contracts",
        "POST",
        "Publishes pacts with their version, branch and tags.",
    ),
    ("publish-pact", "PUT", "Publishes one pact of one version."),
    (
        "latest-pact-versions",
        "GET",
        "The latest pact of every integration.",
    ),
    (
        "pacticipants",
        "GET, POST",
        "The pacticipants; POST makes one.",
    ),
    (
        "pacticipant",
        "GET, PUT, PATCH, DELETE",
        "One pacticipant, by its name.",
    ),
    (
        "pacticipant-version",
        "GET, PUT, PATCH, DELETE",
        "One version of a pacticipant.",
    ),
    (
        "pacticipant-version-tag",
        "GET, PUT, DELETE",
        "One tag of a version.",
    ),
    (
        "pacticipant-branch",
        "GET, DELETE",
        "One branch of a pacticipant.",
    ),
    (
        "pacticipant-branch-version",
        "GET, PUT, DELETE",
        "One version on a branch; PUT puts it there.",
    ),
    (
        "branch-version",
        "GET, PUT, DELETE",
        "One version on a branch; PUT puts it there.",
    ),
    ("version-tag", "GET, PUT, DELETE", "One tag of a version."),
    ("provider-pacts", "GET", "All pacts of a provider."),
    (
        "latest-provider-pacts",
        "GET",
        "The latest pact of each consumer of a provider.",
    ),
    (
        "provider-pacts-for-verification",
        "POST",
        "The pacts that a provider's build is to verify.",
    ),
    (
        "latest-version",
        "GET",
        "The latest version of a pacticipant.",
    ),
    (
        "latest-tagged-version",
        "GET",
        "The latest version of a pacticipant with a tag.",
    ),
    ("webhooks", "GET, POST", "The webhooks; POST makes one."),
    ("webhook", "GET, PUT, DELETE", "One webhook, by its uuid."),
    ("integrations", "GET, DELETE", "Who has a pact with whom."),
    (
        "environments",
        "GET, POST",
        "The environments; POST makes one.",
    ),
    (
        "environment",
        "GET, PUT, DELETE",
        "One environment, by its uuid.",
    ),
    (
        "record-deployment",
        "POST",
        "Records that a version runs in an environment now, in place of the one before.",
    ),
    (
        "record-release",
        "POST",
        "Records that a version is available in an environment, beside those before.",
    ),
    (
        "currently-deployed-deployed-versions",
        "GET",
        "What is deployed in an environment now.",
    ),
    (
        "currently-supported-released-versions",
        "GET",
        "What is released in an environment and still supported.",
    ),
    (
        "can-i-deploy-pacticipant-version-to-environment",
        "GET",
        "Whether a version may go to an environment.",
    ),
    (
        "can-i-deploy-pacticipant-version-to-tag",
        "GET",
        "Whether a version may join the latest versions with a tag.",
    ),
    ("metrics", "GET", "How much of everything there is."),
    ("pact-version", "GET", "A pact by the hash of its content."),
    (
        "publish-verification-results",
        "POST",
        "Publishes what a verification of this content found out.",
    ),
    (
        "latest-verification-results",
        "GET",
        "What the last verification found out.",
    ),
    (
        "previous-distinct",
        "GET",
        "The last pact before this one that has another content.",
    ),
    (
        "diff-previous-distinct",
        "GET",
        "What changed since the last pact that has another content.",
    ),
    ("diff", "GET", "What changed between two contents."),
    (
        "triggered-webhooks",
        "GET",
        "The webhooks that this caused, and how they went.",
    ),
    (
        "matrix-for-consumer-version",
        "GET",
        "The rows of the matrix for this consumer version.",
    ),
    (
        "tagged-pact-versions",
        "GET, DELETE",
        "The pacts of one integration whose consumer version has a tag.",
    ),
    (
        "branch-pact-versions",
        "GET, DELETE",
        "The pacts of one integration from a branch of the consumer.",
    ),
    (
        "latest-branch-pact-versions",
        "GET",
        "The latest pact of one integration from a branch of the consumer.",
    ),
    (
        "main-branch-pact-versions",
        "GET",
        "The pacts of one integration from the consumer's main branch.",
    ),
    (
        "latest-main-branch-pact-versions",
        "GET",
        "The latest pact of one integration from the consumer's main branch.",
    ),
    (
        "provider-pacts-with-main-branch",
        "GET",
        "The pacts of a provider from the main branches of its consumers.",
    ),
    (
        "provider-pacts-with-branch",
        "GET",
        "The pacts of a provider from a branch of its consumers.",
    ),
    (
        "latest-provider-pacts-with-main-branch",
        "GET",
        "The latest pact of each consumer of a provider from its main branch.",
    ),
    (
        "latest-provider-pacts-with-branch",
        "GET",
        "The latest pact of each consumer of a provider from a branch.",
    ),
    (
        "provider-pacts-with-tag",
        "GET",
        "The pacts of a provider whose consumer versions have a tag.",
    ),
    (
        "latest-provider-pacts-with-tag",
        "GET",
        "The latest pact with a tag of each consumer of a provider.",
    ),
    ("pacts", "GET", "One of the pacts of this list."),
    ("contracts", "GET", "The pacts that were just published."),
    (
        "pact-versions",
        "GET",
        "A pact of this version, or of this list.",
    ),
    ("latest-pact", "GET", "The latest pact with this tag."),
    (
        "latest-pact-version",
        "GET",
        "The latest pact between the two.",
    ),
    (
        "all-pact-versions",
        "GET, DELETE",
        "All pacts between the two.",
    ),
    (
        "latest-untagged-pact-version",
        "GET",
        "The latest pact between the two whose consumer version has no tag.",
    ),
    (
        "latest-tagged-pact-version",
        "GET",
        "The latest pact between the two whose consumer version has a tag.",
    ),
    ("consumer", "GET", "The consumer."),
    ("provider", "GET", "The provider."),
    (
        "consumers",
        "GET",
        "The consumers with the label that the webhook names.",
    ),
    (
        "providers",
        "GET",
        "The providers with the label that the webhook names.",
    ),
    (
        "consumer-version",
        "GET",
        "The consumer version that published this pact.",
    ),
    (
        "consumer-versions",
        "GET",
        "The consumer versions for which this pact was selected.",
    ),
    (
        "versions",
        "GET",
        "The versions of a pacticipant, the latest first.",
    ),
    (
        "version",
        "GET, PUT, PATCH, DELETE",
        "One version of a pacticipant.",
    ),
    (
        "pacticipant-version-tags",
        "GET, PUT, DELETE",
        "The tags that the publication gave the version.",
    ),
    ("tag", "GET, PUT, DELETE", "A tag of the version."),
    ("tag-version", "PUT", "Gives the consumer version a tag."),
    (
        "tag-prod-version",
        "PUT",
        "Gives the consumer version the tag `prod`.",
    ),
    (
        "branch",
        "GET, DELETE",
        "The branch that the version is on.",
    ),
    (
        "branches",
        "GET, DELETE",
        "The branches of a pacticipant; DELETE takes out all but those that are named.",
    ),
    ("label", "GET, PUT, DELETE", "One label of a pacticipant."),
    (
        "pacticipants-with-label",
        "GET",
        "The pacticipants with a label.",
    ),
    (
        "deployed-environments",
        "GET, PATCH",
        "Where the version is deployed now; PATCH ends it.",
    ),
    (
        "released-environments",
        "GET, PATCH",
        "Where the version is released and supported; PATCH ends it.",
    ),
    (
        "can-i-deploy-badge",
        "GET",
        "A picture of whether the latest version with a tag may join those with another.",
    ),
    (
        "can-i-deploy-branch-to-environment-badge",
        "GET",
        "A picture of whether the latest version of a branch may go to an environment.",
    ),
    (
        "latest-verification-results-where-pacticipant-is-consumer",
        "GET",
        "What the last verifications of this version's pacts found out, as one.",
    ),
    (
        "dashboard",
        "GET",
        "The pacts of one integration that matter now, and how they stand.",
    ),
    (
        "matrix",
        "GET",
        "Which versions of the two were verified with each other.",
    ),
    (
        "group",
        "GET",
        "All pacticipants that are connected with one, and their pacts.",
    ),
    (
        "delete_integration",
        "DELETE",
        "Takes out an integration with its pacts and results.",
    ),
    ("create", "POST", "Makes a webhook."),
    (
        "execute",
        "POST",
        "Tries a webhook out with the latest pact or result that it is about.",
    ),
    (
        "pact-webhooks",
        "GET, POST",
        "The webhooks of one integration; POST makes one.",
    ),
    (
        "consumer-webhooks",
        "GET, POST",
        "The webhooks of all pacts of one consumer; POST makes one.",
    ),
    (
        "webhook-status",
        "GET",
        "The webhooks of one integration that were sent last, and how they went.",
    ),
    ("logs", "GET", "What was sent, and what came back."),
    (
        "error-logs",
        "GET",
        "What was sent where it failed, and what came back.",
    ),
];
