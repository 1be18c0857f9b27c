//! Routes that say what they need of their callers. There is no other way to make one.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};

use super::guard::{Guarded, Need};
use crate::state::State;

/// One method of one path that a broker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, its parameters in braces.
    pub path: String,
    /// What its caller must be trusted with, in words.
    pub needs: &'static str,
}

/// Paths with their methods.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<State>,
    list: Vec<Route>,
}

impl Routes {
    /// Adds a path.
    pub(crate) fn route(mut self, path: &str, methods: Methods) -> Self {
        self.list
            .extend(methods.needs.into_iter().map(|(method, need)| Route {
                method,
                path: path.to_owned(),
                needs: need.words(),
            }));
        self.router = self.router.route(path, methods.router);
        self
    }

    /// Every route, in the order they were added, and the router that serves them.
    pub(crate) fn into_parts(self) -> (Vec<Route>, Router<State>) {
        (self.list, self.router)
    }
}

/// The methods of a path.
#[derive(Default)]
pub(crate) struct Methods {
    router: MethodRouter<State>,
    needs: Vec<(&'static str, Need)>,
}

macro_rules! first {
    ($($name:ident),*) => { $(
        #[doc = concat!("Methods that begin with `", stringify!($name), "`.")]
        pub(crate) fn $name<H, T>(need: Need, handler: H) -> Methods
        where
            H: Handler<T, State>,
            T: 'static,
        {
            Methods::default().$name(need, handler)
        }
    )* };
}

macro_rules! further {
    ($($name:ident $method:ident),*) => { $(
        #[doc = concat!("Answers `", stringify!($method), "`, too.")]
        pub(crate) fn $name<H, T>(self, need: Need, handler: H) -> Self
        where
            H: Handler<T, State>,
            T: 'static,
        {
            let guarded = Guarded::new(need, handler);
            self.on(stringify!($method), MethodFilter::$method, guarded, need)
        }
    )* };
}

first!(get, post, delete);

impl Methods {
    further!(get GET, put PUT, post POST, patch PATCH, delete DELETE);

    fn on<H, T>(mut self, name: &'static str, filter: MethodFilter, handler: H, need: Need) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        self.router = self.router.on(filter, handler);
        self.needs.push((name, need));
        self
    }
}
