//! Pacticipants and their labels.

use serde_json::{Value, json};
use treaty_broker_client::{Client, Pacticipant, PacticipantChange};

use crate::args::{LabelArgs, PacticipantArgs, PacticipantNameArgs};
use crate::error::Failure;
use crate::output::{Members, Shown, joined, or_empty};

pub(super) async fn put(client: &Client, args: &PacticipantArgs) -> Result<Shown, Failure> {
    let change = PacticipantChange {
        name: args.name.clone(),
        display_name: args.display_name.clone(),
        main_branch: args.main_branch.clone(),
        repository_url: args.repository_url.clone(),
    };
    let made = client.create_or_update_pacticipant(&change).await;
    let made = made.map_err(Failure::of_question)?;
    let sentence = format!("The broker knows pacticipant {} as told.", made.name);
    Ok(Shown::said(sentence, made.name, made.document))
}

pub(super) async fn describe(
    client: &Client,
    args: &PacticipantNameArgs,
) -> Result<Shown, Failure> {
    let found = client.pacticipant(&args.name).await?;
    Ok(Shown::described(
        members(&found),
        found.name,
        found.document,
    ))
}

pub(super) async fn list(client: &Client) -> Result<Shown, Failure> {
    let found = client.pacticipants().await?;
    let documents: Vec<Value> = found.iter().map(|p| p.document.clone()).collect();
    let things = found.into_iter().map(|p| (members(&p), p.name));
    Ok(Shown::listed(
        "pacticipants",
        things.collect(),
        json!(documents),
    ))
}

pub(super) async fn delete(client: &Client, args: &PacticipantNameArgs) -> Result<Shown, Failure> {
    client.delete_pacticipant(&args.name).await?;
    let sentence = format!(
        "Deleted pacticipant {}, with all that belonged to it.",
        args.name
    );
    Ok(Shown::said(
        sentence,
        args.name.as_str(),
        json!({ "deleted": args.name }),
    ))
}

pub(super) async fn add_label(client: &Client, args: &LabelArgs) -> Result<Shown, Failure> {
    client.add_label(&args.name, &args.label).await?;
    let sentence = format!("Pacticipant {} has the label {}.", args.name, args.label);
    let json = json!({ "pacticipant": args.name, "label": args.label });
    Ok(Shown::said(sentence, &args.label, json))
}

pub(super) async fn remove_label(client: &Client, args: &LabelArgs) -> Result<Shown, Failure> {
    client.remove_label(&args.name, &args.label).await?;
    let sentence = format!(
        "Pacticipant {} has no label {} any more.",
        args.name, args.label
    );
    let json = json!({ "pacticipant": args.name, "deleted": args.label });
    Ok(Shown::said(sentence, &args.label, json))
}

fn members(pacticipant: &Pacticipant) -> Members {
    vec![
        ("NAME", pacticipant.name.clone()),
        ("DISPLAY NAME", or_empty(&pacticipant.display_name)),
        ("MAIN BRANCH", or_empty(&pacticipant.main_branch)),
        ("REPOSITORY", or_empty(&pacticipant.repository_url)),
        ("LABELS", joined(&pacticipant.labels)),
    ]
}
