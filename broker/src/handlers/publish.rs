//! `POST /contracts/publish`: several pacts with their version, branch and tags in one go.

use serde_json::{Value, json};

use super::publish_request::{self, Publication};
use super::publishing::{self, NameCheck, Order, Published};
use super::triggering::Trigger;
use super::{branches, tags};
use crate::config::Ids;
use crate::domain::access::Act;
use crate::domain::difference::difference;
use crate::domain::document;
use crate::domain::model::{Pacticipant, Version};
use crate::domain::notices::{self, Notice, PactNotice, VersionNotice};
use crate::hal::{Urls, href, named};
use crate::http::{Call, JsonBody, Outcome, Permit, Problem, Reply};
use crate::store::{Sql, pacticipants, publications, versions};

const JSON: &[&str] = &["application/json"];

/// What a publication made.
struct Made {
    version: Version,
    is_new: bool,
    pacts: Vec<Published>,
}

/// `POST /contracts/publish`
pub(crate) async fn publish(mut call: Call, body: JsonBody) -> Outcome {
    call.require_content_type(JSON)?;
    let mut publication = publish_request::read(&body.object()?)?;
    let is_history = call.state.config.history.is_some();
    if is_history {
        let contracts = &mut publication.contracts;
        contracts
            .iter_mut()
            .for_each(|contract| contract.pact.as_served());
    }
    let name = &publication.pacticipant;
    call.permit.require(&Act::Publish(name))?;
    call.about(format!("{name}, version {}", publication.number));
    let (now, ids) = (call.now(), call.state.config.ids.clone());
    let name_check = NameCheck::of(&call);
    let permit = call.permit.clone();
    let trigger = Trigger::new(&call);
    let may_modify = call.state.config.contract_modification;
    let write = move |sql: &mut dyn Sql| {
        let when = Moment {
            now: &now,
            ids: &ids,
            name_check: &name_check,
            permit: &permit,
            trigger: &trigger,
            may_modify,
            is_history,
        };
        let made = make(sql, &publication, when)?;
        Ok::<_, Problem>((publication, made))
    };
    let (publication, made) = call.state.store.write(write).await?;
    if made.pacts.iter().any(|pact| pact.triggered.any()) {
        call.state.webhooks.wake();
    }
    Ok(Reply::ok(&answer(&call.urls, &publication, &made)))
}

/// The circumstances of a publication.
#[derive(Clone, Copy)]
struct Moment<'a> {
    now: &'a str,
    ids: &'a Ids,
    name_check: &'a NameCheck,
    permit: &'a Permit,
    trigger: &'a Trigger,
    /// Whether what the version has published may change.
    may_modify: bool,
    /// Whether it was published long ago.
    is_history: bool,
}

fn make(sql: &mut dyn Sql, publication: &Publication, moment: Moment<'_>) -> Result<Made, Problem> {
    let mut names = vec![publication.pacticipant.as_str()];
    names.extend(
        publication
            .contracts
            .iter()
            .map(|contract| contract.provider.as_str()),
    );
    let conflicts = publishing::name_conflicts(sql, &names, moment.name_check)?;
    if !conflicts.is_empty() {
        let notices = conflicts
            .iter()
            .map(|text| ("error", text.clone()))
            .collect();
        return Err(conflict(notices, &conflicts));
    }
    let consumer = pacticipants::find_or_create(sql, &publication.pacticipant, moment.now)?;
    let (version, is_new) =
        versions::find_or_create(sql, consumer.id, &publication.number, moment.now)?;
    let mut providers = Vec::new();
    for contract in &publication.contracts {
        providers.push(pacticipants::find_or_create(
            sql,
            &contract.provider,
            moment.now,
        )?);
    }
    if !moment.may_modify {
        check_conflicts(sql, publication, &consumer, &version, &providers, moment)?;
    }
    mark(sql, publication, &version, moment)?;
    let mut pacts = Vec::new();
    for (contract, provider) in publication.contracts.iter().zip(&providers) {
        let order = Order {
            consumer: &consumer,
            provider,
            version: &version,
            pact: &contract.pact,
            now: moment.now,
            trigger: moment.trigger,
        };
        let joined;
        let order = if contract.merges && moment.may_modify {
            joined = publishing::merged(sql, order)?
                .map_err(|text| conflict(vec![("error", text.clone())], &[text]))?;
            Order {
                pact: &joined,
                ..order
            }
        } else {
            order
        };
        pacts.push(publishing::publish(sql, order)?);
    }
    Ok(Made {
        version,
        is_new,
        pacts,
    })
}

/// Sets what is said about the version besides its pacts.
fn mark(
    sql: &mut dyn Sql,
    publication: &Publication,
    version: &Version,
    moment: Moment<'_>,
) -> Result<(), Problem> {
    if let Some(build_url) = &publication.build_url {
        versions::set_build_url(sql, version.id, Some(build_url), moment.now)?;
    }
    if let Some(branch) = &publication.branch {
        let joining = branches::Joining {
            now: moment.now,
            is_history: moment.is_history,
        };
        branches::add_version(sql, version, branch, joining)?;
    }
    for tag in &publication.tags {
        let tagging = tags::Tagging {
            now: moment.now,
            ids: moment.ids,
            permit: moment.permit,
            is_history: moment.is_history,
        };
        tags::add(sql, version, tag, tagging)?;
    }
    Ok(())
}

fn check_conflicts(
    sql: &mut dyn Sql,
    publication: &Publication,
    consumer: &Pacticipant,
    version: &Version,
    providers: &[Pacticipant],
    moment: Moment<'_>,
) -> Result<(), Problem> {
    let mut notices: Vec<Notice> = Vec::new();
    let mut texts = Vec::new();
    for (contract, provider) in publication.contracts.iter().zip(providers) {
        let order = Order {
            consumer,
            provider,
            version,
            pact: &contract.pact,
            now: moment.now,
            trigger: moment.trigger,
        };
        let Some(conflict) = publishing::conflict(sql, order)? else {
            continue;
        };
        let stored = publications::document(sql, conflict.known_content)?;
        notices.push(("error", conflict.text.clone()));
        if let Ok(known) = document::without_ids(&stored) {
            notices.push(("info", difference(&known, &contract.pact.value)));
        }
        texts.push(conflict.text);
    }
    if texts.is_empty() {
        Ok(())
    } else {
        Err(conflict(notices, &texts))
    }
}

fn conflict(notices: Vec<Notice>, texts: &[String]) -> Problem {
    let notices: Vec<Value> = notices
        .into_iter()
        .map(|notice| notice_document(&notice))
        .collect();
    Problem::ConflictDocument(json!({ "notices": notices, "errors": { "contracts": texts } }))
}

fn notice_document((kind, text): &Notice) -> Value {
    json!({ "type": kind, "text": text })
}

fn answer(urls: &Urls, publication: &Publication, made: &Made) -> Value {
    let Publication {
        pacticipant: name,
        number,
        ..
    } = publication;
    let mut notices = notices::about_version(VersionNotice {
        pacticipant: name,
        number,
        is_new: made.is_new,
        branch: publication.branch.as_deref(),
        tags: &publication.tags,
    });
    let url = |pact: &Published| urls.pact(&pact.publication.provider, name, number);
    for (pact, contract) in made.pacts.iter().zip(&publication.contracts) {
        notices.extend(notices::about_pact(PactNotice {
            consumer: name,
            number,
            provider: &pact.publication.provider,
            url: &url(pact),
            before: pact.before,
            merges: contract.merges,
            events: &pact.events,
            was_verified: pact.was_verified,
            webhooks: &pact.triggered.notices,
            has_webhooks: pact.triggered.has_webhooks,
        }));
    }
    let log = |(kind, text): &Notice| json!({ "level": kind, "message": text, "deprecationWarning": "Replaced by notices" });
    let tag = |tag: &String| named("Tag", tag, urls.tag(name, number, tag));
    let contract = |pact: &Published| named("Pact", pact.publication.title(), url(pact));
    let version_url = urls.version(name, &made.version.number);
    json!({
        "logs": notices.iter().map(log).collect::<Vec<_>>(),
        "notices": notices.iter().map(notice_document).collect::<Vec<_>>(),
        "_embedded": {
            "pacticipant": { "name": name, "_links": { "self": href(urls.pacticipant(name)) } },
            "version": { "number": number, "_links": { "self": named("Version", number, &version_url) } },
        },
        "_links": {
            "pb:pacticipant": named("Pacticipant", name, urls.pacticipant(name)),
            "pb:pacticipant-version": named("Pacticipant version", number, &version_url),
            "pb:pacticipant-version-tags": publication.tags.iter().map(tag).collect::<Vec<_>>(),
            "pb:contracts": made.pacts.iter().map(contract).collect::<Vec<_>>(),
        },
    })
}
