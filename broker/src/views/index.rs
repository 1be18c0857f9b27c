//! The index: where every client begins. A table: exempt from the limits on size.

use serde_json::{Map, Value, json};

use crate::hal::Urls;

/// The relations in the order they are served: name, title, path, whether it has places to fill in.
const RELATIONS: &[(&str, &str, &str, bool)] = &[
    ("self", "Index", "/", false),
    (
        "pb:publish-pact",
        "Publish a pact",
        "/pacts/provider/{provider}/consumer/{consumer}/version/{consumerApplicationVersion}",
        true,
    ),
    (
        "pb:publish-contracts",
        "Publish contracts",
        "/contracts/publish",
        false,
    ),
    (
        "pb:latest-pact-versions",
        "Latest pact versions",
        "/pacts/latest",
        false,
    ),
    (
        "pb:tagged-pact-versions",
        "All versions of a pact for a given consumer, provider and consumer version tag",
        "/pacts/provider/{provider}/consumer/{consumer}/tag/{tag}",
        false,
    ),
    (
        "pb:branch-pact-versions",
        "All versions of a pact for a given consumer, provider and consumer version branch",
        "/pacts/provider/{provider}/consumer/{consumer}/branch/{branch}",
        true,
    ),
    (
        "pb:latest-branch-pact-versions",
        "Latest version of a pact for a given consumer, provider and consumer version branch",
        "/pacts/provider/{provider}/consumer/{consumer}/branch/{branch}/latest/versions",
        true,
    ),
    (
        "pb:main-branch-pact-versions",
        "All versions of a pact for a given consumer and provider from the main branch of the consumer",
        "/pacts/provider/{provider}/consumer/{consumer}/branch/versions",
        true,
    ),
    (
        "pb:latest-main-branch-pact-versions",
        "Latest version of a pact for a given consumer and provider from the main branch of the consumer",
        "/pacts/provider/{provider}/consumer/{consumer}/branch/latest/versions",
        true,
    ),
    (
        "pb:provider-pacts-with-main-branch",
        "All pact versions for the provider from the main branches of the consumers",
        "/pacts/provider/{provider}/branch",
        true,
    ),
    (
        "pb:provider-pacts-with-branch",
        "All pact versions for the provider with the specified consumer version branch",
        "/pacts/provider/{provider}/branch/{branch}",
        true,
    ),
    (
        "pb:latest-provider-pacts-with-main-branch",
        "Latest pact versions for the provider from the main branches of the consumers",
        "/pacts/provider/{provider}/branch/latest",
        true,
    ),
    (
        "pb:latest-provider-pacts-with-branch",
        "Latest pact versions for the provider with the specified consumer version branch",
        "/pacts/provider/{provider}/branch/{branch}/latest",
        true,
    ),
    ("pb:pacticipants", "Pacticipants", "/pacticipants", false),
    (
        "pb:pacticipant",
        "Fetch pacticipant by name",
        "/pacticipants/{pacticipant}",
        true,
    ),
    (
        "pb:latest-provider-pacts",
        "Latest pacts by provider",
        "/pacts/provider/{provider}/latest",
        true,
    ),
    (
        "pb:latest-provider-pacts-with-tag",
        "Latest pacts for provider with the specified tag",
        "/pacts/provider/{provider}/latest/{tag}",
        true,
    ),
    (
        "pb:provider-pacts-with-tag",
        "All pact versions for the provider with the specified consumer version tag",
        "/pacts/provider/{provider}/tag/{tag}",
        true,
    ),
    (
        "pb:provider-pacts",
        "All pact versions for the specified provider",
        "/pacts/provider/{provider}",
        true,
    ),
    (
        "pb:latest-version",
        "Latest pacticipant version",
        "/pacticipants/{pacticipant}/latest-version",
        true,
    ),
    (
        "pb:latest-tagged-version",
        "Latest pacticipant version with the specified tag",
        "/pacticipants/{pacticipant}/latest-version/{tag}",
        true,
    ),
    ("pb:webhooks", "Webhooks", "/webhooks", false),
    ("pb:webhook", "Webhook", "/webhooks/{uuid}", true),
    ("pb:integrations", "Integrations", "/integrations", false),
    (
        "pb:pacticipant-version-tag",
        "Get, create or delete a tag for a pacticipant version",
        "/pacticipants/{pacticipant}/versions/{version}/tags/{tag}",
        true,
    ),
    (
        "pb:pacticipant-branch",
        "Get or delete a pacticipant branch",
        "/pacticipants/{pacticipant}/branches/{branch}",
        true,
    ),
    (
        "pb:pacticipant-branch-version",
        "Get or add/create a pacticipant version for a branch",
        "/pacticipants/{pacticipant}/branches/{branch}/versions/{version}",
        true,
    ),
    (
        "pb:pacticipant-version",
        "Get, create or delete a pacticipant version",
        "/pacticipants/{pacticipant}/versions/{version}",
        true,
    ),
    ("pb:metrics", "Get Pact Broker metrics", "/metrics", false),
    (
        "pb:can-i-deploy-pacticipant-version-to-tag",
        "Determine if an application version can be safely deployed to an environment identified by the given tag",
        "/can-i-deploy?pacticipant={pacticipant}&version={version}&to={tag}",
        true,
    ),
    (
        "pb:can-i-deploy-pacticipant-version-to-environment",
        "Determine if an application version can be safely deployed to an environment",
        "/can-i-deploy?pacticipant={pacticipant}&version={version}&environment={environment}",
        true,
    ),
    (
        "pb:provider-pacts-for-verification",
        "Pact versions to be verified for the specified provider",
        "/pacts/provider/{provider}/for-verification",
        true,
    ),
    (
        "beta:provider-pacts-for-verification",
        "DEPRECATED - please use pb:provider-pacts-for-verification",
        "/pacts/provider/{provider}/for-verification",
        true,
    ),
    ("pb:environments", "Environments", "/environments", false),
    (
        "pb:environment",
        "Environment",
        "/environments/{uuid}",
        true,
    ),
];

/// The index.
pub(crate) fn index(urls: &Urls) -> Value {
    let mut links = Map::new();
    for (relation, title, path, is_templated) in RELATIONS {
        let href = if *path == "/" {
            urls.base().to_owned()
        } else {
            urls.path(path)
        };
        links.insert(
            (*relation).to_owned(),
            json!({ "href": href, "title": title, "templated": is_templated }),
        );
    }
    let curie = |name: &str| json!({ "name": name, "href": urls.path("/doc/{rel}?context=index"), "templated": true });
    links.insert("curies".to_owned(), json!([curie("pb"), curie("beta")]));
    json!({ "_links": links })
}
