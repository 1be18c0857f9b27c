//! Environments.

use axum::extract::Path;
use serde_json::{Map, Value};

use crate::domain::model::Environment;
use crate::http::{Call, JsonBody, Outcome, Problem, Reply, Violations};
use crate::store::{Sql, environments as table};
use crate::views::environments as views;
use crate::views::pacticipants::display_name;

const JSON: &[&str] = &["application/json"];

/// `GET /environments`
pub(crate) async fn list(call: Call) -> Outcome {
    let name = call.query.get("name").map(str::to_owned);
    let list =
        move |sql: &mut dyn Sql| -> Result<Vec<Environment>, Problem> { Ok(table::list(sql)?) };
    let mut environments = call.state.store.read(list).await?;
    if let Some(name) = name {
        environments.retain(|environment| environment.name == name);
    }
    Ok(Reply::ok(&views::environments(&call.urls, &environments)))
}

/// `GET /environments/{uuid}`
pub(crate) async fn read(call: Call, Path(uuid): Path<String>) -> Outcome {
    let environment = call.state.store.read(move |sql| find(sql, &uuid)).await?;
    Ok(Reply::ok(&views::environment(&call.urls, &environment)))
}

/// The environment with a uuid, or 404.
pub(crate) fn find(sql: &mut dyn Sql, uuid: &str) -> Result<Environment, Problem> {
    table::find(sql, uuid)?.ok_or(Problem::NotFound)
}

/// `POST /environments`
pub(crate) async fn create(mut call: Call, body: JsonBody) -> Outcome {
    let fields = Fields::parse(&body.object()?);
    call.about(fields.name.as_deref().unwrap_or_default());
    let (now, uuid) = (call.now(), call.state.config.ids.next());
    let content_type = call.require_content_type(JSON);
    let create = move |sql: &mut dyn Sql| {
        let fields = fields.check(sql, None)?;
        content_type?;
        let new = Environment {
            id: 0,
            uuid,
            display_name: Some(
                fields
                    .display_name
                    .unwrap_or_else(|| display_name(&fields.name)),
            ),
            name: fields.name,
            production: fields.production,
            contacts: fields.contacts,
            created_at: now,
            updated_at: None,
        };
        table::insert(sql, &new)?;
        Ok::<_, Problem>(new)
    };
    let created = call.state.store.write(create).await?;
    let document = views::environment(&call.urls, &created);
    Ok(Reply::created(&document).at(call.urls.environment(&created.uuid)))
}

/// `PUT /environments/{uuid}`
pub(crate) async fn update(call: Call, Path(uuid): Path<String>, body: JsonBody) -> Outcome {
    let fields = Fields::parse(&body.object()?);
    let now = call.now();
    let update = move |sql: &mut dyn Sql| {
        let known = table::find(sql, &uuid)?;
        let fields = fields.check(sql, Some(&uuid))?;
        let known = known.ok_or(Problem::NotFound)?;
        let changed = Environment {
            display_name: Some(
                fields
                    .display_name
                    .unwrap_or_else(|| display_name(&fields.name)),
            ),
            name: fields.name,
            production: fields.production,
            contacts: fields.contacts,
            updated_at: Some(now),
            ..known
        };
        table::update(sql, &changed)?;
        Ok::<_, Problem>(changed)
    };
    let changed = call.state.store.write(update).await?;
    Ok(Reply::ok(&views::environment(&call.urls, &changed)))
}

/// `DELETE /environments/{uuid}`
pub(crate) async fn delete(call: Call, Path(uuid): Path<String>) -> Outcome {
    let delete = move |sql: &mut dyn Sql| {
        let environment = find(sql, &uuid)?;
        table::delete(sql, environment.id)?;
        Ok::<_, Problem>(((), environment.name))
    };
    call.state.store.write_about(delete).await?;
    Ok(Reply::no_content())
}

/// The members of a request, with what is wrong with them.
struct Fields {
    name: Option<String>,
    display_name: Option<String>,
    production: Option<bool>,
    contacts: Option<String>,
    violations: Violations,
}

/// The members of a request with which nothing is wrong.
struct CheckedFields {
    name: String,
    display_name: Option<String>,
    production: bool,
    contacts: Option<String>,
}

impl Fields {
    fn parse(body: &Map<String, Value>) -> Self {
        let mut violations = Violations::default();
        let name = violations.required_name(body, "name");
        if name.as_deref().is_some_and(|name| name.contains(' ')) {
            violations.add("name", "cannot contain spaces");
        }
        let display_name = violations.optional_text(body, "displayName");
        let production = violations.required_boolean(body, "production");
        let contacts = contacts(body, &mut violations);
        Self {
            name,
            display_name,
            production,
            contacts,
            violations,
        }
    }

    fn check(
        mut self,
        sql: &mut dyn Sql,
        own_uuid: Option<&str>,
    ) -> Result<CheckedFields, Problem> {
        if let Some(name) = &self.name
            && let Some(known) = table::find_by_name(sql, name)?
            && Some(known.uuid.as_str()) != own_uuid
        {
            let text = format!("name '{name}' is already used by an existing environment.");
            self.violations.add("name", text);
        }
        self.violations.check()?;
        Ok(CheckedFields {
            name: self.name.unwrap_or_default(),
            display_name: self.display_name,
            production: self.production.unwrap_or_default(),
            contacts: self.contacts,
        })
    }
}

fn contacts(body: &Map<String, Value>, violations: &mut Violations) -> Option<String> {
    let contacts = match body.get("contacts") {
        None | Some(Value::Null) => return None,
        Some(Value::Array(contacts)) => contacts,
        Some(_) => {
            violations.add("contacts", "must be an array");
            return None;
        }
    };
    for (index, contact) in contacts.iter().enumerate() {
        if contact.get("name").is_none() {
            violations.add("contacts", format!("name is missing (at index {index})"));
        }
    }
    Some(Value::Array(contacts.clone()).to_string())
}
