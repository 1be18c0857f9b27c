//! The mock servers of the process.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use treaty_consumer::{PactFileError, add_to_pact_file};
use treaty_core::document::{self, Draft, SpecVersion};
use treaty_mock_server::{Closest, MockServer, MockServerOptions, Report, UnexpectedRequest};

/// How many ports behind the first one are tried.
const PORTS_TRIED: u16 = 1000;

/// Every mock server that was created and not shut down, by its id.
#[derive(Debug)]
pub(super) struct Manager {
    servers: BTreeMap<String, Running>,
    pub(super) base_port: Option<u16>,
    pub(super) output: PathBuf,
}

#[derive(Debug)]
struct Running {
    server: MockServer,
    port: u16,
    draft: Draft,
}

/// How a mock server is wished for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) cors: bool,
    pub(super) version: SpecVersion,
}

/// What a verification comes to.
#[derive(Debug)]
pub(super) enum Verified {
    /// The pact is written.
    Yes(Value),
    /// Something is missing, or something else came.
    No(Value),
    /// All is well but for the file.
    NotWritten(PactFileError),
}

impl Manager {
    pub(super) fn new(base_port: Option<u16>, output: PathBuf) -> Self {
        Self {
            servers: BTreeMap::new(),
            base_port,
            output,
        }
    }

    /// Starts a mock server for the pact, and tells its id and port; or why there is none.
    pub(super) fn create(&mut self, pact: &[u8], wish: Wish) -> Result<Value, String> {
        let pact = document::load("the pact", pact).map_err(|error| error.to_string())?;
        let listener = self.listener().map_err(|error| error.to_string())?;
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        let mut options = MockServerOptions::default();
        if wish.cors {
            options = options.cors();
        }
        let interactions = pact.interactions.clone();
        let server = MockServer::start_with(interactions, listener, options, &Handle::current());
        let server = server.map_err(|error| error.to_string())?;
        let draft = Draft {
            consumer: pact.consumer,
            provider: pact.provider,
            version: wish.version,
            interactions: pact.interactions,
        };
        let id = uuid::Uuid::new_v4().simple().to_string();
        let running = Running {
            server,
            port,
            draft,
        };
        let told = running.told(&id);
        self.servers.insert(id, running);
        Ok(told)
    }

    fn listener(&self) -> std::io::Result<TcpListener> {
        let Some(base) = self.base_port else {
            return TcpListener::bind("127.0.0.1:0");
        };
        let mut ports = base..base.saturating_add(PORTS_TRIED);
        let free = ports.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
        free.map_or_else(|| TcpListener::bind(("127.0.0.1", base)), Ok)
    }

    pub(super) fn list(&self) -> Vec<Value> {
        self.servers
            .iter()
            .map(|(id, running)| running.told(id))
            .collect()
    }

    /// What there is to tell about one, by its id or port.
    pub(super) fn one(&self, name: &str) -> Option<Value> {
        let (id, running) = self.find(name)?;
        Some(running.told(id))
    }

    /// Whether there was one to stop.
    pub(super) fn shut_down(&mut self, name: &str) -> bool {
        let id = self.find(name).map(|(id, _)| id.clone());
        id.is_some_and(|id| self.servers.remove(&id).is_some())
    }

    /// The account of one; if nothing is wrong with it, its pact is written.
    pub(super) fn verify(&self, name: &str) -> Option<Verified> {
        let (id, running) = self.find(name)?;
        let report = running.server.report();
        let mut told = json!({ "mockServer": running.told(id) });
        if !report.is_ok() {
            told["mismatches"] = mismatches(&report);
            return Some(Verified::No(told));
        }
        Some(match add_to_pact_file(&running.draft, &self.output) {
            Ok(()) => Verified::Yes(told),
            Err(error) => Verified::NotWritten(error),
        })
    }

    fn find(&self, name: &str) -> Option<(&String, &Running)> {
        let port: Option<u16> = name.parse().ok();
        let mut servers = self.servers.iter();
        servers.find(|(id, running)| *id == name || Some(running.port) == port)
    }
}

impl Running {
    fn told(&self, id: &str) -> Value {
        let status = if self.server.report().is_ok() {
            "ok"
        } else {
            "error"
        };
        json!({
            "id": id, "port": self.port, "url": self.server.url(),
            "consumer": self.draft.consumer, "provider": self.draft.provider, "status": status,
        })
    }
}

fn mismatches(report: &Report) -> Value {
    let unmet = report.unmet.iter().map(|unmet| {
        json!({ "type": "missing-request", "request": unmet.request, "interaction": unmet.title })
    });
    let unexpected = report.unexpected.iter().map(unexpected);
    unmet.chain(unexpected).collect()
}

fn unexpected(request: &UnexpectedRequest) -> Value {
    let Some(Closest {
        title, mismatches, ..
    }) = &request.closest
    else {
        return json!({ "type": "request-not-found", "request": request.request, "error": request.failure });
    };
    let (method, path) = request.request.split_once(' ').unwrap_or_default();
    let lines = mismatches
        .iter()
        .map(|mismatch| json!({ "mismatch": mismatch.to_string() }));
    json!({
        "type": "request-mismatch", "method": method, "path": path, "request": request.request,
        "interaction": title, "mismatches": lines.collect::<Vec<_>>(),
    })
}
