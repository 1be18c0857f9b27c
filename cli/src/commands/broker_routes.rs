//! `treaty broker routes`.

use serde_json::{Value, json};
use treaty_broker::{KnownRoute, Rank, Route, known_routes, pages, routes};

use crate::exit_code::ExitCode;
use crate::output::Answer;
use crate::output::routes::{Line, Standing, text};

pub(crate) fn run() -> Answer {
    let lines = lines(&routes(), &known_routes(), &pages());
    let document = |line: &Line| {
        json!({
            "rank": line.rank, "method": line.method, "path": line.path, "needs": line.needs,
            "standing": line.standing.word(),
        })
    };
    let missing = lines.iter().filter(|line| line.standing.is_missing());
    Answer {
        code: ExitCode::Yes,
        json: json!({
            "missing": missing.count(),
            "routes": lines.iter().map(document).collect::<Vec<Value>>(),
        }),
        text: text(&lines),
    }
}

/// The known routes in their order, then what only this broker has, then the pages.
fn lines(served: &[Route], known: &[KnownRoute], pages: &[Route]) -> Vec<Line> {
    let of_known = |route: &KnownRoute| Line {
        rank: match route.rank {
            Rank::MustHave => "must",
            Rank::Expected => "expected",
            _ => "rare",
        },
        method: route.method.clone(),
        path: route.path.clone(),
        needs: served
            .iter()
            .find(|one| one.method == route.method && one.path == route.path)
            .map_or("", |one| one.needs),
        standing: match (route.is_served(served), route.steps.is_empty()) {
            (false, _) => Standing::Unanswered,
            (true, true) => Standing::Unshown,
            (true, false) => Standing::Shown,
        },
    };
    let of_served = |rank: &'static str, standing: Standing| {
        move |route: &Route| Line {
            rank,
            method: route.method.to_owned(),
            path: route.path.clone(),
            needs: route.needs,
            standing,
        }
    };
    let is_own = |route: &&Route| {
        !known
            .iter()
            .any(|one| one.method == route.method && one.path == route.path)
    };
    let own = served.iter().filter(is_own);
    known
        .iter()
        .map(of_known)
        .chain(own.map(of_served("own", Standing::Own)))
        .chain(pages.iter().map(of_served("page", Standing::Own)))
        .collect()
}
