//! Sending webhooks: what is allowed, the secrets, the sender, and the worker that empties the queue.

mod addresses;
mod hosts;
mod secret_key;
mod sender;
mod settings;
mod vault;
mod worker;

pub use hosts::{HostPattern, HostPatternError};
pub use secret_key::{SecretKey, SecretKeyError};
use sender::Sender;
pub use settings::WebhookSettings;
pub(crate) use vault::{Vault, VaultError};
pub(crate) use worker::{Test, TestAttempt, Worker, open, test_attempt};
