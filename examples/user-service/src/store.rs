//! The users, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Somebody who may order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The number that others refer to.
    pub id: u64,
    /// What a parcel is addressed to.
    pub name: String,
    /// Where letters go that are not parcels.
    pub email: String,
    /// Whether the user may order at present.
    pub active: bool,
}

/// What somebody says who signs up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewUser {
    /// What a parcel is addressed to.
    pub name: String,
    /// Where letters go that are not parcels.
    pub email: String,
}

/// All users. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Store(Arc<Mutex<BTreeMap<u64, User>>>);

impl Store {
    /// Adds the user, or replaces the one with the same id.
    pub fn insert(&self, user: User) {
        self.users().insert(user.id, user);
    }

    /// Adds a user with the next free id.
    pub fn sign_up(&self, user: NewUser) -> User {
        let mut users = self.users();
        let id = users.keys().next_back().map_or(1, |last| last + 1);
        let NewUser { name, email } = user;
        let user = User {
            id,
            name,
            email,
            active: true,
        };
        users.insert(id, user.clone());
        user
    }

    /// The user with the id.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<User> {
        self.users().get(&id).cloned()
    }

    /// All users in the order of their ids.
    #[must_use]
    pub fn all(&self) -> Vec<User> {
        self.users().values().cloned().collect()
    }

    /// Forgets the user with the id.
    pub fn remove(&self, id: u64) {
        self.users().remove(&id);
    }

    /// Forgets everyone.
    pub fn clear(&self) {
        self.users().clear();
    }

    fn users(&self) -> MutexGuard<'_, BTreeMap<u64, User>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
