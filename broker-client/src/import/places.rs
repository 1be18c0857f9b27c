//! The environments, and what is in them now.

use http::Method;
use serde_json::{Value, json};

use super::{Import, ImportKind, ImportStamp, LeftOut, member, own};
use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

const MEMBERS: [&str; 4] = ["name", "displayName", "production", "contacts"];

/// One way of being in an environment.
struct Way {
    kind: ImportKind,
    listed_by: &'static [&'static str],
    list: &'static str,
    recorded_by: &'static str,
}

const WAYS: [Way; 2] = [
    Way {
        kind: ImportKind::Deployments,
        listed_by: &[
            "pb:currently-deployed-deployed-versions",
            "pb:currently-deployed-versions",
        ],
        list: "deployedVersions",
        recorded_by: "pb:record-deployment",
    },
    Way {
        kind: ImportKind::Releases,
        listed_by: &[
            "pb:currently-supported-released-versions",
            "pb:currently-supported-versions",
        ],
        list: "releasedVersions",
        recorded_by: "pb:record-release",
    },
];

impl Import<'_> {
    pub(super) async fn places(&mut self) -> Result<(), ClientError> {
        let theirs = environments(self.source).await?;
        let ours = environments(self.target).await?;
        let index = self.target.index().await?;
        let url = index.follow(&index.link("pb:environments")?, &[])?;
        for place in &theirs {
            if named(&ours, member(place, "name")).is_none() {
                let stamp = record_stamp(place);
                let post = (Method::POST, &url);
                self.tell(stamp, post, &own(place, &MEMBERS)).await?;
            }
        }
        let ours = environments(self.target).await?;
        let mut here = 0;
        for place in &theirs {
            if let Some(own) = named(&ours, member(place, "name")) {
                here += 1;
                for way in &WAYS {
                    self.records(way, place, own).await?;
                }
            }
        }
        self.count(ImportKind::Environments, theirs.len(), here);
        Ok(())
    }

    async fn records(
        &mut self,
        way: &Way,
        place: &Document,
        own: &Document,
    ) -> Result<(), ClientError> {
        let mut theirs = in_place(self.source, way, place).await?;
        // Brokers list the latest first, and tell moments to the second only.
        theirs.reverse();
        theirs.sort_by_key(|record| member(record, "createdAt").to_owned());
        let ours = in_place(self.target, way, own).await?;
        for record in &theirs {
            if !ours.iter().any(|own| key(own) == key(record)) {
                self.record(way, record, own).await?;
            }
        }
        let ours = in_place(self.target, way, own).await?;
        let is_here = |record: &&Document| ours.iter().any(|own| key(own) == key(record));
        let here = theirs.iter().filter(is_here).count();
        self.count(way.kind, theirs.len(), here);
        Ok(())
    }

    async fn record(
        &mut self,
        way: &Way,
        record: &Document,
        place: &Document,
    ) -> Result<(), ClientError> {
        let (pacticipant, version, instance) = key(record);
        let names = [
            ("pacticipant", pacticipant.as_str().unwrap_or_default()),
            ("version", version.as_str().unwrap_or_default()),
        ];
        let found = self
            .target
            .get_linked("pb:pacticipant-version", &names)
            .await;
        let version = match found {
            Err(error) if error.is_not_found() => {
                self.leave_out(LeftOut::NoSuchVersion {
                    pacticipant: names[0].1.to_owned(),
                    version: names[1].1.to_owned(),
                    environment: member(place, "name").to_owned(),
                });
                return Ok(());
            }
            found => found?,
        };
        let links = version.links(way.recorded_by);
        let wanted = |link: &&crate::hal::Link| link.name.as_deref() == Some(member(place, "name"));
        let Some(link) = links.iter().find(wanted) else {
            self.leave_out(LeftOut::NotRecordable {
                pacticipant: names[0].1.to_owned(),
                version: names[1].1.to_owned(),
                environment: member(place, "name").to_owned(),
            });
            return Ok(());
        };
        let url = version.follow(link, &[])?;
        let body = match instance {
            Value::Null => json!({}),
            instance => json!({ "applicationInstance": instance }),
        };
        self.tell(record_stamp(record), (Method::POST, &url), &body)
            .await
    }
}

/// What is where, in which instance.
fn key(record: &Document) -> (&Value, &Value, &Value) {
    let (body, embedded) = (&record.body, &record.body["_embedded"]);
    let instance = match &body["applicationInstance"] {
        Value::Null => &body["target"],
        instance => instance,
    };
    (
        &embedded["pacticipant"]["name"],
        &embedded["version"]["number"],
        instance,
    )
}

fn record_stamp(document: &Document) -> ImportStamp<'_> {
    ImportStamp {
        at: document.body["createdAt"].as_str(),
        id: document.body["uuid"].as_str(),
    }
}

fn named<'a>(places: &'a [Document], name: &str) -> Option<&'a Document> {
    places.iter().find(|place| member(place, "name") == name)
}

/// The environments, the oldest first; none of a broker that knows of none.
async fn environments(broker: &Client) -> Result<Vec<Document>, ClientError> {
    let index = broker.index().await?;
    let Ok(link) = index.link("pb:environments") else {
        return Ok(Vec::new());
    };
    let url = index.follow(&link, &[])?;
    let mut places = Vec::new();
    for item in broker.all_embedded(&url, "environments").await? {
        let url = item.follow(&item.link("self")?, &[])?;
        places.push(broker.get(&url).await?);
    }
    places.sort_by_key(|place| member(place, "createdAt").to_owned());
    Ok(places)
}

async fn in_place(
    broker: &Client,
    way: &Way,
    place: &Document,
) -> Result<Vec<Document>, ClientError> {
    let url = place.follow(&place.link_of(way.listed_by)?, &[])?;
    broker.all_embedded(&url, way.list).await
}
