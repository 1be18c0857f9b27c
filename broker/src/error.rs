//! Why a broker does not start.

use std::net::SocketAddr;

use crate::store::StoreError;

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// Everybody could use the broker, and not only on this machine.
    #[error("{} is not on loopback, and everybody who reaches it could change everything", address.ip())]
    Exposed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// It could not be told whether a proxy took the path of the base URL off a request.
    #[error("the path {path} of the base URL could be meant by paths of the broker itself")]
    BasePath {
        /// The path.
        path: String,
    },
    /// The database cannot be used.
    #[error("cannot open the database")]
    Database(#[from] StoreError),
}
