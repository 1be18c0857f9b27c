use serde_json::Value;
use treaty_broker::routes;

use crate::support::TestBroker;

#[tokio::test]
async fn the_description_has_every_route_and_every_parameter() {
    let document = TestBroker::new().get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.0.3");
    for route in routes() {
        let operation = &document["paths"][&route.path][route.method.to_ascii_lowercase()];
        assert!(operation.is_object(), "{} {}", route.method, route.path);
        let parameters = operation["parameters"].as_array().unwrap();
        let in_path = parameters.iter().filter(|one| one["in"] == "path");
        assert_eq!(
            in_path.count(),
            route.path.matches('{').count(),
            "{}",
            route.path
        );
    }
    let publish = &document["paths"]["/contracts/publish"]["post"]["requestBody"];
    let schema = &publish["content"]["application/json"]["schema"];
    assert_eq!(
        schema["properties"]["branch"]["type"],
        Value::from("string")
    );
}

#[tokio::test]
async fn no_two_operations_have_one_name() {
    let document = TestBroker::new().get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let mut ids: Vec<&str> = operations
        .map(|one| one["operationId"].as_str().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
