//! When what is taken down happened, and what it was called there.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::config::{Clock, Ids};

/// The moment and the identifier of the next change of a broker that was
/// [opened for history](crate::Broker::open_for_history). Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Moment(Arc<Mutex<Told>>);

#[derive(Debug, Clone, Default)]
struct Told {
    at: Option<DateTime<Utc>>,
    id: Option<String>,
}

impl Moment {
    /// Sets both. Without a moment, or with a text that is no RFC 3339 moment, it is now; without an identifier, it is a
    /// new one.
    pub fn set(&self, at: Option<&str>, id: Option<&str>) {
        let at = at.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        let told = Told {
            at: at.map(|at| at.with_timezone(&Utc)),
            id: id.map(str::to_owned),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    fn told(&self) -> Told {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.clone()
    }

    pub(crate) fn clock(&self) -> Clock {
        let (moment, system) = (self.clone(), Clock::system());
        Clock::new(move || moment.told().at.unwrap_or_else(|| system.now()))
    }

    pub(crate) fn ids(&self) -> Ids {
        let (moment, random) = (self.clone(), Ids::random());
        Ids::new(move || moment.told().id.unwrap_or_else(|| random.next()))
    }
}
