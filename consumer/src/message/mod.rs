//! Messages: described like HTTP interactions, handed to the consumer's own handler, delivered by a topic in memory.
//!
//! [`interactions`] and [`metadata`] describe them, [`hand`] and [`iterator`] feed them to a test, [`topic`],
//! [`delivery`] and [`explore`] deliver them as unkindly as a real one may, [`eventually`] and [`events`] wait for what
//! comes of it.

mod delivery;
mod events;
mod eventually;
mod explore;
mod hand;
mod interactions;
mod iterator;
mod metadata;
mod order;
mod sent;
mod shrink;
mod topic;
mod value;

pub use delivery::{Attempt, DeadLetter, DeliveryReport, Undelivered};
pub use events::{Events, Listener};
pub use eventually::{NeverHappened, Observed, eventually};
pub use explore::{Explored, Unstable, explore};
pub use hand::{HandlerFailure, Unhandled};
pub use iterator::MessageIterator;
pub use metadata::{MessageExt, SyncMessageExt};
pub use order::{Delivery, DeliveryOptions, OrderKept};
pub use sent::{NotRequested, Sent};
pub use topic::{Record, Topic};
pub use value::{Message, SyncMessage};
