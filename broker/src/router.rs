//! Every route of the broker. `N` is a pacticipant, `PP` the pacts of a provider, `P` the pacts between two.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

use crate::handlers::{
    badges, branches, dashboard, deployments, diffs, environments, for_verification, index,
    integrations, labels, matrix, pact_lists, pacticipants, pacts, provider_states, publish,
    results, tags, versions,
};
use crate::http::{finish, not_found};
use crate::state::State;

type Routes = Router<State>;

/// The broker as a router.
pub(crate) fn router(state: State) -> Router {
    let routes = Router::new()
        .route("/", get(index::index))
        .route("/diagnostic/status/heartbeat", get(index::heartbeat))
        .route("/diagnostic/status/dependencies", get(index::dependencies))
        .route("/metrics", get(index::metrics))
        .route("/contracts/publish", post(publish::publish))
        .route("/matrix", get(matrix::matrix))
        .route(
            "/matrix/provider/{provider}/consumer/{consumer}",
            get(matrix::between),
        )
        .route("/can-i-deploy", get(matrix::can_i_deploy))
        .route(
            "/verification-results/consumer/{consumer}/version/{number}/latest",
            get(results::summary),
        );
    let all = pacts_of_provider(differences_and_results(pacts_between(
        branches_of_pacticipant(pacticipant(graph(badges(places(routes))))),
    )))
    .fallback(not_found)
    .with_state(state.clone());
    // axum adds `Allow` to a 405 last of all: what finishes the answers has to stand outside of that.
    Router::new()
        .fallback_service(all)
        .layer(from_fn_with_state(state, finish))
}

/// Environments and what is in them.
fn places(routes: Routes) -> Routes {
    let environment = get(environments::read)
        .put(environments::update)
        .delete(environments::delete);
    routes
        .route(
            "/environments",
            get(environments::list).post(environments::create),
        )
        .route("/environments/{uuid}", environment)
        .route(
            "/environments/{uuid}/deployed-versions/currently-deployed",
            get(deployments::currently_deployed),
        )
        .route(
            "/environments/{uuid}/released-versions/currently-supported",
            get(deployments::currently_supported),
        )
        .route(
            "/deployed-versions/{uuid}",
            get(deployments::read_deployment).patch(deployments::end_deployment),
        )
        .route(
            "/released-versions/{uuid}",
            get(deployments::read_release).patch(deployments::end_release),
        )
}

/// Who has a pact with whom.
fn graph(routes: Routes) -> Routes {
    routes
        .route(
            "/integrations",
            get(integrations::list).delete(integrations::delete_all),
        )
        .route(
            "/integrations/provider/{provider}/consumer/{consumer}",
            delete(integrations::delete),
        )
        .route("/dashboard", get(dashboard::dashboard))
        .route(
            "/dashboard/provider/{provider}/consumer/{consumer}",
            get(dashboard::of_pair),
        )
        .route("/relationships", get(integrations::relationships))
        .route("/groups/{name}", get(integrations::group))
}

/// Pictures of how things stand, for the pages of others.
fn badges(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    let mut routes = routes;
    for badge in ["badge", "badge.svg"] {
        routes = routes
            .route(&p(&format!("/latest/{badge}")), get(badges::latest))
            .route(
                &p(&format!("/latest/{{tag}}/{badge}")),
                get(badges::latest_with_tag),
            )
            .route(
                &p(&format!("/latest-untagged/{badge}")),
                get(badges::latest_untagged),
            )
            .route(
                &format!(
                    "/matrix/provider/{{provider}}/latest/{{tag}}/consumer/{{consumer}}/latest/{{to}}/{badge}"
                ),
                get(badges::between_tags),
            )
            .route(
                &n(&format!(
                    "/branches/{{branch}}/latest-version/can-i-deploy/to-environment/{{environment}}/{badge}"
                )),
                get(badges::can_branch_deploy),
            )
            .route(
                &n(&format!(
                    "/latest-version/{{tag}}/can-i-deploy/to/{{to}}/{badge}"
                )),
                get(badges::can_tag_deploy),
            )
            .route(
                &n(&format!("/main-branch/can-i-merge/{badge}")),
                get(badges::can_merge),
            );
    }
    routes
}

/// Pacticipants with their versions and tags.
fn pacticipant(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let one = get(pacticipants::read)
        .patch(pacticipants::patch)
        .put(pacticipants::put)
        .delete(pacticipants::delete);
    let version = get(versions::read)
        .put(versions::put)
        .patch(versions::patch)
        .delete(versions::delete);
    let deployed = get(deployments::deployments_of_version).post(deployments::deploy);
    let released = get(deployments::releases_of_version).post(deployments::release);
    routes
        .route(
            "/pacticipants",
            get(pacticipants::list).post(pacticipants::create),
        )
        .route("/labels", get(labels::list))
        .route("/pacticipants/label/{label}", get(pacticipants::with_label))
        .route(
            &n("/labels/{label}"),
            get(labels::read).put(labels::put).delete(labels::delete),
        )
        .route(&n(""), one)
        .route(&n("/versions"), get(versions::list))
        .route(&n("/versions/{number}"), version)
        .route(
            &n("/versions/{number}/tags/{tag}"),
            get(tags::read).put(tags::create).delete(tags::delete),
        )
        .route(
            &n("/versions/{number}/deployed-versions/environment/{uuid}"),
            deployed,
        )
        .route(
            &n("/versions/{number}/released-versions/environment/{uuid}"),
            released,
        )
        .route(&n("/latest-version"), get(versions::latest))
        .route(&n("/latest-version/{tag}"), get(versions::latest_with_tag))
        .route(
            &n("/latest-version/{tag}/can-i-deploy/to/{to}"),
            get(matrix::can_tag_deploy),
        )
        .route(&n("/tags/{tag}/versions"), get(versions::list_with_tag))
        .route(
            &n("/environments/{uuid}/versions"),
            get(versions::list_in_environment),
        )
}

/// Branches with their versions.
fn branches_of_pacticipant(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let branch_version = get(branches::read_version)
        .put(branches::put_version)
        .delete(branches::delete_version);
    routes
        .route(
            &n("/branches"),
            get(branches::list).delete(branches::delete_many),
        )
        .route(
            &n("/branches/{branch}"),
            get(branches::read).delete(branches::delete),
        )
        .route(
            &n("/branches/{branch}/versions"),
            get(versions::list_on_branch),
        )
        .route(&n("/branches/{branch}/versions/{number}"), branch_version)
        .route(
            &n("/branches/{branch}/latest-version"),
            get(versions::latest_on_branch),
        )
        .route(
            &n("/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}"),
            get(matrix::can_branch_deploy),
        )
}

/// The pacts between two pacticipants.
fn pacts_between(routes: Routes) -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    let one = || {
        get(pacts::read)
            .put(pacts::put)
            .patch(pacts::patch)
            .delete(pacts::delete)
    };
    // Two addresses of old clients.
    let singular = |path: &str| format!("/pact/provider/{{provider}}/consumer/{{consumer}}{path}");
    routes
        .route(&p("/version/{number}"), one())
        .route(&p("/versions/{number}"), one())
        .route(&singular("/version/{number}"), one())
        .route(&singular("/latest"), get(pacts::latest))
        .route(
            &p("/version/{number}/previous-distinct"),
            get(pacts::previous_distinct),
        )
        .route(&p("/pact-version/{hash}"), get(pacts::by_content))
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}"),
            get(pacts::by_content_with_metadata),
        )
        .route(&p("/latest"), get(pacts::latest))
        .route(&p("/latest/{tag}"), get(pacts::latest_with_tag))
        .route(&p("/latest-untagged"), get(pacts::latest_untagged))
        .route(
            &p("/versions"),
            get(pact_lists::versions).delete(pact_lists::delete_versions),
        )
        .route(
            &p("/tag/{tag}"),
            get(pact_lists::with_tag).delete(pact_lists::delete_with_tag),
        )
        .route(&p("/branch/versions"), get(pact_lists::on_main))
        .route(
            &p("/branch/latest/versions"),
            get(pact_lists::latest_on_main),
        )
        .route(
            &p("/branch/{branch}"),
            get(pact_lists::on_branch).delete(pact_lists::delete_on_branch),
        )
        .route(&p("/branch/{branch}/latest"), get(pacts::latest_on_branch))
        .route(
            &p("/branch/{branch}/latest/versions"),
            get(pact_lists::latest_on_branch),
        )
}

/// What changed between two pacts, and their results.
fn differences_and_results(routes: Routes) -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    routes
        .route(
            &p("/version/{number}/diff/previous-distinct"),
            get(diffs::with_previous_distinct),
        )
        .route(
            &p("/version/{number}/diff/version/{other}"),
            get(diffs::with_version),
        )
        .route(
            &p("/pact-version/{hash}/diff/pact-version/{other}"),
            get(diffs::with_content),
        )
        .route(
            &p("/version/{number}/verification-results/latest"),
            get(results::latest_of_version),
        )
        .route(
            &p("/pact-version/{hash}/verification-results"),
            post(results::create),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/latest"),
            get(results::latest_of_content),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/{number}"),
            get(results::read).delete(results::delete),
        )
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}/verification-results"),
            post(results::create_with_metadata),
        )
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}/verification-results/{number}"),
            get(results::read_with_metadata),
        )
        .route(
            &p("/latest/verification-results/latest"),
            get(results::latest_of_latest),
        )
        .route(
            &p("/latest/{tag}/verification-results/latest"),
            get(results::latest_of_latest_with_tag),
        )
}

/// The pacts of a provider.
fn pacts_of_provider(routes: Routes) -> Routes {
    let pp = |path: &str| format!("/pacts/provider/{{provider}}{path}");
    routes
        .route("/pacts/latest", get(pact_lists::latest))
        .route(&pp(""), get(pact_lists::all_of_provider))
        .route(
            &pp("/for-verification"),
            get(for_verification::get).post(for_verification::post),
        )
        .route(&pp("/latest"), get(pact_lists::latest_of_provider))
        .route(
            &pp("/latest/{tag}"),
            get(pact_lists::latest_of_provider_with_tag),
        )
        .route(&pp("/tag/{tag}"), get(pact_lists::of_provider_with_tag))
        .route(
            &pp("/provider-states"),
            get(provider_states::on_main_branch),
        )
        .route(
            &pp("/provider-states/branch/{branch}"),
            get(provider_states::on_branch),
        )
        .route(
            &pp("/provider-states/environment/{uuid}"),
            get(provider_states::in_environment),
        )
        .route(&pp("/branch"), get(pact_lists::of_provider_on_main))
        .route(
            &pp("/branch/latest"),
            get(pact_lists::latest_of_provider_on_main),
        )
        .route(
            &pp("/branch/{branch}"),
            get(pact_lists::of_provider_on_branch),
        )
        .route(
            &pp("/branch/{branch}/latest"),
            get(pact_lists::latest_of_provider_on_branch),
        )
}
