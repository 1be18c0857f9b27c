//! The routes of pacts: those between two pacticipants, what changed between them, and those of a provider.

use crate::handlers::{diffs, for_verification, pact_lists, pacts, provider_states, results};
use crate::http::Need::{Admin, Publish, Read, Verify};
use crate::http::{Routes, get, post};

/// The pacts between two pacticipants.
pub(super) fn pacts_between(routes: Routes) -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    let one = || {
        get(Read, pacts::read)
            .put(Publish, pacts::put)
            .patch(Publish, pacts::patch)
            .delete(Admin, pacts::delete)
    };
    // Two addresses of old clients.
    let singular = |path: &str| format!("/pact/provider/{{provider}}/consumer/{{consumer}}{path}");
    routes
        .route(&p("/version/{number}"), one())
        .route(&p("/versions/{number}"), one())
        .route(&singular("/version/{number}"), one())
        .route(&singular("/latest"), get(Read, pacts::latest))
        .route(
            &p("/version/{number}/previous-distinct"),
            get(Read, pacts::previous_distinct),
        )
        .route(&p("/pact-version/{hash}"), get(Read, pacts::by_content))
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}"),
            get(Read, pacts::by_content_with_metadata),
        )
        .route(&p("/latest"), get(Read, pacts::latest))
        .route(&p("/latest/{tag}"), get(Read, pacts::latest_with_tag))
        .route(&p("/latest-untagged"), get(Read, pacts::latest_untagged))
        .route(
            &p("/versions"),
            get(Read, pact_lists::versions).delete(Admin, pact_lists::delete_versions),
        )
        .route(
            &p("/tag/{tag}"),
            get(Read, pact_lists::with_tag).delete(Admin, pact_lists::delete_with_tag),
        )
        .route(&p("/branch/versions"), get(Read, pact_lists::on_main))
        .route(
            &p("/branch/latest/versions"),
            get(Read, pact_lists::latest_on_main),
        )
        .route(
            &p("/branch/{branch}"),
            get(Read, pact_lists::on_branch).delete(Admin, pact_lists::delete_on_branch),
        )
        .route(
            &p("/branch/{branch}/latest"),
            get(Read, pacts::latest_on_branch),
        )
        .route(
            &p("/branch/{branch}/latest/versions"),
            get(Read, pact_lists::latest_on_branch),
        )
}

/// What changed between two pacts, and their results.
pub(super) fn differences_and_results(routes: Routes) -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    routes
        .route(
            &p("/version/{number}/diff/previous-distinct"),
            get(Read, diffs::with_previous_distinct),
        )
        .route(
            &p("/version/{number}/diff/version/{other}"),
            get(Read, diffs::with_version),
        )
        .route(
            &p("/pact-version/{hash}/diff/pact-version/{other}"),
            get(Read, diffs::with_content),
        )
        .route(
            &p("/version/{number}/verification-results/latest"),
            get(Read, results::latest_of_version),
        )
        .route(
            &p("/pact-version/{hash}/verification-results"),
            post(Verify, results::create),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/latest"),
            get(Read, results::latest_of_content),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/{number}"),
            get(Read, results::read).delete(Admin, results::delete),
        )
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}/verification-results"),
            post(Verify, results::create_with_metadata),
        )
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}/verification-results/{number}"),
            get(Read, results::read_with_metadata),
        )
        .route(
            &p("/latest/verification-results/latest"),
            get(Read, results::latest_of_latest),
        )
        .route(
            &p("/latest/{tag}/verification-results/latest"),
            get(Read, results::latest_of_latest_with_tag),
        )
}

/// The pacts of a provider.
pub(super) fn pacts_of_provider(routes: Routes) -> Routes {
    let pp = |path: &str| format!("/pacts/provider/{{provider}}{path}");
    routes
        .route("/pacts/latest", get(Read, pact_lists::latest))
        .route(&pp(""), get(Read, pact_lists::all_of_provider))
        .route(
            &pp("/for-verification"),
            get(Read, for_verification::get).post(Read, for_verification::post),
        )
        .route(&pp("/latest"), get(Read, pact_lists::latest_of_provider))
        .route(
            &pp("/latest/{tag}"),
            get(Read, pact_lists::latest_of_provider_with_tag),
        )
        .route(
            &pp("/tag/{tag}"),
            get(Read, pact_lists::of_provider_with_tag),
        )
        .route(
            &pp("/provider-states"),
            get(Read, provider_states::on_main_branch),
        )
        .route(
            &pp("/provider-states/branch/{branch}"),
            get(Read, provider_states::on_branch),
        )
        .route(
            &pp("/provider-states/environment/{uuid}"),
            get(Read, provider_states::in_environment),
        )
        .route(&pp("/branch"), get(Read, pact_lists::of_provider_on_main))
        .route(
            &pp("/branch/latest"),
            get(Read, pact_lists::latest_of_provider_on_main),
        )
        .route(
            &pp("/branch/{branch}"),
            get(Read, pact_lists::of_provider_on_branch),
        )
        .route(
            &pp("/branch/{branch}/latest"),
            get(Read, pact_lists::latest_of_provider_on_branch),
        )
}
