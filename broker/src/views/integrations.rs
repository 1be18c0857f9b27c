//! Integrations, as a list and as the rows of the network diagram.

use serde_json::{Value, json};

use crate::hal::{Urls, href, segment, titled};
use crate::store::integrations::Integration;

/// The list of integrations.
pub(crate) fn integrations(urls: &Urls, all: &[Integration]) -> Value {
    let items: Vec<Value> = all.iter().map(|one| integration(urls, one)).collect();
    let own = titled("All integrations", urls.path("/integrations"));
    json!({ "_embedded": { "integrations": items }, "_links": { "self": own } })
}

fn integration(urls: &Urls, one: &Integration) -> Value {
    let (consumer, provider) = (&one.consumer, &one.provider);
    let of_pair = format!(
        "provider/{}/consumer/{}",
        segment(provider),
        segment(consumer)
    );
    json!({
        "consumer": { "name": consumer },
        "provider": { "name": provider },
        "_links": {
            "pb:dashboard":
                titled("BETA: Pacts to show on the dashboard", urls.path(&format!("/dashboard/{of_pair}"))),
            // Clients know this link without scheme and host.
            "pb:matrix": titled(
                format!("Matrix of pacts/verification results for {consumer} and {provider}"),
                urls.in_place().path(&format!("/matrix/{of_pair}")),
            ),
            "pb:group": href(urls.pacticipant(consumer)),
            "pb:delete_integration": titled(
                format!("Delete the integration between {consumer} and {provider}"),
                urls.path(&format!("/integrations/{of_pair}")),
            ),
        },
    })
}

/// Consumer and provider of each integration, a pair a line.
pub(crate) fn relationships(all: &[Integration]) -> String {
    all.iter()
        .map(|one| format!("{},{}\n", cell(&one.consumer), cell(&one.provider)))
        .collect()
}

/// A graph in the language of Graphviz, with an arrow from each consumer to its provider.
pub(crate) fn graph(all: &[Integration]) -> String {
    let node = |name: &str| {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{name}\"")
    };
    let arrow =
        |one: &Integration| format!("  {} -> {};\n", node(&one.consumer), node(&one.provider));
    let arrows: String = all.iter().map(arrow).collect();
    format!("digraph {{\n{arrows}}}\n")
}

/// A line for each pacticipant of a group: id, name, three numbers for the drawing, its place, the ids of its providers
/// (0 where another has more).
pub(crate) fn group(all: &[Integration]) -> String {
    let mut nodes: Vec<(i64, &str, Vec<i64>)> = Vec::new();
    for one in all {
        for (id, name) in [
            (one.consumer_id, &one.consumer),
            (one.provider_id, &one.provider),
        ] {
            if !nodes.iter().any(|(known, ..)| *known == id) {
                nodes.push((id, name, Vec::new()));
            }
        }
        if let Some(node) = nodes.iter_mut().find(|(id, ..)| *id == one.consumer_id) {
            node.2.push(one.provider_id);
        }
    }
    let columns = nodes.iter().map(|(.., ids)| ids.len()).max().unwrap_or(0);
    let line = |(place, (id, name, providers)): (usize, &(i64, &str, Vec<i64>))| {
        let missing = std::iter::repeat_n(0, columns - providers.len());
        let providers: String = providers
            .iter()
            .copied()
            .chain(missing)
            .map(|id| format!(",{id}"))
            .collect();
        format!("{id},{},1,1,0,{}{providers}\n", cell(name), place + 1)
    };
    nodes.iter().enumerate().map(line).collect()
}

/// A text as a cell of a CSV document.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
