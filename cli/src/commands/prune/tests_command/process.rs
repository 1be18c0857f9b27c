//! A process that ends when nobody waits for it any more, and with it whatever it began itself.

use std::io::{self, IsTerminal};
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot::{self, error::TryRecvError};

/// How long a process has to end by itself once it is told to.
const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked at meanwhile.
const EVERY: Duration = Duration::from_millis(20);

/// A process, until it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    id: u32,
    /// Whether what it begins itself can be told apart from us.
    is_group: bool,
    /// Its end, from a thread that nobody joins: it may not hear what it is told.
    ended: oneshot::Receiver<io::Result<ExitStatus>>,
}

impl Process {
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        // A terminal interrupts all that runs in front of it by itself, and nothing else may read from it.
        let is_group = !io::stdin().is_terminal() && !io::stderr().is_terminal();
        if is_group {
            system::put_in_group(&mut command);
        }
        let mut child = command.spawn()?;
        let (tell, ended) = oneshot::channel();
        let id = child.id();
        thread::spawn(move || {
            // Whoever waited may be gone.
            let _ = tell.send(child.wait());
        });
        Ok(Self {
            id,
            is_group,
            ended,
        })
    }

    /// Waits for its end.
    pub(super) async fn end(mut self) -> io::Result<ExitStatus> {
        let ended = (&mut self.ended).await;
        ended.unwrap_or_else(|gone| Err(io::Error::other(gone)))
    }

    fn is_over(&mut self) -> bool {
        !matches!(self.ended.try_recv(), Err(TryRecvError::Empty))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_over() {
            return;
        }
        system::terminate(self.id, self.is_group);
        let started = Instant::now();
        while started.elapsed() < GRACE {
            if self.is_over() {
                return;
            }
            // Between two looks, up to the deadline: nobody can be awaited in a drop.
            thread::sleep(EVERY);
        }
        system::kill(self.id, self.is_group);
    }
}

#[cfg(unix)]
mod system {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use rustix::process::{Pid, Signal, kill_process, kill_process_group};

    pub(super) fn put_in_group(command: &mut Command) {
        command.process_group(0);
    }

    pub(super) fn terminate(id: u32, is_group: bool) {
        send(Signal::TERM, id, is_group);
    }

    pub(super) fn kill(id: u32, is_group: bool) {
        send(Signal::KILL, id, is_group);
    }

    fn send(signal: Signal, id: u32, is_group: bool) {
        let Some(process) = i32::try_from(id).ok().and_then(Pid::from_raw) else {
            return;
        };
        // It has ended meanwhile if this fails.
        let _ = if is_group {
            kill_process_group(process, signal)
        } else {
            kill_process(process, signal)
        };
    }
}

/// The console tells all of its processes of an interrupt.
#[cfg(not(unix))]
mod system {
    use std::process::Command;

    pub(super) fn put_in_group(_: &mut Command) {}

    pub(super) fn terminate(_: u32, _: bool) {}

    pub(super) fn kill(_: u32, _: bool) {}
}
