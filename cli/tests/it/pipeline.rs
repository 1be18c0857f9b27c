//! What runs `treaty` in pipelines: the files of `treaty init`, the action, the image's example.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::broker::Served;
use crate::command::Place;
use crate::provider::{self, pact};

/// A shell that finds the command `treaty`, and before it what stands in `bin`.
fn shell(place: &Place, name: &str) -> Command {
    let treaty = Path::new(env!("CARGO_BIN_EXE_treaty")).parent().unwrap();
    let usual = std::env::var_os("PATH").unwrap();
    let path = [place.path("bin"), treaty.to_owned()];
    let path = path.into_iter().chain(std::env::split_paths(&usual));
    let mut command = Command::new(name);
    command.current_dir(place.path("")).env_clear();
    command.env("PATH", std::env::join_paths(path).unwrap());
    command
}

fn told(output: &Output) -> String {
    let both = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8(both).unwrap()
}

fn at_the_root(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(name)).unwrap()
}

#[test]
fn the_pipeline_goes_by_the_name_that_init_was_told() {
    let place = Place::new();
    for (ci, file) in [
        ("github", ".github/workflows/contracts.yml"),
        ("gitlab", ".gitlab/contracts.yml"),
    ] {
        place
            .treaty(&["init", "-a", "Order \"Service\"", "--ci", ci])
            .ends_with(0);
        let text = std::fs::read_to_string(place.path(file)).unwrap();
        assert!(
            text.contains("  PACTICIPANT: \"Order \\\"Service\\\"\"\n"),
            "{text}"
        );
        for place in ["{pacticipant}", "{repository", "{tag}"] {
            assert!(!text.contains(place), "{text}");
        }
        std::fs::remove_file(place.path("treaty.toml")).unwrap();
    }
}

/// A name in a registry may be somebody else's, today or tomorrow: what a pipeline installs comes from the repository, and
/// is of the version that wrote the pipeline.
#[test]
fn a_pipeline_installs_this_version_from_its_repository() {
    let (repository, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    let action = repository.strip_prefix("https://github.com/").unwrap();
    let place = Place::new();
    for (ci, file, installs) in [
        (
            "github",
            ".github/workflows/contracts.yml",
            format!("      - uses: {action}@v{version}\n"),
        ),
        (
            "gitlab",
            ".gitlab/contracts.yml",
            format!("cargo install --locked --git {repository} --tag v{version} treaty-cli\n"),
        ),
    ] {
        place.run(&format!("init -a A --ci {ci}")).ends_with(0);
        let text = std::fs::read_to_string(place.path(file)).unwrap();
        assert!(text.contains(&installs), "{text}");
    }
    let docs = at_the_root("docs/install.md");
    let from_git =
        format!("`cargo install --locked --git {repository} --tag v{version} treaty-cli`");
    assert!(docs.contains(&from_git), "{docs}");
    for text in [docs, at_the_root("action.yml")] {
        assert!(
            text.contains(&format!("uses: {action}@v{version}")),
            "{text}"
        );
        let installs = text.lines().filter(|line| line.contains("cargo install"));
        for line in installs {
            assert!(line.contains("--path") || line.contains("--git"), "{line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_script_of_init_knows_every_name() {
    for name in ["we\"ird $(x) name", "Bob's", "plain"] {
        let place = Place::new();
        place
            .treaty(&["init", "-a", name, "--ci", "shell"])
            .ends_with(0);
        let script = std::fs::read_to_string(place.path("contracts.sh")).unwrap();
        let line = script.lines().find(|line| line.starts_with("pacticipant="));
        let line = format!("{}; printf %s \"$pacticipant\"", line.unwrap());
        let mut sh = shell(&place, "sh");
        let output = sh.args(["-c", &line]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), name);
    }
}

#[cfg(unix)]
#[test]
fn the_script_of_init_gates_a_version_and_records_where_it_went() {
    let place = Place::new();
    let broker = Served::start(&place);
    place.write("pacts/a.json", &pact());
    place
        .run(&format!(
            "init -a OrderService --ci shell -b {}",
            broker.url
        ))
        .ends_with(0);
    let run = |line: &str| {
        let mut command = shell(&place, "sh");
        command.args(["-c", line]).output().unwrap()
    };
    let git = "git -c user.name=T -c user.email=t@example.com";
    let made = run(&format!(
        "git init -q -b main && {git} commit -q --allow-empty -m first"
    ));
    assert!(made.status.success(), "{made:?}");
    place
        .run("create-environment --name production --production")
        .ends_with(0);

    let first = run("./contracts.sh");
    assert_eq!(first.status.code(), Some(1), "{}", told(&first));
    assert!(told(&first).contains("No. "), "{}", told(&first));

    let verify = format!(
        "verify -n UserService --provider-base-url {} --provider-version 7 --publish",
        provider::good()
    );
    place.run(&verify).ends_with(0);
    place
        .run("record-deployment -a UserService -e 7 --environment production")
        .ends_with(0);
    let second = run("sh contracts.sh");
    assert_eq!(second.status.code(), Some(0), "{}", told(&second));
    let commit = run("git rev-parse HEAD");
    let commit = String::from_utf8(commit.stdout).unwrap();
    place
        .run("status -a OrderService")
        .ends_with(0)
        .says(&format!("production: {}", commit.trim()));
}

/// The script of a step of the action.
fn step(name: &str) -> String {
    let action = at_the_root("action.yml");
    let (_, step) = action.split_once(&format!("- name: {name}\n")).unwrap();
    let (_, script) = step.split_once("run: |\n").unwrap();
    let lines = script.lines();
    let lines = lines.map_while(|line| line.strip_prefix("        "));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(unix)]
fn program(place: &Place, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let name = format!("bin/{name}");
    place.write(&name, text);
    let path = place.path(&name);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn the_action_installs_its_own_checkout_unless_that_version_is_there() {
    let here = env!("CARGO_PKG_VERSION");
    for (version, installs) in [(here, false), ("9.9.9", true)] {
        let place = Place::new();
        let manifest = at_the_root("Cargo.toml");
        let own = format!("\nversion = \"{here}\"\n");
        assert_eq!(manifest.matches(&own).count(), 1);
        let other = manifest.replace(&own, &format!("\nversion = \"{version}\"\n"));
        place.write("action/Cargo.toml", &other);
        program(&place, "cargo", "#!/bin/sh\necho \"$@\" >>cargo.log\n");
        let mut bash = shell(&place, "bash");
        let checkout = place.path("action");
        bash.args(["-e", "-o", "pipefail", "-c", &step("Install treaty")])
            .env("HOME", place.path(""))
            .env("GITHUB_ACTION_PATH", &checkout)
            .env("GITHUB_PATH", place.path("path"))
            .env("GITHUB_OUTPUT", place.path("output"));
        let output = bash.output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        let log = std::fs::read_to_string(place.path("cargo.log"));
        let installed = format!(
            "install --locked --force --path {}/cli\n",
            checkout.display()
        );
        let expected = if installs { installed } else { String::new() };
        assert_eq!(log.unwrap_or_default(), expected);
        let output = std::fs::read_to_string(place.path("output")).unwrap();
        assert!(output.starts_with("path=/"), "{output}");
    }
}

#[cfg(unix)]
#[test]
fn the_action_runs_a_command_of_several_lines_and_ends_as_it_does() {
    let place = Place::new();
    place.write("pacts/a b.json", &pact());
    for (command, code) in [
        ("lint\n  \"pacts/a b.json\"\n", 0),
        ("lint none.json; true", 2),
        ("lint $(echo pacts)", 2),
    ] {
        let mut bash = shell(&place, "bash");
        bash.args(["-e", "-o", "pipefail", "-c", &step("Run treaty")])
            .env("COMMAND", command);
        let output = bash.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
    }
}

#[test]
fn the_example_of_the_image_serves_whoever_gives_the_password() {
    let text = at_the_root("Dockerfile");
    let (_, example) = text.split_once("docker run ").unwrap();
    let lines = example.lines().map_while(|line| {
        let line = line.trim_start_matches("# ").trim();
        Some(line.strip_suffix('\\').unwrap_or(line))
    });
    let words: Vec<&str> = lines.take(3).flat_map(str::split_whitespace).collect();
    let mut place = Place::new();
    for pair in words.windows(2).filter(|pair| pair[0] == "--env") {
        let (name, value) = pair[1].split_once('=').unwrap();
        place.set(name, value);
    }
    let command = words.iter().skip_while(|word| **word != "treaty").skip(1);
    let line = command.copied().collect::<Vec<_>>().join(" ");
    let data = place.path("").display().to_string();
    let line = line.replace("/data/", &data);
    let broker = Served::run(&place, &format!("{line} --port 0"));
    let port = broker.url.rsplit(':').next().unwrap();
    let asked = format!("list-environments -b http://127.0.0.1:{port}");
    place.run(&asked).ends_with(3).complains("401");
    place.run(&format!("{asked} -u ci -p secret")).ends_with(0);
}
