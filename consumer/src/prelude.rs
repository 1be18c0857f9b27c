//! What a consumer's test needs, in one import: the names are those of `pact_consumer`'s prelude.

pub use pact_consumer::builders::HttpPartBuilder;
pub use pact_consumer::patterns::{
    EachKey, EachLike, EachValue, JsonPattern, Like, ObjectMatching, Pattern, StringPattern, Term,
    each_key, each_value,
};
pub use pact_consumer::prelude::{MockServerConfig, strip_null_fields};
pub use pact_consumer::{
    each_like, each_like_helper, json_pattern, json_pattern_internal, like, matching_regex,
    object_matching, term,
};

pub use crate::bodies::{BodyExt, RequestExt, ResponseExt};
pub use crate::builder::PactBuilder;
pub use crate::http::{MockServer, Unmet};
pub use crate::matchers::*;
pub use crate::message::{
    Delivery, DeliveryOptions, Events, Listener, Message, MessageExt, OrderKept, Sent, SyncMessage,
    SyncMessageExt, Topic, Unhandled, eventually, explore,
};
pub use crate::mock_server::{StartMockServer, StartMockServerAsync, ValidatingMockServer};
pub use crate::tolerance::ToleranceOptions;
pub use treaty_mock_server::{Fault, MockServerOptions};
