//! The names on the command line that the broker should know.

use treaty_core::names::{EnvironmentName, PacticipantName};

use crate::args::{ProviderStatesCommand, ResourceCommand};
use crate::suggestions::Name;

/// Those of the command, pacticipants first.
pub(super) fn of(command: &ResourceCommand) -> Vec<Name<'_>> {
    use ResourceCommand as C;
    match command {
        C::RecordDeployment(args) => in_place(&args.place.pacticipant, &args.place.environment),
        C::RecordUndeployment(args) => in_place(&args.place.pacticipant, &args.place.environment),
        C::RecordRelease(args) | C::RecordSupportEnded(args) => {
            in_place(&args.place.pacticipant, &args.place.environment)
        }
        C::DescribePacticipant(args) | C::DeletePacticipant(args) => {
            vec![Name::Pacticipant(&args.name)]
        }
        C::CreateLabel(args) | C::DeleteLabel(args) => vec![Name::Pacticipant(&args.name)],
        C::DescribeVersion(args) => {
            let environment = args.environment.as_ref().map(Name::Environment);
            let pacticipant = Name::Pacticipant(&args.pacticipant);
            [pacticipant].into_iter().chain(environment).collect()
        }
        C::DeleteVersion(args) => vec![Name::Pacticipant(&args.pacticipant)],
        C::CreateVersionTag(args) => vec![Name::Pacticipant(&args.pacticipant)],
        C::DeleteVersionTag(args) => vec![Name::Pacticipant(&args.pacticipant)],
        C::ListBranches(args) => vec![Name::Pacticipant(&args.pacticipant)],
        C::DeleteBranch(args) => {
            let (of, name) = (&args.pacticipant, &args.branch);
            vec![Name::Pacticipant(of), Name::Branch { of, name }]
        }
        C::DescribeEnvironment(args) => args.id.name.iter().map(Name::Environment).collect(),
        C::DeleteEnvironment(args) => args.name.iter().map(Name::Environment).collect(),
        C::GetPacts(args) => {
            let sides = args.consumer.iter().chain([&args.provider]);
            sides.map(Name::Pacticipant).collect()
        }
        C::ProviderStates(ProviderStatesCommand::List(args)) => {
            vec![Name::Pacticipant(&args.provider)]
        }
        _ => Vec::new(),
    }
}

fn in_place<'a>(name: &'a PacticipantName, environment: &'a EnvironmentName) -> Vec<Name<'a>> {
    vec![Name::Pacticipant(name), Name::Environment(environment)]
}
