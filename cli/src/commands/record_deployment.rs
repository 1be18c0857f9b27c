//! `treaty record-deployment`.

use treaty_broker_client::DeploymentToRecord;

use crate::args::RecordDeploymentArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;

pub(crate) async fn run(args: &RecordDeploymentArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.broker)?;
    let deployment = DeploymentToRecord {
        pacticipant: args.pacticipant.clone(),
        version: args.version.clone(),
        environment: args.environment.clone(),
        application_instance: args.application_instance.clone(),
    };
    let recorded = client.record_deployment(&deployment).await?;
    let instance = args.application_instance.as_ref();
    let instance = instance.map_or_else(String::new, |name| format!(" (instance {name})"));
    Ok(Answer {
        code: ExitCode::Yes,
        text: format!(
            "Recorded deployment of {} {} to {}{instance}.",
            args.pacticipant, args.version, args.environment
        ),
        json: recorded.document,
    })
}
