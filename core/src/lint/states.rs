//! Provider states with two spellings: a provider sets up one of them, and the other fails or does nothing.

use std::collections::BTreeMap;

use super::flaw::Flaw;
use super::places::child;
use super::run::Found;
use super::subject::{Exchange, Subject};

/// How long a word is at least, in characters, for one other character in it to be a slip.
const SLIP_WORD_CHARS_MIN: usize = 5;

/// A spelling: how often it is used, and where first.
struct Spelling {
    uses: usize,
    pointer: String,
}

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut spellings: BTreeMap<&str, Spelling> = BTreeMap::new();
    for exchange in &subject.exchanges {
        for (index, state) in exchange.interaction.provider_states().iter().enumerate() {
            let first = || Spelling {
                uses: 0,
                pointer: state_pointer(exchange, index),
            };
            spellings.entry(&state.name).or_insert_with(first).uses += 1;
        }
    }
    let names: Vec<(&str, &Spelling)> = spellings
        .iter()
        .map(|(name, spelling)| (*name, spelling))
        .collect();
    let mut found = Found::new();
    for (index, one) in names.iter().enumerate() {
        for other in &names[index + 1..] {
            if is_same(one.0, other.0) {
                let (rare, usual) = if one.1.uses < other.1.uses {
                    (one, other)
                } else {
                    (other, one)
                };
                let flaw = Flaw::StateSpelling {
                    state: rare.0.to_owned(),
                    other: usual.0.to_owned(),
                };
                found.push((rare.1.pointer.clone(), flaw));
            }
        }
    }
    found
}

fn state_pointer(exchange: &Exchange<'_>, index: usize) -> String {
    let old = ["providerState", "provider_state"];
    match old
        .iter()
        .find(|member| exchange.json.get(member).is_some())
    {
        Some(member) if exchange.json.get("providerStates").is_none() => {
            child(&exchange.pointer, member)
        }
        _ => format!("{}/providerStates/{index}/name", exchange.pointer),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    letters(one) == letters(other) && !letters(one).is_empty() || is_slip(one, other)
}

fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether exactly one word differs, in one character that is not a digit nor the `s` of a plural.
fn is_slip(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        name.split_whitespace()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let (one, other) = (words(one), words(other));
    if one.len() != other.len() {
        return false;
    }
    let mut different = one.iter().zip(&other).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (different.next(), different.next()) else {
        return false;
    };
    let is_long = a.chars().count().min(b.chars().count()) >= SLIP_WORD_CHARS_MIN;
    let has_digit = |word: &str| word.chars().any(|c| c.is_numeric());
    let is_plural = a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a);
    is_long && !has_digit(a) && !has_digit(b) && !is_plural && distance(a, b) == 1
}

/// How many characters were inserted, left out, replaced or exchanged with their neighbour, up to two.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => 0,
        ([_, rest @ ..], _) if rest == b => 1,
        (_, [_, rest @ ..]) if rest == a => 1,
        ([_, a @ ..], [_, b @ ..]) if a == b => 1,
        ([w, x, a @ ..], [y, z, b @ ..]) if w == z && x == y && a == b => 1,
        _ => 2,
    }
}
