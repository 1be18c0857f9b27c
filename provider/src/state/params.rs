//! The parameters of one provider state, as a handler's type reads them.

use std::collections::HashMap;

use serde::de::value::{MapDeserializer, StringDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// The parameters of a state: those of the pact, and those that stood in the name of the state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateParams(HashMap<String, Param>);

#[derive(Debug, Clone, PartialEq)]
enum Param {
    /// From the pact, with its JSON type.
    Typed(Value),
    /// From the name, where everything is text: `42` is a number to whoever asks for a number.
    Text(String),
}

impl StateParams {
    /// Those of the pact win: the name is prose, they are data.
    pub(crate) fn new(
        captured: impl IntoIterator<Item = (String, String)>,
        given: &HashMap<String, Value>,
    ) -> Self {
        let captured = captured.into_iter();
        let mut params: HashMap<_, _> = captured
            .map(|(name, text)| (name, Param::Text(text)))
            .collect();
        let given = given.iter();
        params.extend(given.map(|(name, value)| (name.clone(), Param::Typed(value.clone()))));
        Self(params)
    }
}

impl<'de> Deserializer<'de> for StateParams {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Param {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads a parameter the way it is; text also as the number or boolean that it spells.
macro_rules! spelled {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Typed(value) => value.$method(visitor),
                Self::Text(text) => match serde_json::from_str::<Value>(&text) {
                    Ok(value @ (Value::Number(_) | Value::Bool(_))) => value.$method(visitor),
                    _ => visitor.visit_string(text),
                },
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Param {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Typed(value) => value.deserialize_any(visitor),
            Self::Text(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Typed(Value::Null) => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Typed(value) => value.deserialize_enum(name, variants, visitor),
            Self::Text(text) => {
                let text: StringDeserializer<Error> = text.into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
        }
    }

    spelled! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize, PartialEq)]
    struct User {
        id: u64,
        name: Option<String>,
    }

    #[track_caller]
    fn check(captured: &[(&str, &str)], given: Value, expected: Result<User, &str>) {
        let captured = captured
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let given: HashMap<String, Value> = serde_json::from_value(given).unwrap();
        let user = User::deserialize(StateParams::new(captured, &given));
        assert_eq!(
            user.map_err(|error| error.to_string()),
            expected.map_err(str::to_owned)
        );
    }

    #[test]
    fn text_from_the_name_is_a_number_to_whoever_asks_for_one() {
        let user = User {
            id: 42,
            name: Some("7".to_owned()),
        };
        check(&[("id", "42"), ("name", "7")], json!({}), Ok(user));
    }

    #[test]
    fn what_the_pact_gives_wins_over_the_name() {
        check(
            &[("id", "42")],
            json!({ "id": 7 }),
            Ok(User { id: 7, name: None }),
        );
    }

    #[test]
    fn text_that_is_no_number_says_so() {
        let message = "invalid type: string \"many\", expected u64";
        check(&[("id", "many")], json!({}), Err(message));
    }

    #[test]
    fn a_missing_parameter_is_named() {
        check(&[], json!({}), Err("missing field `id`"));
    }
}
