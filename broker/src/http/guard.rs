//! What a route needs of its caller, and the handler that is not reached without it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Path, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use super::credentials;
use super::negotiate::Reread;
use super::problem::Problem;
use super::traffic::Traffic;
use super::validation::{Violations, unprintable};
use crate::domain::access::{Act, Caller, Decision, Rules, decide};
use crate::listen::Peer;
use crate::state::State;
use crate::store::deployments::{self, Kind};
use crate::store::{Sql, StoreError, environments};

/// How much of a name that credentials are guessed for is remembered.
const GUESSED_NAME_CHARS_MAX: usize = 100;

/// What a route needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// To find out whether the broker is well.
    Probe,
    /// To see a badge.
    Badge,
    /// To read.
    Read,
    /// To publish pacts of the consumer in the path.
    Publish,
    /// To publish results of the provider in the path.
    Verify,
    /// To describe the pacticipant in the path.
    Describe,
    /// To set or remove the tag in the path.
    Tag,
    /// What the body decides: the handler asks its [`Permit`] once it has read it.
    Body,
    /// To change what is in the environment in the path, or in that of the deployment or release in the path.
    Deploy(Place),
    /// To do everything.
    Admin,
}

impl Need {
    /// The scope that it takes, as documents name it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Probe => "read, or public heartbeat",
            Self::Badge => "read, or public badges",
            Self::Read => "read",
            Self::Publish => "publish:{consumer}",
            Self::Verify => "verify:{provider}",
            Self::Describe => "publish:{name} or verify:{name}",
            Self::Tag => "publish:{name}, verify:{name} or deploy:{tag}",
            Self::Body => "publish or verify, for the name in the body",
            Self::Deploy(_) => "deploy, to the environment of {uuid}",
            Self::Admin => "admin",
        }
    }
}

/// What the `uuid` in a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// An environment.
    Environment,
    /// A recorded deployment.
    Deployment,
    /// A recorded release.
    Release,
}

/// What the caller of a request may do.
#[derive(Debug, Clone)]
pub(crate) struct Permit {
    rules: Rules,
    caller: Arc<Caller>,
}

impl Permit {
    /// What somebody may do who did not pass a route.
    pub(super) fn nobody() -> Self {
        Self {
            rules: Rules::default(),
            caller: Arc::new(Caller::Unknown),
        }
    }

    /// Refuses what the caller may not do.
    pub(crate) fn require(&self, act: &Act<'_>) -> Result<(), Problem> {
        match decide(self.rules, &self.caller, act) {
            Decision::Allowed => Ok(()),
            Decision::NeedsCredentials => Err(Problem::Unauthorized(
                "This broker wants a user name and a password, or a token.".to_owned(),
            )),
            Decision::Refused(why) => Err(Problem::Forbidden(why)),
        }
    }

    /// Who the caller is, if somebody showed it.
    pub(super) fn who(&self) -> Option<&str> {
        match &*self.caller {
            Caller::Unknown => None,
            Caller::Known { name, .. } => Some(name),
        }
    }
}

/// A handler that is reached only by those who may.
#[derive(Clone)]
pub(super) struct Guarded<H> {
    need: Need,
    handler: H,
}

impl<H> Guarded<H> {
    pub(super) fn new(need: Need, handler: H) -> Self {
        Self { need, handler }
    }
}

impl<H, T> Handler<T, State> for Guarded<H>
where
    H: Handler<T, State>,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: State) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let route = parts.extensions.get::<MatchedPath>().cloned();
            let mut response = match admit(self.need, &mut parts, &state).await {
                Ok(permit) => {
                    parts.extensions.insert(permit);
                    let request = Request::from_parts(parts, body);
                    self.handler.call(request, state).await
                }
                Err(problem) => problem.into_response(),
            };
            if let Some(route) = route {
                response.extensions_mut().insert(route);
            }
            response
        })
    }
}

/// The parameters of a path by their names.
type Names = HashMap<String, String>;

async fn admit(need: Need, parts: &mut Parts, state: &State) -> Result<Permit, Problem> {
    let caller = if state.rules.everything {
        Caller::Unknown
    } else {
        known_caller(parts, state).await?
    };
    let permit = Permit {
        rules: state.rules,
        caller: Arc::new(caller),
    };
    if parts.extensions.get::<Reread>().is_none() {
        check_rate(&permit, parts, state)?;
    }
    let names = names(parts, state).await?;
    let name = |name: &str| names.get(name).map_or("", String::as_str);
    match need {
        Need::Probe => permit.require(&Act::Probe)?,
        Need::Badge => permit.require(&Act::Badge)?,
        Need::Read => permit.require(&Act::Read)?,
        // Who may not even read need not be told what is wrong with their body.
        Need::Body => permit.require_credentials()?,
        Need::Publish => permit.require(&Act::Publish(name("consumer")))?,
        Need::Verify => permit.require(&Act::Verify(name("provider")))?,
        Need::Describe => permit.require(&Act::Describe(name("name")))?,
        Need::Tag => permit.require(&Act::Tag {
            name: name("name"),
            tag: name("tag"),
        })?,
        Need::Admin => permit.require(&Act::Administer)?,
        Need::Deploy(place) => permit.require_deploy(place, name("uuid"), state).await?,
    }
    Ok(permit)
}

impl Permit {
    /// Refuses those who may change nothing at all, whoever they are.
    fn require_credentials(&self) -> Result<(), Problem> {
        match &*self.caller {
            Caller::Unknown => self.require(&Act::Administer),
            Caller::Known { .. } => Ok(()),
        }
    }

    async fn require_deploy(&self, place: Place, uuid: &str, state: &State) -> Result<(), Problem> {
        if self.require(&Act::Administer).is_ok() {
            return Ok(());
        }
        self.require_credentials()?;
        let uuid = uuid.to_owned();
        let find = move |sql: &mut dyn Sql| {
            let kind = match place {
                Place::Environment => return environments::find(sql, &uuid),
                Place::Deployment => Kind::Deployed,
                Place::Release => Kind::Released,
            };
            let Some(record) = deployments::find(sql, kind, &uuid)? else {
                return Ok(None);
            };
            let all = environments::list(sql)?;
            Ok::<_, StoreError>(all.into_iter().find(|one| one.id == record.environment_id))
        };
        let environment = state.store.read(find).await?.ok_or(Problem::NotFound)?;
        self.require(&Act::Deploy(&environment.name))
    }
}

/// Who sends a request. After too many wrong credentials for a name, no more are looked at, the right ones neither; those
/// for other names are, because everybody may come through one proxy.
async fn known_caller(parts: &Parts, state: &State) -> Result<Caller, Problem> {
    let address = address(parts);
    let shown = credentials::name(&parts.headers).unwrap_or_default();
    let guesser = guesser(&address, &shown);
    limit(state, &guesser, Traffic::check)?;
    let caller = credentials::caller(&parts.headers, state).await;
    if let Err(Problem::Unauthorized(_)) = caller {
        limit(state, &guesser, Traffic::take)?;
        limit(state, &address, Traffic::take)?;
    }
    caller
}

/// Who guesses credentials for a name from an address.
fn guesser(address: &str, name: &str) -> String {
    let name: String = name.chars().take(GUESSED_NAME_CHARS_MAX).collect();
    format!("{address} as {name}")
}

/// Refuses a client that sends too much: a user, a token, or an address.
fn check_rate(permit: &Permit, parts: &Parts, state: &State) -> Result<(), Problem> {
    let client = match &*permit.caller {
        Caller::Unknown => address(parts),
        Caller::Known { name, .. } => name.clone(),
    };
    limit(state, &client, Traffic::take)
}

/// Where a request comes from; who sends it in process has no address.
fn address(parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>();
    peer.map_or_else(|| "in process".to_owned(), |Peer(peer)| peer.to_string())
}

/// Asks what a client may still send, if there is a limit.
fn limit(
    state: &State,
    client: &str,
    ask: fn(&Traffic, &str, u32, i64) -> Result<(), u64>,
) -> Result<(), Problem> {
    let Some(per_minute) = state.config.requests_per_minute_max else {
        return Ok(());
    };
    let now_ms = state.config.clock.now().timestamp_millis();
    let asked = ask(&state.traffic, client, per_minute, now_ms);
    asked.map_err(|retry_after_s| Problem::TooManyRequests { retry_after_s })
}

/// The parameters of the path, each a text that a name can be.
async fn names(parts: &mut Parts, state: &State) -> Result<Names, Problem> {
    let Path(names) = Path::<Names>::from_request_parts(parts, state)
        .await
        .map_err(|_| Problem::Unreadable("The path is not UTF-8.".to_owned()))?;
    let mut violations = Violations::default();
    for (name, value) in &names {
        if let Some(fault) = unprintable(value) {
            violations.add(name, fault);
        }
    }
    violations.check()?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_guessed_name_no_more_is_remembered_than_its_beginning() {
        assert_eq!(guesser("::1", "admin"), "::1 as admin");
        let beginning = "ä".repeat(GUESSED_NAME_CHARS_MAX);
        let long = beginning.clone() + &"x".repeat(10_000);
        assert_eq!(guesser("::1", &long), format!("::1 as {beginning}"));
    }
}
