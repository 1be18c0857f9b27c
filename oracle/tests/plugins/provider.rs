//! Providers that shout.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};

use axum::Router;
use axum::http::Uri;
use axum::routing::{get, post};

/// The port of a provider that answers, over HTTP, the last part of the path in capitals.
pub(crate) fn http() -> u16 {
    let shout = async |path: Uri| {
        let word = path.path().rsplit('/').next().unwrap_or_default();
        ([("content-type", "text/shout")], word.to_uppercase())
    };
    let router = Router::new()
        .route("/states", post(async || ""))
        .fallback(get(shout));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    port
}

/// The port of a provider that answers each line with the same in capitals; `silence` with none, and `nothing` never.
pub(crate) fn line() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            reader.read_line(&mut line).unwrap();
            match line.trim_end() {
                "silence" => {}
                "nothing" => kept.push(stream),
                word => writeln!(stream, "{}", word.to_uppercase()).unwrap(),
            }
        }
    });
    port
}
