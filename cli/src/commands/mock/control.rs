//! Speaks to the process that has the mock servers.

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::args::{ControlArgs, MockCreateArgs, MockOneArgs, MockShutdownMasterArgs};
use crate::error::Failure;
use crate::files;

/// What the process says to a mock server's account.
pub(super) enum Verified {
    /// All was met and nothing else came; the pact is written.
    Yes(Value),
    /// What was not.
    No(Value),
}

pub(super) async fn create(args: &MockCreateArgs) -> Result<Value, Failure> {
    let pact = files::read(&args.file)?;
    let url = format!(
        "{}?specification={}&cors={}",
        url(&args.control, "/"),
        args.specification.as_str(),
        args.cors_preflight
    );
    let response = send(Client::new().post(url).body(pact)).await?;
    let status = response.status();
    let document = document(response).await?;
    let created = document.get("mockServer").filter(|_| status.is_success());
    match created {
        Some(created) => Ok(created.clone()),
        None => Err(refused(&document, "correct the pact file")),
    }
}

pub(super) async fn list(control: &ControlArgs) -> Result<Value, Failure> {
    document(done(send(Client::new().get(url(control, "/"))).await?)?).await
}

pub(super) async fn verify(args: &MockOneArgs) -> Result<Verified, Failure> {
    let path = format!("/mockserver/{}/verify", args.name());
    let response = send(Client::new().post(url(&args.control, &path))).await?;
    let status = response.status();
    if status == StatusCode::NOT_FOUND {
        return Err(unknown(args));
    }
    let document = document(response).await?;
    match status {
        StatusCode::OK => Ok(Verified::Yes(document)),
        _ if document.get("mismatches").is_some() => Ok(Verified::No(document)),
        _ => Err(refused(
            &document,
            "correct what is there, or write the pact elsewhere",
        )),
    }
}

pub(super) async fn shut_down(args: &MockOneArgs) -> Result<(), Failure> {
    let path = format!("/mockserver/{}", args.name());
    let response = send(Client::new().delete(url(&args.control, &path))).await?;
    match response.status() {
        StatusCode::NOT_FOUND => Err(unknown(args)),
        _ => done(response).map(drop),
    }
}

pub(super) async fn shut_down_master(args: &MockShutdownMasterArgs) -> Result<(), Failure> {
    let request = Client::new().post(url(&args.control, "/shutdown"));
    let request = request
        .bearer_auth(&args.server_key)
        .json(&json!({ "period": args.period }));
    let response = send(request).await?;
    match response.status() {
        StatusCode::FORBIDDEN => Err(Failure::usage(
            "this is not the key of the process",
            "give the key that it told when it started",
        )),
        _ => done(response).map(drop),
    }
}

/// The response, if it says that what was asked for is done.
fn done(response: Response) -> Result<Response, Failure> {
    match response.status() {
        status if status.is_success() => Ok(response),
        status => Err(Failure::NotMockProcess {
            url: response.url().to_string(),
            what: status.to_string(),
        }),
    }
}

fn url(control: &ControlArgs, path: &str) -> String {
    format!("http://{}:{}{path}", control.host, control.port)
}

async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    request.send().await.map_err(Failure::NoMockProcess)
}

async fn document(response: Response) -> Result<Value, Failure> {
    let (url, status) = (response.url().to_string(), response.status());
    let text = response.text().await.map_err(Failure::NoMockProcess)?;
    serde_json::from_str(&text).map_err(|_| Failure::NotMockProcess {
        url,
        what: format!("{status}, and no JSON"),
    })
}

fn refused(document: &Value, fix: &str) -> Failure {
    let what = document["error"]
        .as_str()
        .unwrap_or("the process refuses without a word");
    Failure::usage(what, fix)
}

fn unknown(args: &MockOneArgs) -> Failure {
    Failure::usage(
        format!("there is no mock server {}", args.name()),
        "see which there are: treaty mock list",
    )
}
