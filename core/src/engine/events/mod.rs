//! Events: functions of the program that are called when the engine does something.
//!
//! [`Engine::events`](crate::Engine::events) registers listeners for one engine and the sub-engines
//! made of it, [`all_engines`] for every engine of the process. Each event has a method under
//! SQLAlchemy's name on [`Events`]; `docs/events.md` lists them all. A listener that returns an
//! error refuses what is about to be done. One that panics has refused: the program gets an error
//! of kind [`Panic`](crate::ErrorKind::Panic), and the connection stays as usable as after any
//! other.
//!
//! A listener that gets the connection may use it. The event that it listens to does not tell of
//! what it does there, all others do. Listeners to `do_connect` and `handle_error`, which get none,
//! are not called of what they do themselves, with whatever engine. While nobody listens, an event costs one look at a flag.

mod all;
mod connecting;
mod contexts;
mod dispatch;
mod dropping;
mod execution;
mod failing;
mod handler;
mod listener;
mod nesting;
mod of_engine;
mod pooling;
mod registering;
mod telling;
mod verdict;

pub use all::all_engines;
pub use connecting::DoConnect;
pub use contexts::{
    ConnectionOptions, EngineDisposed, EngineOptions, SavepointEvent, TwoPhaseEvent,
};
pub(crate) use dispatch::Dispatch;
pub(crate) use execution::LazyParameters;
pub use execution::{AfterExecute, BeforeCursorExecute, BeforeExecute};
pub use failing::ErrorContext;
pub(crate) use failing::Handled;
pub(crate) use handler::Interest;
pub use listener::Listener;
pub(crate) use pooling::PoolEvents;
pub use pooling::{PoolCheckin, PoolConnection, PoolInvalidation, PoolReset};
pub use registering::Events;
pub use verdict::Verdict;
