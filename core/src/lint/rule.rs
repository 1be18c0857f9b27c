//! The rules by name.

/// A rule of the linter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A body is not of its own content type.
    BrokenBody,
    /// A matching rule rejects the example beside it.
    BrokenExample,
    /// A regular expression does not compile.
    BrokenRegex,
    /// Two interactions cannot be told apart by description and provider states.
    DuplicateDescription,
    /// Two interactions are the same but for their description.
    DuplicateInteraction,
    /// A list that is to hold items like its first has no first.
    EmptyExample,
    /// A document without a single interaction.
    EmptyPact,
    /// A minimum above the maximum.
    MinOverMax,
    /// A document with members of version 4 that does not say its version.
    NoVersion,
    /// A matching rule for a place that the example does not have.
    OrphanRule,
    /// One request, one state, two answers.
    SameRequest,
    /// Something that looks like a credential.
    Secret,
    /// The document departs from its version of the Pact specification.
    Specification,
    /// A provider state that is written in two ways.
    StateSpelling,
    /// An HTTP method that nobody registered.
    UnknownMethod,
    /// An exact value that looks made by a clock or at random.
    VolatileValue,
}

impl Rule {
    /// Every rule, in the order of their names.
    pub const ALL: [Self; 16] = [
        Self::BrokenBody,
        Self::BrokenExample,
        Self::BrokenRegex,
        Self::DuplicateDescription,
        Self::DuplicateInteraction,
        Self::EmptyExample,
        Self::EmptyPact,
        Self::MinOverMax,
        Self::NoVersion,
        Self::OrphanRule,
        Self::SameRequest,
        Self::Secret,
        Self::Specification,
        Self::StateSpelling,
        Self::UnknownMethod,
        Self::VolatileValue,
    ];

    /// The name of the rule in reports.
    ///
    /// ```
    /// use treaty_core::lint::Rule;
    ///
    /// assert_eq!(Rule::SameRequest.id(), "same-request");
    /// ```
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::BrokenBody => "broken-body",
            Self::BrokenExample => "broken-example",
            Self::BrokenRegex => "broken-regex",
            Self::DuplicateDescription => "duplicate-description",
            Self::DuplicateInteraction => "duplicate-interaction",
            Self::EmptyExample => "empty-example",
            Self::EmptyPact => "empty-pact",
            Self::MinOverMax => "min-over-max",
            Self::NoVersion => "no-version",
            Self::OrphanRule => "orphan-rule",
            Self::SameRequest => "same-request",
            Self::Secret => "secret",
            Self::Specification => "specification",
            Self::StateSpelling => "state-spelling",
            Self::UnknownMethod => "unknown-method",
            Self::VolatileValue => "volatile-value",
        }
    }

    /// What the rule is about, in one sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::BrokenBody => "A body can be read as what its content type says.",
            Self::BrokenExample => "An example satisfies its own matching rules.",
            Self::BrokenRegex => "A regular expression compiles.",
            Self::DuplicateDescription => {
                "Description and provider states tell interactions apart."
            }
            Self::DuplicateInteraction => "No two interactions ask for the same.",
            Self::EmptyExample => "A list whose items are to be alike has an item that shows how.",
            Self::EmptyPact => "A pact asks for something.",
            Self::MinOverMax => "A minimum is not above its maximum.",
            Self::NoVersion => "A pact says of which version of the specification it is.",
            Self::OrphanRule => "A matching rule is for a place that the example has.",
            Self::SameRequest => "One request in one provider state has one response.",
            Self::Secret => "A pact holds no credentials.",
            Self::Specification => "A pact keeps to its version of the Pact specification.",
            Self::StateSpelling => "A provider state has one spelling.",
            Self::UnknownMethod => "A request has a registered HTTP method.",
            Self::VolatileValue => "A value that changes from run to run has a matching rule.",
        }
    }
}
