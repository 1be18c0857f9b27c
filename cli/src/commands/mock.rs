//! `treaty mock`.

mod control;
mod manager;
mod server;

use serde_json::Value;

use crate::args::MockCommand;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, mock as words};

pub(crate) async fn run(command: &MockCommand) -> Result<Answer, Failure> {
    match command {
        MockCommand::Start(args) => server::run(args).await,
        MockCommand::Create(args) => {
            let created = control::create(args).await?;
            Ok(answer(ExitCode::Yes, words::created(&created), created))
        }
        MockCommand::List(args) => {
            let list = control::list(&args.control).await?;
            Ok(answer(ExitCode::Yes, words::list(&list), list))
        }
        MockCommand::Verify(args) => match control::verify(args).await? {
            control::Verified::Yes(account) => {
                let text = format!("Mock server {} verified ok", args.name());
                Ok(answer(ExitCode::Yes, text, account))
            }
            control::Verified::No(account) => {
                Ok(answer(ExitCode::No, words::not_verified(&account), account))
            }
        },
        MockCommand::Shutdown(args) => {
            control::shut_down(args).await?;
            let text = format!("Mock server {} shut down ok", args.name());
            Ok(answer(ExitCode::Yes, text, Value::Null))
        }
        MockCommand::ShutdownMaster(args) => {
            control::shut_down_master(args).await?;
            let text = "The process of the mock servers is shutting down".to_owned();
            Ok(answer(ExitCode::Yes, text, Value::Null))
        }
    }
}

fn answer(code: ExitCode, text: String, json: Value) -> Answer {
    Answer { code, text, json }
}
