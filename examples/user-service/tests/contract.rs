//! The user service honours every contract that its consumers wrote.

mod states;

use std::net::Ipv4Addr;

use tokio::net::TcpListener;
use treaty_provider::PactSource;
use user_service::{Store, app};

use states::user_service;

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
