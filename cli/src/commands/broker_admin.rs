//! `treaty broker token`, `treaty broker audit` and `treaty broker clean`.

use serde_json::{Value, json};
use treaty_broker_client::{AuditEntry, CleanUp, Token};

use crate::args::{
    AdminArgs, AuditArgs, CleanArgs, CreateTokenArgs, RevokeTokenArgs, TokenCommand,
};
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer, table};

pub(crate) async fn token(command: &TokenCommand) -> Result<Answer, Failure> {
    match command {
        TokenCommand::Create(args) => create(args).await,
        TokenCommand::List(args) => list(args).await,
        TokenCommand::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: &CreateTokenArgs) -> Result<Answer, Failure> {
    let client = broker_access::open_or_create(&args.admin.broker)?;
    let created = client.create_token(&args.name, &args.scope).await;
    let created = created.map_err(Failure::of_question)?;
    let token = created.token.clone().unwrap_or_default();
    output::note(&format!(
        "token {} ({}) is shown this once; the broker keeps only a hash of it",
        created.id, created.name
    ));
    let mut json = document(&created);
    json["token"] = token.as_str().into();
    Ok(yes(token, json))
}

async fn list(args: &AdminArgs) -> Result<Answer, Failure> {
    let tokens = broker_access::open(&args.broker)?.tokens().await?;
    let row = |token: &Token| {
        vec![
            token.id.clone(),
            token.name.clone(),
            token.scopes.join(", "),
            token.created_at.clone(),
            token.revoked_at.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = tokens.iter().map(row).collect();
    let text = if rows.is_empty() {
        "There are no tokens.".to_owned()
    } else {
        table(&["ID", "NAME", "SCOPES", "CREATED", "REVOKED"], &rows)
    };
    let tokens: Vec<Value> = tokens.iter().map(document).collect();
    Ok(yes(text, json!({ "tokens": tokens })))
}

async fn revoke(args: &RevokeTokenArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.admin.broker)?;
    client.revoke_token(&args.id).await.map_err(|error| {
        if error.status().is_some_and(|status| status.as_u16() == 404) {
            return Failure::usage(
                format!("there is no token {} that is worth anything", args.id),
                "take the id from treaty broker token list",
            );
        }
        error.into()
    })?;
    let text = format!("Token {} is worth nothing any more.", args.id);
    Ok(yes(text, json!({ "revoked": args.id })))
}

pub(crate) async fn audit(args: &AuditArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.admin.broker)?;
    let entries = client.audit_log(args.entries).await?;
    let row = |entry: &AuditEntry| {
        vec![
            entry.at.clone(),
            entry.who.clone(),
            format!("{} {}", entry.method, entry.path),
            entry.about.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    let text = if rows.is_empty() {
        "Nothing was changed yet.".to_owned()
    } else {
        table(&["WHEN", "WHO", "WHAT", "ABOUT"], &rows)
    };
    let json = |entry: &AuditEntry| {
        json!({
            "id": entry.id, "at": entry.at, "who": entry.who, "method": entry.method, "path": entry.path,
            "about": entry.about,
        })
    };
    let entries: Vec<Value> = entries.iter().map(json).collect();
    Ok(yes(text, json!({ "entries": entries })))
}

pub(crate) async fn clean(args: &CleanArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.admin.broker)?;
    let (cleaned, verb) = if args.dry_run {
        (client.clean_up_dry_run().await?, "Would take out")
    } else {
        (client.clean_up().await?, "Took out")
    };
    let CleanUp {
        versions,
        unneeded,
        leftovers,
        history,
        keep_days,
        history_keep_days,
        ..
    } = &cleaned;
    let text = format!(
        "{verb} {unneeded} of {versions} versions, {leftovers} revisions, results and contents that nothing refers to, \
         and {history} webhooks that were sent and entries of the audit log.\n\
         Kept is what came in the last {keep_days} days, the latest of each pacticipant, branch and tag, what is in an environment, \
         and of what was sent and changed the last {history_keep_days} days."
    );
    Ok(yes(text, cleaned.document))
}

fn document(token: &Token) -> Value {
    json!({
        "id": token.id, "name": token.name, "scopes": token.scopes, "createdAt": token.created_at,
        "revokedAt": token.revoked_at,
    })
}

fn yes(text: String, json: Value) -> Answer {
    Answer {
        code: ExitCode::Yes,
        text,
        json,
    }
}
