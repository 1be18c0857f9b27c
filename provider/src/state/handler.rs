//! Closures that set provider states up or tear them down.

use std::marker::PhantomData;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use serde::de::DeserializeOwned;

use super::params::StateParams;
use super::values::{IntoStateValues, StateValues};

/// Something that brings a provider state about: an async closure without a parameter, or with one that `serde` can
/// make from the state's parameters.
///
/// The parameters are those that the pact gives with the state, and those that stand in its name where the pattern has
/// a placeholder. A closure is cloned for each call, so what it captures is `Clone`: a handle of the store behind the
/// provider, most often.
///
/// The type parameter only tells the two kinds of closures apart; it is inferred.
pub trait StateHandler<Kind>: Send + Sync + 'static {
    /// Brings the state about once.
    fn call(&self, params: StateParams) -> BoxFuture<'static, Result<StateValues, String>>;
}

/// Marks closures without a parameter.
#[derive(Debug)]
pub struct Plain<F>(PhantomData<F>);

/// Marks closures with a parameter.
#[derive(Debug)]
pub struct Typed<P, F>(PhantomData<(P, F)>);

// A call consumes a clone of the closure. A future that borrowed from the closure instead could not be `Send` in a
// boundable way: the future of an `AsyncFn` has no name yet.
impl<C, F, R> StateHandler<Plain<F>> for C
where
    C: FnOnce() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = R> + Send + 'static,
    R: IntoStateValues + 'static,
{
    fn call(&self, _params: StateParams) -> BoxFuture<'static, Result<StateValues, String>> {
        self.clone()().map(R::into_state_values).boxed()
    }
}

impl<C, P, F, R> StateHandler<Typed<P, F>> for C
where
    C: FnOnce(P) -> F + Clone + Send + Sync + 'static,
    P: DeserializeOwned,
    F: Future<Output = R> + Send + 'static,
    R: IntoStateValues + 'static,
{
    fn call(&self, params: StateParams) -> BoxFuture<'static, Result<StateValues, String>> {
        match P::deserialize(params) {
            Ok(params) => self.clone()(params).map(R::into_state_values).boxed(),
            Err(error) => ready(Err(error.to_string())).boxed(),
        }
    }
}

/// A handler whose kind of closure is forgotten.
pub(super) type BoxHandler =
    Box<dyn Fn(StateParams) -> BoxFuture<'static, Result<StateValues, String>> + Send + Sync>;

pub(super) fn boxed<K>(handler: impl StateHandler<K>) -> BoxHandler {
    Box::new(move |params| handler.call(params))
}
