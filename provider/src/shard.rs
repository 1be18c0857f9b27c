//! Which interactions of a pact belong to which of several runs.

use treaty_core::interaction::Interaction;
use treaty_core::receipt::Shard;

use crate::order::mixed;

/// The reason in a receipt for an interaction that another run replays.
pub(crate) const OTHER_SHARD: &str = "in another shard";

/// Whether the shard has each of the interactions, in their order.
///
/// Interactions are dealt out in the order of their hashes, so that a shard is empty only if there are fewer
/// interactions than shards; and all runs agree, because all of them see the same pact.
pub(crate) fn members(interactions: &[Interaction], shard: Shard) -> Vec<bool> {
    let mut dealt: Vec<(u64, usize)> = interactions.iter().map(hash).zip(0..).collect();
    dealt.sort_unstable();
    // Where the dealing begins depends on the pact, lest all small pacts fall to the first run.
    let begin =
        dealt.iter().fold(0, |all, (hash, _)| mixed(all ^ hash)) % u64::from(shard.of.max(1));
    let mut members = vec![false; interactions.len()];
    for (number, (_, index)) in (begin..).zip(&dealt) {
        members[*index] = number % u64::from(shard.of.max(1)) + 1 == u64::from(shard.number);
    }
    members
}

/// A hash of what an interaction is called: its kind, its description, its states and their parameters. It is the same
/// on every machine and in every version of Treaty.
fn hash(interaction: &Interaction) -> u64 {
    let mut text = format!("{}\n{}", interaction.kind(), interaction.description());
    for state in interaction.provider_states() {
        text.push('\n');
        text.push_str(&state.name);
        let mut params: Vec<_> = state.params.iter().collect();
        params.sort_unstable_by_key(|(name, _)| *name);
        for (name, value) in params {
            text.push_str(&format!("\n{name}={value}"));
        }
    }
    mixed(fnv1a(text.as_bytes()))
}

/// The 64-bit hash of Fowler, Noll and Vo, variant 1a.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pact_models::v4::synch_http::SynchronousHttp;

    fn interactions(count: usize) -> Vec<Interaction> {
        let http = |number: usize| SynchronousHttp {
            description: format!("request {number}"),
            ..SynchronousHttp::default()
        };
        (0..count)
            .map(|n| Interaction::Http(Box::new(http(n))))
            .collect()
    }

    fn sizes(count: usize, of: u32) -> Vec<usize> {
        let all = interactions(count);
        let size = |number| {
            members(&all, Shard { number, of })
                .iter()
                .filter(|is| **is)
                .count()
        };
        (1..=of).map(size).collect()
    }

    #[test]
    fn every_interaction_is_in_one_shard() {
        let all = interactions(100);
        let shards: Vec<_> = (1..=7)
            .map(|number| members(&all, Shard { number, of: 7 }))
            .collect();
        for index in 0..all.len() {
            assert_eq!(shards.iter().filter(|shard| shard[index]).count(), 1);
        }
    }

    #[test]
    fn shards_are_even_and_none_is_empty_that_need_not_be() {
        let mut sizes_of = sizes(10, 4);
        sizes_of.sort_unstable();
        assert_eq!(sizes_of, [2, 2, 3, 3]);
        assert_eq!(sizes(2, 3).iter().sum::<usize>(), 2);
    }

    #[test]
    fn a_shard_is_the_same_whatever_the_order_of_the_pact() {
        let all = interactions(20);
        let shard = Shard { number: 2, of: 3 };
        let mut reversed: Vec<_> = all.iter().rev().cloned().collect();
        let mut found = members(&reversed, shard);
        found.reverse();
        assert_eq!(found, members(&all, shard));
        reversed.clear();
        assert_eq!(members(&reversed, shard), Vec::<bool>::new());
    }
}
