//! `treaty verify`.

use serde_json::json;

use crate::broker::{Served, answering_results, each, fake};
use crate::command::{Place, Told};
use crate::golden;
use crate::provider::{broken, good, nobody, pact, users};

pub(crate) fn with_pact() -> Place {
    let place = Place::new();
    place.write("pacts/a.json", &pact());
    place
}

pub(crate) fn verify(place: &Place, url: &str, more: &str) -> Told {
    place.run(&format!(
        "verify --provider-name UserService --provider-base-url {url} {more}"
    ))
}

/// The text without what differs from run to run.
fn redacted(told: &Told, url: &str) -> String {
    told.stdout.replace(url, "http://PROVIDER")
}

#[test]
fn a_pact_that_is_kept_is_a_yes() {
    let told = verify(&with_pact(), &good(), "-f pacts/a.json").ends_with(0);
    golden::check("verify-yes", &told.stdout);
}

#[test]
fn a_pact_file_says_by_itself_who_the_provider_is() {
    let place = with_pact();
    let other = pact().replace("UserService", "CouponService");
    place.write("pacts/other.json", &other);
    let verify = |words: &str| place.run(&format!("verify --provider-base-url {} {words}", good()));
    verify("-f pacts/a.json")
        .ends_with(0)
        .says("Yes. UserService");
    verify("-f pacts/a.json -f pacts/other.json")
        .ends_with(2)
        .complains("several providers: UserService, CouponService");
    verify("-d pacts").ends_with(2).complains("--provider-name");
}

#[test]
fn a_mismatch_is_a_no_with_its_path() {
    let told = verify(&with_pact(), &broken(), "-d pacts").ends_with(1);
    golden::check("verify-no", &told.stdout);
    assert_eq!(told.stderr, "");
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let told = verify(
        &with_pact(),
        &broken(),
        "-d pacts --output json --json report.json",
    )
    .ends_with(1);
    assert_eq!(told.json()["verdict"], "no");
}

#[test]
fn a_report_goes_to_a_file_too() {
    let place = with_pact();
    verify(&place, &good(), "-d pacts -j report.json").ends_with(0);
    let report = std::fs::read(place.path("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["verdict"], "yes");
}

#[test]
fn a_report_goes_to_as_many_files_as_are_named() {
    let place = with_pact();
    let told = verify(
        &place,
        &broken(),
        "-d pacts -x junit.xml --html report.html",
    )
    .ends_with(1);
    golden::check("verify-no", &told.stdout);
    let read = |name| std::fs::read_to_string(place.path(name)).unwrap();
    assert!(read("junit.xml").contains("<failure message=\"$.email  expected"));
    assert!(read("report.html").starts_with("<!doctype html>"));
}

#[test]
fn a_report_that_cannot_be_written_is_not_lost_in_silence() {
    verify(&with_pact(), &good(), "-d pacts --junit no/such/dir.xml")
        .ends_with(3)
        .complains("cannot write no/such/dir.xml");
}

#[test]
fn a_workflow_run_is_annotated_and_gets_a_summary() {
    let mut place = with_pact();
    place.write("summary.md", "before\n");
    let summary = place.path("summary.md");
    place.set("GITHUB_STEP_SUMMARY", summary.to_str().unwrap());
    verify(&place, &broken(), "-d pacts --github")
        .ends_with(1)
        .complains("::error title=OrderService%3A a request for user 42");
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(
        summary.starts_with("before\n## No. UserService"),
        "{summary}"
    );
}

#[test]
fn every_flag_of_the_report_is_in_its_documentation() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    let page = std::fs::read_to_string(root.join("docs/reports.md")).unwrap();
    let help = Place::new().run("verify --help").stdout;
    let (_, report) = help.split_once("Report:\n").unwrap();
    let lines = report
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with(' '));
    let lines = lines.map(str::trim).filter(|line| line.starts_with('-'));
    let flags = lines.filter_map(|line| line.split_once("--"));
    let flags = flags.map(|(_, flag)| flag.split([' ', '[']).next().unwrap());
    let other = ["help", "version", "loglevel"];
    for flag in flags.filter(|flag| !other.contains(flag) && !flag.ends_with("-log")) {
        assert!(
            page.contains(&format!("--{flag}")),
            "docs/reports.md does not tell --{flag}"
        );
    }
}

#[test]
fn what_no_contract_protects_is_told() {
    let provider = users(json!({ "id": 42, "email": "a@b", "age": 7 }));
    let told = verify(&with_pact(), &provider, "-d pacts --mutate").ends_with(0);
    golden::check("verify-mutate", &told.stdout);
    assert_eq!(told.stderr, "", "a mutant is nobody's business");
}

#[test]
fn what_nobody_is_to_read_stands_in_no_report() {
    let place = with_pact();
    let provider = users(json!({ "id": 42, "email": ["s3cret-address"] }));
    let plain = verify(&place, &provider, "-d pacts").ends_with(1);
    assert!(plain.stdout.contains("s3cret-address"));
    let told = verify(
        &place,
        &provider,
        "-d pacts --redact-path $..email --json a.json --html a.html",
    );
    assert!(told.stdout.contains("[redacted]"), "{}", told.stdout);
    for text in [
        told.stdout.clone(),
        std::fs::read_to_string(place.path("a.json")).unwrap(),
        std::fs::read_to_string(place.path("a.html")).unwrap(),
    ] {
        assert!(!text.contains("s3cret-address"), "{text}");
    }
    verify(&place, &provider, "-d pacts --redact-path email")
        .ends_with(2)
        .complains("is not a JSON path");
}

#[test]
fn a_provider_that_does_not_run_is_not_a_no() {
    let url = nobody();
    let told = verify(&with_pact(), &url, "-d pacts").ends_with(3);
    golden::check("verify-nobody", &redacted(&told, &url));
}

#[test]
fn what_matches_nothing_is_a_wrong_command_line() {
    let place = with_pact();
    std::fs::create_dir(place.path("empty")).unwrap();
    let url = good();
    verify(&place, &url, "-d pacts --filter-description nothing").ends_with(2);
    verify(&place, &url, "-d pacts --filter-consumer Nobody").ends_with(2);
    verify(&place, &url, "-d empty").ends_with(2);
    verify(&place, &url, "-f missing.json").ends_with(2);
}

#[test]
fn a_bad_file_is_a_wrong_command_line() {
    let place = with_pact();
    place.write("bad.json", "{}");
    verify(&place, &good(), "-f bad.json")
        .ends_with(2)
        .says("bad.json");
}

#[test]
fn a_mismatch_outweighs_a_bad_file() {
    let place = with_pact();
    place.write("bad.json", "{}");
    verify(&place, &broken(), "-f bad.json -d pacts").ends_with(1);
}

#[test]
fn a_bad_expression_is_a_wrong_command_line() {
    verify(&with_pact(), &good(), "-d pacts --filter-description (")
        .ends_with(2)
        .complains("is not a regular expression");
}

#[test]
fn a_selector_with_a_typing_error_is_not_a_selector_for_everything() {
    verify(
        &Place::new(),
        &good(),
        r#"-b sqlite::memory: --consumer-version-selectors {"mainBrnach":true}"#,
    )
    .ends_with(2)
    .complains("no member \"mainBrnach\"")
    .complains("mainBranch, branch");
}

#[test]
fn a_broker_without_pacts_is_a_no_unless_that_is_as_it_should_be() {
    each(|place| {
        place.run("create-environment --name test").ends_with(0);
        verify(place, &good(), "").ends_with(1);
        verify(place, &good(), "--ignore-no-pacts-error").ends_with(0);
    });
}

#[test]
fn results_are_published_and_acknowledged() {
    each(|place| {
        place.write("a.json", &pact());
        place.run("publish a.json -a 1 --branch main").ends_with(0);
        let publish = "--publish --provider-version 7 --provider-branch main --provider-tags dev";
        verify(place, &good(), publish)
            .ends_with(0)
            .says("1 result acknowledged by the broker");
        verify(place, &broken(), "--publish --provider-version 8").ends_with(1);
    });
}

#[test]
fn a_result_that_the_broker_refuses_is_not_a_success() {
    let place = fake(answering_results(
        500,
        json!({"error": {"message": "disk full"}}),
    ));
    let publish = "--publish --provider-version 7";
    verify(&place, &good(), publish)
        .ends_with(3)
        .says("disk full");
    verify(&place, &broken(), publish).ends_with(1);
}

#[test]
fn an_answer_that_acknowledges_nothing_is_not_a_success() {
    let place = fake(answering_results(200, json!({})));
    verify(&place, &good(), "--publish --provider-version 7").ends_with(3);
}

#[test]
fn a_broker_that_is_not_there_is_not_a_no() {
    verify(&Place::new(), &good(), &format!("-b {}", nobody())).ends_with(3);
}

#[test]
fn publishing_needs_a_version_and_a_broker() {
    let mut place = with_pact();
    place.set("GIT_CEILING_DIRECTORIES", "/");
    verify(&place, &good(), "-d pacts --publish")
        .ends_with(2)
        .complains("--provider-version");
    verify(&place, &good(), "-d pacts --publish --provider-version 1").ends_with(2);
}

#[test]
fn host_port_scheme_and_path_make_the_providers_url() {
    let url = good();
    let port = url.rsplit(':').next().unwrap();
    let line = format!(
        "verify -n UserService -h 127.0.0.1 -p {port} --scheme http --base-path / -d pacts"
    );
    with_pact().run(&line).ends_with(0);
}

#[test]
fn the_warning_about_the_matching_engine_is_on_stderr() {
    let mut place = with_pact();
    place.set("PACT_MATCHING_ENGINE", "V2");
    verify(&place, &good(), "-d pacts").complains("PACT_MATCHING_ENGINE=V2 is set");
}

#[test]
fn a_pact_by_its_url_can_have_its_result_published() {
    let place = Place::new();
    let broker = Served::start(&place);
    place.write("a.json", &pact());
    let url = &broker.url;
    place
        .run(&format!("publish a.json -a 1 -b {url}"))
        .ends_with(0);
    let pact = format!("{url}/pacts/provider/UserService/consumer/OrderService/version/1");
    verify(
        &place,
        &good(),
        &format!("-u {pact} --publish --provider-version 1"),
    )
    .ends_with(0);
}

#[test]
fn states_that_nobody_sets_up_are_told_with_what_to_do() {
    let place = Place::new();
    place.write(
        "a.json",
        &pact().replace("\"request\"", "\"providerState\":\"s\",\"request\""),
    );
    let url = good();
    verify(&place, &url, "-f a.json")
        .ends_with(3)
        .complains("--state-change-url");
    verify(&place, &url, &format!("-f a.json -s {url}/states")).ends_with(0);
    verify(&place, &url, "-f a.json --allow-unknown-states").ends_with(0);
}

#[test]
fn what_the_command_line_can_mend_is_told() {
    let place = with_pact();
    place
        .run("create-environment --name test -b sqlite:b.sqlite")
        .ends_with(0);
    for (line, told) in [
        (
            "-f pacts/a.json --provider-base-url foo",
            "give --provider-base-url a URL",
        ),
        ("-f pacts/a.json --proxy foo", "give --proxy a URL"),
        (
            "-f pacts/a.json --message-url foo",
            "give --message-url a URL",
        ),
        (
            "-d pacts -n Nobody",
            "correct the name after --provider-name",
        ),
        (
            "-n Nobody -b sqlite:b.sqlite",
            "correct the name after --provider-name",
        ),
    ] {
        let all = place.run(&format!("verify {line}"));
        let hints = all.stderr.matches("to fix it: ").count();
        assert_eq!(hints, 1, "{line}: {all:?}");
        all.complains(told);
    }
    verify(&place, &nobody(), "-f pacts/a.json --allow-unknown-states")
        .ends_with(3)
        .complains("to fix it: start the provider");
}
