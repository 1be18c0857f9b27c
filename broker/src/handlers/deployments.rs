//! Deployed and released versions.

use axum::extract::Path;
use serde_json::Value;

use super::environments;
use crate::domain::model::{Deployment, Environment};
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations};
use crate::store::deployments::{self as table, Kind, NewRecord};
use crate::store::{Sql, environments as environments_table};
use crate::views::deployments as views;
use crate::views::environments::display_name;

const JSON: &[&str] = &["application/json"];
const MERGE_PATCH: &[&str] = &["application/merge-patch+json"];

fn find(sql: &mut dyn Sql, kind: Kind, uuid: &str) -> Result<(Deployment, Environment), Problem> {
    let record = table::find(sql, kind, uuid)?.ok_or(Problem::NotFound)?;
    let all = environments_table::list(sql)?;
    let environment = all
        .into_iter()
        .find(|environment| environment.id == record.environment_id);
    Ok((record, environment.ok_or(Problem::NotFound)?))
}

/// What the audit log tells of a record, in names: what their ids stand for may be deleted some day.
fn about(record: &Deployment, environment: &Environment) -> String {
    let Deployment {
        pacticipant,
        version_number,
        ..
    } = record;
    format!(
        "{pacticipant}, version {version_number}, in {}",
        environment.name
    )
}

/// `POST /pacticipants/{name}/versions/{number}/deployed-versions/environment/{uuid}`
pub(crate) async fn deploy(
    call: Call,
    path: Path<(String, String, String)>,
    body: JsonBody,
) -> Outcome {
    let body = body.object()?;
    let instance =
        ["applicationInstance", "target"]
            .iter()
            .find_map(|name| match body.get(*name) {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            });
    record(call, path, Kind::Deployed, instance).await
}

/// `POST /pacticipants/{name}/versions/{number}/released-versions/environment/{uuid}`
pub(crate) async fn release(
    call: Call,
    path: Path<(String, String, String)>,
    body: JsonBody,
) -> Outcome {
    body.object()?;
    record(call, path, Kind::Released, None).await
}

async fn record(
    call: Call,
    Path((name, number, environment)): Path<(String, String, String)>,
    kind: Kind,
    instance: Option<String>,
) -> Outcome {
    let (now, uuid) = (call.now(), call.state.config.ids.next());
    let content_type = call.require_content_type(JSON);
    let write = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &name, &number)?;
        let environment = environments::find(sql, &environment)?;
        content_type?;
        let instance = instance.as_deref().filter(|instance| !instance.is_empty());
        let new = NewRecord {
            version: &version,
            environment_id: environment.id,
            application_instance: instance,
            uuid: &uuid,
            now: &now,
        };
        let (uuid, is_new) = match kind {
            Kind::Deployed => (table::record_deployment(sql, new)?, true),
            Kind::Released => table::record_release(sql, new)?,
        };
        let (record, environment) = find(sql, kind, &uuid)?;
        let about = about(&record, &environment);
        Ok::<_, Problem>(((record, environment, is_new), about))
    };
    let (record, environment, is_new) = call.state.store.write_about(write).await?;
    let own = match kind {
        Kind::Deployed => call.urls.deployed_version(&record.uuid),
        Kind::Released => call.urls.released_version(&record.uuid),
    };
    let reply =
        Reply::ok(&views::record(&call.urls, kind, &record, &environment)).created_if(is_new);
    Ok(reply.at(own))
}

/// `GET /pacticipants/{name}/versions/{number}/deployed-versions/environment/{uuid}`
pub(crate) async fn deployments_of_version(
    call: Call,
    path: Path<(String, String, String)>,
) -> Outcome {
    of_version(call, path, Kind::Deployed).await
}

/// `GET /pacticipants/{name}/versions/{number}/released-versions/environment/{uuid}`
pub(crate) async fn releases_of_version(
    call: Call,
    path: Path<(String, String, String)>,
) -> Outcome {
    of_version(call, path, Kind::Released).await
}

async fn of_version(
    call: Call,
    Path((name, number, environment)): Path<(String, String, String)>,
    kind: Kind,
) -> Outcome {
    let own = call.own_url();
    let read = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &name, &number)?;
        let environment = environments::find(sql, &environment)?;
        let records = table::of_version_in(sql, kind, version.id, environment.id)?;
        let verb = if kind == Kind::Deployed {
            "Deployed"
        } else {
            "Released"
        };
        let title = format!(
            "{verb} versions for {name} version {number} in environment {}",
            display_name(&environment)
        );
        Ok::<_, Problem>((records, title))
    };
    let (records, title) = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::of_version(
        &call.urls, kind, &records, &title, &own,
    )))
}

/// `GET /environments/{uuid}/deployed-versions/currently-deployed`
pub(crate) async fn currently_deployed(call: Call, uuid: Path<String>) -> Outcome {
    current(call, uuid, Kind::Deployed).await
}

/// `GET /environments/{uuid}/released-versions/currently-supported`
pub(crate) async fn currently_supported(call: Call, uuid: Path<String>) -> Outcome {
    current(call, uuid, Kind::Released).await
}

async fn current(call: Call, Path(uuid): Path<String>, kind: Kind) -> Outcome {
    let own = call.own_url();
    let read = move |sql: &mut dyn Sql| {
        let environment = environments::find(sql, &uuid)?;
        let records = table::current(sql, kind, environment.id)?;
        Ok::<_, Problem>((records, environment))
    };
    let (mut records, environment) = call.state.store.read(read).await?;
    if let Some(pacticipant) = call.query.get("pacticipant") {
        records.retain(|record| record.pacticipant == pacticipant);
    }
    if let Some(version) = call.query.get("version") {
        records.retain(|record| record.version_number == version);
    }
    if let Some(instance) = call
        .query
        .get("applicationInstance")
        .or_else(|| call.query.get("target"))
    {
        // A blank one asks for what was deployed without one.
        let own = |record: &Deployment| record.application_instance.clone().unwrap_or_default();
        records.retain(|record| own(record) == instance);
    }
    Ok(Reply::ok(&views::current(
        &call.urls,
        kind,
        &records,
        &environment,
        &own,
    )))
}

/// `GET /deployed-versions/{uuid}`
pub(crate) async fn read_deployment(call: Call, uuid: Path<String>) -> Outcome {
    read(call, uuid, Kind::Deployed).await
}

/// `GET /released-versions/{uuid}`
pub(crate) async fn read_release(call: Call, uuid: Path<String>) -> Outcome {
    read(call, uuid, Kind::Released).await
}

async fn read(call: Call, Path(uuid): Path<String>, kind: Kind) -> Outcome {
    let (record, environment) = call
        .state
        .store
        .read(move |sql| find(sql, kind, &uuid))
        .await?;
    Ok(Reply::ok(&views::record(
        &call.urls,
        kind,
        &record,
        &environment,
    )))
}

/// `PATCH /deployed-versions/{uuid}`
pub(crate) async fn end_deployment(call: Call, uuid: Path<String>, body: JsonBody) -> Outcome {
    let text = "The currentlyDeployed property cannot be set back to true. Please record a new deployment.";
    end(
        call,
        uuid,
        body,
        Ending {
            kind: Kind::Deployed,
            member: "currentlyDeployed",
            cannot_return: text,
        },
    )
    .await
}

/// `PATCH /released-versions/{uuid}`
pub(crate) async fn end_release(call: Call, uuid: Path<String>, body: JsonBody) -> Outcome {
    let text =
        "The currentlySupported property cannot be set back to true. Please record a new release.";
    end(
        call,
        uuid,
        body,
        Ending {
            kind: Kind::Released,
            member: "currentlySupported",
            cannot_return: text,
        },
    )
    .await
}

/// How a record of a kind is ended.
struct Ending {
    kind: Kind,
    member: &'static str,
    cannot_return: &'static str,
}

async fn end(call: Call, Path(uuid): Path<String>, body: JsonBody, ending: Ending) -> Outcome {
    let body = body.object()?;
    let now = call.now();
    let content_type = call.require_content_type(MERGE_PATCH);
    let kind = ending.kind;
    let write = move |sql: &mut dyn Sql| {
        let (record, _) = find(sql, kind, &uuid)?;
        content_type?;
        match body.get(ending.member) {
            None | Some(Value::Null) => {}
            Some(Value::Bool(false)) => table::end(sql, kind, record.id, &now)?,
            Some(Value::Bool(true)) => {
                return Err(Problem::Unprocessable(Violations::of(
                    ending.member,
                    ending.cannot_return,
                )));
            }
            Some(_) => {
                return Err(Violations::of(ending.member, "must be one of: true, false").into());
            }
        }
        let (record, environment) = find(sql, kind, &uuid)?;
        let about = about(&record, &environment);
        Ok(((record, environment), about))
    };
    let (record, environment) = call.state.store.write_about(write).await?;
    Ok(Reply::ok(&views::record(
        &call.urls,
        kind,
        &record,
        &environment,
    )))
}
