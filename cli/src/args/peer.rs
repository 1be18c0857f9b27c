//! The page about the flags of `treaty verify`, beside the flags that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{Arg, Command, CommandFactory};

use super::Args;

/// The rows of the page's tables: for each, the code in its columns.
fn rows() -> Vec<Vec<BTreeSet<String>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/verify.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.split('|').skip(1).map(code).collect();
    rows.map(cells).collect()
}

fn code(cell: &str) -> BTreeSet<String> {
    let code = cell.split('`').skip(1).step_by(2);
    code.map(str::to_owned).collect()
}

fn verify() -> Command {
    let command = Args::command();
    command.find_subcommand("verify").unwrap().clone()
}

/// Every way to write the argument.
fn flags(arg: &Arg) -> BTreeSet<String> {
    let aliases = arg.get_all_aliases().unwrap_or_default();
    let long = arg.get_long().into_iter().chain(aliases);
    let short = arg.get_short().map(|short| format!("-{short}"));
    long.map(|long| format!("--{long}")).chain(short).collect()
}

#[test]
fn the_page_tells_every_flag_and_no_other() {
    let told: BTreeSet<String> = rows().iter().flat_map(|row| row[0].clone()).collect();
    let there: BTreeSet<String> = verify().get_arguments().flat_map(flags).collect();
    assert_eq!(told, there);
}

#[test]
fn the_page_tells_the_variable_of_every_flag_of_the_peer() {
    let rows = rows();
    for arg in verify().get_arguments() {
        let Some(variable) = arg.get_env().and_then(|name| name.to_str()) else {
            continue;
        };
        let flags = flags(arg);
        let row = rows
            .iter()
            .find(|row| row.len() > 3 && !row[0].is_disjoint(&flags));
        let row = row.unwrap_or_else(|| panic!("{flags:?} has a variable, and is not the peer's"));
        assert!(row[1].contains(variable), "{flags:?} misses {variable}");
    }
}
