//! `treaty login`.

use std::io::{ErrorKind, IsTerminal, Read};

use serde_json::json;
use url::Url;

use crate::args::LoginArgs;
use crate::broker_access;
use crate::credentials;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer};
use crate::signals;

pub(crate) async fn run(args: &LoginArgs) -> Result<Answer, Failure> {
    let broker = broker(args)?;
    let token = token(args)?;
    super::run_until_interrupted(keep(args, broker, token)).await
}

/// Keeps the token, or none, for the broker.
async fn keep(args: &LoginArgs, broker: &str, token: Option<String>) -> Result<Answer, Failure> {
    if let Some(token) = &token {
        let mut with_token = args.broker.clone();
        with_token.broker_token = Some(token.clone());
        // The broker says whether it is a good one, before it takes the place of another.
        broker_access::open(&with_token)?.latest_pacts().await?;
    }
    let path = credentials::keep(broker, token.as_deref())?;
    let path = path.display().to_string();
    let text = if args.forget {
        format!("The token for {broker} is no longer in {path}")
    } else {
        format!("The token for {broker} is kept in {path}, and used where none is given")
    };
    Ok(Answer {
        code: ExitCode::Yes,
        text,
        json: json!({ "broker": broker, "file": path }),
    })
}

/// The broker that the token is for.
fn broker(args: &LoginArgs) -> Result<&str, Failure> {
    let broker = args.broker.named().filter(|url| url.starts_with("http"));
    let broker = broker.ok_or_else(|| {
        Failure::usage(
            "a token is for a broker that is served, and none is named",
            "name it with --broker-base-url or PACT_BROKER_BASE_URL: http(s)://HOST",
        )
    })?;
    let has_user = |url: &Url| !url.username().is_empty() || url.password().is_some();
    if Url::parse(broker).is_ok_and(|url| has_user(&url)) {
        return Err(Failure::usage(
            "the broker's URL holds a user name or a password, which would be kept where everything shows it",
            "leave out what stands before the @",
        ));
    }
    Ok(broker)
}

/// The token that is given, or that is typed or sent to stdin; none where one is to be forgotten. It is never shown.
fn token(args: &LoginArgs) -> Result<Option<String>, Failure> {
    if args.forget {
        return Ok(None);
    }
    let given = args
        .broker
        .broker_token
        .clone()
        .filter(|token| !token.is_empty());
    if let Some(token) = given {
        return Ok(Some(token));
    }
    let unreadable = |source| Failure::System {
        what: "the token cannot be read",
        source,
    };
    let text = if std::io::stdin().is_terminal() {
        output::beside("The broker's token (it is not shown):");
        // What reads the token puts the terminal right only after it has raised an interrupt, which must not end us there.
        let _heard = signals::hear_interrupt()?;
        rpassword::read_password().map_err(|error| match error.kind() {
            ErrorKind::Interrupted => Failure::Interrupted,
            _ => unreadable(error),
        })?
    } else {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        text
    };
    match text.trim() {
        "" => Err(Failure::usage(
            "there is no token on stdin",
            "type it, or send it: treaty login < FILE",
        )),
        token => Ok(Some(token.to_owned())),
    }
}
