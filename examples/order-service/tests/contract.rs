//! What the order service expects of the user service. Running these tests writes `pacts/OrderService-UserService.json`.

use order_service::{NewUser, UserClient};
use treaty_consumer::prelude::*;

fn pact() -> PactBuilder {
    PactBuilder::new_v4("OrderService", "UserService")
}

#[tokio::test]
async fn reads_a_user() -> Result<(), Unmet> {
    let mock = pact()
        .interaction("a request for user 42", "", |mut i| {
            i.given("a user with ID 42 exists");
            i.request.get().path("/users/42");
            i.response.ok().json_body(json_pattern!({
                "id": 42,
                "name": like!("Jane"),
                "email": term!(r"[^@\s]+@[^@\s]+", "jane@example.com"),
            }));
            i
        })
        .mock_server();

    let user = UserClient::new(mock.url()).user(42).await.unwrap().unwrap();

    assert_eq!((user.id, user.name.as_str()), (42, "Jane"));
    mock.finish()
}

#[tokio::test]
async fn takes_it_calmly_that_a_user_does_not_exist() -> Result<(), Unmet> {
    let mock = pact()
        .interaction("a request for user 99", "", |mut i| {
            i.given("no user with ID 99 exists");
            i.request.get().path("/users/99");
            i.response
                .not_found()
                .json_body(json_pattern!({ "error": like!("no user 99") }));
            i
        })
        .mock_server();

    let user = UserClient::new(mock.url()).user(99).await.unwrap();

    assert_eq!(user, None);
    mock.finish()
}

#[tokio::test]
async fn lists_the_users_that_may_order() -> Result<(), Unmet> {
    let mock = pact()
        .interaction("a request for the active users", "", |mut i| {
            i.given("a user with ID 42 exists");
            i.request.get().path("/users").query_param("active", "true");
            i.response.ok().json_body(each_like!({
                "id": like!(42),
                "name": like!("Jane"),
                "email": term!(r"[^@\s]+@[^@\s]+", "jane@example.com"),
            }));
            i
        })
        .mock_server();

    let users = UserClient::new(mock.url()).active_users().await.unwrap();

    assert_eq!(users.len(), 1);
    mock.finish()
}

#[tokio::test]
async fn signs_a_user_up() -> Result<(), Unmet> {
    let mock = pact()
        .interaction("a sign-up", "", |mut i| {
            i.given("no users exist");
            i.request.post().path("/users").json_body(
                json_pattern!({ "name": like!("Joe"), "email": like!("joe@example.com") }),
            );
            i.response.created().json_body(json_pattern!({
                "id": like!(1),
                "name": like!("Joe"),
                "email": like!("joe@example.com"),
            }));
            i
        })
        .mock_server();
    let joe = NewUser {
        name: "Joe".to_owned(),
        email: "joe@example.com".to_owned(),
    };

    let user = UserClient::new(mock.url()).sign_up(&joe).await.unwrap();

    assert_eq!(user.name, "Joe");
    mock.finish()
}
