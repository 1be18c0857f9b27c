//! Answers HTTP from a contract: the running half of a consumer's test.
//!
//! [`Session`] is the whole behaviour as plain functions: a request in, an answer out, an account at the end.
//! [`MockServer`] puts it on a socket.
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

mod index;
mod rank;
mod report;
mod server;
mod session;

pub use report::{Closest, Report, UnexpectedRequest, UnmetInteraction};
pub use server::{ANSWER_HEADER, BODY_BYTES_MAX, MockServer};
pub use session::{Answer, Session};
