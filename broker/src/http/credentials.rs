//! Credentials: what a request shows, and whether it is true. Secrets are compared in constant time.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use uuid::Uuid;

use super::problem::Problem;
use crate::config::{Rights, User};
use crate::domain::access::{Caller, Scope};
use crate::state::State;
use crate::store::tokens::{self, Token};
use crate::store::{Sql, StoreError};

/// What every token begins with, so that it is recognised where it should not be.
const PREFIX: &str = "treaty";

/// What a request shows.
#[derive(Clone)]
enum Shown {
    Basic { name: String, password: String },
    Bearer { public_id: String, secret: String },
}

/// A token that was just made: the only time that it is whole.
pub(crate) struct NewToken {
    /// The token.
    pub(crate) token: String,
    /// The part by which it is found.
    pub(crate) public_id: String,
    /// The hash of its secret part.
    pub(crate) hash: String,
}

impl NewToken {
    /// A token with the id given. Its secret comes from the operating system, whatever the ids come from.
    pub(crate) fn new(id: &str) -> Self {
        let digits: Vec<char> = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let public_id: String = digits[digits.len().saturating_sub(12)..].iter().collect();
        let random = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()];
        // Neither part holds the underscore that stands between them.
        let secret = URL_SAFE_NO_PAD.encode(random.concat()).replace('_', "-");
        Self {
            token: format!("{PREFIX}_{public_id}_{secret}"),
            hash: hash(&secret),
            public_id,
        }
    }
}

fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// Whether two texts are the same; how long that takes says nothing about where they differ.
fn same(one: &str, other: &str) -> Choice {
    Sha256::digest(one).ct_eq(&Sha256::digest(other))
}

/// Whom a request says that it comes from, be that true or not.
pub(super) fn name(headers: &HeaderMap) -> Option<String> {
    Some(match shown(headers)? {
        Shown::Basic { name, .. } => name,
        Shown::Bearer { public_id, .. } => public_id,
    })
}

/// Who sends a request.
pub(super) async fn caller(headers: &HeaderMap, state: &State) -> Result<Caller, Problem> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(Caller::Unknown);
    }
    let known = match shown(headers) {
        Some(Shown::Basic { name, password }) => user(&state.config.access.users, &name, &password),
        Some(Shown::Bearer { public_id, secret }) => token(state, public_id, secret).await?,
        None => None,
    };
    known.ok_or_else(|| {
        Problem::Unauthorized("The user name, password or token is not valid.".to_owned())
    })
}

fn shown(headers: &HeaderMap) -> Option<Shown> {
    let value = headers.get(header::AUTHORIZATION)?;
    value.to_str().ok().and_then(parse)
}

fn parse(value: &str) -> Option<Shown> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        let (public_id, secret) = rest
            .strip_prefix(PREFIX)?
            .strip_prefix('_')?
            .split_once('_')?;
        return Some(Shown::Bearer {
            public_id: public_id.to_owned(),
            secret: secret.to_owned(),
        });
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some(Shown::Basic {
        name: name.to_owned(),
        password: password.to_owned(),
    })
}

/// The user with this name and password. Every user is compared, so that the time does not tell which names exist.
fn user(users: &[User], name: &str, password: &str) -> Option<Caller> {
    let mut found = None;
    for user in users {
        let is = same(&user.name, name) & same(&user.password, password);
        if bool::from(is) {
            found = Some(user);
        }
    }
    found.map(|user| Caller::Known {
        name: format!("user {}", user.name),
        scopes: vec![match user.rights {
            Rights::Read => Scope::Read,
            Rights::Write => Scope::Admin,
        }],
    })
}

async fn token(
    state: &State,
    public_id: String,
    secret: String,
) -> Result<Option<Caller>, StoreError> {
    let find = move |sql: &mut dyn Sql| tokens::find(sql, &public_id);
    let Some(token) = state.store.read(find).await? else {
        return Ok(None);
    };
    let is_right = bool::from(same(&token.hash, &hash(&secret)));
    Ok((is_right && token.revoked_at.is_none()).then(|| known(&token)))
}

fn known(token: &Token) -> Caller {
    let texts: Vec<String> = serde_json::from_str(&token.scopes).unwrap_or_default();
    Caller::Known {
        name: format!("token {} ({})", token.public_id, token.name),
        // A scope that a later release wrote is worth nothing here.
        scopes: texts
            .iter()
            .filter_map(|text| Scope::parse(text).ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_one_part_and_proved_by_the_other() {
        let new = NewToken::new("00000000-0000-4000-8000-00000000000a");
        assert_eq!(new.public_id, "00000000000a");
        let Some(Shown::Bearer { public_id, secret }) = parse(&format!("Bearer {}", new.token))
        else {
            panic!("{} is not read", new.token);
        };
        assert_eq!((public_id, hash(&secret)), (new.public_id, new.hash));
        assert!(secret.len() >= 43, "{secret}");
    }

    #[test]
    fn what_is_no_credential_is_none() {
        for value in ["", "Basic", "Basic !", "Basic YQ==", "Bearer x", "Digest a"] {
            assert!(parse(value).is_none(), "{value}");
        }
    }
}
