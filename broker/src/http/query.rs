//! Query strings, flat (`a=1`) and as lists of records (`q[][name]=A&q[][version]=1&q[][name]=B`).

use percent_encoding::percent_decode_str;

/// The parts of a query string, decoded, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    parts: Vec<(String, String)>,
}

/// One record of a list of records: (member, value) in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record {
    members: Vec<(String, String)>,
}

impl Record {
    /// The value of a member, if it is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.members.iter().find(|(own, _)| own == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The members that are not empty.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (&str, &str)> {
        let filled = self.members.iter().filter(|(_, value)| !value.is_empty());
        filled.map(|(member, value)| (member.as_str(), value.as_str()))
    }
}

impl Query {
    /// Splits and decodes a query string.
    pub(crate) fn parse(text: &str) -> Self {
        let decode = |part: &str| {
            percent_decode_str(&part.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        let parts = text.split('&').filter(|part| !part.is_empty()).map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        });
        Self {
            parts: parts.collect(),
        }
    }

    /// The parts that have a value and do not belong to records under a name.
    pub(crate) fn without_records(&self, name: &str) -> Self {
        let stays = |own: &str, value: &str| !value.is_empty() && member_of(own, name).is_none();
        let parts = self.parts.iter().filter(|(own, value)| stays(own, value));
        Self {
            parts: parts.cloned().collect(),
        }
    }

    /// Adds a member of a record.
    pub(crate) fn push(&mut self, name: &str, member: &str, value: &str) {
        let name = format!("{name}[][{member}]");
        self.parts.push((name, value.to_owned()));
    }

    /// The last value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parts
            .iter()
            .rev()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a name, with or without `[]` behind it.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let listed = format!("{name}[]");
        let wanted = |own: &String| own == name || *own == listed;
        self.parts
            .iter()
            .filter(|(own, _)| wanted(own))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The records under a name. A member that the record has already begins the next one.
    pub(crate) fn records(&self, name: &str) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for (own, value) in &self.parts {
            let Some(member) = member_of(own, name) else {
                continue;
            };
            let begins = records
                .last()
                .is_none_or(|record| record.members.iter().any(|(known, _)| known == member));
            if begins {
                records.push(Record::default());
            }
            if let Some(record) = records.last_mut() {
                record.members.push((member.to_owned(), value.clone()));
            }
        }
        records
    }

    /// Whether this very name is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|(own, _)| own == name)
    }
}

fn member_of<'a>(own: &'a str, name: &str) -> Option<&'a str> {
    own.strip_prefix(name)?
        .strip_prefix("[][")?
        .strip_suffix(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_member_begins_the_next_record() {
        let query = Query::parse("q%5B%5D%5Bp%5D=A+1&q[][v]=1&q[][p]=B&latestby=cvp");
        let records = query.records("q");
        let shown: Vec<_> = records
            .iter()
            .map(|record| (record.get("p"), record.get("v")))
            .collect();
        assert_eq!(shown, [(Some("A 1"), Some("1")), (Some("B"), None)]);
        assert_eq!(query.get("latestby"), Some("cvp"));
    }

    #[test]
    fn a_name_without_value_is_empty() {
        assert_eq!(Query::parse("a&b=").get("a"), Some(""));
    }
}
