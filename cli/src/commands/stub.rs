//! `treaty stub`.

mod sources;
mod states;
mod verified;
mod watch;

use std::net::{SocketAddr, TcpListener};

use tokio::runtime::Handle;
use treaty_core::interaction::Interaction;
use treaty_mock_server::{NamePattern, Stub, StubOptions, StubServer, Stubbed};

use self::sources::Sources;
use crate::args::StubArgs;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer};
use crate::signals;

pub(crate) async fn run(args: &StubArgs) -> Result<Answer, Failure> {
    let stopped = signals::stopped()?;
    let sources = Sources::of(args)?;
    let stubbed = sources.read().await?;
    let address = SocketAddr::new(args.host, args.port);
    let listener = TcpListener::bind(address).and_then(|listener| {
        let url = format!("http://{}", listener.local_addr()?);
        Ok((listener, url))
    });
    let refused = |source| Failure::Listen { address, source };
    let (listener, url) = listener.map_err(refused)?;
    let options = options(args);
    let stub = Stub::new(stubbed.clone(), options.clone(), &url);
    let server = StubServer::start(stub, listener, &Handle::current()).map_err(refused)?;
    output::note(&account(&stubbed));
    if let Some(warning) = states::nobody_is_in(&stubbed, args) {
        output::note(&warning);
    }
    output::line(&format!("listening on {url}"))?;
    let replace = |stubbed: Vec<Stubbed>| {
        output::note(&format!("changed: {}", account(&stubbed)));
        server.replace(Stub::new(stubbed, options.clone(), &url));
    };
    if args.watch {
        tokio::select! {
            _ = stopped => {}
            () = watch::changes(&sources, stubbed, replace) => {}
        }
    } else {
        stopped.await;
    }
    Ok(Answer::silent(ExitCode::Yes))
}

fn options(args: &StubArgs) -> StubOptions {
    let mut options = StubOptions::default().state_header(&args.provider_state_header_name);
    if args.cors {
        options = options.cors();
    }
    if args.cors_referer {
        options = options.cors_by_referer();
    }
    if let Some(state) = &args.provider_state {
        options = options.state(NamePattern::new(state));
    }
    if args.empty_provider_state {
        options = options.or_stateless();
    }
    options
}

/// How much the stub answers from.
fn account(stubbed: &[Stubbed]) -> String {
    let http = stubbed.iter().filter(|one| is_http(one));
    let withheld = http.clone().filter(|one| one.withheld.is_some()).count();
    let all = http.count();
    match withheld {
        0 => format!("answering from {all} interactions"),
        withheld => format!(
            "answering from {} of {all} interactions; nothing shows that the provider keeps the others",
            all - withheld
        ),
    }
}

fn is_http(stubbed: &Stubbed) -> bool {
    matches!(stubbed.interaction, Interaction::Http(_))
}
