//! Which webhooks fire when something happens.

use super::webhook::{EventName, Party, Webhook};

/// One side of the pact that something happened to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pacticipant<'a> {
    pub(crate) name: &'a str,
    pub(crate) labels: &'a [String],
}

/// The pact that something happened to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) consumer: Pacticipant<'a>,
    pub(crate) provider: Pacticipant<'a>,
}

/// Something that happened, once for each of its subjects.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence<S> {
    pub(crate) event: EventName,
    pub(crate) subjects: Vec<S>,
}

/// A webhook to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Firing<'a, S> {
    pub(crate) webhook: &'a Webhook,
    pub(crate) event: EventName,
    pub(crate) subject: &'a S,
}

/// The webhooks that are about a pact, whether or not they are enabled.
pub(crate) fn about<'a>(webhooks: &'a [Webhook], pair: Pair<'_>) -> Vec<&'a Webhook> {
    let is_about = |webhook: &&Webhook| {
        covers(&webhook.consumer, pair.consumer) && covers(&webhook.provider, pair.provider)
    };
    webhooks.iter().filter(is_about).collect()
}

/// What to send: for each thing that happened each enabled webhook that listens to it, once for each subject.
pub(crate) fn firings<'a, S>(
    webhooks: &[&'a Webhook],
    occurrences: &'a [Occurrence<S>],
) -> Vec<Firing<'a, S>> {
    let mut firings = Vec::new();
    for Occurrence { event, subjects } in occurrences {
        let listens = |webhook: &&&Webhook| webhook.enabled && webhook.events.contains(event);
        for webhook in webhooks.iter().filter(listens) {
            firings.extend(subjects.iter().map(|subject| Firing {
                webhook,
                event: *event,
                subject,
            }));
        }
    }
    firings
}

fn covers(party: &Party, pacticipant: Pacticipant<'_>) -> bool {
    match party {
        Party::Any => true,
        Party::Named(name) => name == pacticipant.name,
        Party::Labelled(label) => pacticipant.labels.contains(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::Request;
    use EventName::{ContractPublished as Published, ProviderVerificationFailed as Failed};

    fn webhook(id: i64, consumer: Party, provider: Party, events: &[EventName]) -> Webhook {
        Webhook {
            id,
            uuid: format!("uuid-{id}"),
            description: None,
            consumer,
            provider,
            enabled: true,
            events: events.to_vec(),
            request: Request::default(),
            secrets: None,
            created_at: String::new(),
            updated_at: None,
        }
    }

    fn named(name: &str) -> Party {
        Party::Named(name.to_owned())
    }

    fn labelled(label: &str) -> Party {
        Party::Labelled(label.to_owned())
    }

    #[track_caller]
    fn check_scope(consumer: Party, provider: Party, expected: bool) {
        let labels = ["shop".to_owned(), "web".to_owned()];
        let pair = Pair {
            consumer: Pacticipant {
                name: "Web",
                labels: &labels,
            },
            provider: Pacticipant {
                name: "Orders",
                labels: &[],
            },
        };
        let webhooks = [webhook(1, consumer, provider, &[Published])];
        assert_eq!(!about(&webhooks, pair).is_empty(), expected);
    }

    #[test]
    fn a_webhook_is_about_a_pact_if_both_its_sides_are() {
        check_scope(Party::Any, Party::Any, true);
        check_scope(named("Web"), Party::Any, true);
        check_scope(named("Web"), named("Orders"), true);
        check_scope(named("Web"), named("Billing"), false);
        check_scope(named("web"), Party::Any, false);
        check_scope(labelled("shop"), named("Orders"), true);
        check_scope(labelled("shop"), labelled("shop"), false);
        check_scope(labelled("Web"), Party::Any, false);
    }

    #[track_caller]
    fn check(
        webhooks: &[Webhook],
        occurrences: &[Occurrence<i64>],
        expected: &[(i64, EventName, i64)],
    ) {
        let webhooks: Vec<&Webhook> = webhooks.iter().collect();
        let fired: Vec<_> = firings(&webhooks, occurrences)
            .iter()
            .map(|firing| (firing.webhook.id, firing.event, *firing.subject))
            .collect();
        assert_eq!(fired, expected);
    }

    #[test]
    fn what_is_enabled_and_listens_fires_once_for_each_event_and_subject() {
        let mut off = webhook(3, Party::Any, Party::Any, &[Published]);
        off.enabled = false;
        let webhooks = [
            webhook(1, Party::Any, Party::Any, &[Failed, Published]),
            webhook(2, Party::Any, Party::Any, &[Failed]),
            off,
        ];
        let happened = [
            Occurrence {
                event: Published,
                subjects: vec![7],
            },
            Occurrence {
                event: Failed,
                subjects: vec![7, 8],
            },
        ];
        let expected = [
            (1, Published, 7),
            (1, Failed, 7),
            (1, Failed, 8),
            (2, Failed, 7),
            (2, Failed, 8),
        ];
        check(&webhooks, &happened, &expected);
        check(&webhooks, &[], &[]);
        check(
            &webhooks,
            &[Occurrence {
                event: Failed,
                subjects: vec![],
            }],
            &[],
        );
    }
}
