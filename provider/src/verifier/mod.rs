//! A provider as its build knows it: where it answers, how it gets into its states, what is asked of it.

mod build;
mod network;
mod settings;
mod targets;

pub use build::Verifier;
pub use settings::Progress;
pub use targets::{IntoTarget, NoTarget, Target};

pub(crate) use settings::Settings;
pub(crate) use targets::{MESSAGE_TRANSPORTS, TargetKind, Targets};
