//! The consumer of the story: its client for users, and the test that writes the pact.

use std::path::Path;

use serde::Deserialize;
use treaty_consumer::prelude::*;

use super::steps::Surprise;

/// What the consumer reads of a user.
#[derive(Debug, Deserialize)]
struct User {
    name: String,
    email: String,
}

/// The consumer's own client, as it runs in production.
#[derive(Debug)]
struct UserClient {
    base_url: String,
}

impl UserClient {
    async fn user(&self, id: u64) -> Result<User, reqwest::Error> {
        let url = format!("{}/users/{id}", self.base_url.trim_end_matches('/'));
        reqwest::get(url).await?.error_for_status()?.json().await
    }
}

/// Runs the client against a mock server and leaves the pact in the directory.
pub(super) async fn test(pacts: &Path) -> Result<(), Surprise> {
    let mut builder = PactBuilder::new_v4("OrderService", "UserService");
    builder.with_output_dir(pacts);
    builder.interaction("a request for user 42", "", |mut i| {
        i.given("a user with ID 42 exists");
        i.request.get().path("/users/42");
        let user = json_pattern!({
            "id": like!(42),
            "name": like!("Jane"),
            "email": like!("jane@example.com"),
        });
        i.response.ok().json_body(user);
        i
    });
    let mock = builder.mock_server();
    let client = UserClient {
        base_url: mock.url().to_string(),
    };
    let user = client.user(42).await.map_err(Surprise::of)?;
    if (user.name.as_str(), user.email.as_str()) != ("Jane", "jane@example.com") {
        return Err(Surprise::new(format!("the mock server answered {user:?}")));
    }
    mock.finish().map_err(Surprise::of)
}
