//! How the user service gets into the states that its consumers name: what all its contract tests share.

use serde::Deserialize;
use treaty_provider::{NoTarget, Verifier};
use user_service::{Store, User};

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

/// The verifier of the user service over this store, wherever it answers.
pub(crate) fn user_service(store: &Store) -> Verifier<NoTarget> {
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
