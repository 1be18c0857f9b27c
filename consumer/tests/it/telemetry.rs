//! Nothing leaves: a whole test in a process whose every proxy leads to a listener that nobody is to call.

use std::io::ErrorKind;
use std::net::TcpListener;

use crate::child::command;

#[test]
fn a_consumers_test_calls_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let black_hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", black_hole.local_addr().unwrap());
    for part in ["writes-where-it-should", "drops-checked"] {
        let mut test = command(part, dir.path());
        test.env("PACT_OUTPUT_DIR", dir.path());
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            test.env(name, &proxy).env(name.to_lowercase(), &proxy);
        }
        test.env_remove("PACT_DO_NOT_TRACK")
            .env_remove("pact_do_not_track");
        test.output().unwrap();
    }
    assert!(dir.path().join("A-B.json").exists(), "the tests did run");

    black_hole.set_nonblocking(true).unwrap();
    let call = black_hole.accept().map(|_| "somebody called");
    assert_eq!(call.unwrap_err().kind(), ErrorKind::WouldBlock);
}
