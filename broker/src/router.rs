//! Every route of the broker.

use axum::Router;
use axum::routing::get;

use crate::state::State;

/// The broker as a router.
pub(crate) fn router(state: State) -> Router {
    Router::new()
        .route(
            "/diagnostic/status/heartbeat",
            get(|| async { "{\"ok\":true}" }),
        )
        .with_state(state)
}
