//! HTTP methods that nobody registered: most are slips of the keyboard.

use super::flaw::Flaw;
use super::places::child;
use super::run::Found;
use super::states::distance;
use super::subject::Subject;

/// The methods that IANA registers, and PURGE, which every cache knows.
const METHODS: [&str; 41] = [
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POST",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "PURGE",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "TRACE",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];
/// The methods that a slip is likely of.
const USUAL: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let sides = subject.sides().filter(|side| side.path.is_some());
    sides
        .filter_map(|side| {
            let method = side.json["method"].as_str()?;
            let upper = method.to_uppercase();
            if METHODS.contains(&upper.as_str()) {
                return None;
            }
            let near = USUAL.iter().find(|known| distance(known, &upper) == 1);
            let near = near.map(|known| (*known).to_owned());
            Some((
                child(&side.pointer, "method"),
                Flaw::UnknownMethod {
                    method: method.to_owned(),
                    near,
                },
            ))
        })
        .collect()
}
