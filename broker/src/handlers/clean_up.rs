//! Clean-up, when it is asked for.

use crate::clean_up;
use crate::http::{Call, Outcome, Reply};

/// `GET /clean-up`: what a clean-up would take out.
pub(crate) async fn dry_run(call: Call) -> Outcome {
    let cleaned = clean_up::dry_run(&call.state).await?;
    Ok(Reply::ok(&cleaned.document(false)))
}

/// `POST /clean-up`
pub(crate) async fn run(call: Call) -> Outcome {
    let cleaned = clean_up::run(&call.state).await?;
    Ok(Reply::ok(&cleaned.document(true)))
}
