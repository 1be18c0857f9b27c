//! `treaty create-environment`.

use treaty_broker_client::{Contact, NewEnvironment};

use crate::args::{CreateEnvironmentArgs, EnvironmentOutput};
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;

pub(crate) async fn run(args: &CreateEnvironmentArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.broker)?;
    let contact = Contact {
        name: args.contact_name.clone(),
        email_address: args.contact_email_address.clone(),
    };
    let new = NewEnvironment {
        name: args.name.clone(),
        display_name: args.display_name.clone(),
        production: args.production,
        contact: Some(contact).filter(|contact| *contact != Contact::default()),
    };
    let created = client.create_environment(&new).await;
    let created = created.map_err(Failure::of_question)?;
    let text = match args.output {
        EnvironmentOutput::Id => created.uuid,
        EnvironmentOutput::Text | EnvironmentOutput::Json => {
            format!("Created environment {}.", created.name)
        }
    };
    Ok(Answer {
        code: ExitCode::Yes,
        text,
        json: created.document,
    })
}
