//! `treaty can-i-deploy` and `treaty can-i-merge`: one question, put to other versions.

use std::time::Duration;

use serde_json::json;
use treaty_broker_client::{CanIDeploy, Client, DeployQuestion, DeployTarget, VersionChoice};
use treaty_core::outcome::Verdict;

use crate::args::{CanIDeployArgs, CanIMergeArgs, DeployOutput, QuestionArgs, SelectorArgs};
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer, deploy};
use crate::suggestions::{self, Name};

pub(crate) async fn run(args: &CanIDeployArgs) -> Result<Answer, Failure> {
    let environment = args.to_environment.clone().map(DeployTarget::Environment);
    let target = environment.or_else(|| args.to.clone().map(DeployTarget::Tag));
    // One version alone goes together with the latest of everything else, as it always has.
    let latest = (args.selectors.selectors.len() == 1).then_some(DeployTarget::Latest);
    answer(
        question(&args.selectors, target.or(latest), &args.question)?,
        &args.question,
    )
    .await
}

/// `treaty can-i-merge`.
pub(crate) async fn run_merge(args: &CanIMergeArgs) -> Result<Answer, Failure> {
    let target = Some(DeployTarget::MainBranch);
    answer(
        question(&args.selectors, target, &args.question)?,
        &args.question,
    )
    .await
}

fn question(
    selectors: &SelectorArgs,
    target: Option<DeployTarget>,
    args: &QuestionArgs,
) -> Result<DeployQuestion, Failure> {
    let mut asked = selectors.selectors.iter();
    // Any of its versions may be the one that says yes, and another the one that is deployed.
    if let Some(any) = asked.find(|selector| selector.versions == VersionChoice::Any) {
        return Err(Failure::usage(
            format!("no version of {} is named", any.pacticipant),
            "name it behind the pacticipant with --version VERSION, or choose one with --latest [TAG], --tag TAG, \
             --branch BRANCH or --main-branch",
        ));
    }
    Ok(DeployQuestion {
        selectors: selectors.selectors.clone(),
        target,
        ignored: selectors.ignored.clone(),
        rows_max: args.limit,
    })
}

async fn answer(question: DeployQuestion, args: &QuestionArgs) -> Result<Answer, Failure> {
    let client = broker_access::open(&args.broker)?;
    let mut names = suggestions::names(&question.selectors);
    if let Some(DeployTarget::Environment(environment)) = &question.target {
        names.push(Name::Environment(environment));
    }
    let answer = match ask(&client, &question, args).await {
        Ok(answer) => answer,
        Err(failure) => return Err(suggestions::explained(&client, &names, failure).await),
    };
    let decision = Decision::of(&answer, args);
    if answer.rows.is_empty() && decision != Decision::Deployable {
        suggestions::note(&client, &names).await;
    }
    if args.dry_run {
        output::note("dry run: the exit code is 0 whatever the answer");
    }
    let code = ExitCode::from(decision.verdict());
    let text = match args.output {
        DeployOutput::Table => deploy::table(&question, &answer, decision),
        DeployOutput::Text | DeployOutput::Json => deploy::explain(&question, &answer, decision),
    };
    let mut json = answer.document;
    json["verdict"] = json!(code.word());
    Ok(Answer { code, text, json })
}

async fn ask(
    client: &Client,
    question: &DeployQuestion,
    args: &QuestionArgs,
) -> Result<CanIDeploy, Failure> {
    let mut left = args.retry_while_unknown;
    loop {
        let answer = client.can_i_deploy(question).await;
        let answer = answer.map_err(Failure::of_question)?;
        if answer.summary.deployable.is_some() || left == 0 {
            return Ok(answer);
        }
        left -= 1;
        output::note(&format!(
            "{} results are missing; asking again in {} s",
            answer.summary.unknown, args.retry_interval
        ));
        // The pause between two tries, which the user sets; how many there are is the bound.
        tokio::time::sleep(Duration::from_secs(args.retry_interval)).await;
    }
}

/// What the broker's answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The broker says yes.
    Deployable,
    /// The broker says no.
    NotDeployable,
    /// The broker does not know: results are missing.
    NotKnownYet,
    /// The broker says yes because there is nothing that could say no.
    NothingVerified,
    /// The broker says yes, but to a part of the rows only.
    CutShort,
}

impl Decision {
    fn of(answer: &CanIDeploy, args: &QuestionArgs) -> Self {
        match answer.deployable() {
            Some(true) if args.require_verified && answer.summary.success == 0 => {
                Self::NothingVerified
            }
            Some(true) => Self::Deployable,
            Some(false) => Self::NotDeployable,
            None if answer.summary.deployable.is_some() => Self::CutShort,
            None => Self::NotKnownYet,
        }
    }

    fn verdict(self) -> Verdict {
        match self {
            Self::Deployable => Verdict::Yes,
            Self::NotDeployable | Self::NotKnownYet | Self::NothingVerified => Verdict::No,
            Self::CutShort => Verdict::Unknown,
        }
    }
}
