//! A drawing of who a pacticipant has pacts with: consumers on the left, providers on the right.

use maud::{Markup, html};

use super::index::Line;
use super::layout::Page;

const WIDTH: usize = 960;
const BOX_WIDTH: usize = 250;
const BOX_HEIGHT: usize = 34;
const STEP: usize = 50;
const MARGIN: usize = 20;

/// How many characters of a name fit in a box.
const NAME_CHARS_MAX: usize = 30;

/// The drawing; the status of each pact is the line's colour and dashes, and stands in words in the tables below.
pub(super) fn network(page: &Page, name: &str, lines: &[Line]) -> Markup {
    let consumers: Vec<&Line> = lines
        .iter()
        .filter(|line| line.pact.provider == name && line.pact.consumer != name)
        .collect();
    let providers: Vec<&Line> = lines
        .iter()
        .filter(|line| line.pact.consumer == name && line.pact.provider != name)
        .collect();
    let rows = consumers.len().max(providers.len()).max(1);
    let height = 2 * MARGIN + (rows - 1) * STEP + BOX_HEIGHT;
    let middle = (WIDTH - BOX_WIDTH) / 2;
    let right = WIDTH - MARGIN - BOX_WIDTH;
    let y = |row: usize, of: usize| MARGIN + row * STEP + (rows - of) * STEP / 2;
    let centre = height / 2;
    html! {
        svg.network viewBox=(format!("0 0 {WIDTH} {height}")) role="img"
            aria-label=(format!("{} consumers and {} providers of {name}", consumers.len(), providers.len())) {
            @for (row, line) in consumers.iter().enumerate() {
                @let top = y(row, consumers.len());
                (curve(MARGIN + BOX_WIDTH, top + BOX_HEIGHT / 2, middle, centre, line))
                (node(page, &line.pact.consumer, MARGIN, top, ""))
            }
            @for (row, line) in providers.iter().enumerate() {
                @let top = y(row, providers.len());
                (curve(middle + BOX_WIDTH, centre, right, top + BOX_HEIGHT / 2, line))
                (node(page, &line.pact.provider, right, top, ""))
            }
            (node(page, name, middle, centre - BOX_HEIGHT / 2, "self"))
        }
        p.soft { "From consumers on the left to providers on the right: solid lines are verified, dashed ones failed, dotted ones wait." }
    }
}

fn node(page: &Page, name: &str, x: usize, y: usize, class: &str) -> Markup {
    let shown: String = if name.chars().count() > NAME_CHARS_MAX {
        name.chars().take(NAME_CHARS_MAX - 1).chain(['…']).collect()
    } else {
        name.to_owned()
    };
    html! {
        a href=(page.urls.pacticipant(name)) {
            title { (name) }
            rect class=(class) x=(x) y=(y) width=(BOX_WIDTH) height=(BOX_HEIGHT) rx="6" {}
            text x=(x + BOX_WIDTH / 2) y=(y + BOX_HEIGHT / 2 + 5) text-anchor="middle" { (shown) }
        }
    }
}

fn curve(x: usize, y: usize, to_x: usize, to_y: usize, line: &Line) -> Markup {
    let half = usize::midpoint(x, to_x);
    let way = format!("M {x} {y} C {half} {y}, {half} {to_y}, {to_x} {to_y}");
    html! { path class=(line.standing.line()) d=(way) {} }
}
