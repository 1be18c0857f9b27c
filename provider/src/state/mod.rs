//! Provider states: who sets them up, how their parameters reach a handler, and how they are torn down again.

mod executor;
mod handler;
mod nearest;
mod params;
mod pattern;
mod registry;
mod run;
mod url;
mod values;

pub use handler::StateHandler;
pub use params::StateParams;
pub use url::{STATE_CHANGE_ATTEMPTS, StateChange, StateChangeData};
pub use values::{IntoStateValues, StateValues};

pub(crate) use executor::Executor;
pub(crate) use handler::{Plain, Typed};
pub(crate) use nearest::nearest;
pub(crate) use pattern::Pattern;
pub(crate) use registry::Registry;
pub(crate) use run::{SetUp, States};
pub(crate) use url::StateChangeClient;
