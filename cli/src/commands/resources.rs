//! The commands for what a broker keeps: one file for each kind of it.

mod environments;
mod names;
mod pacticipants;
mod pacts;
mod versions;
mod webhooks;

use treaty_broker_client::Client;

use crate::args::{ProviderStatesCommand, ResourceCommand};
use crate::broker_access;
use crate::error::Failure;
use crate::output::{Answer, Shown};
use crate::suggestions;

/// Asks the broker, and shows what it said as that is wanted.
pub(crate) async fn run(command: &ResourceCommand) -> Result<Answer, Failure> {
    let Some(ask) = command.ask() else {
        return Ok(webhooks::generate_uuid());
    };
    let client = if creates(command) {
        broker_access::open_or_create(&ask.broker)?
    } else {
        broker_access::open(&ask.broker)?
    };
    if let ResourceCommand::TestWebhook(args) = command {
        return webhooks::test(&client, args).await;
    }
    match shown(&client, command).await {
        Ok(shown) => {
            if shown.is_nothing() {
                suggestions::note(&client, &names::of(command)).await;
            }
            Ok(shown.answer(ask.output))
        }
        Err(failure) => Err(suggestions::explained(&client, &names::of(command), failure).await),
    }
}

/// Whether the command brings a broker something that may be its first.
fn creates(command: &ResourceCommand) -> bool {
    use ResourceCommand as C;
    matches!(
        command,
        C::RecordDeployment(_)
            | C::RecordRelease(_)
            | C::CreateEnvironment(_)
            | C::CreateOrUpdatePacticipant(_)
            | C::CreateLabel(_)
            | C::CreateOrUpdateVersion(_)
            | C::CreateVersionTag(_)
            | C::CreateWebhook(_)
            | C::CreateOrUpdateWebhook(_)
    )
}

async fn shown(client: &Client, command: &ResourceCommand) -> Result<Shown, Failure> {
    use ResourceCommand as C;
    match command {
        C::RecordDeployment(args) => environments::record_deployment(client, args).await,
        C::RecordUndeployment(args) => environments::record_undeployment(client, args).await,
        C::RecordRelease(args) => environments::record_release(client, args).await,
        C::RecordSupportEnded(args) => environments::record_support_ended(client, args).await,
        C::CreateEnvironment(args) => environments::create(client, args).await,
        C::UpdateEnvironment(args) => environments::update(client, args).await,
        C::DescribeEnvironment(args) => environments::describe(client, &args.id).await,
        C::DeleteEnvironment(args) => environments::delete(client, args).await,
        C::ListEnvironments(_) => environments::list(client).await,
        C::CreateOrUpdatePacticipant(args) => pacticipants::put(client, args).await,
        C::DescribePacticipant(args) => pacticipants::describe(client, args).await,
        C::ListPacticipants(_) => pacticipants::list(client).await,
        C::DeletePacticipant(args) => pacticipants::delete(client, args).await,
        C::CreateLabel(args) => pacticipants::add_label(client, args).await,
        C::DeleteLabel(args) => pacticipants::remove_label(client, args).await,
        C::CreateOrUpdateVersion(args) => versions::put(client, args).await,
        C::DescribeVersion(args) => versions::describe(client, args).await,
        C::DeleteVersion(args) => versions::delete(client, args).await,
        C::CreateVersionTag(args) => versions::tag(client, args).await,
        C::DeleteVersionTag(args) => versions::untag(client, args).await,
        C::ListBranches(args) => versions::list_branches(client, args).await,
        C::DeleteBranch(args) => versions::delete_branch(client, args).await,
        C::ListLatestPactVersions(_) => pacts::list_latest(client).await,
        C::GetPacts(args) => pacts::get(client, args).await,
        C::ProviderStates(ProviderStatesCommand::List(args)) => pacts::states(client, args).await,
        C::CreateWebhook(args) => webhooks::create(client, &args.webhook).await,
        C::CreateOrUpdateWebhook(args) => webhooks::put(client, args).await,
        C::DescribeWebhook(args) => webhooks::describe(client, args).await,
        C::ListWebhooks(_) => webhooks::list(client).await,
        C::DeleteWebhook(args) => webhooks::delete(client, args).await,
        C::TestWebhook(_) | C::GenerateUuid => unreachable!("both were answered before"),
    }
}
