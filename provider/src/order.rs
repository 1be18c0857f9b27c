//! The order in which interactions run, and what it did to one of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The order of so many things that belongs to the seed: every order is as likely as every other, and the same on every
/// machine.
pub(crate) fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut numbers = Numbers(seed);
    for last in (1..count).rev() {
        order.swap(last, numbers.below(last + 1));
    }
    order
}

/// Pseudo-random numbers of the `SplitMix64` generator: two lines, no state but a counter, and no version of a library
/// that could change them.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`; what a remainder favours is less than one in a billion for any pact.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a usize has at most 64 bits");
        usize::try_from(self.next() % end).expect("it is below a usize")
    }
}

/// Spreads the bits of a number over the whole of it.
pub(crate) fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Why an interaction that failed does so, as far as it depends on what ran before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderDependence {
    /// It passes alone, and fails right after another interaction.
    FailsAfter {
        /// The other one.
        interaction: String,
    },
    /// It passes alone, and fails after several others together, but after none of them alone.
    FailsAfterSeveral {
        /// The shortest list that was found, in the order of the run.
        interactions: Vec<String>,
    },
    /// It fails alone, and passes right after another interaction, which ran later here.
    NeedsBefore {
        /// The other one.
        interaction: String,
    },
    /// It fails alone too: nothing that ran before it is to blame, or what it left behind is still there.
    FailsAlone,
    /// It passed when it was run again after the same interactions.
    NotReproduced,
}

impl fmt::Display for OrderDependence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FailsAfter { interaction } => {
                write!(f, "it passes alone and fails after {interaction:?}")
            }
            Self::FailsAfterSeveral { interactions } => {
                let names: Vec<String> = interactions.iter().map(|i| format!("{i:?}")).collect();
                write!(f, "it passes alone and fails after {}", names.join(", "))
            }
            Self::NeedsBefore { interaction } => {
                write!(f, "it fails alone and passes after {interaction:?}")
            }
            Self::FailsAlone => f.write_str(
                "it fails alone too: nothing that ran before it is to blame, or it is still there",
            ),
            Self::NotReproduced => f.write_str("it passed when it was run again in this order"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_has_one_order_for_ever() {
        assert_eq!(shuffled(8, 42), shuffled(8, 42));
        assert_eq!(shuffled(8, 42), [3, 1, 6, 2, 4, 0, 7, 5]);
        assert_ne!(shuffled(8, 42), shuffled(8, 43));
    }

    #[test]
    fn an_order_holds_everything_once() {
        for count in [0, 1, 2, 100] {
            let mut order = shuffled(count, 7);
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_place_is_taken_about_equally_often() {
        let mut first = [0; 4];
        for seed in 0..4000 {
            first[shuffled(4, seed)[0]] += 1;
        }
        assert!(
            first.iter().all(|count| (900..1100).contains(count)),
            "{first:?}"
        );
    }
}
