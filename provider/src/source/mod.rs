//! Where pacts come from.

mod broker;
mod document;
mod file;
mod kinds;
mod url;

pub use broker::BrokerSource;
pub use document::PACT_BYTES_MAX;
pub use file::pact_files;
pub use kinds::{PactSource, Sources};

pub(crate) use broker::FromBroker;
pub(crate) use document::Loaded;
pub(crate) use kinds::Reader;
