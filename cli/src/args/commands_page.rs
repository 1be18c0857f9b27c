//! The page about all commands: every command and flag of the tools that `treaty` stands in for, and ours beside it.
//!
//! The rows come from `cli/tests/peers`, ours from the command line itself, and whether a row is tested from the texts of
//! the tests that run the command as a process. `UPDATE_GOLDEN=1` writes the page anew.

mod coverage;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory};

use self::coverage::Coverage;
use super::Args;

/// The tools, by the file that holds their flags.
const PEERS: [(&str, &str); 4] = [
    ("pact-broker-cli.txt", "pact-broker-cli 0.9"),
    ("pact-broker.txt", "pact-broker 1.77"),
    ("pact_verifier_cli.txt", "pact_verifier_cli 1.3"),
    ("pact-stub-server.txt", "pact-stub-server 0.7"),
];

/// What stands in the files for every command of a tool.
const EVERY: &str = "*";

/// A flag as a tool has it; without both names it is the command itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Flag {
    short: Option<String>,
    long: Option<String>,
}

impl Flag {
    /// What makes it the same flag in two tools.
    fn name(&self) -> String {
        let name = self.long.clone().or_else(|| self.short.clone());
        name.unwrap_or_default()
    }

    fn words(&self) -> Vec<&str> {
        let words = [&self.short, &self.long];
        words.into_iter().flatten().map(String::as_str).collect()
    }

    fn shown(&self) -> String {
        if self.words().is_empty() {
            return "the command".to_owned();
        }
        format!("`{}`", self.words().join(", "))
    }
}

/// By command and by name: each tool's form of the flag.
type Rows = BTreeMap<String, BTreeMap<String, BTreeMap<usize, Flag>>>;

fn rows() -> Rows {
    let mut rows = Rows::new();
    for (peer, (file, _)) in PEERS.iter().enumerate() {
        let text = fs::read_to_string(here().join("tests/peers").join(file)).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let [command, short, long] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{file}: {line}");
            };
            let named = |name: &str| (name != "-").then(|| name.to_owned());
            let flag = Flag {
                short: named(short),
                long: named(long),
            };
            let row = rows.entry(command.replace('_', " ")).or_default();
            row.entry(flag.name()).or_default().insert(peer, flag);
        }
    }
    rows
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Ours of that name; flags of every command are looked for in one that has them all.
fn ours(command: &str) -> Option<Command> {
    let name = match command {
        EVERY => "list-environments",
        command => command,
    };
    let mut found = Args::command();
    // Hands the flags of every command down to each.
    found.build();
    for word in name.split(' ') {
        found = found.find_subcommand(word)?.clone();
    }
    Some(found)
}

fn long_names(arg: &Arg) -> Vec<String> {
    let aliases = arg.get_all_aliases().unwrap_or_default();
    let names = arg.get_long().into_iter().chain(aliases);
    names.map(|name| format!("--{name}")).collect()
}

fn short_names(arg: &Arg) -> Vec<String> {
    let aliases = arg.get_all_short_aliases().unwrap_or_default();
    let names = arg.get_short().into_iter().chain(aliases);
    names.map(|name| format!("-{name}")).collect()
}

/// Our argument that takes every form of the flag that the tools have.
fn taking<'a>(command: &'a Command, flags: &BTreeMap<usize, Flag>) -> Option<&'a Arg> {
    let takes = |arg: &&Arg| {
        let there: BTreeSet<String> = long_names(arg)
            .into_iter()
            .chain(short_names(arg))
            .collect();
        let mut wanted = flags.values().flat_map(Flag::words);
        wanted.all(|word| there.contains(word))
    };
    command.get_arguments().find(takes)
}

/// Our form of the flag; nothing where there is none, or where no test of the process uses it.
fn our_form(command: &str, flags: &BTreeMap<usize, Flag>, tested: &Coverage) -> Option<String> {
    let there = ours(command)?;
    if flags.values().all(|flag| flag.words().is_empty()) {
        let own = format!("`treaty {command}`");
        return tested.runs(command).then_some(own);
    }
    let arg = taking(&there, flags)?;
    let words: Vec<String> = short_names(arg)
        .into_iter()
        .chain(long_names(arg))
        .collect();
    let any = |word: &String| {
        if command == EVERY {
            tested.uses_anywhere(word)
        } else {
            tested.uses(command, word)
        }
    };
    let own = Flag {
        short: short_names(arg).into_iter().next(),
        long: long_names(arg).into_iter().next(),
    };
    words.iter().any(any).then(|| own.shown())
}

/// The page, and how many of its rows are missing.
fn page() -> String {
    let (rows, tested) = (rows(), Coverage::of_tests(&here().join("tests/it")));
    let (mut sections, mut missing, mut all) = (String::new(), 0, 0);
    for (command, flags) in &rows {
        let peers: BTreeSet<usize> = flags.values().flat_map(|f| f.keys().copied()).collect();
        let title = match command.as_str() {
            EVERY => "Every command that asks a broker".to_owned(),
            command => format!("`treaty {command}`"),
        };
        let names: Vec<&str> = peers.iter().map(|peer| PEERS[*peer].1).collect();
        sections.push_str(&format!(
            "\n## {title}\n\n| {} | treaty |\n",
            names.join(" | ")
        ));
        sections.push_str(&format!("|{}\n", "---|".repeat(peers.len() + 1)));
        for forms in flags.values() {
            let form = |peer: &usize| forms.get(peer).map_or_else(String::new, Flag::shown);
            let cells: Vec<String> = peers.iter().map(form).collect();
            let own = our_form(command, forms, &tested);
            all += 1;
            missing += usize::from(own.is_none());
            let own = own.unwrap_or_else(|| "*missing*".to_owned());
            sections.push_str(&format!("| {} | {own} |\n", cells.join(" | ")));
        }
        sections.push_str(&beside(command, flags));
    }
    format!(
        "{}\n{missing} of {all} rows are missing.\n{sections}{}",
        HEAD,
        more(&rows)
    )
}

const HEAD: &str = "\
# Commands

Every command and flag of the tools that `treaty` stands in for, and ours beside it. Ours has every short and long name
that the row shows, and a test runs the command as a process with it; a row without such a test counts as missing. The
opposites that the Ruby tool has for each of its switches, `--no-X` and `--skip-X`, are no rows: leaving the switch out
says the same. What each flag does, `treaty COMMAND --help` says. This page is made from the command line itself:
`UPDATE_GOLDEN=1 cargo test -p treaty-cli --bin treaty commands_page` writes it anew.
";

/// Our flags that none of the tools has.
fn beside(command: &str, flags: &BTreeMap<String, BTreeMap<usize, Flag>>) -> String {
    let Some(there) = ours(command) else {
        return String::new();
    };
    let every = ours(EVERY).unwrap();
    let shared = every.get_arguments().filter(|_| command != EVERY);
    let shared: BTreeSet<String> = shared.flat_map(long_names).collect();
    let known: BTreeSet<&str> = flags
        .values()
        .flat_map(BTreeMap::values)
        .flat_map(Flag::words)
        .collect();
    let own = there.get_arguments().filter(|arg| !arg.is_hide_set());
    let own = own.filter_map(|arg| long_names(arg).into_iter().next());
    let own: Vec<String> = own
        .filter(|name| !known.contains(name.as_str()) && !shared.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if own.is_empty() {
        return String::new();
    }
    format!("\nOurs alone: {}.\n", own.join(", "))
}

/// Our commands that none of the tools has.
fn more(rows: &Rows) -> String {
    let there = Args::command();
    let names = there.get_subcommands().map(Command::get_name);
    let known = |name: &str| rows.keys().any(|row| row.split(' ').next() == Some(name));
    let own: Vec<String> = names
        .filter(|name| !known(name))
        .map(|name| format!("`treaty {name}`"))
        .collect();
    format!("\n## Ours alone\n\n{}.\n", own.join(", "))
}

#[test]
fn the_page_is_as_the_command_line_is() {
    let path: PathBuf = here().parent().unwrap().join("docs/commands.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        there == page,
        "docs/commands.md is not as the command line is: write it anew with UPDATE_GOLDEN=1"
    );
}
