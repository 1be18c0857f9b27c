//! What happened when a pact was published, and why it is worth telling.

use std::fmt;

use super::webhook::EventName;

/// What a publication is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Previous {
    /// No earlier publication.
    None,
    /// The earlier publication has the same content.
    Same,
    /// The earlier publication has another content.
    Different,
}

/// The history of a publication, by tag if the version has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum History {
    /// The version published this pact before, with the same content.
    Republished,
    /// The version published another content for this pact before.
    Modified {
        /// Whose pact it is.
        consumer: String,
        /// The number of the version.
        number: String,
    },
    /// The version has no tag: compared with the last untagged one.
    Untagged(Previous),
    /// The version has tags: compared with the last version of each.
    Tagged(Vec<(String, Previous)>),
}

/// An event of a publication, and why it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: EventName,
    explanation: String,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_str())?;
        if self.explanation.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.explanation)
    }
}

/// The events of a publication.
pub(crate) fn events(history: &History, requires_verification: bool) -> Vec<Event> {
    let (changed, reasons) = reasons(history);
    let mut names = vec![EventName::ContractPublished];
    if requires_verification {
        names.push(EventName::ContractRequiringVerificationPublished);
    }
    let explain = |name, explanation: &str| Event {
        name,
        explanation: explanation.to_owned(),
    };
    let everywhere = if changed { "" } else { reasons.as_str() };
    let mut events: Vec<Event> = names
        .into_iter()
        .map(|name| explain(name, everywhere))
        .collect();
    if changed {
        events.push(explain(EventName::ContractContentChanged, &reasons));
    }
    events
}

fn reasons(history: &History) -> (bool, String) {
    match history {
        History::Republished => (false, String::new()),
        History::Modified { consumer, number } => (
            true,
            format!(
                "pact content modified since previous publication for {consumer} version {number}"
            ),
        ),
        History::Untagged(Previous::None) => {
            (true, "first time untagged pact published".to_owned())
        }
        History::Untagged(Previous::Different) => (
            true,
            "pact content has changed since previous untagged version".to_owned(),
        ),
        History::Untagged(Previous::Same) => (false, unchanged(&[])),
        History::Tagged(tags) => tagged(tags),
    }
}

fn tagged(tags: &[(String, Previous)]) -> (bool, String) {
    let reason = |(tag, previous): &(String, Previous)| match previous {
        Previous::None => Some(format!(
            "first time any pact published for this consumer with consumer version tagged {tag}"
        )),
        Previous::Different => Some(format!(
            "pact content has changed since the last consumer version tagged with {tag}"
        )),
        Previous::Same => None,
    };
    let reasons: Vec<String> = tags.iter().filter_map(reason).collect();
    if reasons.is_empty() {
        let names: Vec<&str> = tags.iter().map(|(tag, _)| tag.as_str()).collect();
        return (false, unchanged(&names));
    }
    (true, reasons.join(", "))
}

fn unchanged(tags: &[&str]) -> String {
    let versions = if tags.len() == 1 {
        "version with tag"
    } else {
        "versions with tags"
    };
    format!(
        "pact content is the same as previous {versions} {} and no new tags were applied",
        tags.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(history: &History, requires_verification: bool, expected: &str) {
        let told: Vec<String> = events(history, requires_verification)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(told.join(", "), expected);
    }

    #[test]
    fn a_change_is_explained_by_its_event() {
        check(
            &History::Untagged(Previous::None),
            true,
            "contract_published, contract_requiring_verification_published, \
             contract_content_changed (first time untagged pact published)",
        );
        let tags = vec![
            ("dev".to_owned(), Previous::Different),
            ("prod".to_owned(), Previous::Same),
        ];
        check(
            &History::Tagged(tags),
            false,
            "contract_published, contract_content_changed (pact content has changed since the last consumer version \
             tagged with dev)",
        );
    }

    #[test]
    fn a_change_of_what_a_version_published_names_the_version() {
        let history = History::Modified {
            consumer: "Web".to_owned(),
            number: "1".to_owned(),
        };
        check(
            &history,
            false,
            "contract_published, contract_content_changed (pact content modified since previous publication for Web \
             version 1)",
        );
    }

    #[test]
    fn no_change_is_explained_by_every_event() {
        check(
            &History::Tagged(vec![("dev".to_owned(), Previous::Same)]),
            false,
            "contract_published (pact content is the same as previous version with tag dev and no new tags were applied)",
        );
        check(&History::Republished, false, "contract_published");
    }
}
