//! From a delivery with another outcome to a smaller one.

use super::explore::Difference;
use super::order::{Lane, Step};

/// How many smaller deliveries are tried; the consumer runs twice for each.
const TRIALS_MAX: usize = 500;

/// The smallest delivery that greed finds: without a message, without a rewind, or with two neighbours that had overtaken
/// each other back in their places, as long as the outcome still is another. All of these stay legal.
pub(super) async fn smallest(
    mut found: Difference,
    lanes: &[Lane],
    mut difference: impl AsyncFnMut(Vec<Step>) -> Option<Difference>,
) -> Difference {
    let mut trials = 0;
    let mut smaller = candidates(&found.steps, lanes).into_iter();
    while let Some(steps) = smaller.next() {
        if trials == TRIALS_MAX {
            break;
        }
        trials += 1;
        if let Some(still) = difference(steps).await {
            smaller = candidates(&still.steps, lanes).into_iter();
            found = still;
        }
    }
    found
}

/// The deliveries that are one thing simpler, the biggest simplification first.
fn candidates(steps: &[Step], lanes: &[Lane]) -> Vec<Vec<Step>> {
    let without = |is_out: &dyn Fn(&Step) -> bool| -> Vec<Step> {
        steps.iter().filter(|step| !is_out(step)).copied().collect()
    };
    let places = steps.iter().filter(|step| step.rewind.is_none());
    let without_message = places.map(|out| without(&|step| step.place == out.place));
    let mut rewinds: Vec<usize> = steps.iter().filter_map(|step| step.rewind).collect();
    rewinds.dedup();
    let without_rewind = rewinds
        .iter()
        .map(|out| without(&|step| step.rewind == Some(*out)));
    let in_place = (1..steps.len()).filter_map(|later| {
        let (before, after) = (steps[later - 1], steps[later]);
        let overtook = before.place > after.place && lanes[before.place] != lanes[after.place];
        let mut swapped = steps.to_vec();
        swapped.swap(later - 1, later);
        overtook.then_some(swapped)
    });
    let all = without_message.chain(without_rewind).chain(in_place);
    all.filter(|steps| !steps.is_empty()).collect()
}
