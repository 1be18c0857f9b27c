//! What a contract protects: the provider's answer, changed in one place at a time, and matched again.

mod mutant;
mod protection;

pub use mutant::Mutation;
pub use protection::{MUTANTS_MAX, PlaceProtection, ProtectedPlace, ProtectedResponse, Protection};

pub(crate) use protection::{message_protection, protection, responses_protection};
