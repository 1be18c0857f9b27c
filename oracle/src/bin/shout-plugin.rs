//! A small plugin of the Pact plugin protocol, for the tests of those pacts that need one: it compares bodies of the type
//! `text/shout` without regard to case, and asks providers over the transport `shout`, by which a line goes out and a
//! line comes back.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::net::Ipv4Addr;

use pact_plugin_driver::proto::catalogue_entry::EntryType;
use pact_plugin_driver::proto::pact_plugin_server::{PactPlugin, PactPluginServer};
use pact_plugin_driver::proto::verification_preparation_response::Response as Prepared;
use pact_plugin_driver::proto::verification_result_item::Result as Item;
use pact_plugin_driver::proto::verify_interaction_response::Response as Verified;
use pact_plugin_driver::proto::{
    Body, Catalogue, CatalogueEntry, CompareContentsRequest, CompareContentsResponse,
    ConfigureInteractionRequest, ConfigureInteractionResponse, ContentMismatch, ContentMismatches,
    GenerateContentRequest, GenerateContentResponse, InitPluginRequest, InitPluginResponse,
    InteractionData, MockServerRequest, MockServerResults, ShutdownMockServerRequest,
    ShutdownMockServerResponse, StartMockServerRequest, StartMockServerResponse,
    VerificationPreparationRequest, VerificationPreparationResponse, VerificationResult,
    VerificationResultItem, VerifyInteractionRequest, VerifyInteractionResponse,
};
use pact_plugin_driver::utils::proto_struct_to_json;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

const TYPE: &str = "text/shout";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    // Beside the manifest, for tests that ask whether it still runs.
    std::fs::write("port", port.to_string())?;
    // The driver reads this line, and the rest is between the two of them.
    writeln!(
        std::io::stdout(),
        r#"{{"port": {port}, "serverKey": "shout"}}"#
    )?;
    let server = Server::builder().add_service(PactPluginServer::new(Shout));
    server
        .serve_with_incoming(TcpIncoming::from(listener))
        .await?;
    Ok(())
}

struct Shout;

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl PactPlugin for Shout {
    async fn init_plugin(&self, _: Request<InitPluginRequest>) -> Answer<InitPluginResponse> {
        let entry = |kind: EntryType, values: &[(&str, &str)]| CatalogueEntry {
            r#type: kind as i32,
            key: "shout".to_owned(),
            values: values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let catalogue = vec![
            entry(EntryType::ContentMatcher, &[("content-types", TYPE)]),
            entry(EntryType::Transport, &[]),
        ];
        Ok(Response::new(InitPluginResponse { catalogue }))
    }

    async fn update_catalogue(&self, _: Request<Catalogue>) -> Answer<()> {
        Ok(Response::new(()))
    }

    async fn compare_contents(
        &self,
        request: Request<CompareContentsRequest>,
    ) -> Answer<CompareContentsResponse> {
        let request = request.into_inner();
        let (expected, actual) = (bytes(request.expected), bytes(request.actual));
        let results = difference(&expected, &actual).map(|mismatch| {
            let mismatches = vec![mismatch];
            ("$".to_owned(), ContentMismatches { mismatches })
        });
        Ok(Response::new(CompareContentsResponse {
            results: results.into_iter().collect(),
            ..CompareContentsResponse::default()
        }))
    }

    async fn prepare_interaction_for_verification(
        &self,
        request: Request<VerificationPreparationRequest>,
    ) -> Answer<VerificationPreparationResponse> {
        let request = request.into_inner();
        let interaction = interaction(&request.pact, &request.interaction_key)?;
        let response = Some(Prepared::InteractionData(InteractionData {
            body: Some(Body {
                content_type: TYPE.to_owned(),
                content: Some(word(&interaction["request"])),
                ..Body::default()
            }),
            metadata: HashMap::new(),
        }));
        Ok(Response::new(VerificationPreparationResponse { response }))
    }

    /// A provider that closes without a word is told as an error, which has no expected and no actual side.
    async fn verify_interaction(
        &self,
        request: Request<VerifyInteractionRequest>,
    ) -> Answer<VerifyInteractionResponse> {
        let request = request.into_inner();
        let interaction = interaction(&request.pact, &request.interaction_key)?;
        let config = request.config.unwrap_or_default();
        let line = bytes(request.interaction_data.and_then(|data| data.body));
        let asked = asked(&proto_struct_to_json(&config), &line).await;
        let item = match asked {
            Err(error) => Some(Item::Error(error.to_string())),
            Ok(actual) if actual.is_empty() => Some(Item::Error("no answer".to_owned())),
            Ok(actual) => {
                difference(&word(&interaction["response"][0]), &actual).map(Item::Mismatch)
            }
        };
        let result = item.map(|item| VerificationResultItem { result: Some(item) });
        let response = Some(Verified::Result(VerificationResult {
            success: result.is_none(),
            mismatches: result.into_iter().collect(),
            ..VerificationResult::default()
        }));
        Ok(Response::new(VerifyInteractionResponse { response }))
    }

    async fn configure_interaction(
        &self,
        _: Request<ConfigureInteractionRequest>,
    ) -> Answer<ConfigureInteractionResponse> {
        Err(Status::unimplemented("it helps to verify pacts only"))
    }

    async fn generate_content(
        &self,
        _: Request<GenerateContentRequest>,
    ) -> Answer<GenerateContentResponse> {
        Err(Status::unimplemented("it generates nothing"))
    }

    async fn start_mock_server(
        &self,
        _: Request<StartMockServerRequest>,
    ) -> Answer<StartMockServerResponse> {
        Err(Status::unimplemented("it has no mock servers"))
    }

    async fn shutdown_mock_server(
        &self,
        _: Request<ShutdownMockServerRequest>,
    ) -> Answer<ShutdownMockServerResponse> {
        Err(Status::unimplemented("it has no mock servers"))
    }

    async fn get_mock_server_results(
        &self,
        _: Request<MockServerRequest>,
    ) -> Answer<MockServerResults> {
        Err(Status::unimplemented("it has no mock servers"))
    }
}

fn bytes(body: Option<Body>) -> Vec<u8> {
    body.and_then(|body| body.content).unwrap_or_default()
}

fn difference(expected: &[u8], actual: &[u8]) -> Option<ContentMismatch> {
    let differ = !expected.eq_ignore_ascii_case(actual);
    differ.then(|| ContentMismatch {
        expected: Some(expected.to_vec()),
        actual: Some(actual.to_vec()),
        mismatch: "it is another word".to_owned(),
        path: "$".to_owned(),
        ..ContentMismatch::default()
    })
}

/// The interaction of this key in the text of a pact.
fn interaction(pact: &str, key: &str) -> Result<Value, Status> {
    let pact: Value =
        serde_json::from_str(pact).map_err(|error| Status::invalid_argument(error.to_string()))?;
    let mut interactions = pact["interactions"].as_array().into_iter().flatten();
    let found = interactions.find(|interaction| interaction["key"] == key);
    let missing = || Status::invalid_argument(format!("there is no interaction {key}"));
    found.cloned().ok_or_else(missing)
}

/// The contents of a message in a pact.
fn word(message: &Value) -> Vec<u8> {
    let word = message["contents"]["content"].as_str();
    word.unwrap_or_default().as_bytes().to_vec()
}

/// The line that the provider answers to this one.
async fn asked(config: &Value, line: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let host = config["host"].as_str().unwrap_or_default();
    let port = config["port"].as_f64().ok_or("there is no port")?;
    let stream = TcpStream::connect(format!("{host}:{port}")).await?;
    let mut stream = BufReader::new(stream);
    stream.write_all(line).await?;
    stream.write_all(b"\n").await?;
    let mut answer = String::new();
    stream.read_line(&mut answer).await?;
    Ok(answer.trim_end().as_bytes().to_vec())
}
