//! The routes of the Pact Broker that its clients know, kept as data beside the router, and what shows each of them.

use crate::http::Route;

const KNOWN: &str = include_str!("known_routes.txt");

/// How much clients depend on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rank {
    /// Clients need it every day.
    MustHave,
    /// Commands, pages and documentation lead to it.
    Expected,
    /// Few know it.
    Rare,
}

impl Rank {
    fn parse(letter: &str) -> Option<Self> {
        match letter {
            "M" => Some(Self::MustHave),
            "E" => Some(Self::Expected),
            "R" => Some(Self::Rare),
            _ => None,
        }
    }
}

/// A route that clients know.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KnownRoute {
    /// How much clients depend on it.
    pub rank: Rank,
    /// The method.
    pub method: String,
    /// The path, its parameters in braces.
    pub path: String,
    /// The requests that show that it is answered; none if nothing does.
    pub steps: Vec<Step>,
}

/// A request and what its answer must be.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Step {
    /// The method.
    pub method: String,
    /// The path and the query; `$name` stands for what an earlier answer held.
    pub target: String,
    /// The JSON to be sent.
    pub body: Option<String>,
    /// What the answer's status must be.
    pub status: u16,
    /// Words that the answer must hold.
    pub words: String,
    /// (name, JSON pointer) of what is kept of the answer.
    pub kept: Vec<(String, String)>,
}

impl KnownRoute {
    /// Whether the router has it.
    #[must_use]
    pub fn is_served(&self, routes: &[Route]) -> bool {
        let is_this = |route: &Route| route.method == self.method && route.path == self.path;
        routes.iter().any(is_this)
    }
}

/// The routes that clients know, in the order in which their steps tell one story.
#[must_use]
pub fn known_routes() -> Vec<KnownRoute> {
    let mut routes: Vec<KnownRoute> = Vec::new();
    let lines = KNOWN.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let mut words = line.trim_start().splitn(3, ' ');
        let (Some(first), Some(second)) = (words.next(), words.next()) else {
            continue;
        };
        let rest = words.next().unwrap_or_default();
        if let Some(rank) = Rank::parse(first) {
            routes.push(KnownRoute {
                rank,
                method: second.to_owned(),
                path: rest.to_owned(),
                steps: Vec::new(),
            });
        } else if let Some(route) = routes.last_mut() {
            add(&mut route.steps, first, second, rest);
        }
    }
    routes
}

fn add(steps: &mut Vec<Step>, sign: &str, second: &str, rest: &str) {
    if sign == ">" {
        let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
        steps.push(Step {
            method: second.to_owned(),
            target: target.to_owned(),
            body: (!body.is_empty()).then(|| body.to_owned()),
            ..Step::default()
        });
    } else if let Some(step) = steps.last_mut() {
        match sign {
            "<" => {
                step.status = second.parse().unwrap_or_default();
                step.words = rest.to_owned();
            }
            _ => step.kept.push((second.to_owned(), rest.to_owned())),
        }
    }
}
