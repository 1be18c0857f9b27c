//! Lists of pacts: of a provider, between two pacticipants, of everybody.

use axum::extract::Path;

use super::pacts::pair;
use crate::domain::model::Publication;
use crate::http::{Call, Outcome, Problem, Reply};
use crate::store::publications::{self as table, Of};
use crate::store::{Sql, SqlResult};
use crate::views::pacts::{self as views, Between};

/// `GET /pacts/latest`
pub(crate) async fn latest(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(table::latest(sql)?);
    let pacts = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::latest(&call.urls, &pacts)))
}

/// Which pacts of a provider a list shows.
enum Listed {
    All,
    Latest,
    WithTag(String),
    LatestWithTag(String),
    MainBranch,
    LatestOnMainBranch,
    OnBranch(String),
    LatestOnBranch(String),
}

impl Listed {
    fn read(&self, sql: &mut dyn Sql, provider_id: i64) -> SqlResult<Vec<Publication>> {
        match self {
            Self::All => table::for_provider(sql, provider_id, Of::Any),
            Self::Latest => table::latest_for_provider(sql, provider_id, Of::Any),
            Self::WithTag(tag) => table::for_provider(sql, provider_id, Of::Tag(tag)),
            Self::LatestWithTag(tag) => table::latest_for_provider(sql, provider_id, Of::Tag(tag)),
            Self::MainBranch => table::for_provider(sql, provider_id, Of::MainBranch),
            Self::LatestOnMainBranch => {
                table::latest_for_provider(sql, provider_id, Of::MainBranch)
            }
            Self::OnBranch(branch) => table::for_provider(sql, provider_id, Of::Branch(branch)),
            Self::LatestOnBranch(branch) => {
                table::latest_for_provider(sql, provider_id, Of::Branch(branch))
            }
        }
    }

    fn title(&self, provider: &str) -> String {
        let which = match self {
            Self::All | Self::WithTag(_) | Self::MainBranch | Self::OnBranch(_) => "All",
            Self::Latest
            | Self::LatestWithTag(_)
            | Self::LatestOnMainBranch
            | Self::LatestOnBranch(_) => "Latest",
        };
        let with = match self {
            Self::All | Self::Latest | Self::MainBranch | Self::LatestOnMainBranch => String::new(),
            Self::WithTag(tag) | Self::LatestWithTag(tag) => {
                format!(" with consumer version tag '{tag}'")
            }
            Self::OnBranch(branch) | Self::LatestOnBranch(branch) => {
                format!(" with consumer version branch '{branch}'")
            }
        };
        format!("{which} pact versions for the provider {provider}{with}")
    }
}

async fn of_provider(call: Call, provider: String, listed: Listed) -> Outcome {
    let own = call.own_url();
    let title = listed.title(&provider);
    let name = provider.clone();
    let read = move |sql: &mut dyn Sql| {
        let text = || format!("No provider with name '{name}' found");
        let pacticipant = crate::store::pacticipants::find(sql, &name)?;
        let pacticipant = pacticipant.ok_or_else(|| Problem::NotFoundBecause(text()))?;
        Ok::<_, Problem>(listed.read(sql, pacticipant.id)?)
    };
    let pacts = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::of_provider(
        &call.urls, &provider, &pacts, &own, &title,
    )))
}

/// `GET PP`
pub(crate) async fn all_of_provider(call: Call, Path(provider): Path<String>) -> Outcome {
    of_provider(call, provider, Listed::All).await
}

/// `GET PP/latest`
pub(crate) async fn latest_of_provider(call: Call, Path(provider): Path<String>) -> Outcome {
    of_provider(call, provider, Listed::Latest).await
}

/// `GET PP/tag/{tag}`
pub(crate) async fn of_provider_with_tag(
    call: Call,
    Path((provider, tag)): Path<(String, String)>,
) -> Outcome {
    of_provider(call, provider, Listed::WithTag(tag)).await
}

/// `GET PP/latest/{tag}`
pub(crate) async fn latest_of_provider_with_tag(
    call: Call,
    Path((provider, tag)): Path<(String, String)>,
) -> Outcome {
    of_provider(call, provider, Listed::LatestWithTag(tag)).await
}

/// `GET PP/branch`
pub(crate) async fn of_provider_on_main(call: Call, Path(provider): Path<String>) -> Outcome {
    of_provider(call, provider, Listed::MainBranch).await
}

/// `GET PP/branch/latest`
pub(crate) async fn latest_of_provider_on_main(
    call: Call,
    Path(provider): Path<String>,
) -> Outcome {
    of_provider(call, provider, Listed::LatestOnMainBranch).await
}

/// `GET PP/branch/{branch}`
pub(crate) async fn of_provider_on_branch(
    call: Call,
    Path((provider, branch)): Path<(String, String)>,
) -> Outcome {
    of_provider(call, provider, Listed::OnBranch(branch)).await
}

/// `GET PP/branch/{branch}/latest`
pub(crate) async fn latest_of_provider_on_branch(
    call: Call,
    Path((provider, branch)): Path<(String, String)>,
) -> Outcome {
    of_provider(call, provider, Listed::LatestOnBranch(branch)).await
}

/// Which pacts between two pacticipants a list shows.
enum Shown {
    All,
    WithTag(String),
    OnMainBranch,
    LatestOnMainBranch,
    OnBranch(String),
    LatestOnBranch(String),
}

impl Shown {
    fn of(&self) -> (Of<'_>, i64) {
        match self {
            Self::All => (Of::Any, i64::MAX),
            Self::WithTag(tag) => (Of::Tag(tag), i64::MAX),
            Self::OnMainBranch => (Of::MainBranch, i64::MAX),
            Self::LatestOnMainBranch => (Of::MainBranch, 1),
            Self::OnBranch(branch) => (Of::Branch(branch), i64::MAX),
            Self::LatestOnBranch(branch) => (Of::Branch(branch), 1),
        }
    }
}

async fn between(call: Call, provider: String, consumer: String, shown: Shown) -> Outcome {
    let own = call.own_url();
    let tag = if let Shown::WithTag(tag) = &shown {
        Some(tag.clone())
    } else {
        None
    };
    let (own_provider, own_consumer) = (provider.clone(), consumer.clone());
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &own_provider, &own_consumer)?;
        let (of, limit) = shown.of();
        let mut pacts = table::between(sql, pair, of, limit)?;
        if matches!(shown, Shown::OnBranch(_) | Shown::OnMainBranch) {
            pacts.reverse();
        }
        Ok::<_, Problem>(pacts)
    };
    let pacts = call.state.store.read(read).await?;
    let pair = Between {
        consumer: &consumer,
        provider: &provider,
        tag: tag.as_deref(),
    };
    Ok(Reply::ok(&views::between(&call.urls, pair, &pacts, &own)))
}

async fn delete_between(call: Call, provider: String, consumer: String, shown: Shown) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        Ok::<_, Problem>(table::delete_between(sql, pair, shown.of().0)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `DELETE P/versions`
pub(crate) async fn delete_versions(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    delete_between(call, provider, consumer, Shown::All).await
}

/// `DELETE P/tag/{tag}`
pub(crate) async fn delete_with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<(String, String, String)>,
) -> Outcome {
    delete_between(call, provider, consumer, Shown::WithTag(tag)).await
}

/// `DELETE P/branch/{branch}`
pub(crate) async fn delete_on_branch(
    call: Call,
    Path((provider, consumer, branch)): Path<(String, String, String)>,
) -> Outcome {
    delete_between(call, provider, consumer, Shown::OnBranch(branch)).await
}

/// `GET P/versions`
pub(crate) async fn versions(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::All).await
}

/// `GET P/tag/{tag}`
pub(crate) async fn with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<(String, String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::WithTag(tag)).await
}

/// `GET P/branch/versions`
pub(crate) async fn on_main(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::OnMainBranch).await
}

/// `GET P/branch/latest/versions`
pub(crate) async fn latest_on_main(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::LatestOnMainBranch).await
}

/// `GET P/branch/{branch}`
pub(crate) async fn on_branch(
    call: Call,
    Path((provider, consumer, branch)): Path<(String, String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::OnBranch(branch)).await
}

/// `GET P/branch/{branch}/latest/versions`
pub(crate) async fn latest_on_branch(
    call: Call,
    Path((provider, consumer, branch)): Path<(String, String, String)>,
) -> Outcome {
    between(call, provider, consumer, Shown::LatestOnBranch(branch)).await
}
