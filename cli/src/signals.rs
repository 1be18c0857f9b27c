//! The signals that stop a command.

use crate::error::Failure;

/// Resolves when somebody wants the command to stop, with what that comes to for a command that is not to be stopped. It
/// listens from the call on: whoever reads that a server listens may send a signal at once.
#[cfg(unix)]
pub(crate) fn stopped() -> Result<impl Future<Output = Failure>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signal)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Failure::Interrupted,
            _ = terminate.recv() => Failure::Terminated,
        }
    })
}

/// Resolves when somebody wants the command to stop.
#[cfg(windows)]
pub(crate) fn stopped() -> Result<impl Future<Output = Failure>, Failure> {
    let mut interrupt = tokio::signal::windows::ctrl_c().map_err(no_signal)?;
    Ok(async move {
        interrupt.recv().await;
        Failure::Interrupted
    })
}

fn no_signal(source: std::io::Error) -> Failure {
    Failure::System {
        what: "the operating system sends no signals",
        source,
    }
}
