//! The process of the plugin.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a killed process may take to let go of its port.
const DEADLINE: Duration = Duration::from_secs(10);

/// Checks that the plugin of this directory, which has been started, answers no more.
#[track_caller]
pub(crate) fn ends(directory: &Path) {
    let port = std::fs::read_to_string(directory.join("port")).unwrap();
    let port: u16 = port.parse().unwrap();
    let started = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
        assert!(started.elapsed() < DEADLINE, "the plugin still runs");
        std::thread::yield_now();
    }
}
