//! The part of an order service that asks a user service about its users: the client that the contract tests exercise.

use reqwest::{Client, StatusCode};
use serde::{Deserialize, Serialize};

/// What an order needs to know of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The number by which orders refer to the user.
    pub id: u64,
    /// What a parcel is addressed to.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
}

/// What it takes to sign a new user up at the checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewUser {
    /// What a parcel is addressed to.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
}

/// Why a user could not be had.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The user service could not be asked, or its answer not be read.
    #[error("the user service could not be asked")]
    Transport(#[from] reqwest::Error),
    /// The user service answered with a status that this client does not know what to do with.
    #[error("the user service answered {0}")]
    Status(StatusCode),
}

/// Asks a user service.
#[derive(Debug, Clone)]
pub struct UserClient {
    base_url: String,
    http: Client,
}

impl UserClient {
    /// A client of the user service at this address.
    #[must_use]
    pub fn new(base_url: impl AsRef<str>) -> Self {
        let base_url = base_url.as_ref().trim_end_matches('/').to_owned();
        Self {
            base_url,
            http: Client::new(),
        }
    }

    /// One user, if there is one with this id.
    ///
    /// # Errors
    /// [`UserError`] when the service cannot be asked or answers something else than a user or "not found".
    pub async fn user(&self, id: u64) -> Result<Option<User>, UserError> {
        let answer = self
            .http
            .get(format!("{}/users/{id}", self.base_url))
            .send()
            .await?;
        match answer.status() {
            StatusCode::OK => Ok(Some(answer.json().await?)),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(UserError::Status(other)),
        }
    }

    /// All users that may order.
    ///
    /// # Errors
    /// [`UserError`] when the service cannot be asked or answers something else than a list.
    pub async fn active_users(&self) -> Result<Vec<User>, UserError> {
        let answer = self
            .http
            .get(format!("{}/users?active=true", self.base_url))
            .send()
            .await?;
        match answer.status() {
            StatusCode::OK => Ok(answer.json().await?),
            other => Err(UserError::Status(other)),
        }
    }

    /// Signs a user up.
    ///
    /// # Errors
    /// [`UserError`] when the service cannot be asked or refuses.
    pub async fn sign_up(&self, user: &NewUser) -> Result<User, UserError> {
        let request = self
            .http
            .post(format!("{}/users", self.base_url))
            .json(user);
        let answer = request.send().await?;
        match answer.status() {
            StatusCode::CREATED => Ok(answer.json().await?),
            other => Err(UserError::Status(other)),
        }
    }
}
