//! What each route does: reads the request, asks the store, decides, and shows the answer.

pub(crate) mod audit;
pub(crate) mod badges;
pub(crate) mod branches;
pub(crate) mod clean_up;
pub(crate) mod dashboard;
pub(crate) mod deployments;
pub(crate) mod diffs;
pub(crate) mod environments;
pub(crate) mod for_verification;
pub(crate) mod index;
pub(crate) mod integrations;
pub(crate) mod labels;
pub(crate) mod matrix;
mod matrix_query;
pub(crate) mod pact_lists;
pub(crate) mod pacticipants;
pub(crate) mod pacts;
pub(crate) mod provider_states;
pub(crate) mod publish;
mod publish_request;
mod publishing;
mod remedy;
pub(crate) mod results;
mod selection;
pub(crate) mod tags;
pub(crate) mod tokens;
pub(crate) mod triggered_webhooks;
mod triggering;
mod verification_query;
pub(crate) mod versions;
pub(crate) mod webhook_execution;
mod webhook_fields;
pub(crate) mod webhooks;

use crate::domain::model::{Pacticipant, Version};
use crate::http::Problem;
use crate::store::{Sql, pacticipants as pacticipants_table, versions as versions_table};

/// The pacticipant of a name, or 404.
pub(crate) fn pacticipant(sql: &mut dyn Sql, name: &str) -> Result<Pacticipant, Problem> {
    pacticipants_table::find(sql, name)?.ok_or(Problem::NotFound)
}

/// The pacticipant of a name, or a 404 that names it.
pub(crate) fn named_pacticipant(sql: &mut dyn Sql, name: &str) -> Result<Pacticipant, Problem> {
    let found = pacticipants_table::find(sql, name)?;
    found
        .ok_or_else(|| Problem::NotFoundBecause(format!("No pacticipant with name '{name}' found")))
}

/// The version of a named pacticipant, or 404.
pub(crate) fn version(sql: &mut dyn Sql, name: &str, number: &str) -> Result<Version, Problem> {
    versions_table::find_by_name(sql, name, number)?.ok_or(Problem::NotFound)
}
