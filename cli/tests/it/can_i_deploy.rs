//! `treaty can-i-deploy`.

use serde_json::{Value, json};

use crate::broker::{answering_matrix, each, fake};
use crate::command::{Place, Told};
use crate::golden;
use crate::provider::{broken, good, nobody, pact};

const QUESTION: &str =
    "can-i-deploy --pacticipant UserService --version 7 --to-environment production";

/// OrderService 1 is in production, and UserService at the URL has verified its pact as version 7.
fn story(place: &Place, provider: &str) {
    place.write("a.json", &pact());
    for line in [
        "publish a.json -a 1 --branch main",
        "create-environment --name production --production",
        "record-deployment -a OrderService -e 1 --environment production",
    ] {
        place.run(line).ends_with(0);
    }
    place.run(&format!(
        "verify -n UserService --provider-base-url {provider} --publish --provider-version 7 --build-url https://ci.example/512"
    ));
}

/// The text without the day of the test.
fn redacted(told: &Told) -> String {
    let day = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        word.len() >= 10 && digits >= 8 && word.matches('-').count() == 2
    };
    let words = told.stdout.split(' ').map(|word| {
        if day(word.trim_end_matches([':', ','])) {
            "DAY:"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_verified_version_is_deployable() {
    each(|place| {
        story(place, &good());
        let told = place.run(QUESTION).ends_with(0);
        golden::check("deploy-yes", &told.stdout);
    });
}

#[test]
fn a_failed_version_is_not_and_that_is_explained() {
    each(|place| {
        story(place, &broken());
        let told = place.run(QUESTION).ends_with(1);
        golden::check("deploy-failed", &redacted(&told));
        place.run(&format!("{QUESTION} -o json")).ends_with(1);
        place
            .run(&format!("{QUESTION} -o table"))
            .ends_with(1)
            .says("CONSUMER");
        place
            .run(&format!("{QUESTION} --dry-run"))
            .ends_with(0)
            .says("No.");
    });
}

#[test]
fn a_version_without_results_is_a_no_that_says_what_is_missing() {
    each(|place| {
        story(place, &good());
        place.write("b.json", &pact().replace("OrderService", "BillingService"));
        place.run("publish b.json -a 3").ends_with(0);
        place
            .run("record-deployment -a BillingService -e 3 --environment production")
            .ends_with(0);
        let told = place.run(QUESTION).ends_with(1);
        golden::check("deploy-unverified", &redacted(&told));
    });
}

#[test]
fn a_version_that_is_there_already_lends_its_date_to_nobody() {
    each(|place| {
        story(place, &broken());
        let question = QUESTION.replace("UserService --version 7", "OrderService --version 1");
        place
            .run(&question)
            .ends_with(1)
            .says("  UserService: nothing of it is deployed there\n");
        place
            .run("record-deployment -a UserService -e 7 --environment production")
            .ends_with(0);
        place
            .run(&question)
            .ends_with(1)
            .says("  UserService 7, in production: failed\n");
    });
}

#[test]
fn nothing_to_verify_is_a_yes_that_says_so_unless_more_is_wanted() {
    let nothing = json!({"summary": {"deployable": true, "reason": "There are no missing dependencies"},
        "notices": [{"type": "success", "text": "There are no missing dependencies"}], "matrix": []});
    let place = fake(answering_matrix(nothing));
    let told = place.run(QUESTION).ends_with(0);
    golden::check("deploy-nothing", &told.stdout);
    let told = place
        .run(&format!("{QUESTION} --require-verified"))
        .ends_with(1);
    golden::check("deploy-nothing-verified", &told.stdout);
}

fn row(consumer: &str, success: Value) -> Value {
    let side = |name: &str, number: &str| json!({"name": name, "version": {"number": number, "environments": [{"name": "production"}]}});
    let result = match success {
        Value::Null => Value::Null,
        success => json!({"success": success, "_links": {"self": {"href": "http://b/results/1"}}}),
    };
    let pact = json!({"_links": {"self": {"href": format!("http://b/pacts/{consumer}")}}});
    json!({"consumer": side(consumer, "1"), "provider": side("UserService", "7"), "verificationResult": result, "pact": pact})
}

#[test]
fn the_rows_of_another_brokers_answer_are_explained_too() {
    let answer = json!({
        "summary": {"deployable": false, "reason": "x", "success": 1, "failed": 1, "unknown": 1},
        "notices": [{"type": "error", "text": "The verification failed"}],
        "matrix": [row("A", json!(true)), row("B", json!(false)), row("C", Value::Null)]});
    let place = fake(answering_matrix(answer));
    let told = place.run(QUESTION).ends_with(1);
    golden::check("deploy-other-broker", &told.stdout);
    let told = place.run(&format!("{QUESTION} -o table")).ends_with(1);
    golden::check("deploy-table", &told.stdout);
    let told = place.run(&format!("{QUESTION} -o json")).ends_with(1);
    assert_eq!(told.json()["verdict"], "no");
}

#[test]
fn what_the_broker_does_not_know_is_a_no() {
    let answer =
        json!({"summary": {"deployable": null, "unknown": 1}, "matrix": [row("A", Value::Null)]});
    let place = fake(answering_matrix(answer));
    place
        .run(&format!(
            "{QUESTION} --retry-while-unknown 1 --retry-interval 0"
        ))
        .ends_with(1)
        .complains("asking again")
        .says("cannot go to production yet: 1 never verified");
}

#[test]
fn a_list_that_is_cut_short_is_no_yes() {
    let answer = json!({"summary": {"deployable": true, "success": 1000}, "matrix": vec![row("A", json!(true)); 1000]});
    fake(answering_matrix(answer))
        .run(QUESTION)
        .ends_with(3)
        .says("Unknown.");
}

#[test]
fn a_broker_that_is_not_there_is_not_a_no() {
    let url = nobody();
    let told = Place::new()
        .run(&format!("{QUESTION} -b {url} -o json"))
        .ends_with(3);
    assert_eq!(told.json()["error"]["exitCode"], 3);
    let stderr = told.stderr.replace(&url, "http://BROKER");
    golden::check("deploy-nobody", &stderr);
}

#[test]
fn an_environment_that_does_not_exist_is_a_wrong_question() {
    each(|place| {
        story(place, &good());
        let question = QUESTION.replace("production", "prod");
        place.run(&question).ends_with(2);
    });
}

#[test]
fn arguments_that_belong_to_a_pacticipant_stand_behind_it() {
    Place::new()
        .run("can-i-deploy --version 1 --pacticipant A")
        .ends_with(2)
        .complains("--version must come after the --pacticipant");
    Place::new()
        .run("can-i-deploy --pacticipant A --version 1 --branch main")
        .ends_with(2)
        .complains("A has its version chosen twice");
}

#[test]
fn a_variable_is_true_or_false_in_many_words() {
    let words = [("ON", 0), ("1", 0), ("yes", 0), ("t", 0), ("", 1)];
    let no = [("Off", 1), ("0", 1), ("no", 1), ("FALSE", 1)];
    for (word, code) in words.into_iter().chain(no) {
        let mut place = fake(answering_matrix(json!({
            "summary": {"deployable": false, "reason": "", "success": 0, "failed": 1, "unknown": 0},
            "matrix": [],
        })));
        place.set("PACT_BROKER_CAN_I_DEPLOY_DRY_RUN", word);
        place.run("can-i-deploy -a A -e 1").ends_with(code);
    }
}

#[test]
fn a_question_about_no_version_is_refused() {
    each(|place| {
        story(place, &good());
        for line in [
            "can-i-deploy -a UserService --to-environment production",
            "can-i-deploy -a OrderService -e 1 -a UserService",
            "can-i-deploy -a UserService --main-branch --no-main-branch",
            "can-i-merge -a UserService",
        ] {
            place
                .run(line)
                .ends_with(2)
                .complains("no version of UserService is named")
                .complains("--version VERSION");
        }
    });
}

#[test]
fn a_version_may_be_merged_if_it_goes_with_the_main_branches() {
    each(|place| {
        place.write("a.json", &pact());
        for line in [
            "create-or-update-pacticipant --name OrderService --main-branch main",
            "publish a.json -a 1 --branch main",
        ] {
            place.run(line).ends_with(0);
        }
        let verify = |provider: &str, version: u8| {
            place.run(&format!(
                "verify -n UserService --provider-base-url {provider} --publish --provider-version {version}"
            ))
        };
        verify(&good(), 7).ends_with(0);
        verify(&broken(), 8).ends_with(1);
        place
            .run("can-i-merge -a UserService -e 7")
            .ends_with(0)
            .says("Yes. UserService 7 can be merged with the main branches of everything else: 1 verified.");
        place
            .run("can-i-merge --pacticipant UserService --version 8")
            .ends_with(1)
            .says("No. UserService 8 cannot be merged");
        let told = place
            .run("can-i-merge -a UserService -e 8 -o json")
            .ends_with(1);
        assert_eq!(told.json()["verdict"], "no");
        place
            .run("can-i-merge -a UserService -e 8 --ignore OrderService --output table")
            .ends_with(0);
        place
            .run("can-i-merge -a UserService -e 8 --dry-run")
            .ends_with(0)
            .says("No.");
        place
            .run("can-i-merge -a UserService -e 9 --retry-while-unknown 1 --retry-interval 0")
            .ends_with(1);
    });
}

#[test]
fn a_main_branch_can_be_taken_back() {
    each(|place| {
        place.write("a.json", &pact());
        place.run("publish a.json -a 1 --branch main").ends_with(0);
        place.run("publish a.json -a 2 --branch other").ends_with(0);
        let line = "can-i-deploy --pacticipant OrderService";
        for (words, version) in [
            ("--main-branch", "OrderService of its main branch"),
            (
                "--main-branch --no-main-branch --version 2",
                "OrderService 2",
            ),
            (
                "--main-branch --skip-main-branch --version 2",
                "OrderService 2",
            ),
            ("--no-main-branch --version 2", "OrderService 2"),
        ] {
            let told = place.run(&format!("{line} {words}")).ends_with(1);
            told.says(version);
        }
    });
}

#[test]
fn a_list_as_long_as_its_limit_is_no_yes() {
    each(|place| {
        story(place, &good());
        place
            .run(&format!("{QUESTION} --limit 1"))
            .ends_with(3)
            .says("Unknown.");
    });
}

#[test]
fn a_remedy_can_be_run_as_it_stands_whatever_the_names_are() {
    each(|place| {
        place.write("a.json", &pact().replace("UserService", "User Service"));
        for line in [
            "publish a.json -a 1 --branch main",
            "create-environment --name production",
        ] {
            place.run(line).ends_with(0);
        }
        place
            .run("can-i-deploy -a OrderService -e 1 --to-environment production")
            .ends_with(1)
            .says("treaty record-deployment --pacticipant 'User Service' --version VERSION");
        place
            .run("can-i-deploy -a OrderService -e 1")
            .ends_with(1)
            .says("treaty verify --provider-name 'User Service'");
    });
}

/// The command that the answer names, and nothing else of it.
fn next(told: &Told) -> String {
    let mut lines = told.stdout.lines();
    let line = lines.find_map(|line| line.trim().strip_prefix("next: treaty "));
    line.unwrap_or_else(|| panic!("no remedy in {told:#?}"))
        .to_owned()
}

/// A version that `verify` does not choose by itself has a remedy that leads to a yes, when the provider is put in.
#[track_caller]
fn remedy_leads_to_a_yes(versions: &[&str], question: &str, choosing: &str) {
    each(|place| leads_to_a_yes(place, versions, question, choosing));
    // Nor does it need a variable that names the broker.
    leads_to_a_yes(&Place::new(), versions, question, choosing);
    let named = Place::new();
    named.write("treaty.toml", "broker-base-url = \"sqlite:own.sqlite\"\n");
    leads_to_a_yes(&named, versions, question, choosing);
}

fn leads_to_a_yes(place: &Place, versions: &[&str], question: &str, choosing: &str) {
    let provider = good();
    for (count, version) in versions.iter().enumerate() {
        let described = format!("a request for user 42, {count}");
        place.write(
            "a.json",
            &pact().replace("a request for user 42", &described),
        );
        place
            .run(&format!("publish a.json -a {version}"))
            .ends_with(0);
    }
    place
        .run("create-environment --name production")
        .ends_with(0);
    place
        .run(&format!(
            "verify -n UserService --provider-base-url {provider} --publish --provider-version 7"
        ))
        .ends_with(0);
    place
        .run("record-deployment -a UserService -e 7 --environment production")
        .ends_with(0);
    let told = place.run(question).ends_with(1);
    let remedy = next(&told);
    assert!(remedy.contains(choosing), "{remedy}");
    let remedy = remedy
        .replace(
            "--provider-base-url URL",
            &format!("--provider-base-url {provider}"),
        )
        .replace("[--state-change-url URL]", "")
        .replace('\'', "");
    place.run(&remedy).ends_with(0);
    place.run(question).ends_with(0);
}

#[test]
fn the_remedy_for_the_version_of_a_branch_verifies_its_pact() {
    remedy_leads_to_a_yes(
        &["1 --branch main", "2 --branch feat"],
        "can-i-deploy -a OrderService -e 2 --to-environment production",
        r#"--consumer-version-selectors '{"branch":"feat","consumer":"OrderService"}'"#,
    );
}

#[test]
fn the_remedy_for_a_tagged_version_verifies_its_pact() {
    remedy_leads_to_a_yes(
        &[
            "1 --branch main",
            "2 --branch feat --tag test",
            "3 --branch feat",
        ],
        "can-i-deploy -a OrderService -e 2 --to-environment production",
        r#"--consumer-version-selectors '{"consumer":"OrderService","latest":true,"tag":"test"}'"#,
    );
}

#[test]
fn the_remedy_for_a_version_that_is_the_last_of_nothing_verifies_its_pact() {
    remedy_leads_to_a_yes(
        &["1 --branch main", "2 --branch feat", "3 --branch feat"],
        "can-i-deploy -a OrderService -e 2 --to-environment production",
        "/pacts/provider/UserService/consumer/OrderService/version/2 ",
    );
}

#[test]
fn every_way_to_choose_a_version_is_understood() {
    each(|place| {
        story(place, &good());
        place
            .run("create-or-update-pacticipant --name OrderService --main-branch main")
            .ends_with(0);
        place
            .run("create-version-tag -a OrderService -e 1 -t prod")
            .ends_with(0);
        for choice in [
            "-e 1",
            "--version 1",
            "-l",
            "--latest",
            "-l prod",
            "--tag prod",
            "--branch main",
            "--main-branch",
        ] {
            place
                .run(&format!(
                    "can-i-deploy -a OrderService {choice} --pacticipant UserService --latest"
                ))
                .ends_with(0);
        }
        place
            .run("can-i-deploy -a UserService -e 7 --to prod")
            .ends_with(0);
        place
            .run("can-i-deploy -a UserService -e 9 --to-environment production --ignore OrderService --output json")
            .ends_with(1);
    });
}
