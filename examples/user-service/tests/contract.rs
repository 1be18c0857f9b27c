//! The user service honours every contract that its consumers wrote.

use std::net::Ipv4Addr;

use serde::Deserialize;
use tokio::net::TcpListener;
use treaty_provider::{NoTarget, PactSource, Verifier};
use user_service::{Store, User, app};

/// What a consumer says about a user who exists; the rest is up to us.
#[derive(Deserialize)]
struct UserParams {
    id: u64,
    #[serde(default = "jane")]
    name: String,
}

#[derive(Deserialize)]
struct Id {
    id: u64,
}

fn jane() -> String {
    "Jane".to_owned()
}

impl From<UserParams> for User {
    fn from(params: UserParams) -> Self {
        let email = format!("{}@example.com", params.name.to_lowercase());
        Self {
            id: params.id,
            name: params.name,
            email,
            active: true,
        }
    }
}

fn user_service(store: &Store) -> Verifier<NoTarget> {
    let [add, remove, clear, clean] = [(); 4].map(|()| store.clone());
    Verifier::new("UserService")
        .state(
            "a user with ID {id} exists",
            async move |user: UserParams| {
                add.insert(user.into());
            },
        )
        .tear_down("a user with ID {id} exists", async move |user: Id| {
            remove.remove(user.id);
        })
        .state("no user with ID {id} exists", async move |user: Id| {
            clean.remove(user.id);
        })
        .state("no users exist", async move || clear.clear())
}

#[tokio::test]
async fn honours_every_contract_in_process() {
    let store = Store::default();
    user_service(&store)
        .service(app(store))
        .verify(PactSource::dir("../../pacts"))
        .await
        .assert_ok();
}

#[tokio::test]
async fn honours_every_contract_over_tcp() -> std::io::Result<()> {
    let store = Store::default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, app(store.clone())).into_future());

    let report = user_service(&store)
        .base_url(format!("http://{address}"))
        .verify(PactSource::dir("../../pacts"))
        .await;

    report.assert_ok();
    Ok(())
}
