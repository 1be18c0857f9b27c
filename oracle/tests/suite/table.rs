//! The tables of a step, row by row, and the lists that stand in a cell.

use std::collections::BTreeMap;

use cucumber::gherkin::Step;
use serde_json::Value;

/// One row: the text of every cell that is not empty, by the title of its column.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows below the titles.
pub(crate) fn rows(step: &Step) -> Vec<Row> {
    let rows = raw(step);
    let Some((titles, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let cells = |row: &Vec<String>| -> Row {
        let pairs = titles.iter().cloned().zip(row.iter().cloned());
        pairs.filter(|(_, text)| !text.is_empty()).collect()
    };
    rows.iter().map(cells).collect()
}

/// The only row below the titles.
pub(crate) fn row(step: &Step) -> Row {
    let mut rows = rows(step);
    assert_eq!(rows.len(), 1, "the step needs a table of one row");
    rows.remove(0)
}

/// All rows as they stand, for tables without titles.
pub(crate) fn raw(step: &Step) -> &[Vec<String>] {
    let table = step.table.as_ref();
    &table.expect("the step needs a table").rows
}

/// A row whose cells are JSON, as an object.
pub(crate) fn json_row(step: &Step) -> Value {
    let members = row(step).into_iter();
    let members = members.map(|(name, text)| (name, serde_json::from_str(&text).unwrap()));
    Value::Object(members.collect())
}

/// Headers in a cell: `'X-Test: 1000', 'X-Test: 1234'`.
pub(crate) fn headers(cell: &str) -> Vec<(String, String)> {
    let quoted = cell.split('\'').skip(1).step_by(2);
    let pairs = quoted.map(|text| text.split_once(':').expect("a header in quotes"));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// The numbers in `1` or `1, 2`.
pub(crate) fn numbers(text: &str) -> Vec<usize> {
    let numbers = text.split(',').map(|number| number.trim().parse());
    numbers.map(Result::unwrap).collect()
}
