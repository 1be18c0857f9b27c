//! The arguments of `treaty verify` that say how it runs, and which way it goes to the provider.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use treaty_core::receipt::Shard;
use url::Url;

/// How the interactions run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Run")]
pub(crate) struct RunArgs {
    /// How many interactions run at a time [default: 8 where they cannot meet, else 1]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Run the interactions in the order that belongs to the seed; without one it is drawn, and told on stderr
    #[arg(
        long,
        value_name = "SEED",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = Seed::from_str
    )]
    pub(crate) shuffle: Option<Seed>,
    /// Run every interaction N times, and tell in how many it passed
    #[arg(long, value_name = "N")]
    pub(crate) repeat: Option<NonZeroU32>,
    /// Run the K-th of N parts of every pact; `treaty publish-results` joins the reports
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<Shard>,
    /// Stop at the first interaction that does not pass
    #[arg(long, visible_alias = "exit-on-first-error")]
    pub(crate) fail_fast: bool,
    /// Run what failed again, alone and after others, to find out whether that depends on the order
    #[arg(long)]
    pub(crate) find_order_dependence: bool,
    /// URL that brings the provider back to where it was: it gets a POST before every further run of what --repeat and --find-order-dependence run again
    #[arg(long, value_name = "URL")]
    pub(crate) reset_url: Option<Url>,
    /// Write the report to this file for `treaty publish-results`, as JSON; the file is there when it is whole
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,
    /// Say nothing beside the answer: no notes, and no line that moves on a terminal
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// Which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seed {
    /// Any.
    Drawn,
    /// The one that belongs to the number.
    Given(u64),
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Drawn);
        }
        let number = text.parse().map_err(|error| format!("{error}"));
        number.map(Self::Given)
    }
}

/// Which way requests go.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Way to the provider")]
pub(crate) struct WayArgs {
    /// URL that is asked for messages [default: the provider's]
    #[arg(long, value_name = "URL")]
    pub(crate) message_url: Option<String>,
    /// Where interactions go that name this transport: NAME:PORT or NAME:PORT:PATH on the provider's host, or NAME=URL; several may follow
    #[arg(long, value_name = "TRANSPORT", num_args = 1..)]
    pub(crate) transports: Vec<Transport>,
    /// PEM file of certificate authorities to trust besides the system's
    #[arg(long, value_name = "FILE", conflicts_with = "disable_ssl_verification")]
    pub(crate) ca_certificate: Option<PathBuf>,
    /// PEM file with the certificate, and its private key, to show to a provider that asks for one
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// Proxy for requests to the provider, and to its state-change and message URLs [default: none, whatever the environment says]
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
}

/// A transport that pacts name, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transport {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// Where a transport is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// There.
    Url(String),
    /// On the provider's host.
    Port {
        /// At this port.
        port: u16,
        /// Below this path.
        path: String,
    },
}

impl FromStr for Transport {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a transport is written NAME:PORT, NAME:PORT:PATH or NAME=URL".to_owned();
        let end = text.find([':', '=']).filter(|end| *end > 0);
        let end = end.ok_or_else(wrong)?;
        let (name, rest) = (text[..end].to_owned(), &text[end + 1..]);
        if text[end..].starts_with('=') {
            let place = Place::Url(rest.to_owned());
            return Ok(Self { name, place });
        }
        let (port, path) = rest.split_once(':').unwrap_or((rest, ""));
        let place = Place::Port {
            port: port.parse().map_err(|_| wrong())?,
            path: path.to_owned(),
        };
        Ok(Self { name, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_has_a_port_or_a_url() {
        let place = |text: &str| text.parse::<Transport>().map(|transport| transport.place);
        let port = |port, path: &str| {
            let path = path.to_owned();
            Ok(Place::Port { port, path })
        };
        assert_eq!(place("http:8080"), port(8080, ""));
        assert_eq!(place("http:8080:/api"), port(8080, "/api"));
        let url = "http://host:1/api".to_owned();
        assert_eq!(place("admin=http://host:1/api"), Ok(Place::Url(url)));
        for wrong in ["http", ":8080", "http:port", "=http://host", ""] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_seed_is_drawn_unless_it_is_given() {
        assert_eq!("".parse(), Ok(Seed::Drawn));
        assert_eq!("7".parse(), Ok(Seed::Given(7)));
        assert!("seven".parse::<Seed>().is_err());
    }
}
