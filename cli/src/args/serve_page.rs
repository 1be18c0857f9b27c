//! The page about `treaty broker serve`, beside the flags that there are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;

use super::Args;

/// A flag's variable and its default.
type Flags = BTreeMap<String, (String, String)>;

fn told() -> Flags {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/broker.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `--"));
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    let row = |row: &str| {
        let cells: Vec<String> = row.split('|').skip(1).map(cell).collect();
        (cells[0].clone(), (cells[1].clone(), cells[2].clone()))
    };
    rows.map(row).collect()
}

fn there() -> Flags {
    let command = Args::command();
    let broker = command.find_subcommand("broker").unwrap();
    let serve = broker.find_subcommand("serve").unwrap();
    let flag = |arg: &clap::Arg| {
        let variable = arg.get_env().unwrap_or_default().to_string_lossy();
        let is_other = variable.starts_with("PACT_BROKER_");
        let variable = if is_other { variable.as_ref() } else { "" };
        let default = arg.get_default_values().first();
        let default = default.filter(|_| arg.get_action().takes_values());
        let default = default.map(|text| text.to_string_lossy().into_owned());
        let name = format!("--{}", arg.get_long().unwrap());
        (name, (variable.to_owned(), default.unwrap_or_default()))
    };
    serve.get_arguments().map(flag).collect()
}

#[test]
fn the_page_tells_every_flag_with_its_variable_and_its_default() {
    assert_eq!(told(), there());
}
