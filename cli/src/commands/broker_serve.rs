//! `treaty broker serve`.

mod clean_up;
mod webhooks;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use treaty_broker::{Access, Broker, Config, DatabaseUrl, Rights, Tls};
use url::Url;

use crate::args::{AccessArgs, DatabaseArgs, LimitArgs, ServeArgs};
use crate::broker_access::local_database;
use crate::environment;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::files;
use crate::output::{self, Answer};
use crate::signals;

/// The Pact Broker's variable that makes names of other letter case the same name.
const CASE_SENSITIVE: &str = "PACT_BROKER_USE_CASE_SENSITIVE_RESOURCE_NAMES";

pub(crate) async fn run(args: &ServeArgs) -> Result<Answer, Failure> {
    check_letter_case()?;
    check_unsaid(args)?;
    let mut config = Config::new(database(&args.database)?)
        .access(access(&args.access))
        .allow_dangerous_contract_modification(args.allow_dangerous_contract_modification)
        .check_for_potential_duplicate_pacticipant_names(
            args.check_for_potential_duplicate_pacticipant_names,
        );
    if let Some(base_url) = &args.base_url {
        note_base_url(base_url);
        config = config.base_url(base_url);
    }
    config = clean_up::configure(config, &args.clean_up)?;
    config = webhooks::configure(config, &args.webhooks)?;
    if let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) {
        config = config.tls(tls(certificate, key)?);
    }
    let config = limited(config, &args.limits);
    let stopped = signals::stopped()?;
    signals::outlive_full_files()?;
    let address = SocketAddr::new(args.host, args.port);
    let broker = Broker::start(config, address).await?;
    output::line(&format!("listening on {}", broker.url()))?;
    stopped.await;
    broker.shutdown().await;
    Ok(Answer::silent(ExitCode::Yes))
}

/// Refuses what holds a password where none belongs, without saying it.
fn check_unsaid(args: &ServeArgs) -> Result<(), Failure> {
    let access = &args.access;
    let users = [
        &access.basic_auth_username,
        &access.basic_auth_read_only_username,
    ];
    if users.into_iter().flatten().any(|user| user.contains(':')) {
        return Err(Failure::usage(
            "the name of a user cannot hold a colon: a password begins there",
            "give the password with --basic-auth-password or --basic-auth-read-only-password",
        ));
    }
    let base_url = args.base_url.as_deref().map(Url::parse);
    let has_user = |url: &Url| !url.username().is_empty() || url.password().is_some();
    if base_url.is_some_and(|url| url.as_ref().is_ok_and(has_user)) {
        return Err(Failure::usage(
            "the base URL holds a user name or a password, which every link would show",
            "leave out what stands before the @",
        ));
    }
    Ok(())
}

/// Clients go where links lead, and a build machine that serves a broker for its tests may have the variable of its clients.
fn note_base_url(base_url: &str) {
    let says = |name: &str| environment::variable(name).as_deref() == Some(base_url);
    let note = if says("TREATY_BASE_URL") {
        "as TREATY_BASE_URL says"
    } else if says("PACT_BROKER_BASE_URL") {
        "as PACT_BROKER_BASE_URL says, by which clients find their broker, too; another --base-url goes before it"
    } else {
        "as --base-url says"
    };
    output::note(&format!("links start with {base_url}, {note}"));
}

fn limited(mut config: Config, limits: &LimitArgs) -> Config {
    if let Some(bytes) = limits.request_bytes_max {
        config = config.body_bytes_max(bytes);
    }
    if let Some(seconds) = limits.request_timeout {
        config = config.request_timeout(Duration::from_secs(seconds));
    }
    if let Some(requests) = limits.requests_per_minute_max {
        config = config.requests_per_minute_max(requests);
    }
    config
}

fn tls(certificate: &Path, key: &Path) -> Result<Tls, Failure> {
    let (certificate, key) = (files::read(certificate)?, files::read(key)?);
    Ok(Tls::from_pem(&certificate, &key)?)
}

fn access(args: &AccessArgs) -> Access {
    let access = Access::default()
        .public_read(args.allow_public_read)
        .public_heartbeat(args.public_heartbeat)
        .public_badges(args.enable_public_badge_access)
        .insecure(args.insecure);
    let users = [
        (
            &args.basic_auth_username,
            &args.basic_auth_password,
            Rights::Write,
        ),
        (
            &args.basic_auth_read_only_username,
            &args.basic_auth_read_only_password,
            Rights::Read,
        ),
    ];
    let users = users.into_iter().filter_map(|(name, password, rights)| {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Some((filled(name)?, filled(password)?, rights))
    });
    users.fold(access, |access, (name, password, rights)| {
        access.user(name, password, rights)
    })
}

pub(super) fn database(args: &DatabaseArgs) -> Result<DatabaseUrl, Failure> {
    if let Some(url) = args.database_url.as_deref().filter(|url| !url.is_empty()) {
        return Ok(DatabaseUrl::parse(url)?);
    }
    let path = local_database().map_err(|failure| match failure {
        Failure::NoBroker => Failure::usage(
            "no database is named, and CI is set",
            "name it with --database-url or PACT_BROKER_DATABASE_URL: sqlite:PATH, or sqlite::memory:",
        ),
        other => other,
    })?;
    output::note(&format!(
        "keeping everything in {}; name another file with --database-url",
        path.display()
    ));
    files::make_directory_of(&path)?;
    Ok(DatabaseUrl::file(path))
}

/// Refuses to tell names apart that the Pact Broker was told to take for one: pacts would part company without a word.
fn check_letter_case() -> Result<(), Failure> {
    if clean_up::said(CASE_SENSITIVE)? != Some(false) {
        return Ok(());
    }
    Err(Failure::usage(
        format!(
            "{CASE_SENSITIVE} is false, and this broker tells names apart by their letter case"
        ),
        format!("unset {CASE_SENSITIVE}, and let each name be written in one way"),
    ))
}
