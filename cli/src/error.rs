//! Why a command has no answer: the cause, the exit code it leads to, and what to do about it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use treaty_broker::{CopyError, DatabaseUrlError, StartError, StoreError, TlsError};
use treaty_broker_client::ClientError;
use treaty_consumer::StaleError;
use treaty_core::document::{LoadError, MergeError};
use treaty_provider::NotWhole;

use crate::exit_code::ExitCode;

/// Why a command has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The broker could not be asked, or refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The same about a name that the broker does not have, but one much like it.
    #[error("{failure}")]
    Misspelt {
        /// What happened.
        failure: Box<Self>,
        /// What the name may be meant to be, as a question.
        meant: String,
    },
    /// The broker says that the question itself is wrong.
    #[error(transparent)]
    Question(ClientError),
    /// On a build machine, where a broker of its own would be thrown away with everything in it.
    #[error("no broker is named, and CI is set")]
    NoBroker,
    /// A broker in a file is asked, and the file is not there.
    #[error("there is no broker's database in {}", path.display())]
    NoDatabase {
        /// Where it would be.
        path: PathBuf,
    },
    /// The text after `--broker-base-url` or `--database-url` names no database.
    #[error(transparent)]
    DatabaseUrl(#[from] DatabaseUrlError),
    /// Somebody else listens there, or nobody may.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// As [`Failure::Listen`], for a place that has a name.
    #[error("cannot listen on {place}")]
    ListenAt {
        /// Where.
        place: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The process that has the mock servers does not answer.
    #[error("the process of the mock servers does not answer")]
    NoMockProcess(#[source] reqwest::Error),
    /// Somebody else answers where the process of the mock servers should be.
    #[error("what answers at {url} is no process of mock servers: {what}")]
    NotMockProcess {
        /// What was asked.
        url: String,
        /// What came back.
        what: String,
    },
    /// The file that all commands share cannot be used.
    #[error("{} cannot be used: {what}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The broker inside this command does not start.
    #[error("the broker cannot start")]
    Start(#[from] StartError),
    /// A broker cannot be backed up or restored.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A certificate and a key that make no server.
    #[error("the broker cannot encrypt its connections")]
    Tls(#[from] TlsError),
    /// Nothing to publish or to verify.
    #[error("no pact file at {}", given.join(", "))]
    NoPactFile {
        /// The files, directories and patterns.
        given: Vec<String>,
    },
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file that is not a pact.
    #[error(transparent)]
    NotAPact(#[from] LoadError),
    /// A file that is not a verification's report.
    #[error("{} is not the report of a verification", path.display())]
    NotAReport {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Reports that do not come to one.
    #[error(transparent)]
    NotWhole(#[from] NotWhole),
    /// Two files of one pact that cannot be one.
    #[error("{first} and {second} are of the same pact, and cannot be one")]
    SamePact {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// Why not.
        source: MergeError,
    },
    /// The answer is known, but whoever asked cannot be told.
    #[error("cannot write the answer")]
    Answer(#[source] io::Error),
    /// Arguments that do not go together, or whose text means nothing.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to write instead.
        fix: String,
    },
    /// A pact file that cannot be compared with what the tests write, or not be changed.
    #[error(transparent)]
    Stale(#[from] StaleError),
    /// The consumer's tests fail, so nobody knows what they would write.
    #[error("the tests fail: {command}: {status}")]
    Tests {
        /// The command that runs them.
        command: String,
        /// How it ended.
        status: String,
    },
    /// The command that is to run the tests is none.
    #[error("cannot run {command}")]
    NoCommand {
        /// The command.
        command: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The operating system refused something that every program may expect.
    #[error("{what}")]
    System {
        /// What was refused.
        what: &'static str,
        /// What it says.
        source: io::Error,
    },
    /// Somebody stopped the command.
    #[error("interrupted")]
    Interrupted,
    /// A program stopped it.
    #[error("terminated")]
    Terminated,
}

impl Failure {
    pub(crate) fn usage(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            fix: fix.into(),
        }
    }

    /// For questions whose names the broker checks: its 400 says that the command line is wrong.
    pub(crate) fn of_question(error: ClientError) -> Self {
        match error.status().map(|status| status.as_u16()) {
            Some(400 | 422) => Self::Question(error),
            _ => Self::Client(error),
        }
    }

    /// Whether it may be for a name that the broker does not know.
    pub(crate) fn is_about_a_name(&self) -> bool {
        match self {
            Self::Question(_) => true,
            Self::Client(error) => matches!(
                error,
                ClientError::Unknown { .. }
                    | ClientError::UnknownVersion { .. }
                    | ClientError::UnknownEnvironment { .. }
                    | ClientError::NotThere { .. }
            ),
            _ => false,
        }
    }

    /// The exit code that the failure leads to.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            // What may be meant is help, and no other outcome.
            Self::Misspelt { failure, .. } => failure.exit_code(),
            Self::Client(
                ClientError::BaseUrl { .. }
                | ClientError::Option { .. }
                | ClientError::UnknownEnvironment { .. }
                | ClientError::UnknownVersion { .. }
                | ClientError::Unknown { .. }
                | ClientError::NotThere { .. },
            )
            | Self::Question(_)
            | Self::Start(
                StartError::Exposed { .. }
                | StartError::BasePath { .. }
                | StartError::Database(StoreError::Foreign { .. } | StoreError::PactBrokers { .. }),
            )
            | Self::NoBroker
            | Self::NoDatabase { .. }
            | Self::Settings { .. }
            | Self::Copy(
                CopyError::Exists { .. }
                | CopyError::NoDatabase { .. }
                | CopyError::NoBackup { .. }
                | CopyError::NotEmpty { .. }
                | CopyError::Memory
                | CopyError::Store(StoreError::Foreign { .. } | StoreError::PactBrokers { .. }),
            )
            | Self::Tls(_)
            | Self::DatabaseUrl(_)
            | Self::NoPactFile { .. }
            | Self::Read { .. }
            | Self::NotAPact(_)
            | Self::NotAReport { .. }
            | Self::NotWhole(_)
            | Self::Stale(StaleError::NotAPact(_))
            | Self::NoCommand { .. }
            | Self::SamePact { .. }
            | Self::Usage { .. } => ExitCode::Usage,
            Self::Client(_)
            | Self::Copy(_)
            | Self::Listen { .. }
            | Self::ListenAt { .. }
            | Self::NoMockProcess(_)
            | Self::NotMockProcess { .. }
            | Self::Start(_)
            | Self::Write { .. }
            | Self::Answer(_)
            | Self::Stale(_)
            | Self::Tests { .. }
            | Self::System { .. } => ExitCode::Unknown,
            Self::Interrupted => ExitCode::Interrupted,
            Self::Terminated => ExitCode::Terminated,
        }
    }

    /// What to do about it, in one sentence; nothing where the message says it already.
    pub(crate) fn fix(&self) -> Option<String> {
        let text = match self {
            Self::Client(error) | Self::Question(error) => return Some(error.remedy()),
            Self::Misspelt { meant, .. } => meant,
            Self::NoBroker => {
                "name the broker with --broker-base-url or PACT_BROKER_BASE_URL: \
                 http(s)://HOST, or sqlite:PATH for a file that is kept between builds"
            }
            Self::NoDatabase { .. } => {
                "correct the path, or publish something there: treaty publish makes the database"
            }
            Self::Settings { .. } => {
                "correct the file; treaty init in an empty directory writes a good one"
            }
            Self::NoMockProcess(_) => "start it: treaty mock start",
            Self::NotMockProcess { .. } => {
                "name with --host and --port where treaty mock start says that it listens"
            }
            Self::Listen { .. }
            | Self::ListenAt { .. }
            | Self::Start(StartError::Listen { .. }) => {
                "stop what listens there, or take another --port (0 for any that is free)"
            }
            Self::Start(StartError::Exposed { .. }) => {
                "name a user with --basic-auth-username and --basic-auth-password, or create a token with \
                 treaty broker token create; or say --insecure"
            }
            Self::Start(StartError::BasePath { .. }) => {
                "put the broker below another path, such as /broker"
            }
            Self::Start(StartError::Database(error))
            | Self::Copy(CopyError::Store(
                error @ (StoreError::Foreign { .. } | StoreError::PactBrokers { .. }),
            )) => database_fix(error),
            Self::Start(_) => "check that the directory exists and that the file is a broker's",
            Self::Copy(CopyError::Exists { .. }) => "name a new file",
            Self::Copy(CopyError::NoDatabase { .. }) => {
                "name the database that the broker serves with --database-url"
            }
            Self::Copy(CopyError::NoBackup { .. }) => "give a file that treaty broker backup wrote",
            Self::Copy(CopyError::NotEmpty { .. }) => "restore into a new database",
            Self::Copy(CopyError::Memory) => {
                "name a file or a PostgreSQL database with --database-url"
            }
            Self::Copy(_) => "check the database and that the file's directory may be written to",
            Self::Tls(_) => {
                "give the certificate with --tls-cert and its own key with --tls-key, both as PEM"
            }
            Self::NoPactFile { .. } => {
                "run the consumer's tests first, or correct the file, directory or pattern"
            }
            Self::Read { .. } => "check the path and its permissions",
            Self::Write { .. } => "check that the directory exists and may be written to",
            Self::Answer(_) => "check where the output of the command goes",
            Self::Stale(StaleError::File(_)) => "check the path and its permissions",
            Self::Tests { .. } => "correct the tests: a run that breaks off writes too little",
            Self::NoCommand { .. } => "check the command's name and its path",
            Self::NotAPact(_) | Self::Stale(_) => "correct the file, or leave it out",
            Self::NotAReport { .. } => "give files that treaty verify --receipt wrote",
            Self::NotWhole(_) => "give the report of every shard of one verification, each once",
            Self::SamePact { .. } => "have the tests say the same in both, or publish one of them",
            Self::Usage { fix, .. } => fix,
            Self::DatabaseUrl(_) | Self::System { .. } | Self::Interrupted | Self::Terminated => {
                return None;
            }
        };
        Some(text.to_owned())
    }
}

fn database_fix(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unreachable { .. } => {
            "check that the PostgreSQL server runs, and the host, port, user and database of --database-url"
        }
        StoreError::Foreign { .. } => "name a file of the broker's own, or a new one",
        StoreError::PactBrokers { .. } => {
            "name a new file, and take over what the Pact Broker holds with treaty broker import URL, while it runs"
        }
        _ => "check that the directory exists and that the file is a broker's",
    }
}
