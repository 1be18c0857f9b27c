//! Which page stands at which path. Other paths answer browsers as they answer everybody.

use super::{dashboard, diff, docs, index, matrix, pact, pacticipant, result};
use crate::http::Need::Read;
use crate::http::{Routes, get};

/// The pages.
pub(crate) fn routes() -> Routes {
    let p = |path: &str| format!("/pacts/provider/{{provider}}/consumer/{{consumer}}{path}");
    Routes::default()
        .route("/", get(Read, index::index))
        .route("/doc/{relation}", get(Read, docs::relation))
        .route("/dashboard", get(Read, dashboard::dashboard))
        .route(
            "/dashboard/provider/{provider}/consumer/{consumer}",
            get(Read, dashboard::of_pair),
        )
        .route("/matrix", get(Read, matrix::matrix))
        .route(
            "/matrix/provider/{provider}/consumer/{consumer}",
            get(Read, matrix::between),
        )
        .route("/pacticipants/{name}", get(Read, pacticipant::pacticipant))
        .route(&p("/version/{number}"), get(Read, pact::of_version))
        .route(&p("/pact-version/{hash}"), get(Read, pact::of_content))
        .route(&p("/latest"), get(Read, pact::latest))
        .route(&p("/latest/{tag}"), get(Read, pact::latest_with_tag))
        .route(
            &p("/branch/{branch}/latest"),
            get(Read, pact::latest_on_branch),
        )
        .route(
            &p("/version/{number}/diff/previous-distinct"),
            get(Read, diff::with_previous_distinct),
        )
        .route(
            &p("/version/{number}/diff/version/{other}"),
            get(Read, diff::with_version),
        )
        .route(
            &p("/pact-version/{hash}/diff/pact-version/{other}"),
            get(Read, diff::with_content),
        )
        .route(
            &p("/version/{number}/verification-results/latest"),
            get(Read, result::latest_of_version),
        )
        .route(
            &p("/pact-version/{hash}/verification-results/{number}"),
            get(Read, result::result),
        )
        .route(
            &p("/pact-version/{hash}/metadata/{metadata}/verification-results/{number}"),
            get(Read, result::result_with_metadata),
        )
}
