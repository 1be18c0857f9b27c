//! Opens brokers and puts them on a socket.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::Service;

use crate::domain::access::Rules;
use crate::error::StartError;
use crate::history::Moment;
use crate::listen::{Served, serve};
use crate::state::State;
use crate::store::audit::Entry;
use crate::store::{Sql, Store, StoreError, tokens};
use crate::time::stored;
use crate::{Access, Config, Tls, clean_up, router};

/// A broker that listens on a socket, until it is dropped or [shut down](Broker::shutdown).
#[derive(Debug)]
#[must_use = "a broker stops when it is dropped"]
pub struct Broker {
    url: String,
    address: SocketAddr,
    stop: Option<watch::Sender<bool>>,
    served: JoinHandle<()>,
    worked: JoinHandle<()>,
    clean_up: Option<JoinHandle<()>>,
}

impl Broker {
    /// Opens the database and listens; the broker answers when this returns. Port 0 chooses a free port.
    ///
    /// # Errors
    /// [`StartError`] when the address is taken, everybody who reaches it could change everything, the path of the base URL
    /// could be meant by paths of the broker itself, or the database cannot be used.
    pub async fn start(config: Config, address: impl Into<SocketAddr>) -> Result<Self, StartError> {
        let address = address.into();
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| StartError::Listen { address, source })?;
        let address = listener
            .local_addr()
            .map_err(|source| StartError::Listen { address, source })?;
        let store = Store::open(&config.database)?;
        let has_tokens = store.read(tokens::any).await?;
        let rules = rules(&config.access, has_tokens);
        if rules.everything && !config.access.insecure && !address.ip().is_loopback() {
            return Err(StartError::Exposed { address });
        }
        let state = State::new(store, config, rules);
        let served = Served {
            router: router::router(state.clone())?,
            tls: state.config.tls.as_ref().map(Tls::config),
        };
        let scheme = if served.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let (stop, stopped) = watch::channel(false);
        let worked = tokio::spawn(state.webhooks.clone().run(stopped.clone()));
        let served = tokio::spawn(serve(listener, served, stopped));
        let cleans_up = state.config.clean_up;
        let clean_up = cleans_up.then(|| tokio::spawn(clean_up::every_day(state)));
        Ok(Self {
            url: format!("{scheme}://{address}"),
            clean_up,
            address,
            stop: Some(stop),
            served,
            worked,
        })
    }

    /// Opens the same broker without a socket. It asks for credentials only if the configuration names a user.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower::ServiceExt;
    /// use treaty_broker::{Broker, Config, DatabaseUrl};
    ///
    /// let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// let request = http::Request::get("/diagnostic/status/heartbeat").body(axum::body::Body::empty())?;
    /// assert_eq!(broker.oneshot(request).await?.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StartError`] when the path of the base URL could be meant by paths of the broker itself, or the database cannot be
    /// used.
    pub fn open(config: Config) -> Result<BrokerService, StartError> {
        let store = Store::open(&config.database)?;
        let rules = rules(&config.access, false);
        BrokerService::new(store, config, rules)
    }

    /// Opens the same broker for telling it what happened long ago, elsewhere. It takes down what it is told, each change
    /// with the moment and the identifier that are set just before, and draws no conclusions: no main branch and no
    /// deployment follows from a name, no webhook is triggered, and the audit log tells nothing of it. Changes are to be
    /// sent one after the other.
    ///
    /// # Errors
    /// [`StartError`] as [`open`](Self::open).
    pub fn open_for_history(mut config: Config) -> Result<(BrokerService, Moment), StartError> {
        let moment = Moment::default();
        let real = std::mem::replace(&mut config.clock, moment.clock());
        config.ids = moment.ids();
        config.history = Some(real);
        Ok((Self::open(config)?, moment))
    }

    /// Where the broker listens, as the start of a URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the broker listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers the requests and ends the webhooks that have begun, then stops. Webhooks that have not begun stay in
    /// the queue.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(true);
        }
        let _ = (&mut self.served).await;
        let _ = (&mut self.worked).await;
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(clean_up) = &self.clean_up {
            clean_up.abort();
        }
        if self.stop.is_some() {
            self.served.abort();
            self.worked.abort();
        }
    }
}

/// A broker without a socket: a [`tower::Service`] of HTTP requests. Clones share the database.
///
/// Nothing runs beside the requests: webhooks wait in the queue until somebody calls
/// [`send_webhooks`](Self::send_webhooks).
#[derive(Debug, Clone)]
pub struct BrokerService {
    router: Router,
    state: State,
}

impl BrokerService {
    fn new(store: Store, config: Config, rules: Rules) -> Result<Self, StartError> {
        let state = State::new(store, config, rules);
        Ok(Self {
            router: router::router(state.clone())?,
            state,
        })
    }

    /// Sends every webhook that is due by the clock of the configuration, and says how many attempts that were,
    /// whether they succeeded or not.
    ///
    /// # Errors
    /// [`StoreError`] when the queue cannot be read.
    pub async fn send_webhooks(&self) -> Result<usize, StoreError> {
        let (_never, running) = watch::channel(false);
        self.state.webhooks.send_due(&running).await
    }

    /// Writes into the audit log what no request tells: what was done, and about what.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn record(&self, what: &str, about: &str) -> Result<(), StoreError> {
        let config = &self.state.config;
        let real = config.history.as_ref().unwrap_or(&config.clock);
        let entry = Entry {
            at: stored(real.now()),
            who: config.anybody.clone(),
            method: what.to_owned(),
            path: "/".to_owned(),
            about: Some(about.to_owned()),
        };
        let nothing_else = |_: &mut dyn Sql| Ok(());
        let store = self.state.store.clone().recording(entry);
        store.write(nothing_else).await
    }

    /// How many webhooks wait in the queue, whether they are due already or not.
    ///
    /// # Errors
    /// [`StoreError`] when the queue cannot be read.
    pub async fn webhooks_waiting(&self) -> Result<usize, StoreError> {
        self.state.webhooks.waiting().await
    }
}

/// What everybody may do: everything, as long as there is nobody else.
fn rules(access: &Access, has_tokens: bool) -> Rules {
    Rules {
        everything: access.users.is_empty() && !has_tokens,
        read: access.public_read,
        probe: access.public_heartbeat,
        badges: access.public_badges,
    }
}

impl Service<Request<Body>> for BrokerService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <Router as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<Body>>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Service::<Request<Body>>::call(&mut self.router, request)
    }
}
