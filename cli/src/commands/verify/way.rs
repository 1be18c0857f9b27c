//! Which way requests to the provider go.

use treaty_provider::{Target, Verifier};
use url::Url;

use crate::args::{Place, Transport, WayArgs};
use crate::error::Failure;
use crate::files;

/// Tells the verifier, whose provider answers at the base URL.
pub(super) fn told(
    mut verifier: Verifier<Target>,
    args: &WayArgs,
    base_url: &str,
) -> Result<Verifier<Target>, Failure> {
    if let Some(url) = &args.message_url {
        verifier = verifier.message_url(url);
    }
    for (number, transport) in args.transports.iter().enumerate() {
        let name = &transport.name;
        let before = &args.transports[..number];
        if before.iter().any(|other| other.name == *name) {
            return Err(Failure::usage(
                format!("the transport {name:?} is said to be in two places"),
                "name each transport once",
            ));
        }
        verifier = verifier.transport(name, url(transport, base_url));
    }
    if let Some(path) = &args.ca_certificate {
        verifier = verifier.certificate_authority(files::read(path)?);
    }
    if let Some(path) = &args.client_certificate {
        verifier = verifier.client_certificate(files::read(path)?);
    }
    if let Some(url) = &args.proxy {
        verifier = verifier.proxy(url);
    }
    Ok(verifier)
}

/// Where the transport is. A base URL that is none stays as it is: the verifier has refused it already.
fn url(transport: &Transport, base_url: &str) -> String {
    let (port, path) = match &transport.place {
        Place::Url(url) => return url.clone(),
        Place::Port { port, path } => (*port, path),
    };
    let Ok(mut url) = Url::parse(base_url) else {
        return base_url.to_owned();
    };
    let is_scheme = matches!(transport.name.as_str(), "http" | "https");
    // Both fail only for URLs without a host, which the verifier refuses.
    let _ = is_scheme.then(|| url.set_scheme(&transport.name));
    let _ = url.set_port(Some(port));
    url.set_path(path);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_one_of_the_providers_host() {
        let url = |transport: &str| url(&transport.parse().unwrap(), "https://users.test:1/api");
        assert_eq!(url("admin:8080"), "https://users.test:8080/");
        assert_eq!(url("http:8080:v2"), "http://users.test:8080/v2");
        assert_eq!(url("admin=http://other:2/x"), "http://other:2/x");
    }
}
