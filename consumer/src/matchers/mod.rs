//! The matchers of the Pact specification that `pact_consumer` lacks, and generators beside them.
//!
//! Each is a function that takes an example and gives a [`Matcher`] or another pattern. They go wherever a pattern goes:
//! inside `json_pattern!`, into a header, a query parameter, a path or message metadata.
//!
//! ```
//! use treaty_consumer::prelude::*;
//!
//! let builder = PactBuilder::new_v4("A", "B").interaction("a user", "", |mut i| {
//!     i.request.path("/users/42").header("X-Request-Id", uuid("0e3a4f0c-9e1b-4a3c-8f53-6a7f9a1f2b11"));
//!     i.response.json_body(json_pattern!({
//!         "id": integer(42),
//!         "born": date("yyyy-MM-dd", "1999-12-31"),
//!         "tags": at_least(0, json_pattern!("new")),
//!         "session": random_hexadecimal(16),
//!     }));
//!     i
//! }).clone();
//! # let http = builder.build().interactions()[0].as_v4_http().unwrap();
//! # assert_eq!(http.response.generators.categories.len(), 1);
//! ```

mod accepts;
mod generated;
mod lists;
pub(crate) mod marker;
mod matcher;
mod optional;
mod shape;
mod texts;
mod values;

pub use accepts::accepts;
pub use generated::{
    from_provider_state, from_provider_state_as, mock_server_url, random_boolean, random_decimal,
    random_hexadecimal, random_integer, random_regex, random_string, random_uuid, today,
};
pub use lists::{Several, array_containing, at_least, at_most, between, each_entry};
pub use matcher::Matcher;
pub use optional::{Sometimes, nullable, optional};
pub use shape::{shape_of, shape_of_schema};
pub use texts::{content_type, date, datetime, includes, regex, semver, time, uuid};
pub use values::{boolean, decimal, equal_to, integer, not_empty, null, number};
