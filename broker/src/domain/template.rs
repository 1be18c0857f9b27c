//! What a webhook says: facts about what happened, filled into `${pactbroker.NAME}`.

use std::collections::BTreeMap;

/// What a version is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VersionFacts {
    pub(crate) number: String,
    pub(crate) branch: String,
    pub(crate) tags: Vec<String>,
    /// Why the version matters, as in `deployed to production`.
    pub(crate) descriptions: Vec<String>,
}

/// What happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) event: String,
    pub(crate) consumer: String,
    pub(crate) provider: String,
    pub(crate) consumer_labels: Vec<String>,
    pub(crate) provider_labels: Vec<String>,
    pub(crate) consumer_version: VersionFacts,
    pub(crate) provider_version: VersionFacts,
    pub(crate) pact_url: String,
    pub(crate) result_url: String,
    /// Whether the verification succeeded, if there was one.
    pub(crate) success: Option<bool>,
    pub(crate) build_url: String,
}

/// The value of each name that a template may mention, without `pactbroker.`.
pub(crate) type Parameters = BTreeMap<String, String>;

/// The parameters that say what happened.
pub(crate) fn parameters(facts: &Facts) -> Parameters {
    let list = |items: &[String]| items.join(", ");
    let status = |pending: &str, success: &str, failure: &str| {
        match facts.success {
            None => pending,
            Some(true) => success,
            Some(false) => failure,
        }
        .to_owned()
    };
    let (consumer_version, provider_version) = (&facts.consumer_version, &facts.provider_version);
    let all = [
        ("eventName", facts.event.clone()),
        ("consumerName", facts.consumer.clone()),
        ("providerName", facts.provider.clone()),
        ("consumerLabels", list(&facts.consumer_labels)),
        ("providerLabels", list(&facts.provider_labels)),
        ("consumerVersionNumber", consumer_version.number.clone()),
        ("consumerVersionBranch", consumer_version.branch.clone()),
        ("consumerVersionTags", list(&consumer_version.tags)),
        ("providerVersionNumber", provider_version.number.clone()),
        ("providerVersionBranch", provider_version.branch.clone()),
        ("providerVersionTags", list(&provider_version.tags)),
        (
            "providerVersionDescriptions",
            list(&provider_version.descriptions),
        ),
        ("pactUrl", facts.pact_url.clone()),
        ("verificationResultUrl", facts.result_url.clone()),
        (
            "githubVerificationStatus",
            status("pending", "success", "failure"),
        ),
        (
            "bitbucketVerificationStatus",
            status("INPROGRESS", "SUCCESSFUL", "FAILED"),
        ),
        (
            "azureDevOpsVerificationStatus",
            status("pending", "succeeded", "failed"),
        ),
        (
            "gitlabVerificationStatus",
            status("pending", "success", "failed"),
        ),
        ("buildUrl", facts.build_url.clone()),
    ];
    all.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

const OPENING: &str = "${pactbroker.";

/// Fills parameters into a text, each escaped as the text needs it. A name that is not known stays as it is.
pub(crate) fn fill(template: &str, parameters: &Parameters, escape: fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(OPENING) {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) if parameters.contains_key(name) => {
                filled.push_str(&escape(&parameters[name]));
                rest = behind;
            }
            _ => {
                filled.push_str(OPENING);
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Fills the same text into every place for a parameter, known or not: what is left is the shape of the text.
pub(crate) fn fill_all_with(template: &str, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(OPENING) {
        filled.push_str(before);
        let Some((_, behind)) = after.split_once('}') else {
            filled.push_str(OPENING);
            rest = after;
            continue;
        };
        filled.push_str(text);
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// A value as it stands inside a JSON string.
pub(crate) fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Parameters {
        parameters(&Facts {
            event: "contract_published".to_owned(),
            consumer: "My \"Web\"".to_owned(),
            consumer_version: VersionFacts {
                tags: vec!["dev".to_owned(), "prod".to_owned()],
                ..VersionFacts::default()
            },
            success: Some(false),
            ..Facts::default()
        })
    }

    #[test]
    fn names_are_replaced_by_their_values() {
        let filled = fill(
            "${pactbroker.eventName}: ${pactbroker.consumerVersionTags}, ${pactbroker.githubVerificationStatus}",
            &known(),
            str::to_owned,
        );
        assert_eq!(filled, "contract_published: dev, prod, failure");
    }

    #[test]
    fn what_is_not_known_stays() {
        for text in [
            "${pactbroker.nope}",
            "${pactbroker.eventName",
            "${other}",
            "$",
            "",
        ] {
            assert_eq!(fill(text, &known(), str::to_owned), text);
        }
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        let mut parameters = known();
        parameters.insert("buildUrl".to_owned(), "${pactbroker.eventName}".to_owned());
        let filled = fill("${pactbroker.buildUrl}", &parameters, str::to_owned);
        assert_eq!(filled, "${pactbroker.eventName}");
    }

    #[test]
    fn json_stays_json() {
        let template = r#"{ "c": ["${pactbroker.consumerName}", 1.0] }"#;
        let filled = fill(template, &known(), json_escaped);
        assert_eq!(filled, r#"{ "c": ["My \"Web\"", 1.0] }"#);
    }

    #[test]
    fn a_text_shows_its_shape() {
        let url = "http://${pactbroker.consumerName}/${nope}${pactbroker.x";
        assert_eq!(fill_all_with(url, "x"), "http://x/${nope}${pactbroker.x");
    }
}
