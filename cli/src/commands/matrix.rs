//! `treaty matrix`.

use treaty_broker_client::{DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion};

use crate::args::MatrixArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, contracts};
use crate::suggestions;

pub(crate) async fn run(args: &MatrixArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.broker)?;
    let question = DeployQuestion {
        selectors: args.selectors.selectors.clone(),
        target: None,
        ignored: args.selectors.ignored.clone(),
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    };
    let names = suggestions::names(&question.selectors);
    let answer = match client.can_i_deploy(&question).await {
        Ok(answer) => answer,
        Err(error) => {
            let failure = Failure::of_question(error);
            return Err(suggestions::explained(&client, &names, failure).await);
        }
    };
    if answer.rows.is_empty() {
        suggestions::note(&client, &names).await;
    }
    Ok(Answer {
        code: ExitCode::Yes,
        text: contracts::matrix(&answer),
        json: answer.document,
    })
}
