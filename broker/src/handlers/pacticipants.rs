//! Pacticipants.

use axum::extract::Path;
use serde_json::{Map, Value};

use crate::domain::access::Act;
use crate::domain::model::Pacticipant;
use crate::hal::segment;
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations, name_fault};
use crate::store::deployments::{self, Kind};
use crate::store::versions::{self, Among};
use crate::store::{Sql, environments, labels, pacticipants as table};
use crate::views::deployments::links;
use crate::views::pacticipants::{self as views, Around};
use crate::views::pages::Page;

const JSON: &[&str] = &["application/json"];
const JSON_OR_PATCH: &[&str] = &["application/json", "application/merge-patch+json"];

/// The pacticipants whose name contains a text, with what lists show around them.
fn listed(sql: &mut dyn Sql, part: Option<&str>) -> Result<Vec<(Pacticipant, Around)>, Problem> {
    let all = table::list(sql, part)?;
    let latest = versions::latest_numbers(sql)?;
    let mut labels = labels::by_pacticipant(sql)?;
    let mut around = |one: &Pacticipant| Around {
        latest_version: latest.get(&one.id).cloned(),
        labels: labels.remove(&one.id).unwrap_or_default(),
        deployed: None,
    };
    Ok(all
        .into_iter()
        .map(|one| {
            let around = around(&one);
            (one, around)
        })
        .collect())
}

/// `GET /pacticipants/label/{label}`
pub(crate) async fn with_label(call: Call, Path(label): Path<String>) -> Outcome {
    let mut all = call.state.store.read(|sql| listed(sql, None)).await?;
    all.retain(|(_, around)| around.labels.contains(&label));
    let mut document = views::pacticipants(&call.urls, &all);
    // This list is younger than the place where lists once kept their items.
    if let Some(members) = document.as_object_mut() {
        members.remove("pacticipants");
    }
    Ok(Reply::ok(&document))
}

/// `GET /pacticipants`
pub(crate) async fn list(call: Call) -> Outcome {
    let part = call.query.get("q").map(str::to_owned);
    let page = Page::asked(&call.query)?;
    let read = move |sql: &mut dyn Sql| listed(sql, part.as_deref());
    let all = call.state.store.read(read).await?;
    let Some(page) = page else {
        return Ok(Reply::ok(&views::pacticipants(&call.urls, &all)));
    };
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let mut document = views::pacticipants(&call.urls, page.of(&all));
    document["page"] = page.document(total);
    for (relation, link) in page.links(&call.urls.path("/pacticipants"), total) {
        document["_links"][relation] = link;
    }
    Ok(Reply::ok(&document))
}

/// What is shown around a pacticipant: its latest version and what of it is deployed.
fn around(
    sql: &mut dyn Sql,
    call_urls: &crate::hal::Urls,
    pacticipant: &Pacticipant,
) -> Result<Around, Problem> {
    let latest = versions::latest(sql, pacticipant.id, Among::All)?;
    let deployed = deployments::current_of(sql, Kind::Deployed, pacticipant.id)?;
    let environments = environments::list(sql)?;
    Ok(Around {
        latest_version: latest.map(|version| version.number),
        labels: labels::of_pacticipant(sql, pacticipant.id)?,
        deployed: Some(links(call_urls, Kind::Deployed, &deployed, &environments)),
    })
}

/// `GET /pacticipants/{name}`
pub(crate) async fn read(call: Call, Path(name): Path<String>) -> Outcome {
    let urls = call.urls.clone();
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::named_pacticipant(sql, &name)?;
        let around = around(sql, &urls, &pacticipant)?;
        Ok::<_, Problem>((pacticipant, around))
    };
    let (pacticipant, around) = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::pacticipant(
        &call.urls,
        &pacticipant,
        &around,
    )))
}

/// The members of a request that can be set.
#[derive(Default)]
struct Fields {
    display_name: Option<Value>,
    repository_url: Option<Value>,
    repository_name: Option<Value>,
    repository_namespace: Option<Value>,
    main_branch: Option<Value>,
}

impl Fields {
    fn parse(body: &Map<String, Value>, violations: &mut Violations) -> Self {
        for name in [
            "displayName",
            "repositoryUrl",
            "repositoryName",
            "repositoryNamespace",
            "mainBranch",
        ] {
            violations.optional_text(body, name);
        }
        let main_branch = body.get("mainBranch").and_then(Value::as_str);
        if main_branch.is_some_and(|branch| branch.contains(' ')) {
            violations.add("mainBranch", "cannot contain spaces");
        }
        // An empty one is none.
        let filled = main_branch.filter(|branch| !branch.trim().is_empty());
        if let Some(fault) = filled.and_then(name_fault) {
            violations.add("mainBranch", fault);
        }
        let member = |name: &str| body.get(name).cloned();
        Self {
            display_name: member("displayName"),
            repository_url: member("repositoryUrl"),
            repository_name: member("repositoryName"),
            repository_namespace: member("repositoryNamespace"),
            main_branch: member("mainBranch"),
        }
    }

    /// The pacticipant with the members that the request names; the others are kept or cleared.
    fn apply(self, known: Pacticipant, clear: bool) -> Pacticipant {
        let text = |value: Option<Value>, known: Option<String>| match value {
            Some(value) => value.as_str().map(str::to_owned),
            None if clear => None,
            None => known,
        };
        Pacticipant {
            display_name: text(self.display_name, known.display_name),
            repository_url: text(self.repository_url, known.repository_url),
            repository_name: text(self.repository_name, known.repository_name),
            repository_namespace: text(self.repository_namespace, known.repository_namespace),
            main_branch: text(self.main_branch, known.main_branch),
            ..known
        }
    }
}

/// `POST /pacticipants`
pub(crate) async fn create(mut call: Call, body: JsonBody) -> Outcome {
    let body = body.object()?;
    let mut violations = Violations::default();
    let name = violations.required_name(&body, "name").unwrap_or_default();
    let blank = Violations::of("name", "cannot be blank");
    if violations == blank {
        // Twice, as clients know it.
        violations.add("name", "cannot be blank");
    }
    let fields = Fields::parse(&body, &mut violations);
    violations.check()?;
    call.permit.require(&Act::Describe(&name))?;
    call.require_content_type(JSON)?;
    call.about(&name);
    let now = call.now();
    let write = move |sql: &mut dyn Sql| {
        let is_new = table::find(sql, &name)?.is_none();
        let known = table::find_or_create(sql, &name, &now)?;
        let changed = fields.apply(known, false);
        set(sql, &changed, is_new, &now)?;
        super::named_pacticipant(sql, &name)
    };
    let created = call.state.store.write(write).await?;
    let document = views::pacticipant(&call.urls, &created, &Around::default());
    Ok(Reply::created(&document).at(call
        .urls
        .path(&format!("/pacticipants/{}", segment(&created.name)))))
}

/// Writes a pacticipant; a new one counts as never changed.
fn set(sql: &mut dyn Sql, changed: &Pacticipant, is_new: bool, now: &str) -> Result<(), Problem> {
    Ok(table::update(sql, changed, (!is_new).then_some(now))?)
}

/// `PATCH /pacticipants/{name}`
pub(crate) async fn patch(call: Call, Path(name): Path<String>, body: JsonBody) -> Outcome {
    let body = body.object()?;
    let mut violations = Violations::default();
    let fields = Fields::parse(&body, &mut violations);
    violations.check()?;
    call.require_content_type(JSON_OR_PATCH)?;
    let (now, urls) = (call.now(), call.urls.clone());
    let write = move |sql: &mut dyn Sql| {
        let is_new = table::find(sql, &name)?.is_none();
        let known = table::find_or_create(sql, &name, &now)?;
        let changed = fields.apply(known, false);
        set(sql, &changed, is_new, &now)?;
        let pacticipant = super::named_pacticipant(sql, &name)?;
        let around = around(sql, &urls, &pacticipant)?;
        Ok::<_, Problem>((pacticipant, around, is_new))
    };
    let (pacticipant, around, is_new) = call.state.store.write(write).await?;
    let reply =
        Reply::ok(&views::pacticipant(&call.urls, &pacticipant, &around)).created_if(is_new);
    Ok(if is_new {
        reply.at(call.urls.pacticipant(&pacticipant.name))
    } else {
        reply
    })
}

/// `PUT /pacticipants/{name}`
pub(crate) async fn put(call: Call, Path(name): Path<String>, body: JsonBody) -> Outcome {
    let body = body.object()?;
    let mut violations = Violations::default();
    let fields = Fields::parse(&body, &mut violations);
    violations.check()?;
    call.require_content_type(JSON)?;
    let (now, urls) = (call.now(), call.urls.clone());
    let write = move |sql: &mut dyn Sql| {
        let known = super::named_pacticipant(sql, &name)?;
        let changed = fields.apply(known, true);
        set(sql, &changed, false, &now)?;
        let pacticipant = super::named_pacticipant(sql, &name)?;
        let around = around(sql, &urls, &pacticipant)?;
        Ok::<_, Problem>((pacticipant, around))
    };
    let (pacticipant, around) = call.state.store.write(write).await?;
    Ok(Reply::ok(&views::pacticipant(
        &call.urls,
        &pacticipant,
        &around,
    )))
}

/// `DELETE /pacticipants/{name}`
pub(crate) async fn delete(call: Call, Path(name): Path<String>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = super::named_pacticipant(sql, &name)?;
        Ok::<_, Problem>(table::delete(sql, pacticipant.id)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}
