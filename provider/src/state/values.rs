//! What a state handler gives back: values for the generators of the request, or nothing, or its failure.

use std::collections::HashMap;
use std::fmt::Display;

use serde_json::{Map, Value};

/// Values of a provider state by name: `{"id": 42}` for a request whose path has the generator `${id}`.
pub type StateValues = Map<String, Value>;

/// What a state handler may return: nothing, values, or a `Result` of either.
///
/// ```
/// use treaty_provider::IntoStateValues;
///
/// assert!(().into_state_values().unwrap().is_empty());
/// assert_eq!(Err::<(), _>("the database is down").into_state_values(), Err("the database is down".to_owned()));
/// ```
pub trait IntoStateValues {
    /// The values, or why the state could not be brought about.
    ///
    /// # Errors
    /// The handler's own failure, in words.
    fn into_state_values(self) -> Result<StateValues, String>;
}

impl IntoStateValues for () {
    fn into_state_values(self) -> Result<StateValues, String> {
        Ok(StateValues::new())
    }
}

impl IntoStateValues for StateValues {
    fn into_state_values(self) -> Result<StateValues, String> {
        Ok(self)
    }
}

impl IntoStateValues for HashMap<String, Value> {
    fn into_state_values(self) -> Result<StateValues, String> {
        Ok(self.into_iter().collect())
    }
}

impl<T: IntoStateValues, E: Display> IntoStateValues for Result<T, E> {
    fn into_state_values(self) -> Result<StateValues, String> {
        self.map_err(|error| error.to_string())?.into_state_values()
    }
}
