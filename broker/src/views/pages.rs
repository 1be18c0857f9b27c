//! Parts of lists that are too long for one answer.

use serde_json::{Value, json};

use crate::http::{Query, Violations};
use crate::store::versions::Window;

/// How many items a page has unless the request says otherwise.
const PAGE_SIZE: i64 = 100;

/// Which page a request asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    number: i64,
    size: i64,
}

impl Page {
    /// The page of a request that names one.
    pub(crate) fn asked(query: &Query) -> Result<Option<Self>, Violations> {
        let mut violations = Violations::default();
        let mut number = |names: [&str; 2]| {
            let asked = |name| query.get(name).filter(|text| !text.is_empty());
            let (name, text) = names
                .into_iter()
                .find_map(|name| Some((name, asked(name)?)))?;
            match text.parse::<i64>() {
                Ok(number) if number >= 1 => return Some(number),
                Ok(_) => violations.add(name, "must be greater than or equal to 1"),
                Err(_) => violations.add(name, "must be an integer"),
            }
            None
        };
        let page = number(["page", "pageNumber"]);
        let size = number(["size", "pageSize"]);
        violations.check()?;
        Ok((page.is_some() || size.is_some()).then(|| Self {
            number: page.unwrap_or(1),
            size: size.unwrap_or(PAGE_SIZE),
        }))
    }

    /// The first page, of the usual size.
    pub(crate) fn first() -> Self {
        Self {
            number: 1,
            size: PAGE_SIZE,
        }
    }

    /// The part of the list.
    pub(crate) fn window(self) -> Window {
        Window {
            offset: (self.number - 1).saturating_mul(self.size),
            size: self.size,
        }
    }

    /// The items of a list that are on this page.
    pub(crate) fn of<T>(self, all: &[T]) -> &[T] {
        let Window { offset, size } = self.window();
        let first = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
        let last = first
            .saturating_add(usize::try_from(size).unwrap_or(usize::MAX))
            .min(all.len());
        &all[first..last]
    }

    /// The `page` member.
    pub(crate) fn document(self, total: i64) -> Value {
        let pages = (total + self.size - 1).div_euclid(self.size).max(1);
        json!({ "number": self.number, "size": self.size, "totalElements": total, "totalPages": pages })
    }

    /// The `next` and `previous` links of a list at a URL.
    pub(crate) fn links(self, url: &str, total: i64) -> Vec<(&'static str, Value)> {
        let to = |number: i64, title: &str| json!({ "href": format!("{url}?size={}&page={number}", self.size), "title": title });
        let mut links = Vec::new();
        if self.number.saturating_mul(self.size) < total {
            links.push(("next", to(self.number + 1, "Next page")));
        }
        if self.number > 1 {
            links.push(("previous", to(self.number - 1, "Previous page")));
        }
        links
    }
}
