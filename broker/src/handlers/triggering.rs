//! Triggering webhooks: what happened becomes rows in the queue, in the same transaction.

use std::cmp::Reverse;
use std::slice;
use std::time::Duration;

use crate::config::{Clock, Ids};
use crate::domain::events::Event;
use crate::domain::firing::{self, Firing, Occurrence, Pacticipant, Pair};
use crate::domain::metadata;
use crate::domain::model::{Publication, VerificationResult};
use crate::domain::notices::WebhookNotice;
use crate::domain::template::{Facts, VersionFacts, parameters};
use crate::domain::webhook::{EventName, Webhook};
use crate::hal::Urls;
use crate::http::Call;
use crate::store::results::VersionWithoutResult;
use crate::store::triggered_webhooks::{self as queue, NewTrigger};
use crate::store::{Sql, SqlResult, labels, publications, results, tags, versions, webhooks};
use crate::time::stored;

/// The circumstances in which something happens.
#[derive(Debug)]
pub(super) struct Trigger {
    urls: Urls,
    ids: Ids,
    clock: Clock,
    first_attempt_after: Duration,
    /// Whether what happens happened long ago, so that nobody is to be told.
    is_history: bool,
}

/// What was triggered.
#[derive(Debug, Clone, Default)]
pub(super) struct Triggered {
    /// What a publisher is told about it.
    pub(super) notices: Vec<WebhookNotice>,
    /// Whether any webhook is about the pact, whatever it listens to.
    pub(super) has_webhooks: bool,
}

impl Triggered {
    /// Whether there is anything new in the queue.
    pub(super) fn any(&self) -> bool {
        !self.notices.is_empty()
    }
}

/// The event of a webhook that somebody tries out.
pub(super) const REHEARSAL: &str = "test";

/// What one firing is about.
#[derive(Debug, Clone)]
struct Subject {
    publication: Publication,
    result: Option<VerificationResult>,
    /// The provider version, where no result names one, and why it matters.
    waiting: Option<VersionWithoutResult>,
    build_url: Option<String>,
    /// Whether the result is what the webhook is about, and not only the last one known.
    is_about_the_result: bool,
}

impl Trigger {
    pub(super) fn new(call: &Call) -> Self {
        let config = &call.state.config;
        Self {
            urls: call.urls.clone(),
            ids: config.ids.clone(),
            clock: config.clock.clone(),
            first_attempt_after: config.webhooks.first_attempt_after,
            is_history: config.history.is_some(),
        }
    }

    /// Triggers the webhooks of a publication.
    pub(super) fn publication(
        &self,
        sql: &mut dyn Sql,
        publication: &Publication,
        events: &[Event],
        waiting: &[VersionWithoutResult],
    ) -> SqlResult<Triggered> {
        let happened = |sql: &mut dyn Sql| {
            let version = versions::by_id(sql, publication.version_id)?;
            let subject = Subject {
                publication: publication.clone(),
                result: results::latest_of(sql, &[publication.content_id])?.pop(),
                waiting: None,
                build_url: version.and_then(|version| version.build_url),
                is_about_the_result: false,
            };
            let subjects = |event: &Event| match event.name {
                EventName::ContractRequiringVerificationPublished => waiting
                    .iter()
                    .map(|version| Subject {
                        result: None,
                        waiting: Some(version.clone()),
                        ..subject.clone()
                    })
                    .collect(),
                _ => vec![subject.clone()],
            };
            let occurrence = |event: &Event| Occurrence {
                event: event.name,
                subjects: subjects(event),
            };
            Ok(events.iter().map(occurrence).collect())
        };
        self.trigger(sql, publication, happened)
    }

    /// Triggers the webhooks of a result, once for each consumer version that it was selected for.
    pub(super) fn result(
        &self,
        sql: &mut dyn Sql,
        publication: &Publication,
        result: &VerificationResult,
        consumer_versions: &[String],
    ) -> SqlResult<Triggered> {
        let happened = |sql: &mut dyn Sql| {
            let subject = |publication: Publication| Subject {
                publication,
                result: Some(result.clone()),
                waiting: None,
                build_url: result.build_url.clone(),
                is_about_the_result: true,
            };
            let mut subjects = Vec::new();
            for number in consumer_versions {
                let version = versions::find(sql, publication.consumer_id, number)?;
                let found = match version {
                    Some(version) => publications::find(sql, version.id, publication.provider_id)?,
                    None => None,
                };
                subjects.extend(found.map(subject));
            }
            if subjects.is_empty() {
                subjects.push(subject(publication.clone()));
            }
            let outcome = if result.success {
                EventName::ProviderVerificationSucceeded
            } else {
                EventName::ProviderVerificationFailed
            };
            let occurrence = |event| Occurrence {
                event,
                subjects: subjects.clone(),
            };
            Ok(vec![
                occurrence(EventName::ProviderVerificationPublished),
                occurrence(outcome),
            ])
        };
        self.trigger(sql, publication, happened)
    }

    /// Triggers what listens to what happened to a pact; what happened is only looked at if a webhook is about it.
    fn trigger(
        &self,
        sql: &mut dyn Sql,
        publication: &Publication,
        happened: impl FnOnce(&mut dyn Sql) -> SqlResult<Vec<Occurrence<Subject>>>,
    ) -> SqlResult<Triggered> {
        if self.is_history {
            return Ok(Triggered::default());
        }
        let all = webhooks::for_pair(sql, publication.consumer_id, publication.provider_id)?;
        if all.is_empty() {
            return Ok(Triggered::default());
        }
        let about = about(sql, &all, publication)?;
        let mut triggered = Triggered {
            has_webhooks: !about.is_empty(),
            ..Triggered::default()
        };
        if about.is_empty() {
            return Ok(triggered);
        }
        let happened = happened(sql)?;
        for firing in firing::firings(&about, &happened) {
            triggered.notices.push(self.enqueue(sql, &firing)?);
        }
        Ok(triggered)
    }

    fn enqueue(&self, sql: &mut dyn Sql, firing: &Firing<'_, Subject>) -> SqlResult<WebhookNotice> {
        let publication = &firing.subject.publication;
        let event = firing.event.as_str();
        let facts = facts(sql, &self.urls, firing.subject, event)?;
        let (uuid, now) = (self.ids.next(), self.clock.now());
        let about_the_result = firing.subject.is_about_the_result;
        let result = firing.subject.result.as_ref().filter(|_| about_the_result);
        let new = NewTrigger {
            uuid: &uuid,
            webhook_id: firing.webhook.id,
            name: &firing.webhook.request.name(),
            event,
            consumer_id: publication.consumer_id,
            provider_id: publication.provider_id,
            consumer_version_id: publication.version_id,
            result_id: result.map(|result| result.id),
            base_url: self.urls.base(),
            parameters: &parameters(&facts),
            due_at: &stored(now + self.first_attempt_after),
            now: &stored(now),
        };
        queue::enqueue(sql, &new)?;
        Ok(WebhookNotice {
            name: firing.webhook.name(),
            event: firing.event,
            logs_url: self.urls.triggered_webhook_logs(&uuid),
        })
    }
}

/// Those of the webhooks that are about a pact.
fn about<'a>(
    sql: &mut dyn Sql,
    webhooks: &'a [Webhook],
    publication: &Publication,
) -> SqlResult<Vec<&'a Webhook>> {
    let consumer_labels = labels::of_pacticipant(sql, publication.consumer_id)?;
    let provider_labels = labels::of_pacticipant(sql, publication.provider_id)?;
    let pair = Pair {
        consumer: Pacticipant {
            name: &publication.consumer,
            labels: &consumer_labels,
        },
        provider: Pacticipant {
            name: &publication.provider,
            labels: &provider_labels,
        },
    };
    Ok(firing::about(webhooks, pair))
}

/// What a webhook says when somebody tries it out: the latest pact and result that it is about, as far as there are any.
pub(super) fn rehearsal(sql: &mut dyn Sql, urls: &Urls, webhook: &Webhook) -> SqlResult<Facts> {
    let mut latest = publications::latest(sql)?;
    latest.sort_by_key(|publication| Reverse(publication.id));
    for publication in latest {
        if about(sql, slice::from_ref(webhook), &publication)?.is_empty() {
            continue;
        }
        let result = results::latest_of(sql, &[publication.content_id])?.pop();
        let subject = Subject {
            publication,
            build_url: result.as_ref().and_then(|result| result.build_url.clone()),
            result,
            waiting: None,
            is_about_the_result: false,
        };
        return facts(sql, urls, &subject, REHEARSAL);
    }
    Ok(Facts {
        event: REHEARSAL.to_owned(),
        ..Facts::default()
    })
}

fn facts(sql: &mut dyn Sql, urls: &Urls, subject: &Subject, event: &str) -> SqlResult<Facts> {
    let mut facts = Facts {
        event: event.to_owned(),
        build_url: subject.build_url.clone().unwrap_or_default(),
        success: subject.result.as_ref().map(|result| result.success),
        ..Facts::default()
    };
    let provider_version = match (&subject.waiting, &subject.result) {
        (Some(waiting), _) => Some(waiting.id),
        (None, Some(result)) => Some(result.provider_version_id),
        (None, None) => None,
    };
    if let Some(id) = provider_version {
        facts.provider_version = version_facts(sql, id)?;
    }
    if let Some(waiting) = &subject.waiting {
        facts
            .provider_version
            .descriptions
            .clone_from(&waiting.descriptions);
    }
    let pact = &subject.publication;
    facts.consumer.clone_from(&pact.consumer);
    facts.provider.clone_from(&pact.provider);
    facts.consumer_labels = labels::of_pacticipant(sql, pact.consumer_id)?;
    facts.provider_labels = labels::of_pacticipant(sql, pact.provider_id)?;
    facts.consumer_version = version_facts(sql, pact.version_id)?;
    let metadata = metadata::encode_webhook(&pact.version_number, &facts.consumer_version.tags);
    let content = urls.content(&pact.provider, &pact.consumer, &pact.hash);
    facts.pact_url = format!("{content}/metadata/{metadata}");
    if let Some(result) = &subject.result {
        facts.result_url = crate::views::results::url(urls, pact, result);
    }
    Ok(facts)
}

fn version_facts(sql: &mut dyn Sql, id: i64) -> SqlResult<VersionFacts> {
    let Some(version) = versions::by_id(sql, id)? else {
        return Ok(VersionFacts::default());
    };
    let marks = versions::labels(sql, &[id])?
        .remove(&id)
        .unwrap_or_default();
    Ok(VersionFacts {
        number: version.number,
        branch: marks
            .branches
            .into_iter()
            .last()
            .map(|(name, _)| name)
            .unwrap_or_default(),
        tags: tags::names(sql, id)?,
        descriptions: Vec::new(),
    })
}
