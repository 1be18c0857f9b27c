//! How the interactions run: how many at a time, in which order, how often, which of them.

use std::hash::{BuildHasher, Hasher, RandomState};

use treaty_core::receipt::Shard;
use treaty_provider::VerifyOptions;
use url::Url;

use crate::args::{Seed, VerifyArgs};
use crate::error::Failure;
use crate::output;

/// Puts what the arguments say into the options.
pub(super) fn options(args: &VerifyArgs, options: &mut VerifyOptions) -> Result<(), Failure> {
    let run = &args.run;
    if let Some(shard) = run.shard {
        check_shard(args, shard)?;
    }
    if run.find_order_dependence && run.jobs.is_some_and(|jobs| jobs.get() > 1) {
        return Err(Failure::usage(
            "what depends on the order is only found where one interaction runs after the other",
            "leave --jobs or --find-order-dependence out",
        ));
    }
    options.jobs = run.jobs;
    options.shuffle_seed = run.shuffle.map(seed);
    options.repeat = run.repeat.unwrap_or(options.repeat);
    options.shard = run.shard;
    options.fail_fast = run.fail_fast;
    options.find_order_dependence = run.find_order_dependence;
    Ok(())
}

/// What would only be noticed when the reports of all shards are there.
fn check_shard(args: &VerifyArgs, shard: Shard) -> Result<(), Failure> {
    if args.publish.publish {
        return Err(Failure::usage(
            format!(
                "shard {shard} knows only its part of each pact, which is no result to publish"
            ),
            "write its report with --receipt FILE instead of --publish, and give the files of all shards to treaty publish-results",
        ));
    }
    if args.run.shuffle == Some(Seed::Drawn) {
        return Err(Failure::usage(
            format!("shard {shard} would draw a seed that the other shards do not have"),
            "give all of them the same with --shuffle=SEED",
        ));
    }
    Ok(())
}

/// Asks the URL to bring the provider back to where it was. How long that may take is the verifier's affair.
pub(super) async fn reset(url: Url) -> Result<(), String> {
    let told = |error: reqwest::Error| error.without_url().to_string();
    let client = reqwest::Client::builder().no_proxy().build();
    let answer = client.map_err(told)?.post(url.clone()).send().await;
    match answer.map_err(told)?.status() {
        status if status.is_success() => Ok(()),
        status => Err(format!("{url} answered {status}")),
    }
}

fn seed(given: Seed) -> u64 {
    match given {
        Seed::Given(seed) => seed,
        Seed::Drawn => {
            let seed = drawn();
            output::note(&format!(
                "the order of this run is that of --shuffle={seed}"
            ));
            seed
        }
    }
}

/// A number that nobody chose: what the standard library seeds its hash maps with. It has 32 bits, so that people can
/// type it, and programs that read JSON numbers as floating point keep it.
fn drawn() -> u64 {
    RandomState::new().build_hasher().finish() >> 32
}
