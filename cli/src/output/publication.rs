//! What a broker says to pacts that were published.

use treaty_broker_client::Published;

/// Every notice of the broker, except those that only help to find errors in it.
pub(crate) fn published(published: &[Published]) -> String {
    let notices = published.iter().flat_map(|p| &p.notices);
    let lines: Vec<&str> = notices
        .filter(|notice| notice.kind != "debug")
        .map(|notice| notice.text.as_str())
        .collect();
    lines.join("\n")
}
