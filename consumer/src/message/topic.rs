//! A topic in memory: what is published stays, in partitions; each group of consumers knows how far it has come.

use std::collections::BTreeMap;

use super::delivery::DeadLetter;

/// A published message and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record<M> {
    /// The partition, counted from 0.
    pub partition: usize,
    /// The place in the partition, counted from 0.
    pub offset: u64,
    /// What the messages that must stay in order have in common.
    pub key: Option<String>,
    /// The message.
    pub value: M,
}

/// A topic of messages, such as a broker keeps, without the broker: no thread, no clock, no randomness.
///
/// A message can be anything: a [`super::Message`] of the pact or a type of the consumer.
///
/// ```
/// use treaty_consumer::Topic;
///
/// let mut topic = Topic::new(2);
/// topic.publish("order 1", "placed");
/// topic.publish("order 2", "placed");
/// assert_eq!(topic.publish("order 1", "paid").offset, 1);
/// assert_eq!(topic.lag("billing"), 3);
/// ```
#[derive(Debug, Clone)]
pub struct Topic<M> {
    ends: Vec<u64>,
    records: Vec<Record<M>>,
    keys: Vec<String>,
    unkeyed: usize,
    groups: BTreeMap<String, Group<M>>,
}

#[derive(Debug, Clone)]
struct Group<M> {
    next: Vec<u64>,
    dead_letters: Vec<DeadLetter<M>>,
}

impl<M> Topic<M> {
    /// A topic of this many partitions.
    ///
    /// # Panics
    /// If that is none.
    #[must_use]
    pub fn new(partitions: usize) -> Self {
        assert!(partitions > 0, "a topic has at least one partition");
        Self {
            ends: vec![0; partitions],
            records: Vec::new(),
            keys: Vec::new(),
            unkeyed: 0,
            groups: BTreeMap::new(),
        }
    }

    /// Publishes a message. All of one key go to one partition; new keys take the partitions in turn.
    pub fn publish(&mut self, key: impl Into<String>, value: M) -> &Record<M> {
        let key = key.into();
        let known = self.keys.iter().position(|known| *known == key);
        let turn = known.unwrap_or_else(|| {
            self.keys.push(key.clone());
            self.keys.len() - 1
        });
        self.append(turn, Some(key), value)
    }

    /// Publishes a message without a key: the partitions take turns.
    pub fn publish_unkeyed(&mut self, value: M) -> &Record<M> {
        self.unkeyed += 1;
        self.append(self.unkeyed - 1, None, value)
    }

    fn append(&mut self, turn: usize, key: Option<String>, value: M) -> &Record<M> {
        let partition = turn % self.ends.len();
        let offset = self.ends[partition];
        self.ends[partition] += 1;
        self.records.push(Record {
            partition,
            offset,
            key,
            value,
        });
        &self.records[self.records.len() - 1]
    }

    /// Everything published, in that order.
    #[must_use]
    pub fn records(&self) -> &[Record<M>] {
        &self.records
    }

    /// How many messages the group has not been through yet.
    #[must_use]
    pub fn lag(&self, group: &str) -> usize {
        self.waiting(group).count()
    }

    /// The messages that the group was handed as often as it may and never handled.
    #[must_use]
    pub fn dead_letters(&self, group: &str) -> &[DeadLetter<M>] {
        self.groups
            .get(group)
            .map_or(&[], |group| &group.dead_letters)
    }

    /// Sets the group's place in a partition: after a crash, back to where it last said that it was.
    ///
    /// # Panics
    /// If the topic has no such partition.
    pub fn seek(&mut self, group: &str, partition: usize, offset: u64) {
        let partitions = self.ends.len();
        assert!(
            partition < partitions,
            "the topic has {partitions} partitions, counted from 0, and no {partition}"
        );
        self.group(group).next[partition] = offset;
    }

    /// The messages that the group has not been through yet, in the order of their publication.
    pub(super) fn waiting(&self, group: &str) -> impl Iterator<Item = &Record<M>> {
        let group = self.groups.get(group);
        let is_waiting = move |record: &&Record<M>| {
            group.is_none_or(|group| record.offset >= group.next[record.partition])
        };
        self.records.iter().filter(is_waiting)
    }

    /// Notes that the group has been through everything, and what it left behind.
    pub(super) fn commit(&mut self, group: &str, dead_letters: Vec<DeadLetter<M>>) {
        let ends = self.ends.clone();
        let group = self.group(group);
        group.next = ends;
        group.dead_letters.extend(dead_letters);
    }

    fn group(&mut self, name: &str) -> &mut Group<M> {
        let partitions = self.ends.len();
        self.groups.entry(name.to_owned()).or_insert_with(|| Group {
            next: vec![0; partitions],
            dead_letters: Vec::new(),
        })
    }
}
