//! Versions of pacticipants.

use axum::extract::Path;
use serde_json::{Map, Value, json};

use super::{branches, tags};
use crate::domain::model::{Deployment, Environment, Labels, Publication, Version};
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations, name_fault};
use crate::store::deployments::{self, Kind};
use crate::store::versions::{self as table, Among, Window};
use crate::store::{Sql, SqlResult, environments, pacticipants, publications, tags as tags_table};
use crate::time::stored;
use crate::views::pages::Page;
use crate::views::versions::{self as views, VersionView};

/// A version with everything that its document shows.
struct Found {
    version: Version,
    labels: Labels,
    pacts: Vec<Publication>,
    deployed: Vec<Deployment>,
    released: Vec<Deployment>,
}

impl Found {
    fn view<'a>(
        &'a self,
        pacticipant: &'a str,
        environments: &'a [Environment],
    ) -> VersionView<'a> {
        VersionView {
            pacticipant,
            version: &self.version,
            labels: &self.labels,
            pacts: self.pacts.iter().collect(),
            deployed: self.deployed.clone(),
            released: self.released.clone(),
            environments,
        }
    }
}

fn complete(sql: &mut dyn Sql, versions: Vec<Version>) -> SqlResult<Vec<Found>> {
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    let mut labels = table::labels(sql, &ids)?;
    let pacts = publications::of_versions(sql, &ids)?;
    let mut all = Vec::new();
    for version in versions {
        all.push(Found {
            labels: labels.remove(&version.id).unwrap_or_default(),
            pacts: pacts
                .iter()
                .filter(|pact| pact.version_id == version.id)
                .cloned()
                .collect(),
            deployed: deployments::of_version(sql, Kind::Deployed, version.id)?,
            released: deployments::of_version(sql, Kind::Released, version.id)?,
            version,
        });
    }
    Ok(all)
}

type One = (Found, Vec<Environment>);

fn complete_one(sql: &mut dyn Sql, version: Version) -> Result<One, Problem> {
    let found = complete(sql, vec![version])?
        .pop()
        .ok_or(Problem::NotFound)?;
    Ok((found, environments::list(sql)?))
}

fn reply(call: &Call, name: &str, (found, environments): &One, own: &str) -> Reply {
    Reply::ok(&found.view(name, environments).document(&call.urls, own))
}

/// `GET /pacticipants/{name}/versions/{number}`
pub(crate) async fn read(call: Call, Path((name, number)): Path<(String, String)>) -> Outcome {
    let (own_name, own_number) = (name.clone(), number.clone());
    let read = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &own_name, &own_number)?;
        complete_one(sql, version)
    };
    let one = call.state.store.read(read).await?;
    Ok(reply(
        &call,
        &name,
        &one,
        &call.urls.version(&name, &number),
    ))
}

/// `DELETE /pacticipants/{name}/versions/{number}`
pub(crate) async fn delete(call: Call, Path((name, number)): Path<(String, String)>) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &name, &number)?;
        for branch_id in crate::store::branches::headed_by(sql, version.id)? {
            crate::store::branches::remove_version(sql, branch_id, version.id)?;
        }
        for tag in tags_table::names(sql, version.id)? {
            tags_table::remove(sql, &version, &tag)?;
        }
        Ok::<_, Problem>(table::delete(sql, version.id)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// What a request says about where a version was built.
enum BuildUrl {
    Unsaid,
    Said(Option<String>),
}

/// What a request says about a version.
struct Fields {
    build_url: BuildUrl,
    tags: Option<Vec<String>>,
}

fn fields(body: &Map<String, Value>) -> Result<Fields, Violations> {
    let mut violations = Violations::default();
    let said = violations.optional_text(body, "buildUrl");
    let build_url = if body.contains_key("buildUrl") {
        BuildUrl::Said(said)
    } else {
        BuildUrl::Unsaid
    };
    let tags = match body.get("tags") {
        None | Some(Value::Null) => None,
        Some(Value::Array(tags)) => {
            let name = |tag: &Value| tag.get("name").unwrap_or(tag).as_str().map(str::to_owned);
            let names: Option<Vec<String>> = tags.iter().map(name).collect();
            if names.is_none() {
                violations.add("tags", "must be an array of objects with a name");
            }
            for (index, name) in names.iter().flatten().enumerate() {
                if let Some(fault) = name_fault(name) {
                    violations.add("tags", format!("name {fault} (at index {index})"));
                }
            }
            names
        }
        Some(_) => {
            violations.add("tags", "must be an array");
            None
        }
    };
    violations.check()?;
    Ok(Fields { build_url, tags })
}

/// Whether what a request does not name is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Kept,
    Cleared,
}

/// `PUT /pacticipants/{name}/versions/{number}`
pub(crate) async fn put(call: Call, path: Path<(String, String)>, body: JsonBody) -> Outcome {
    write(call, path, body, Rest::Cleared).await
}

/// `PATCH /pacticipants/{name}/versions/{number}`
pub(crate) async fn patch(call: Call, path: Path<(String, String)>, body: JsonBody) -> Outcome {
    write(call, path, body, Rest::Kept).await
}

async fn write(
    call: Call,
    Path((name, number)): Path<(String, String)>,
    body: JsonBody,
    rest: Rest,
) -> Outcome {
    let fields = fields(&body.object()?)?;
    let (now, ids, permit) = (
        call.now(),
        call.state.config.ids.clone(),
        call.permit.clone(),
    );
    let history = call.state.config.history.as_ref();
    let imported_at = history.map(|clock| stored(clock.now()));
    let (own_name, own_number) = (name.clone(), number.clone());
    let write = move |sql: &mut dyn Sql| {
        let pacticipant = pacticipants::find_or_create(sql, &own_name, &now)?;
        let (version, is_new) = table::find_or_create(sql, pacticipant.id, &own_number, &now)?;
        match (&fields.build_url, rest) {
            (BuildUrl::Said(build_url), _) => {
                table::set_build_url(sql, version.id, build_url.as_deref(), &now)?
            }
            (BuildUrl::Unsaid, Rest::Cleared) if !is_new => {
                table::set_build_url(sql, version.id, None, &now)?
            }
            (BuildUrl::Unsaid, _) => {}
        }
        if rest == Rest::Cleared && fields.tags.is_some() {
            for tag in tags_table::names(sql, version.id)? {
                tags_table::remove(sql, &version, &tag)?;
            }
        }
        for tag in fields.tags.iter().flatten() {
            let tagging = tags::Tagging {
                now: &now,
                ids: &ids,
                permit: &permit,
                is_history: imported_at.is_some(),
            };
            tags::add(sql, &version, tag, tagging)?;
        }
        if let Some(imported_at) = imported_at.filter(|_| is_new) {
            table::mark_imported(sql, version.id, &imported_at)?;
        }
        let version = super::version(sql, &own_name, &own_number)?;
        Ok::<_, Problem>((complete_one(sql, version)?, is_new))
    };
    let (one, is_new) = call.state.store.write(write).await?;
    let own = call.urls.version(&name, &number);
    Ok(reply(&call, &name, &one, &own).created_if(is_new))
}

/// `GET /pacticipants/{name}/latest-version`
pub(crate) async fn latest(call: Call, Path(name): Path<String>) -> Outcome {
    latest_among(call, name, None).await
}

/// `GET /pacticipants/{name}/latest-version/{tag}`
pub(crate) async fn latest_with_tag(
    call: Call,
    Path((name, tag)): Path<(String, String)>,
) -> Outcome {
    latest_among(call, name, Some(tag)).await
}

async fn latest_among(call: Call, name: String, tag: Option<String>) -> Outcome {
    let own = call.own_url();
    let own_name = name.clone();
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &own_name)?;
        let among = tag.as_deref().map_or(Among::All, Among::Tag);
        let version = table::latest(sql, pacticipant.id, among)?.ok_or(Problem::NotFound)?;
        complete_one(sql, version)
    };
    let one = call.state.store.read(read).await?;
    Ok(reply(&call, &name, &one, &own))
}

/// `GET /pacticipants/{name}/branches/{branch}/latest-version`
pub(crate) async fn latest_on_branch(
    call: Call,
    Path((name, branch)): Path<(String, String)>,
) -> Outcome {
    let own = call.own_url();
    let own_name = name.clone();
    let read = move |sql: &mut dyn Sql| {
        let branch = branches::find(sql, &own_name, &branch)?;
        let head = branch.head_version_id.ok_or(Problem::NotFound)?;
        let version = table::by_id(sql, head)?.ok_or(Problem::NotFound)?;
        complete_one(sql, version)
    };
    let one = call.state.store.read(read).await?;
    Ok(reply(&call, &name, &one, &own))
}

/// Which versions a list shows.
enum Listed {
    All,
    OnBranch(String),
    WithTag(String),
    InEnvironment(String),
}

/// `GET /pacticipants/{name}/versions`
pub(crate) async fn list(call: Call, Path(name): Path<String>) -> Outcome {
    list_of(call, name, Listed::All).await
}

/// `GET /pacticipants/{name}/branches/{branch}/versions`
pub(crate) async fn list_on_branch(
    call: Call,
    Path((name, branch)): Path<(String, String)>,
) -> Outcome {
    list_of(call, name, Listed::OnBranch(branch)).await
}

/// `GET /pacticipants/{name}/tags/{tag}/versions`
pub(crate) async fn list_with_tag(
    call: Call,
    Path((name, tag)): Path<(String, String)>,
) -> Outcome {
    list_of(call, name, Listed::WithTag(tag)).await
}

/// `GET /pacticipants/{name}/environments/{uuid}/versions`
pub(crate) async fn list_in_environment(
    call: Call,
    Path((name, uuid)): Path<(String, String)>,
) -> Outcome {
    list_of(call, name, Listed::InEnvironment(uuid)).await
}

async fn list_of(call: Call, name: String, listed: Listed) -> Outcome {
    let page = Page::asked(&call.query)?;
    let own = call.own_url();
    let title = match &listed {
        Listed::All => format!("All application versions of {name}"),
        Listed::OnBranch(branch) => format!("Versions for branch {branch} of {name}"),
        Listed::WithTag(tag) => format!("Versions of {name} with tag {tag}"),
        Listed::InEnvironment(uuid) => format!("Versions for {name} in environment {uuid}"),
    };
    let own_name = name.clone();
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = super::pacticipant(sql, &own_name)?;
        let among = match &listed {
            Listed::All => Among::All,
            Listed::OnBranch(branch) => Among::Branch(branches::find(sql, &own_name, branch)?.id),
            Listed::WithTag(tag) => Among::Tag(tag),
            Listed::InEnvironment(uuid) => {
                let environment = environments::find(sql, uuid)?.ok_or(Problem::NotFound)?;
                Among::Environment(environment.id)
            }
        };
        let window = page.map_or(Window::ALL, Page::window);
        let versions = table::list(sql, pacticipant.id, among, window)?;
        let total = table::count(sql, pacticipant.id, among)?;
        if total == 0 && matches!(listed, Listed::WithTag(_) | Listed::InEnvironment(_)) {
            return Err(Problem::NotFound);
        }
        Ok::<_, Problem>((complete(sql, versions)?, total, environments::list(sql)?))
    };
    let (found, total, environments) = call.state.store.read(read).await?;
    let views: Vec<VersionView<'_>> = found
        .iter()
        .map(|found| found.view(&name, &environments))
        .collect();
    let own_link = json!({ "href": own, "title": title });
    let mut document = views::versions(&call.urls, &name, &views, &own_link);
    if let Some(page) = page {
        document["page"] = page.document(total);
        let url = own.split('?').next().unwrap_or(&own).to_owned();
        for (relation, link) in page.links(&url, total) {
            document["_links"][relation] = link;
        }
    }
    Ok(Reply::ok(&document))
}
