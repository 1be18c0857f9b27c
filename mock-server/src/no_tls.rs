//! HTTPS in a build without the feature `tls`: there is none.

use std::io;

use tokio::net::TcpStream;

/// No value of this exists.
#[derive(Debug, Clone)]
pub(crate) enum Tls {}

impl Tls {
    pub(crate) async fn accept(&self, _stream: TcpStream) -> io::Result<TcpStream> {
        match *self {}
    }
}
