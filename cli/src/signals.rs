//! The signals that stop a command.

use crate::error::Failure;

/// The signal by which a system ends a process whose file grows beyond the limit. Linux and the BSDs give it this number.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

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

/// Keeps an interrupt from ending the process, from now on.
#[cfg(unix)]
pub(crate) fn hear_interrupt() -> Result<tokio::signal::unix::Signal, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::interrupt()).map_err(no_signal)
}

/// Keeps an interrupt from ending the process, from now on.
#[cfg(windows)]
pub(crate) fn hear_interrupt() -> Result<tokio::signal::windows::CtrlC, Failure> {
    tokio::signal::windows::ctrl_c().map_err(no_signal)
}

/// Makes a file that must not grow any more an error of the write, which is answered, and not the end of the process.
#[cfg(unix)]
pub(crate) fn outlive_full_files() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let heard = signal(SignalKind::from_raw(FILE_TOO_LARGE));
    heard.map(drop).map_err(no_signal)
}

/// Other systems end no process for that.
#[cfg(windows)]
pub(crate) fn outlive_full_files() -> Result<(), Failure> {
    Ok(())
}

fn no_signal(source: std::io::Error) -> Failure {
    Failure::System {
        what: "the operating system sends no signals",
        source,
    }
}
