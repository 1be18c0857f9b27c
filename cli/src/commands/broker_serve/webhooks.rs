//! What webhooks may do, from flags and variables.

use std::path::Path;
use std::time::Duration;

use treaty_broker::{Config, HostPattern, SecretKey, WebhookSettings};

use crate::args::SendingArgs;
use crate::environment::variable;
use crate::error::Failure;

/// The key itself. It has no flag, because the list of processes shows flags to everybody.
const SECRET_KEY: &str = "TREATY_SECRET_KEY";

/// Adds to a configuration what webhooks may do.
pub(super) fn configure(mut config: Config, args: &SendingArgs) -> Result<Config, Failure> {
    if let Some(key) = secret_key(args)? {
        config = config.secret_key(key);
    }
    Ok(config.webhooks(settings(args)?))
}

fn settings(args: &SendingArgs) -> Result<WebhookSettings, Failure> {
    let mut settings = WebhookSettings::default();
    if let Some(methods) = items(args.webhook_methods.as_deref()) {
        let methods = methods.iter().map(|method| method.to_ascii_uppercase());
        settings = settings.methods(methods.collect());
    }
    if let Some(schemes) = items(args.webhook_schemes.as_deref()) {
        settings = settings.schemes(schemes);
    }
    if let Some(hosts) = items(args.webhook_hosts.as_deref()) {
        let hosts = hosts.iter().map(|host| HostPattern::parse(host));
        let hosts = hosts.collect::<Result<_, _>>().map_err(|error| {
            let fix = "correct --webhook-hosts or its variable";
            Failure::usage(error.to_string(), fix)
        })?;
        settings = settings.hosts(hosts);
    }
    if let Some(seconds) = items(args.webhook_retry_schedule.as_deref()) {
        let seconds = numbers::<u64>(&seconds, "--webhook-retry-schedule")?;
        let schedule = seconds.into_iter().map(Duration::from_secs);
        settings = settings.retry_schedule(schedule.collect());
    }
    if let Some(codes) = items(args.webhook_success_codes.as_deref()) {
        let codes = numbers(&codes, "--webhook-success-codes")?;
        settings = settings.success_codes(codes);
    }
    Ok(settings)
}

/// The items of a flag's list.
fn items(text: Option<&str>) -> Option<Vec<String>> {
    let items = text?.split_whitespace().map(str::to_owned);
    Some(items.collect())
}

fn numbers<N: std::str::FromStr>(items: &[String], flag: &str) -> Result<Vec<N>, Failure> {
    let number = |item: &String| {
        item.parse().map_err(|_| {
            let fix = format!("give {flag} or its variable numbers with spaces between them");
            Failure::usage(format!("`{item}` is no number"), fix)
        })
    };
    items.iter().map(number).collect()
}

fn secret_key(args: &SendingArgs) -> Result<Option<SecretKey>, Failure> {
    if let Some(path) = &args.secret_key_file {
        let shown = path.display().to_string();
        return key(&read(path)?, &shown).map(Some);
    }
    let text = variable(SECRET_KEY);
    text.map(|text| key(&text, SECRET_KEY)).transpose()
}

fn key(text: &str, place: &str) -> Result<SecretKey, Failure> {
    SecretKey::parse(text).map_err(|error| {
        Failure::usage(
            format!("{place} holds no secret key: {error}"),
            "put such a key there, or name another file with --secret-key-file",
        )
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(
            format!("cannot read the secret key {}: {error}", path.display()),
            "name another file with --secret-key-file",
        )
    })
}
