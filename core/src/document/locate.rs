//! From a JSON pointer to the line where a person finds it.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// The one-based line of the value that a JSON pointer names, in a text that is known to be JSON.
///
/// A pointer into nothing gives the line of the last value on the way.
pub(super) fn line_of(text: &str, pointer: &str) -> usize {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    let Some(root) = parsed.ok().and_then(|ast| ast.value) else {
        return 1;
    };
    let mut value = &root;
    for step in pointer.split('/').skip(1) {
        let Some(next) = child(value, &step.replace("~1", "/").replace("~0", "~")) else {
            break;
        };
        value = next;
    }
    1 + text[..value.range().start].matches('\n').count()
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
