//! In which of several responses to a message a place is.

/// The place as it is told: of the first response, which most have alone, without a word.
pub(crate) fn in_response(index: usize, path: &str) -> String {
    match index {
        0 => path.to_owned(),
        index => format!("response {}: {path}", index + 1),
    }
}

/// What stands before a place for its response, and the place.
pub(crate) fn apart(told: &str) -> (&str, &str) {
    let place = told
        .strip_prefix("response ")
        .and_then(|rest| rest.split_once(": "))
        .filter(|(number, _)| number.parse::<usize>().is_ok());
    let place = place.map_or(told, |(_, place)| place);
    (&told[..told.len() - place.len()], place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_together_comes_apart() {
        for (index, before) in [(0, ""), (1, "response 2: "), (11, "response 12: ")] {
            for path in ["$.response", "$['response 2: x']", "key"] {
                assert_eq!(apart(&in_response(index, path)), (before, path));
            }
        }
        assert_eq!(apart("response time: slow"), ("", "response time: slow"));
    }
}
