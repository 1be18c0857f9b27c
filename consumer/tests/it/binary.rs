//! Content types, told apart by the bytes alone: what a machine knows of MIME types must not decide a test.

use pact_models::bodies::OptionalBody;
use pact_models::v4::http_parts::HttpResponse;
use treaty_consumer::prelude::*;
use treaty_core::matching::match_response;

use crate::child::command;

/// The first bytes of files of these types, as their specifications have them.
const TYPES: [(&str, &[u8]); 9] = [
    ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("image/gif", b"GIF89a\x01\0\x01\0"),
    ("image/webp", b"RIFF\x24\0\0\0WEBPVP8 "),
    ("application/pdf", b"%PDF-1.7\n"),
    ("application/zip", b"PK\x03\x04\x14\0\0\0"),
    ("application/gzip", b"\x1f\x8b\x08\0\0\0\0\0"),
    ("application/wasm", b"\0asm\x01\0\0\0"),
    ("text/plain", b"a line of text\n"),
];

#[test]
fn binary_types_are_told_apart_without_the_database_of_the_machine() {
    let empty = tempfile::tempdir().unwrap();
    let mut command = command("tells-binary-types-apart", empty.path());
    for place in ["XDG_DATA_DIRS", "XDG_DATA_HOME", "HOME"] {
        command.env(place, empty.path());
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Each of these matches its own type, and none of the others.
pub(crate) fn tell_apart() {
    for (expected, example) in TYPES {
        let response = response(expected, example);
        for (actual, bytes) in TYPES {
            let mut answer = response.clone();
            answer.body = OptionalBody::Present(bytes.into(), None, None);
            let mismatches = match_response(&response, &answer).unwrap();
            assert_eq!(
                mismatches.is_empty(),
                expected == actual,
                "{actual} where {expected} is expected: {mismatches:?}"
            );
        }
    }
}

fn response(content_type: &str, example: &[u8]) -> HttpResponse {
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.interaction("a download", "", |mut i| {
        i.response.binary_body(content_type, example);
        i
    });
    let pact = pact.build();
    pact.interactions()[0].as_v4_http().unwrap().response
}
