//! From what the command line says about the broker to a client for it.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use tower::ServiceExt;
use treaty_broker::{Broker, BrokerService, Config, DatabaseUrl, Moment, StartError};
use treaty_broker_client::{Auth, Client, Options, Tls};
use url::Url;

use crate::args::BrokerArgs;
use crate::credentials;
use crate::environment;
use crate::error::Failure;
use crate::files;
use crate::output;
use crate::settings::{self, Settings};

/// The broker of a working directory: what serves when none is named.
const LOCAL_DATABASE: &str = ".treaty/broker.sqlite";

/// What the links of a broker in a file start with. Nobody listens there.
const FILE_BROKER_URL: &str = "http://in-file.invalid";

/// Who changes a database without asking a broker that serves it.
const COMMAND_LINE: &str = "command line on the database";

/// How a broker's answer that takes this long is given up.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A client for the broker that the arguments name, or for that of the working directory, for whoever only asks: a database
/// that is not there is told, and not made.
pub(crate) fn open(args: &BrokerArgs) -> Result<Client, Failure> {
    opened(args, |database, path| match path {
        Some(path) => Err(Failure::NoDatabase { path }),
        None => in_file(database),
    })
}

/// The same for whoever brings something: a database that is not there is made.
pub(crate) fn open_or_create(args: &BrokerArgs) -> Result<Client, Failure> {
    opened(args, |database, path| {
        match path {
            Some(path) if args.named().is_some() => {
                output::note(&format!("making a new broker in {}", path.display()));
            }
            Some(path) => files::make_directory_of(&path)?,
            None => {}
        }
        in_file(database)
    })
}

/// Opens a database, which is given with its path if that file is not there.
fn opened(
    args: &BrokerArgs,
    open: impl Fn(DatabaseUrl, Option<PathBuf>) -> Result<Client, Failure>,
) -> Result<Client, Failure> {
    let database = match args.named() {
        Some(url) if is_database(url) => DatabaseUrl::parse(url)?,
        Some(url) => {
            let headers = output::trace_headers().into_iter();
            let options = headers.fold(options(url, args)?, |options, (name, value)| {
                options.header(name, value)
            });
            return Ok(Client::new(url, options)?);
        }
        None => {
            let path = local_database()?;
            output::note(&format!(
                "using the broker in {}; name another with --broker-base-url",
                path.display()
            ));
            DatabaseUrl::file(path)
        }
    };
    let missing = database.path().filter(|path| !path.exists());
    let missing = missing.map(Path::to_owned);
    open(database, missing)
}

/// Whether a command could open the broker of this name.
pub(crate) fn check(url: &str) -> Result<(), Failure> {
    if is_database(url) {
        DatabaseUrl::parse(url)?;
    } else {
        Client::new(url, Options::default())?;
    }
    Ok(())
}

fn is_database(url: &str) -> bool {
    ["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}

/// Says that the pacts of a broker join those that are named: the variable may have been set for another command.
pub(crate) fn tell_of_broker_beside(args: &BrokerArgs) {
    let variable = environment::variable(environment::BROKER_BASE_URL);
    if variable.is_some() && variable.as_deref() == args.named() {
        output::note(&format!(
            "the pacts of the broker in {} are taken too; unset it to have those alone that are named",
            environment::BROKER_BASE_URL
        ));
    }
}

/// A client for a URL: the broker's, with its credentials, where the URL is one of the broker's; for anybody else one that
/// knows no more than the token that is kept for them.
pub(crate) fn open_for_url(url: &str, args: &BrokerArgs) -> Result<Client, Failure> {
    if url.starts_with(FILE_BROKER_URL) {
        // Where no broker is named, the one in a file is that of all commands; its links name none.
        let named = args.named().filter(|named| *named != FILE_BROKER_URL);
        let named = match named {
            Some(named) => Some(named.to_owned()),
            None => Settings::read()?.broker_base_url(),
        };
        return open(&BrokerArgs {
            broker_base_url: named,
            ..args.clone()
        });
    }
    let origin = |url: &str| Url::parse(url).map(|url| url.origin());
    let (theirs, ours) = (origin(url), args.named().map(origin));
    match (theirs, ours) {
        (Ok(theirs), Some(Ok(ours))) if theirs == ours => open(args),
        (Ok(theirs), _) => {
            let stranger = BrokerArgs {
                broker_username: None,
                broker_password: None,
                broker_token: None,
                custom_header: Vec::new(),
                client_certificate: None,
                client_key: None,
                ..args.clone()
            };
            let theirs = theirs.ascii_serialization();
            Ok(Client::new(&theirs, options(url, &stranger)?)?)
        }
        (Err(_), _) => Ok(Client::new(url, Options::default())?),
    }
}

/// The database beside `treaty.toml` or in the working directory; none on a build machine, where it would vanish with the
/// build.
pub(crate) fn local_database() -> Result<PathBuf, Failure> {
    if environment::is_ci() {
        return Err(Failure::NoBroker);
    }
    Ok(settings::beside(LOCAL_DATABASE))
}

/// The same broker that `treaty broker serve` runs, inside this process and without a socket.
pub(crate) fn in_file(database: DatabaseUrl) -> Result<Client, Failure> {
    let broker = Broker::open(in_process(database))?;
    let service = tower::service_fn(move |request| answer(broker.clone(), request));
    Ok(Client::over(service, FILE_BROKER_URL)?)
}

/// The broker's answer. A process that ends with its command sends no webhooks: that is told of those that it triggers.
async fn answer(broker: BrokerService, request: Request) -> Result<Response, Infallible> {
    if request.method().is_safe() {
        return broker.oneshot(request).await;
    }
    // A queue that cannot be read is told by the next request.
    let before = broker.webhooks_waiting().await.unwrap_or_default();
    let response = broker.clone().oneshot(request).await;
    let after = broker.webhooks_waiting().await.unwrap_or_default();
    let webhooks = match after.saturating_sub(before) {
        0 => return response,
        1 => "1 webhook was triggered, waits in the queue and was not sent".to_owned(),
        several => {
            format!("{several} webhooks were triggered, wait in the queue and were not sent")
        }
    };
    output::note(&format!(
        "{webhooks}: treaty broker serve sends what waits in its database"
    ));
    response
}

/// A broker inside this process, in whose audit log its changes are not anybody's.
fn in_process(database: DatabaseUrl) -> Config {
    Config::new(database)
        .base_url(FILE_BROKER_URL)
        .anybody(COMMAND_LINE)
}

/// The same broker, to be told what happened long ago in another one, and the moment that it takes for now. Its audit log
/// has one entry about all of that.
pub(crate) async fn for_history(
    database: DatabaseUrl,
    source: &str,
) -> Result<(Client, Moment), Failure> {
    let (broker, moment) = Broker::open_for_history(in_process(database))?;
    let recorded = broker.record("IMPORT", source).await;
    recorded.map_err(StartError::Database)?;
    Ok((Client::over(broker, FILE_BROKER_URL)?, moment))
}

/// The text with the links of a broker in a file as people can read them: nobody listens there. Such a link is the URL of a
/// pact for `--url`, and stays one there.
pub(crate) fn readable(text: &str) -> String {
    let mut parts = text.split(FILE_BROKER_URL);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A command that is to be run is left as it runs, quoted or not.
        let is_argument = told.trim_end_matches('\'').ends_with("--url ");
        told.push_str(match part.starts_with('/') {
            _ if is_argument => FILE_BROKER_URL,
            true => "broker file: ",
            false => "the broker file",
        });
        told.push_str(part);
    }
    told
}

fn options(url: &str, args: &BrokerArgs) -> Result<Options, Failure> {
    let timeout = args.broker_timeout.map_or(TIMEOUT, Duration::from_secs);
    let mut options = Options::default().timeout(timeout);
    let token = args.broker_token.clone().filter(|text| !text.is_empty());
    let user = args.broker_username.clone().filter(|text| !text.is_empty());
    let password = args.broker_password.clone();
    let password = password.filter(|text| !text.is_empty());
    // A user name alone is often in treaty.toml, and proves nothing.
    let kept = || credentials::token(url).filter(|_| password.is_none());
    options.auth = match (token.or_else(kept), user) {
        (Some(token), _) => Some(Auth::Bearer(token)),
        (None, Some(user)) => Some(Auth::Basic { user, password }),
        (None, None) => None,
    };
    for header in &args.custom_header {
        options = options.header(&header.name, &header.value);
    }
    if let Some(retries) = args.retries {
        options = options.retries_max(retries);
    }
    if let Some(certificate) = &args.client_certificate {
        let mut pem = files::read(certificate)?;
        if let Some(key) = &args.client_key {
            pem.push(b'\n');
            pem.extend(files::read(key)?);
        }
        options = options.identity(pem);
    }
    Ok(options.tls(tls(args)?))
}

fn tls(args: &BrokerArgs) -> Result<Tls, Failure> {
    if args.skip_ssl_verification {
        return Ok(Tls::Unverified);
    }
    match &args.ssl_certificate {
        Some(path) if args.ssl_trust_store == Some(false) => Ok(Tls::Only {
            pem: files::read(path)?,
        }),
        Some(path) => Ok(Tls::And {
            pem: files::read(path)?,
        }),
        None => Ok(Tls::Public),
    }
}
