//! The table of tokens.

use super::sql::params;
use super::{Row, Sql, SqlResult};

/// A token as it is kept: without its secret.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The first part of the token, by which it is found.
    pub(crate) public_id: String,
    /// What it is for.
    pub(crate) name: String,
    /// The hash of its secret part.
    pub(crate) hash: String,
    /// What it is trusted with, as a JSON array of texts.
    pub(crate) scopes: String,
    /// When it was created.
    pub(crate) created_at: String,
    /// Since when it is worth nothing.
    pub(crate) revoked_at: Option<String>,
}

const COLUMNS: &str = "public_id, name, hash, scopes, created_at, revoked_at";

fn token(mut row: Row) -> SqlResult<Token> {
    Ok(Token {
        public_id: row.text(0)?,
        name: row.text(1)?,
        hash: row.text(2)?,
        scopes: row.text(3)?,
        created_at: row.text(4)?,
        revoked_at: row.optional_text(5)?,
    })
}

/// Whether any token was ever created.
pub(crate) fn any(sql: &mut dyn Sql) -> SqlResult<bool> {
    let row = sql.first("SELECT id FROM tokens LIMIT 1", params![])?;
    Ok(row.is_some())
}

/// The token of this id, revoked or not.
pub(crate) fn find(sql: &mut dyn Sql, public_id: &str) -> SqlResult<Option<Token>> {
    let statement = format!("SELECT {COLUMNS} FROM tokens WHERE public_id = ?1");
    sql.first(&statement, params![public_id])?
        .map(token)
        .transpose()
}

/// Every token, the oldest first.
pub(crate) fn list(sql: &mut dyn Sql) -> SqlResult<Vec<Token>> {
    let statement = format!("SELECT {COLUMNS} FROM tokens ORDER BY id");
    sql.query(&statement, params![])?
        .into_iter()
        .map(token)
        .collect()
}

/// Keeps a token.
pub(crate) fn insert(sql: &mut dyn Sql, new: &Token) -> SqlResult<()> {
    let statement = "INSERT INTO tokens (public_id, name, hash, scopes, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let parameters = params![
        &new.public_id,
        &new.name,
        &new.hash,
        &new.scopes,
        &new.created_at
    ];
    sql.execute(statement, parameters).map(drop)
}

/// Makes a token worth nothing; says whether it was worth anything.
pub(crate) fn revoke(sql: &mut dyn Sql, public_id: &str, now: &str) -> SqlResult<bool> {
    let statement = "UPDATE tokens SET revoked_at = ?2 WHERE public_id = ?1 AND revoked_at IS NULL";
    Ok(sql.execute(statement, params![public_id, now])? == 1)
}
