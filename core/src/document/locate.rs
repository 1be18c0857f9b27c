//! From a JSON pointer to the line where a person finds it.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// A text that is known to be JSON, parsed once for the lines of many pointers.
pub(crate) struct Lines<'a> {
    root: Option<Value<'a>>,
    /// Where each line ends, in bytes.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        Self {
            root: parsed.ok().and_then(|ast| ast.value),
            ends: text.match_indices('\n').map(|(end, _)| end).collect(),
        }
    }

    /// The one-based line of the value that a JSON pointer names.
    ///
    /// A pointer into nothing gives the line of the last value on the way.
    pub(crate) fn of(&self, pointer: &str) -> usize {
        let Some(mut value) = self.root.as_ref() else {
            return 1;
        };
        for step in pointer.split('/').skip(1) {
            let Some(next) = child(value, &step.replace("~1", "/").replace("~0", "~")) else {
                break;
            };
            value = next;
        }
        let start = value.range().start;
        1 + self.ends.partition_point(|end| *end < start)
    }
}

/// As [`Lines::of`], for one pointer.
pub(super) fn line_of(text: &str, pointer: &str) -> usize {
    Lines::new(text).of(pointer)
}

fn child<'v, 'a>(parent: &'v Value<'a>, name: &str) -> Option<&'v Value<'a>> {
    match parent {
        Value::Object(object) => {
            let is_it = |property: &&ObjectProp<'a>| property.name.as_str() == name;
            object
                .properties
                .iter()
                .find(is_it)
                .map(|property| &property.value)
        }
        Value::Array(array) => array.elements.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pointer: &str, line: usize) {
        let text = "{\n  \"a\": [\n    1,\n    {\"b/c\":\n 2}\n  ]\n}";
        assert_eq!(line_of(text, pointer), line);
    }

    #[test]
    fn a_pointer_leads_to_the_line_of_its_value() {
        check("", 1);
        check("/a", 2);
        check("/a/0", 3);
        check("/a/1/b~1c", 5);
    }

    #[test]
    fn a_pointer_into_nothing_leads_as_far_as_it_goes() {
        check("/a/9", 2);
        check("/z", 1);
    }
}
