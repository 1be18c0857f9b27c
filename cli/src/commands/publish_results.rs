//! `treaty publish-results`.

use serde_json::json;
use treaty_core::outcome::Verdict;
use treaty_provider::{Publication, Publish, Report, Withheld, join, publish_results};

use crate::args::PublishResultsArgs;
use crate::broker_access;
use crate::build_properties::GivenBuild;
use crate::commands::provider_build;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::files;
use crate::output::Answer;

pub(crate) async fn run(args: &PublishResultsArgs) -> Result<Answer, Failure> {
    let reports = args.reports.iter().map(|path| files::report(path));
    let reports: Vec<Report> = reports.collect::<Result<_, _>>()?;
    let report = join(reports)?;
    let publish = publish(args)?;
    let client = broker_access::open(&args.broker)?;
    let report = publish_results(report, &client, &publish).await;
    if is_none_of(&report, &Withheld::NotFromABroker) {
        return Err(Failure::usage(
            format!(
                "nothing is published: none of the pacts was read from the broker at {}",
                client.base_url()
            ),
            "name the broker that the pacts were verified from, by the same URL, or verify with --broker-url",
        ));
    }
    Ok(answer(&report))
}

fn publish(args: &PublishResultsArgs) -> Result<Publish, Failure> {
    let given = GivenBuild {
        version: args.provider_version.clone(),
        branch: args.provider_branch.clone(),
        url: args.build_url.clone(),
        detect: true,
        version_flag: "--provider-version",
    };
    provider_build::published(given, &args.provider_tags)
}

/// Whether there are pacts, and the result of none of them was published for this reason.
fn is_none_of(report: &Report, why: &Withheld) -> bool {
    !report.pacts.is_empty() && withheld(report, why) == report.pacts.len()
}

fn withheld(report: &Report, why: &Withheld) -> usize {
    let publications = report.pacts.iter().map(|pact| &pact.publication);
    publications
        .filter(
            |publication| matches!(publication, Publication::Withheld { reason } if reason == why),
        )
        .count()
}

/// The report's own answer; but a result whose pact is another one by now is not published, and so not done.
fn answer(report: &Report) -> Answer {
    let mut text = report.to_string();
    let mut json = report.to_json();
    let mut verdict = report.verdict();
    let changed = withheld(report, &Withheld::ContentChanged);
    if changed > 0 {
        verdict = verdict.max(Verdict::Unknown);
        json["verdict"] = json!(verdict);
        text.push_str(&format!(
            "\nNot everything is published: {changed} of {} pacts changed in the broker since. Verify again.\n",
            report.pacts.len()
        ));
    }
    Answer {
        code: ExitCode::from(verdict),
        text,
        json,
    }
}
