//! The topic in memory: places, groups, dead letters, and deliveries that are unkind on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use treaty_consumer::{
    Delivery, DeliveryOptions, DeliveryReport, OrderKept, Topic, Unstable, explore,
};

fn orders() -> Topic<&'static str> {
    let mut topic = Topic::new(2);
    topic.publish("order 1", "placed");
    topic.publish("order 2", "placed");
    topic.publish("order 1", "paid");
    topic.publish("order 2", "cancelled");
    topic
}

async fn agree<M>(_delivery: Delivery<M>) -> Result<(), Infallible> {
    Ok(())
}

#[test]
fn a_key_stays_in_its_partition_and_others_take_turns() {
    let mut topic = orders();
    topic.publish_unkeyed("tick");
    topic.publish_unkeyed("tock");
    let places: Vec<(usize, u64)> = topic
        .records()
        .iter()
        .map(|record| (record.partition, record.offset))
        .collect();
    assert_eq!(places, [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)]);
}

#[tokio::test]
async fn each_group_has_a_place_of_its_own() {
    let mut topic = orders();
    let options = DeliveryOptions::in_order();
    let report = topic.deliver("billing", &options, agree).await;
    assert!(report.is_ok());
    topic.publish("order 1", "shipped");
    assert_eq!((topic.lag("billing"), topic.lag("shipping")), (1, 5));

    topic.seek("billing", 0, 1);
    let mut seen = Vec::new();
    let report = topic.deliver("billing", &options, async |delivery| {
        seen.push(delivery.record.value);
        Ok::<_, Infallible>(())
    });
    assert!(report.await.is_ok());
    assert_eq!(seen, ["paid", "shipped"]);
}

#[tokio::test]
async fn a_message_that_is_never_handled_becomes_a_dead_letter() {
    let mut topic = orders();
    let options = DeliveryOptions::in_order().attempts_max(3);
    let report = topic.deliver("billing", &options, async |delivery| {
        match (delivery.record.value, delivery.attempt) {
            ("cancelled", _) => Err("nothing to bill"),
            ("paid", 1) => Err("the database is busy"),
            _ => Ok(()),
        }
    });
    let report = report.await;
    let letter = &topic.dead_letters("billing")[0];
    assert_eq!((letter.record.value, letter.attempts), ("cancelled", 3));
    assert_eq!(topic.lag("billing"), 0);
    assert_eq!(
        format!("{:?}", report.into_result().unwrap_err()),
        "billing was handed 4 messages in 7 attempts (0 redelivered, 3 retried); never handled:
  partition 1, offset 1, key \"order 2\", after 3 attempts: nothing to bill"
    );
}

#[tokio::test]
async fn a_delivery_of_nothing_is_no_success() {
    let mut topic: Topic<u8> = Topic::new(1);
    let options = DeliveryOptions::in_order();
    let report = topic.deliver("billing", &options, agree).await;
    let text = report.into_result().unwrap_err().to_string();
    assert_eq!(
        text,
        "there was no message for billing, so nothing was handled"
    );
}

#[tokio::test]
async fn a_delivery_that_is_cancelled_starts_over() {
    let mut topic = orders();
    let options = DeliveryOptions::in_order();
    let stuck = topic.deliver("billing", &options, async |delivery| {
        if delivery.record.value == "paid" {
            std::future::pending::<()>().await;
        }
        Ok::<_, Infallible>(())
    });
    tokio::select! {
        biased;
        _ = stuck => unreachable!(),
        () = std::future::ready(()) => {}
    }
    assert_eq!(topic.lag("billing"), 4);
}

#[tokio::test]
async fn a_seed_is_one_delivery_and_stands_in_its_report() {
    async fn delivered(seed: u64) -> DeliveryReport {
        let options = DeliveryOptions::seeded(seed);
        orders().deliver("billing", &options, agree).await
    }
    assert_eq!(delivered(7).await, delivered(7).await);
    let of_some: BTreeSet<String> = [delivered(1).await, delivered(2).await, delivered(3).await]
        .iter()
        .map(|report| format!("{:?}", report.attempts))
        .collect();
    assert!(of_some.len() > 1);
    let text = delivered(7).await.to_string();
    assert!(text.starts_with("billing was handed 4 messages in "));
    assert!(text.ends_with(", seed 7"), "{text}");
}

/// Sums up what was ordered, and forgets that it may be told twice.
async fn total(deliveries: Vec<Delivery<u32>>) -> Result<u32, Infallible> {
    Ok(deliveries.iter().map(|d| d.record.value).sum())
}

fn amounts() -> Topic<u32> {
    let mut topic = Topic::new(2);
    for order in 1..=6 {
        topic.publish(format!("order {order}"), 10);
    }
    topic
}

#[tokio::test]
async fn a_consumer_that_counts_twice_is_shown_the_smallest_delivery_that_does_it() {
    let options = DeliveryOptions::seeded(1);
    let unstable = explore(&amounts(), &options, 64, total).await.unwrap_err();
    let Unstable::DependsOnDelivery {
        deliveries, seed, ..
    } = &unstable
    else {
        unreachable!("{unstable}")
    };
    assert_eq!(deliveries.len(), 2);
    let first = &deliveries[0];
    let place = first.strip_suffix(": 10").unwrap();
    assert_eq!(
        unstable.to_string(),
        format!(
            "the outcome depends on the delivery, seed {seed}
  delivered
    {place}: 10
    {place}, again: 10
  once and in order  10
  in this order      20
  next: run it again with `DeliveryOptions::seeded({seed})` and one order"
        )
    );
}

#[tokio::test]
async fn a_consumer_that_remembers_is_stable() {
    let remembers = async |deliveries: Vec<Delivery<u32>>| {
        let amounts: BTreeMap<_, _> = deliveries
            .into_iter()
            .map(|Delivery { record, .. }| ((record.partition, record.offset), record.value))
            .collect();
        Ok::<u32, Infallible>(amounts.values().sum())
    };
    let options = DeliveryOptions::seeded(1);
    let explored = explore(&amounts(), &options, 64, remembers).await.unwrap();
    assert_eq!((explored.seed, explored.orders), (1, 64));
    assert!(explored.deliveries > 64 * 6);
    assert_eq!(
        explored.to_string(),
        format!(
            "the outcome was the same in 64 orders, {} deliveries in all, seed 1",
            explored.deliveries
        )
    );
}

/// The last word on an order counts: right as long as the words on one order come in their order.
async fn last_words(
    deliveries: Vec<Delivery<&str>>,
) -> Result<BTreeMap<Option<String>, String>, Infallible> {
    let words = deliveries.into_iter();
    Ok(words
        .map(|d| (d.record.key, d.record.value.to_owned()))
        .collect())
}

#[tokio::test]
async fn order_matters_only_where_it_is_not_kept() {
    let once = DeliveryOptions::seeded(1).duplicates(0, 0);
    for kept in [
        OrderKept::Everywhere,
        OrderKept::InPartition,
        OrderKept::InKey,
    ] {
        let options = once.clone().order_kept(kept);
        let explored = explore(&orders(), &options, 32, last_words).await;
        assert_eq!(explored.unwrap().deliveries, 32 * 4);
    }
    let anyhow = once.order_kept(OrderKept::Nowhere);
    let unstable = explore(&orders(), &anyhow, 32, last_words).await;
    let Err(Unstable::DependsOnDelivery { deliveries, .. }) = unstable else {
        unreachable!("{unstable:?}")
    };
    assert_eq!(deliveries.len(), 2);
}

#[tokio::test]
async fn an_exploration_of_nothing_is_no_success() {
    let options = DeliveryOptions::seeded(1);
    let empty = explore(&Topic::new(1), &options, 64, total).await;
    assert_eq!(
        empty.unwrap_err().to_string(),
        "nothing was explored: there are 0 messages and 64 orders to try"
    );
    let never = explore(&amounts(), &options, 0, total).await;
    assert!(matches!(never, Err(Unstable::Nothing { .. })));
}

#[tokio::test]
async fn a_consumer_that_always_fails_is_told_so() {
    let fails = async |_: Vec<Delivery<u32>>| Err::<(), _>("no table");
    let unstable = explore(&amounts(), &DeliveryOptions::seeded(1), 64, fails).await;
    assert_eq!(
        unstable.unwrap_err().to_string(),
        "the consumer fails where each message comes once and in order: no table"
    );
}
