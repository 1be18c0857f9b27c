//! What is beneath an error.

use std::error::Error;
use std::iter::successors;

/// What is beneath the error, the nearest first.
///
/// ```
/// use treaty_core::causes::causes;
///
/// let error = treaty_core::document::load("a.json", b"{").unwrap_err();
/// assert_eq!(causes(&error).count(), 1);
/// ```
pub fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(error.source(), |&cause| cause.source())
}

/// The text of the error and of what is beneath it; texts that the one above has said already are left out.
///
/// ```
/// use treaty_core::causes::with_causes;
///
/// let error = treaty_core::document::load("a.json", b"{").unwrap_err();
/// assert!(with_causes(&error).contains(": EOF while parsing"));
/// ```
#[must_use]
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    causes(error).fold(error.to_string(), |text, cause| {
        let next = cause.to_string();
        if text.ends_with(&next) {
            text
        } else {
            format!("{text}: {next}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{told}")]
    struct Told {
        told: &'static str,
        source: Option<Box<Self>>,
    }

    fn told(texts: &[&'static str]) -> Told {
        let (told, rest) = texts.split_first().unwrap();
        let source = (!rest.is_empty()).then(|| Box::new(self::told(rest)));
        Told { told, source }
    }

    #[test]
    fn every_cause_is_told_once() {
        let error = told(&["no answer", "reading: hung up", "hung up", "by whom"]);
        assert_eq!(causes(&error).count(), 3);
        assert_eq!(with_causes(&error), "no answer: reading: hung up: by whom");
    }
}
