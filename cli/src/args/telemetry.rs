//! Whether a command tells of itself by OpenTelemetry, what and to whom: the arguments that all commands have.
//!
//! The first help page tells of them, and not each: there they would be longer than all the rest.

use clap::Args;

/// Whether a command tells of itself by OpenTelemetry, what and to whom.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TelemetryArgs {
    /// Tell a collector of OpenTelemetry what the command does and logs; without one of these three nobody is told
    #[arg(long, global = true, hide = true)]
    pub(crate) enable_otel: bool,
    /// Tell it what the command logs, at the level of its log
    #[arg(long, global = true, hide = true)]
    pub(crate) enable_otel_logs: bool,
    /// Tell it of the command, how it ended, and of each request to a broker
    #[arg(long, global = true, hide = true)]
    pub(crate) enable_otel_traces: bool,
    /// Who is told, comma separated: otlp is the collector, stdout prints traces beside the log, on stderr [default: otlp]
    #[arg(
        long,
        global = true,
        hide = true,
        env = "OTEL_TRACES_EXPORTER",
        value_name = "NAMES"
    )]
    pub(crate) otel_exporter: Option<String>,
    /// Where the collector listens; before OTEL_EXPORTER_OTLP_ENDPOINT [default: http://localhost:4318]
    #[arg(long, global = true, hide = true, value_name = "URL")]
    pub(crate) otel_exporter_endpoint: Option<String>,
    /// What it speaks: http/protobuf, or http for the same
    #[arg(
        long,
        global = true,
        hide = true,
        env = "OTEL_EXPORTER_OTLP_PROTOCOL",
        value_name = "NAME"
    )]
    pub(crate) otel_exporter_protocol: Option<String>,
}
