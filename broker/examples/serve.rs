//! Serves a broker until it is interrupted: `cargo run --example serve -- sqlite:pacts.db 9292`.

use treaty_broker::{Broker, Config, DatabaseUrl};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let database = DatabaseUrl::parse(
        &arguments
            .next()
            .unwrap_or_else(|| "sqlite::memory:".to_owned()),
    )?;
    let port: u16 = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let broker = Broker::start(Config::new(database), ([127, 0, 0, 1], port)).await?;
    eprintln!("listening on {}", broker.url());
    tokio::signal::ctrl_c().await?;
    broker.shutdown().await;
    Ok(())
}
