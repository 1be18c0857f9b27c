//! Answers HTTP from a contract: the running half of a consumer's test.
//!
//! [`Session`] is the whole behaviour as plain functions: a request in, an answer out, an account at the end.
//! [`MockServer`] puts it on a socket. A [`Stub`] answers from the same interactions without an account, for as long and
//! as often as anybody asks; [`StubServer`] puts it on a socket.
//!
//! ```
//! use treaty_mock_server::{Answer, Session};
//!
//! let pact = treaty_core::document::load("a-b.json", br#"{
//!   "consumer": {"name": "A"}, "provider": {"name": "B"},
//!   "interactions": [{"description": "a ping", "request": {"path": "/ping"}, "response": {"status": 204}}]
//! }"#).unwrap();
//! let mut session = Session::new(pact.interactions, "http://127.0.0.1:1234");
//!
//! let request = treaty_core::wire::request("GET", "/pong", None, [], Default::default());
//! assert!(matches!(session.answer(&request), Answer::Unexpected(_)));
//! assert_eq!(session.report().unmet[0].title, "a ping");
//! ```

mod cors;
mod disturb;
mod fault;
mod index;
mod options;
mod random;
mod rank;
mod report;
mod respond;
mod server;
mod session;
mod stub;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
mod tls;
pub mod variation;

pub use disturb::{Disturbed, Ending};
pub use fault::{Fault, FaultError};
pub use options::MockServerOptions;
pub use report::{Closest, FaultyAnswer, Report, UnexpectedRequest, UnmetInteraction};
pub use respond::ANSWER_HEADER;
pub use server::{BODY_BYTES_MAX, MockServer, StartError, StubServer};
pub use session::{Answer, Session};
pub use stub::{NamePattern, STATE_HEADER, States, Stub, StubOptions, Stubbed};
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
