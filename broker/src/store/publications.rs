//! The tables of contents and of the publications that point to them.

use super::sql::params;
use super::{Row, Sql, SqlResult, StoreError};
use crate::domain::model::Publication;

/// The columns of a publication, for a statement that joins as [`FROM`] does.
pub(super) const COLUMNS: &str = "p.id, p.consumer_id, c.name, p.provider_id, r.name, p.consumer_version_id, \
                                  v.number, p.content_id, k.hash, p.created_at";

/// A publication with its names.
pub(super) const FROM: &str = "FROM publications p JOIN pacticipants c ON c.id = p.consumer_id \
                               JOIN pacticipants r ON r.id = p.provider_id \
                               JOIN versions v ON v.id = p.consumer_version_id \
                               JOIN contents k ON k.id = p.content_id";

/// Reads the columns of a publication from the first column given.
pub(super) fn publication(row: &mut Row, first: usize) -> SqlResult<Publication> {
    Ok(Publication {
        id: row.integer(first)?,
        consumer_id: row.integer(first + 1)?,
        consumer: row.text(first + 2)?,
        provider_id: row.integer(first + 3)?,
        provider: row.text(first + 4)?,
        version_id: row.integer(first + 5)?,
        version_number: row.text(first + 6)?,
        content_id: row.integer(first + 7)?,
        hash: row.text(first + 8)?,
        created_at: row.text(first + 9)?,
    })
}

fn all(rows: Vec<Row>) -> SqlResult<Vec<Publication>> {
    rows.into_iter()
        .map(|mut row| publication(&mut row, 0))
        .collect()
}

/// Two pacticipants that have a pact between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    /// The consumer's id.
    pub(crate) consumer_id: i64,
    /// The provider's id.
    pub(crate) provider_id: i64,
}

/// The ids of two pacticipants, if both exist.
pub(crate) fn pair(sql: &mut dyn Sql, consumer: &str, provider: &str) -> SqlResult<Option<Pair>> {
    let statement =
        "SELECT c.id, r.id FROM pacticipants c, pacticipants r WHERE c.name = ?1 AND r.name = ?2";
    let pair = |row: Row| {
        Ok(Pair {
            consumer_id: row.integer(0)?,
            provider_id: row.integer(1)?,
        })
    };
    sql.first(statement, params![consumer, provider])?
        .map(pair)
        .transpose()
}

/// The current publication of a consumer version for a provider.
pub(crate) fn find(
    sql: &mut dyn Sql,
    version_id: i64,
    provider_id: i64,
) -> SqlResult<Option<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_version_id = ?1 AND p.provider_id = ?2 AND p.is_current = 1"
    );
    sql.first(&statement, params![version_id, provider_id])?
        .map(|mut row| publication(&mut row, 0))
        .transpose()
}

/// Which consumer versions a question about publications is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of<'a> {
    /// All of them.
    Any,
    /// Those with a tag.
    Tag(&'a str),
    /// Those without any tag.
    Untagged,
    /// Those on a branch.
    Branch(&'a str),
    /// Those on the consumer's main branch.
    MainBranch,
    /// The head of a branch.
    BranchHead(&'a str),
    /// The head of the consumer's main branch.
    MainBranchHead,
    /// Those in an environment, by its uuid.
    InEnvironment(&'a str),
}

impl<'a> Of<'a> {
    /// The condition on `p` (publications); its parameter is `?9`.
    fn condition(self) -> &'static str {
        match self {
            Self::Any => "?9 = ?9",
            Self::Tag(_) => {
                "EXISTS (SELECT 1 FROM tags t WHERE t.version_id = p.consumer_version_id AND t.name = ?9)"
            }
            Self::Untagged => {
                "?9 = ?9 AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.version_id = p.consumer_version_id)"
            }
            Self::Branch(_) => {
                "EXISTS (SELECT 1 FROM branch_versions x JOIN branches b ON b.id = x.branch_id \
                 WHERE x.version_id = p.consumer_version_id AND b.name = ?9)"
            }
            Self::MainBranch => {
                "?9 = ?9 AND EXISTS (SELECT 1 FROM branch_versions x JOIN branches b ON b.id = x.branch_id \
                 JOIN pacticipants m ON m.id = b.pacticipant_id \
                 WHERE x.version_id = p.consumer_version_id AND b.name = m.main_branch)"
            }
            Self::BranchHead(_) => {
                "p.consumer_version_id IN (SELECT b.head_version_id FROM branches b WHERE b.name = ?9)"
            }
            Self::MainBranchHead => {
                "?9 = ?9 AND p.consumer_version_id IN (SELECT b.head_version_id FROM branches b \
                 JOIN pacticipants m ON m.id = b.pacticipant_id AND m.main_branch = b.name)"
            }
            Self::InEnvironment(_) => {
                "p.consumer_version_id IN (SELECT d.version_id FROM deployed_versions d \
                 JOIN environments e ON e.id = d.environment_id WHERE e.uuid = ?9 AND d.undeployed_at IS NULL \
                 UNION SELECT d.version_id FROM released_versions d \
                 JOIN environments e ON e.id = d.environment_id WHERE e.uuid = ?9 AND d.support_ended_at IS NULL)"
            }
        }
    }

    fn label(self) -> &'a str {
        match self {
            Self::Tag(label)
            | Self::Branch(label)
            | Self::BranchHead(label)
            | Self::InEnvironment(label) => label,
            Self::Any | Self::Untagged | Self::MainBranch | Self::MainBranchHead => "",
        }
    }
}

/// The current publications between two pacticipants, the latest consumer version first.
pub(crate) fn between(
    sql: &mut dyn Sql,
    pair: Pair,
    of: Of<'_>,
    limit: i64,
) -> SqlResult<Vec<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_id = ?1 AND p.provider_id = ?2 AND p.is_current = 1 \
         AND {} ORDER BY p.consumer_version_id DESC LIMIT ?3",
        of.condition().replace("?9", "?4")
    );
    all(sql.query(
        &statement,
        params![pair.consumer_id, pair.provider_id, limit, of.label()],
    )?)
}

/// The latest current publication between two pacticipants.
pub(crate) fn latest_between(
    sql: &mut dyn Sql,
    pair: Pair,
    of: Of<'_>,
) -> SqlResult<Option<Publication>> {
    Ok(between(sql, pair, of, 1)?.into_iter().next())
}

/// The current publications for a provider, by consumer and age.
pub(crate) fn for_provider(
    sql: &mut dyn Sql,
    provider_id: i64,
    of: Of<'_>,
) -> SqlResult<Vec<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.provider_id = ?1 AND p.is_current = 1 AND {} \
         ORDER BY LOWER(c.name), c.name, p.consumer_version_id",
        of.condition().replace("?9", "?2")
    );
    all(sql.query(&statement, params![provider_id, of.label()])?)
}

/// The latest publication of each consumer for a provider.
pub(crate) fn latest_for_provider(
    sql: &mut dyn Sql,
    provider_id: i64,
    of: Of<'_>,
) -> SqlResult<Vec<Publication>> {
    let condition = of
        .condition()
        .replace("?9", "?2")
        .replace("p.consumer_version_id", "o.consumer_version_id");
    let statement = format!(
        "SELECT {COLUMNS} FROM integrations i JOIN publications p ON p.id = (SELECT o.id FROM publications o \
         WHERE o.consumer_id = i.consumer_id AND o.provider_id = i.provider_id AND o.is_current = 1 AND {condition} \
         ORDER BY o.consumer_version_id DESC LIMIT 1) {} WHERE i.provider_id = ?1 ORDER BY LOWER(c.name), c.name",
        FROM.trim_start_matches("FROM publications p ")
    );
    all(sql.query(&statement, params![provider_id, of.label()])?)
}

/// The latest publication of every pair.
pub(crate) fn latest(sql: &mut dyn Sql) -> SqlResult<Vec<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM integrations i JOIN publications p ON p.id = (SELECT o.id FROM publications o \
         WHERE o.consumer_id = i.consumer_id AND o.provider_id = i.provider_id AND o.is_current = 1 \
         ORDER BY o.consumer_version_id DESC LIMIT 1) {} ORDER BY LOWER(c.name), LOWER(r.name), c.name, r.name",
        FROM.trim_start_matches("FROM publications p ")
    );
    all(sql.query(&statement, params![])?)
}

/// The latest publication of a content.
pub(crate) fn of_content(
    sql: &mut dyn Sql,
    pair: Pair,
    hash: &str,
) -> SqlResult<Option<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE k.consumer_id = ?1 AND k.provider_id = ?2 AND k.hash = ?3 \
         ORDER BY p.consumer_version_id DESC, p.revision DESC LIMIT 1"
    );
    let parameters = params![pair.consumer_id, pair.provider_id, hash];
    sql.first(&statement, parameters)?
        .map(|mut row| publication(&mut row, 0))
        .transpose()
}

/// What a consumer version published, by provider.
pub(crate) fn of_versions(sql: &mut dyn Sql, version_ids: &[i64]) -> SqlResult<Vec<Publication>> {
    if version_ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_version_id IN (SELECT value FROM json_each(?1)) \
         AND p.is_current = 1 ORDER BY LOWER(r.name), r.name"
    );
    all(sql.query(&statement, params![version_ids])?)
}

/// The publication before a version that has another content.
pub(crate) fn previous_distinct(
    sql: &mut dyn Sql,
    of: &Publication,
) -> SqlResult<Option<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_id = ?1 AND p.provider_id = ?2 AND p.is_current = 1 \
         AND p.consumer_version_id < ?3 AND p.content_id <> ?4 ORDER BY p.consumer_version_id DESC LIMIT 1"
    );
    let parameters = params![of.consumer_id, of.provider_id, of.version_id, of.content_id];
    sql.first(&statement, parameters)?
        .map(|mut row| publication(&mut row, 0))
        .transpose()
}

/// The publication by the next version after this one.
pub(crate) fn next(sql: &mut dyn Sql, of: &Publication) -> SqlResult<Option<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_id = ?1 AND p.provider_id = ?2 AND p.is_current = 1 \
         AND p.consumer_version_id > ?3 ORDER BY p.consumer_version_id LIMIT 1"
    );
    let parameters = params![of.consumer_id, of.provider_id, of.version_id];
    sql.first(&statement, parameters)?
        .map(|mut row| publication(&mut row, 0))
        .transpose()
}

/// The publication by another version before this one, of those asked for.
pub(crate) fn previous(
    sql: &mut dyn Sql,
    pair: Pair,
    before_version_id: i64,
    of: Of<'_>,
) -> SqlResult<Option<Publication>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.consumer_id = ?1 AND p.provider_id = ?2 AND p.is_current = 1 \
         AND p.consumer_version_id < ?3 AND {} ORDER BY p.consumer_version_id DESC LIMIT 1",
        of.condition().replace("?9", "?4")
    );
    let parameters = params![
        pair.consumer_id,
        pair.provider_id,
        before_version_id,
        of.label()
    ];
    sql.first(&statement, parameters)?
        .map(|mut row| publication(&mut row, 0))
        .transpose()
}

/// The document of a content, as it is served.
pub(crate) fn document(sql: &mut dyn Sql, content_id: i64) -> SqlResult<String> {
    let row = sql.first(
        "SELECT document FROM contents WHERE id = ?1",
        params![content_id],
    )?;
    row.ok_or(StoreError::Missing {
        what: "the content of a publication",
    })?
    .text(0)
}

/// Forgets that a consumer version published anything for a provider.
pub(crate) fn delete(sql: &mut dyn Sql, version_id: i64, provider_id: i64) -> SqlResult<()> {
    let statement = "DELETE FROM publications WHERE consumer_version_id = ?1 AND provider_id = ?2";
    sql.execute(statement, params![version_id, provider_id])
        .map(drop)
}

/// Forgets what the consumer versions asked for published for a provider.
pub(crate) fn delete_between(sql: &mut dyn Sql, pair: Pair, of: Of<'_>) -> SqlResult<()> {
    let statement = format!(
        "DELETE FROM publications WHERE id IN (SELECT p.id FROM publications p \
         WHERE p.consumer_id = ?1 AND p.provider_id = ?2 AND {})",
        of.condition().replace("?9", "?3")
    );
    let parameters = params![pair.consumer_id, pair.provider_id, of.label()];
    sql.execute(&statement, parameters).map(drop)
}

/// The document of the content known by a hash.
pub(crate) fn document_known_by(
    sql: &mut dyn Sql,
    pair: Pair,
    hash: &str,
) -> SqlResult<Option<String>> {
    let statement =
        "SELECT document FROM contents WHERE consumer_id = ?1 AND provider_id = ?2 AND hash = ?3";
    sql.first(statement, params![pair.consumer_id, pair.provider_id, hash])?
        .map(|mut row| row.text(0))
        .transpose()
}

/// Makes a content known by another hash.
pub(crate) fn rename_content(
    sql: &mut dyn Sql,
    pair: Pair,
    hash: &str,
    new_hash: &str,
) -> SqlResult<()> {
    let statement =
        "UPDATE contents SET hash = ?4 WHERE consumer_id = ?1 AND provider_id = ?2 AND hash = ?3";
    let parameters = params![pair.consumer_id, pair.provider_id, hash, new_hash];
    sql.execute(statement, parameters).map(drop)
}

/// A content to be published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewContent<'a> {
    /// The hash of the content.
    pub(crate) hash: &'a str,
    /// The document as it will be served.
    pub(crate) document: &'a str,
    /// When.
    pub(crate) now: &'a str,
}

/// Publishes a content as the current one of a consumer version.
pub(crate) fn publish(
    sql: &mut dyn Sql,
    pair: Pair,
    version_id: i64,
    new: NewContent<'_>,
) -> SqlResult<()> {
    let content_id = find_or_create_content(sql, pair, new)?;
    let statement = "UPDATE publications SET is_current = 0 \
                     WHERE consumer_version_id = ?1 AND provider_id = ?2 AND is_current = 1";
    sql.execute(statement, params![version_id, pair.provider_id])?;
    let statement = "INSERT INTO publications \
                     (consumer_id, provider_id, consumer_version_id, content_id, revision, is_current, created_at) \
                     SELECT ?1, ?2, ?3, ?4, COALESCE(MAX(revision), 0) + 1, 1, ?5 FROM publications \
                     WHERE consumer_version_id = ?3 AND provider_id = ?2";
    sql.execute(
        statement,
        params![
            pair.consumer_id,
            pair.provider_id,
            version_id,
            content_id,
            new.now
        ],
    )?;
    let statement = "INSERT INTO integrations (consumer_id, provider_id, created_at, contract_data_updated_at) \
                     VALUES (?1, ?2, ?3, ?3) \
                     ON CONFLICT (consumer_id, provider_id) DO UPDATE SET contract_data_updated_at = ?3";
    sql.execute(
        statement,
        params![pair.consumer_id, pair.provider_id, new.now],
    )
    .map(drop)
}

fn find_or_create_content(sql: &mut dyn Sql, pair: Pair, new: NewContent<'_>) -> SqlResult<i64> {
    let statement =
        "SELECT id FROM contents WHERE consumer_id = ?1 AND provider_id = ?2 AND hash = ?3";
    if let Some(row) = sql.first(
        statement,
        params![pair.consumer_id, pair.provider_id, new.hash],
    )? {
        return row.integer(0);
    }
    let statement = "INSERT INTO contents (consumer_id, provider_id, hash, document, created_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id";
    let parameters = params![
        pair.consumer_id,
        pair.provider_id,
        new.hash,
        new.document,
        new.now
    ];
    sql.first(statement, parameters)?
        .ok_or(StoreError::Missing { what: "a new row" })?
        .integer(0)
}
