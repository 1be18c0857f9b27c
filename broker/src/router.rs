//! Every route of the broker. `N` is a pacticipant, `PP` the pacts of a provider, `P` the pacts between two.

mod pacts;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use http::StatusCode;
use tower::{ServiceExt, service_fn};

use crate::error::StartError;
use crate::handlers::{
    audit, badges, branches, clean_up, dashboard, deployments, environments, index, integrations,
    labels, matrix, pacticipants, publish, results, tags, tokens, triggered_webhooks, versions,
    webhook_execution, webhooks,
};
use crate::http::Need::{self, Admin, Badge, Describe, Probe, Read};
use crate::http::{
    Finish, OPENAPI, Place, Prefix, Route, Routes, delete, ends_with_filter, finish, get,
    not_found, post, wants_page, without_form,
};
use crate::openapi::openapi;
use crate::state::State;

/// The broker as a router, unless its base URL has a path that could be meant by a route.
pub(crate) fn router(state: State) -> Result<Router, StartError> {
    let (mut routes, api) = all().into_parts();
    let api = api.fallback(not_found).with_state(state.clone());
    let (shown, pages) = crate::pages::routes().into_parts();
    routes.extend(shown);
    let base_url = state.config.base_url.as_deref().unwrap_or_default();
    let patterns = routes.into_iter().map(|route| route.path);
    let prefix = Prefix::new(base_url, patterns.collect())?.map(Arc::new);
    let pages = pages
        .with_state(state.clone())
        .fallback_service(api.clone());
    let answer = move |request: Request| {
        let chosen = if wants_page(&request) { &pages } else { &api };
        chosen.clone().oneshot(request)
    };
    let all = service_fn(move |request: Request| {
        let answer = answer.clone();
        async move {
            let chooses = ends_with_filter(request.uri().path());
            let (first, second) = match without_form(&request) {
                Some(meant) if chooses => (meant, None),
                meant => (request, meant),
            };
            let answered = answer(first).await?;
            match second {
                Some(meant) if answered.status() == StatusCode::NOT_FOUND => answer(meant).await,
                _ => Ok(answered),
            }
        }
    });
    // axum adds `Allow` to a 405 last of all: what finishes the answers has to stand outside of that.
    let finished = from_fn_with_state(Finish { state, prefix }, finish);
    Ok(Router::new().fallback_service(all).layer(finished))
}

/// Every route that a broker answers, in the order of the router.
///
/// ```
/// let routes = treaty_broker::routes();
/// assert!(routes.iter().any(|route| (route.method, route.path.as_str()) == ("POST", "/contracts/publish")));
/// ```
#[must_use]
pub fn routes() -> Vec<Route> {
    all().into_parts().0
}

/// The paths at which a browser finds a page.
#[must_use]
pub fn pages() -> Vec<Route> {
    crate::pages::routes().into_parts().0
}

fn all() -> Routes {
    let routes = Routes::default()
        .route("/", get(Read, index::index))
        .route("/diagnostic/status/heartbeat", get(Probe, index::heartbeat))
        .route(
            "/diagnostic/status/dependencies",
            get(Probe, index::dependencies),
        )
        .route("/assets/style.css", get(Read, crate::pages::style))
        .route(OPENAPI, get(Read, openapi))
        .route("/metrics", get(Read, index::metrics))
        .route("/contracts/publish", post(Need::Body, publish::publish))
        .route("/matrix", get(Read, matrix::matrix))
        .route(
            "/matrix/provider/{provider}/consumer/{consumer}",
            get(Read, matrix::between),
        )
        .route("/can-i-deploy", get(Read, matrix::can_i_deploy))
        .route(
            "/verification-results/consumer/{consumer}/version/{number}/latest",
            get(Read, results::summary),
        )
        .route(
            "/tokens",
            get(Admin, tokens::list).post(Admin, tokens::create),
        )
        .route("/tokens/{id}", delete(Admin, tokens::revoke))
        .route("/audit", get(Admin, audit::list))
        .route(
            "/clean-up",
            get(Admin, clean_up::dry_run).post(Admin, clean_up::run),
        );
    let groups: [fn(Routes) -> Routes; 9] = [
        places,
        hooks,
        badges,
        graph,
        pacticipant,
        branches_of_pacticipant,
        pacts::pacts_between,
        pacts::differences_and_results,
        pacts::pacts_of_provider,
    ];
    groups.into_iter().fold(routes, |routes, add| add(routes))
}

/// Environments and what is in them.
fn places(routes: Routes) -> Routes {
    let environment = get(Read, environments::read)
        .put(Admin, environments::update)
        .delete(Admin, environments::delete);
    routes
        .route(
            "/environments",
            get(Read, environments::list).post(Admin, environments::create),
        )
        .route("/environments/{uuid}", environment)
        .route(
            "/environments/{uuid}/deployed-versions/currently-deployed",
            get(Read, deployments::currently_deployed),
        )
        .route(
            "/environments/{uuid}/released-versions/currently-supported",
            get(Read, deployments::currently_supported),
        )
        .route(
            "/deployed-versions/{uuid}",
            get(Read, deployments::read_deployment)
                .patch(Need::Deploy(Place::Deployment), deployments::end_deployment),
        )
        .route(
            "/released-versions/{uuid}",
            get(Read, deployments::read_release)
                .patch(Need::Deploy(Place::Release), deployments::end_release),
        )
}

/// Webhooks, and what they were triggered by.
fn hooks(routes: Routes) -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    routes
        .route(
            "/webhooks",
            get(Read, webhooks::list).post(Admin, webhooks::create),
        )
        .route(
            "/webhooks/{uuid}",
            get(Read, webhooks::read)
                .put(Admin, webhooks::put)
                .delete(Admin, webhooks::delete),
        )
        .route(
            "/webhooks/execute",
            post(Admin, webhook_execution::execute_unsaved),
        )
        .route(
            "/webhooks/{uuid}/execute",
            post(Admin, webhook_execution::execute),
        )
        .route(
            "/webhooks/provider/{provider}/consumer/{consumer}",
            get(Read, webhooks::list_of_pact).post(Admin, webhooks::create_for_pact),
        )
        .route(
            "/webhooks/provider/{provider}",
            get(Read, webhooks::list_of_provider).post(Admin, webhooks::create_for_provider),
        )
        .route(
            "/webhooks/consumer/{consumer}",
            get(Read, webhooks::list_of_consumer).post(Admin, webhooks::create_for_consumer),
        )
        .route(
            &p("/webhooks"),
            get(Read, webhooks::list_at_pact).post(Admin, webhooks::create_for_pact),
        )
        .route(
            &p("/webhooks/status"),
            get(Read, triggered_webhooks::status),
        )
        .route(
            &p("/version/{number}/triggered-webhooks"),
            get(Read, triggered_webhooks::of_publication),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/{number}/triggered-webhooks"),
            get(Read, triggered_webhooks::of_result),
        )
        .route(
            "/triggered-webhooks/{uuid}/logs",
            get(Read, triggered_webhooks::logs),
        )
        .route(
            "/triggered-webhooks/{uuid}/retry",
            post(Admin, triggered_webhooks::retry),
        )
}

/// Who has a pact with whom.
fn graph(routes: Routes) -> Routes {
    routes
        .route(
            "/integrations",
            get(Read, integrations::list).delete(Admin, integrations::delete_all),
        )
        .route(
            "/integrations/provider/{provider}/consumer/{consumer}",
            delete(Admin, integrations::delete),
        )
        .route("/dashboard", get(Read, dashboard::dashboard))
        .route(
            "/dashboard/provider/{provider}/consumer/{consumer}",
            get(Read, dashboard::of_pair),
        )
        .route("/relationships", get(Read, integrations::relationships))
        .route("/groups/{name}", get(Read, integrations::group))
}

/// Pictures of how things stand, for the pages of others.
fn badges(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    let mut routes = routes;
    for badge in ["badge", "badge.svg"] {
        routes = routes
            .route(&p(&format!("/latest/{badge}")), get(Badge, badges::latest))
            .route(
                &p(&format!("/latest/{{tag}}/{badge}")),
                get(Badge, badges::latest_with_tag),
            )
            .route(
                &p(&format!("/latest-untagged/{badge}")),
                get(Badge, badges::latest_untagged),
            )
            .route(
                &format!(
                    "/matrix/provider/{{provider}}/latest/{{tag}}/consumer/{{consumer}}/latest/{{to}}/{badge}"
                ),
                get(Badge, badges::between_tags),
            )
            .route(
                &n(&format!(
                    "/branches/{{branch}}/latest-version/can-i-deploy/to-environment/{{environment}}/{badge}"
                )),
                get(Badge, badges::can_branch_deploy),
            )
            .route(
                &n(&format!(
                    "/latest-version/{{tag}}/can-i-deploy/to/{{to}}/{badge}"
                )),
                get(Badge, badges::can_tag_deploy),
            )
            .route(
                &n(&format!("/main-branch/can-i-merge/{badge}")),
                get(Badge, badges::can_merge),
            );
    }
    routes
}

/// Pacticipants with their versions and tags.
fn pacticipant(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let one = get(Read, pacticipants::read)
        .patch(Describe, pacticipants::patch)
        .put(Describe, pacticipants::put)
        .delete(Admin, pacticipants::delete);
    let version = get(Read, versions::read)
        .put(Describe, versions::put)
        .patch(Describe, versions::patch)
        .delete(Admin, versions::delete);
    let deployed = get(Read, deployments::deployments_of_version)
        .post(Need::Deploy(Place::Environment), deployments::deploy);
    let released = get(Read, deployments::releases_of_version)
        .post(Need::Deploy(Place::Environment), deployments::release);
    routes
        .route(
            "/pacticipants",
            get(Read, pacticipants::list).post(Need::Body, pacticipants::create),
        )
        .route("/labels", get(Read, labels::list))
        .route(
            "/pacticipants/label/{label}",
            get(Read, pacticipants::with_label),
        )
        .route(
            &n("/labels/{label}"),
            get(Read, labels::read)
                .put(Describe, labels::put)
                .delete(Describe, labels::delete),
        )
        .route(&n(""), one)
        .route(&n("/versions"), get(Read, versions::list))
        .route(&n("/versions/{number}"), version)
        .route(
            &n("/versions/{number}/tags/{tag}"),
            get(Read, tags::read)
                .put(Need::Tag, tags::create)
                .delete(Need::Tag, tags::delete),
        )
        .route(
            &n("/versions/{number}/deployed-versions/environment/{uuid}"),
            deployed,
        )
        .route(
            &n("/versions/{number}/released-versions/environment/{uuid}"),
            released,
        )
        .route(&n("/latest-version"), get(Read, versions::latest))
        .route(
            &n("/latest-version/{tag}"),
            get(Read, versions::latest_with_tag),
        )
        .route(
            &n("/latest-version/{tag}/can-i-deploy/to/{to}"),
            get(Read, matrix::can_tag_deploy),
        )
        .route(
            &n("/tags/{tag}/versions"),
            get(Read, versions::list_with_tag),
        )
        .route(
            &n("/environments/{uuid}/versions"),
            get(Read, versions::list_in_environment),
        )
}

/// Branches with their versions.
fn branches_of_pacticipant(routes: Routes) -> Routes {
    let n = |path: &str| format!("/pacticipants/{{name}}{path}");
    let branch_version = get(Read, branches::read_version)
        .put(Describe, branches::put_version)
        .delete(Describe, branches::delete_version);
    routes
        .route(
            &n("/branches"),
            get(Read, branches::list).delete(Describe, branches::delete_many),
        )
        .route(
            &n("/branches/{branch}"),
            get(Read, branches::read).delete(Describe, branches::delete),
        )
        .route(
            &n("/branches/{branch}/versions"),
            get(Read, versions::list_on_branch),
        )
        .route(&n("/branches/{branch}/versions/{number}"), branch_version)
        .route(
            &n("/branches/{branch}/latest-version"),
            get(Read, versions::latest_on_branch),
        )
        .route(
            &n("/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}"),
            get(Read, matrix::can_branch_deploy),
        )
}
