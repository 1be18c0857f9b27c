//! Changes of bytes, and inputs of several parts.

use fastrand::Rng;

/// A line that stands between the parts of an input, and in none of them.
pub(crate) const BETWEEN: &[u8] = b"\n\0next\0\n";

/// The first part, and the others; empty where there are none.
pub(crate) fn split_once(input: &[u8]) -> (&[u8], &[u8]) {
    let middle = input
        .windows(BETWEEN.len())
        .position(|part| part == BETWEEN);
    match middle {
        Some(middle) => (&input[..middle], &input[middle + BETWEEN.len()..]),
        None => (input, &[]),
    }
}

/// Changes a few places of the text.
pub(crate) fn change(bytes: &mut Vec<u8>, random: &mut Rng) {
    for _ in 0..=random.usize(..4) {
        change_one(bytes, random);
    }
}

fn change_one(bytes: &mut Vec<u8>, random: &mut Rng) {
    if bytes.is_empty() {
        bytes.push(random.u8(..));
        return;
    }
    let place = random.usize(..bytes.len());
    let end = (place + random.usize(1..=40)).min(bytes.len());
    match random.u8(..7) {
        0 => bytes[place] ^= 1 << random.u8(..8),
        1 => bytes[place] = random.u8(..),
        2 => bytes.insert(
            place,
            *random.choice(b"\0\"\\{}[]:,09.-eE\r\n %\xff").unwrap(),
        ),
        3 => bytes.truncate(place),
        4 => drop(bytes.drain(place..end)),
        5 => {
            let again = bytes[place..end].to_vec();
            bytes.splice(end..end, again);
        }
        _ => {
            let digits = bytes.iter().position(u8::is_ascii_digit);
            let digit = digits.unwrap_or(place);
            bytes.splice(digit..=digit, *b"99999999999999999999999");
        }
    }
}
