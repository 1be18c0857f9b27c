//! Environments, and what is recorded to be in them.

use serde_json::{Value, json};
use treaty_broker_client::{
    Client, Contact, Deployment, DeploymentToRecord, Environment, EnvironmentChange, NewEnvironment,
};

use crate::args::{
    CreateEnvironmentArgs, EnvironmentIdArgs, EnvironmentMembers, RecordDeploymentArgs,
    RecordUndeploymentArgs, UpdateEnvironmentArgs, VersionInEnvironmentArgs,
};
use crate::error::Failure;
use crate::output::{Members, Shown, or_empty};

pub(super) async fn record_deployment(
    client: &Client,
    args: &RecordDeploymentArgs,
) -> Result<Shown, Failure> {
    let place = &args.place;
    let instance = &args.instance.application_instance;
    let deployment = DeploymentToRecord {
        pacticipant: place.pacticipant.clone(),
        version: args.version.clone(),
        environment: place.environment.clone(),
        application_instance: instance.clone(),
    };
    let recorded = client.record_deployment(&deployment).await?;
    let sentence = format!(
        "Recorded deployment of {} {} to {}{}.",
        place.pacticipant,
        args.version,
        place.environment,
        in_instance(instance)
    );
    Ok(Shown::said(sentence, recorded.uuid, recorded.document))
}

pub(super) async fn record_undeployment(
    client: &Client,
    args: &RecordUndeploymentArgs,
) -> Result<Shown, Failure> {
    let place = &args.place;
    let instance = &args.instance.application_instance;
    let ended = client
        .record_undeployment(&place.pacticipant, &place.environment, instance.as_deref())
        .await?;
    let sentence = format!(
        "Recorded undeployment of {} from {}{}.",
        place.pacticipant,
        place.environment,
        in_instance(instance)
    );
    Ok(all(sentence, ended))
}

pub(super) async fn record_release(
    client: &Client,
    args: &VersionInEnvironmentArgs,
) -> Result<Shown, Failure> {
    let place = &args.place;
    let recorded = client
        .record_release(&place.pacticipant, &args.version, &place.environment)
        .await?;
    let sentence = format!(
        "Recorded release of {} {} to {}.",
        place.pacticipant, args.version, place.environment
    );
    Ok(Shown::said(sentence, recorded.uuid, recorded.document))
}

pub(super) async fn record_support_ended(
    client: &Client,
    args: &VersionInEnvironmentArgs,
) -> Result<Shown, Failure> {
    let place = &args.place;
    let ended = client
        .record_support_ended(&place.pacticipant, &args.version, &place.environment)
        .await?;
    let sentence = format!(
        "Recorded end of support for {} {} in {}.",
        place.pacticipant, args.version, place.environment
    );
    Ok(all(sentence, ended))
}

fn in_instance(name: &Option<String>) -> String {
    let name = name.as_ref();
    name.map_or_else(String::new, |name| format!(" (instance {name})"))
}

/// One record, or the list of them.
fn all(sentence: String, records: Vec<Deployment>) -> Shown {
    let ids: Vec<&str> = records.iter().map(|record| record.uuid.as_str()).collect();
    let ids = ids.join("\n");
    let mut documents: Vec<Value> = records.into_iter().map(|r| r.document).collect();
    let json = match documents.as_mut_slice() {
        [one] => one.take(),
        _ => json!(documents),
    };
    Shown::said(sentence, ids, json)
}

pub(super) async fn create(
    client: &Client,
    args: &CreateEnvironmentArgs,
) -> Result<Shown, Failure> {
    let new = NewEnvironment {
        name: args.name.clone(),
        display_name: args.members.display_name.clone(),
        production: args.members.production,
        contact: contact(&args.members),
    };
    let created = client.create_environment(&new).await;
    let created = created.map_err(Failure::of_question)?;
    let sentence = format!("Created environment {}.", created.name);
    Ok(Shown::said(sentence, created.uuid, created.document))
}

pub(super) async fn update(
    client: &Client,
    args: &UpdateEnvironmentArgs,
) -> Result<Shown, Failure> {
    let members = &args.members;
    let said = members.production || members.no_production;
    let change = EnvironmentChange {
        name: args.name.clone(),
        display_name: members.display_name.clone(),
        production: said.then_some(members.production),
        contact: contact(members),
    };
    let changed = client.update_environment(&args.uuid, &change).await;
    let changed = changed.map_err(Failure::of_question)?;
    let sentence = format!("Updated environment {}.", changed.name);
    Ok(Shown::said(sentence, changed.uuid, changed.document))
}

fn contact(members: &EnvironmentMembers) -> Option<Contact> {
    let contact = Contact {
        name: members.contact_name.clone(),
        email_address: members.contact_email_address.clone(),
    };
    Some(contact).filter(|contact| *contact != Contact::default())
}

pub(super) async fn describe(client: &Client, args: &EnvironmentIdArgs) -> Result<Shown, Failure> {
    let found = one(client, args).await?;
    let mut members = members(&found);
    let contact = &found.document["contacts"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    members.push(("CONTACT", text(&contact["name"])));
    members.push(("EMAIL", text(&contact["details"]["emailAddress"])));
    Ok(Shown::described(members, found.uuid, found.document))
}

pub(super) async fn delete(client: &Client, args: &EnvironmentIdArgs) -> Result<Shown, Failure> {
    let found = one(client, args).await?;
    client.delete_environment(&found.uuid).await?;
    let sentence = format!("Deleted environment {}.", found.name);
    Ok(Shown::said(sentence, found.uuid, found.document))
}

pub(super) async fn list(client: &Client) -> Result<Shown, Failure> {
    let found = client.environments().await?;
    let documents: Vec<Value> = found.iter().map(|e| e.document.clone()).collect();
    let things = found.into_iter().map(|e| (members(&e), e.uuid));
    Ok(Shown::listed(
        "environments",
        things.collect(),
        json!(documents),
    ))
}

/// By the id, or by the name in its place.
async fn one(client: &Client, args: &EnvironmentIdArgs) -> Result<Environment, Failure> {
    Ok(match (&args.uuid, &args.name) {
        (Some(uuid), _) => client.environment(uuid).await?,
        (None, Some(name)) => client.environment_named(name).await?,
        (None, None) => unreachable!("clap asks for one of them"),
    })
}

fn members(environment: &Environment) -> Members {
    let production = if environment.production { "yes" } else { "no" };
    vec![
        ("UUID", environment.uuid.clone()),
        ("NAME", environment.name.clone()),
        ("DISPLAY NAME", or_empty(&environment.display_name)),
        ("PRODUCTION", production.to_owned()),
    ]
}
