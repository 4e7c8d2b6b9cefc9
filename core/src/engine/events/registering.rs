//! How listeners are registered: a method for each event, under SQLAlchemy's name for it.

use std::sync::Arc;

use super::dispatch::{Dispatch, Entry};
use super::handler::{Handler, Interest};
use super::nesting::BeingCalled;
use super::{
    AfterExecute, BeforeCursorExecute, BeforeExecute, ConnectionOptions, DoConnect, EngineDisposed,
    EngineOptions, ErrorContext, Listener, PoolCheckin, PoolConnection, PoolInvalidation,
    PoolReset, SavepointEvent, TwoPhaseEvent, Verdict,
};
use crate::abi::host::DriverConnection;
use crate::engine::Connection;

/// Where listeners to the events of an engine are registered, or to those of all engines.
///
/// Made by [`Engine::events`](crate::Engine::events) and [`all_engines`](super::all_engines). Each
/// method registers a function that is called when the event happens, in the thread in which it
/// happens, and returns a [`Listener`] with which it can be taken away again.
///
/// Listeners of all engines are called first, then those of the engine, then those of the
/// sub-engine, each in the order in which they were registered. The first that returns an error or
/// panics ends that: what was about to be done is not done, and the program gets the error.
pub struct Events {
    dispatch: Arc<Dispatch>,
    is_once: bool,
    is_first: bool,
}

impl Events {
    pub(super) fn new(dispatch: Arc<Dispatch>) -> Self {
        Events { dispatch, is_once: false, is_first: false }
    }

    /// The listener that is registered next is called once, by the first event, and is then taken
    /// away (SQLAlchemy's `once=True`).
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let listener = engine.events().once().engine_connect(|_| println!("the first connection"));
    /// engine.connect()?;
    /// assert!(!listener.is_registered());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }

    /// The listener that is registered next is called before those that are registered here
    /// already (SQLAlchemy's `insert=True`).
    #[must_use]
    pub fn insert(mut self) -> Self {
        self.is_first = true;
        self
    }

    fn register(self, given: Handler) -> Listener {
        let id = Listener::next_id();
        let handler;
        let dispatch = match given {
            // Connections belong to the engine and all its sub-engines.
            Handler::DoConnect(listener) => {
                let unless_connected =
                    move |context: &mut DoConnect<'_>| match BeingCalled::enter(id)
                        .filter(|_| !context.has_connection())
                    {
                        Some(_being_called) => listener(context),
                        None => Ok(()),
                    };
                handler = Handler::DoConnect(Box::new(unless_connected));
                self.dispatch.root()
            }
            other if Interest::OF_POOL.has(other.interest()) => {
                handler = other;
                self.dispatch.root()
            }
            Handler::HandleError(listener) => {
                let unless_its_own = move |context: &mut ErrorContext<'_>| {
                    BeingCalled::enter(id).map_or(Ok(()), |_being_called| listener(context))
                };
                handler = Handler::HandleError(Box::new(unless_its_own));
                self.dispatch
            }
            other => {
                handler = other;
                self.dispatch
            }
        };
        dispatch.add(Entry::new(id, handler, self.is_once), self.is_first);
        Listener::new(id, Arc::downgrade(&dispatch))
    }
}

macro_rules! listeners {
    ($($(#[$doc:meta])* $name:ident => $Variant:ident($context:ty);)*) => {
        impl Events {
            $(
                $(#[$doc])*
                pub fn $name<V: Verdict>(
                    self,
                    listener: impl Fn(&mut $context) -> V + Send + Sync + 'static,
                ) -> Listener {
                    let listener = move |context: &mut $context| listener(context).verdict();
                    self.register(Handler::$Variant(Box::new(listener)))
                }
            )*
        }
    };
}

listeners! {
    /// A statement is about to be executed. The listener may change text and values as the program
    /// gave them, before binds are looked for, or refuse.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// use aludel::{Error, params};
    ///
    /// engine.events().before_execute(|ctx| {
    ///     if ctx.statement().starts_with("drop") {
    ///         return Err(Error::invalid_request("nothing is dropped here"));
    ///     }
    ///     for set in ctx.parameters_mut().sets_mut() {
    ///         set.values_mut().filter(|value| value.is_null()).for_each(|value| *value = 0.into());
    ///     }
    ///     Ok(())
    /// });
    /// assert!(engine.execute("drop table t", ()).is_err());
    /// let x: i64 = engine.execute("select :x", params! { x: None::<i64> })?.scalar()?;
    /// assert_eq!(x, 0);
    /// # Ok(())
    /// # }
    /// ```
    before_execute => BeforeExecute(BeforeExecute<'_>);
    /// A statement was executed. An error of the listener is that of the execution; what the
    /// statement did is done.
    after_execute => AfterExecute(AfterExecute<'_>);
    /// A statement is about to go to the driver. The listener may change the text in the driver's
    /// paramstyle and its values, or refuse.
    ///
    /// A text that differs each time is prepared each time.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// engine.events().before_cursor_execute(|ctx| {
    ///     let commented = format!("{} -- of the shop", ctx.statement());
    ///     ctx.set_statement(commented);
    /// });
    /// let error = engine.execute("select x from missing where y = ?", (1,)).unwrap_err();
    /// assert_eq!(error.statement(), Some("select x from missing where y = ? -- of the shop"));
    /// # Ok(())
    /// # }
    /// ```
    before_cursor_execute => BeforeCursorExecute(BeforeCursorExecute<'_>);
    /// The driver has executed a statement. An error of the listener is that of the execution; what
    /// the statement did is done.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// use std::time::Duration;
    ///
    /// engine.events().after_cursor_execute(|ctx| {
    ///     if ctx.elapsed > Duration::from_secs(1) {
    ///         eprintln!("slow: {} {}", ctx.statement(), ctx.parameters());
    ///     }
    /// });
    /// # engine.execute("select 1", ())?;
    /// # Ok(())
    /// # }
    /// ```
    after_cursor_execute => AfterCursorExecute(AfterExecute<'_>);
    /// A transaction has begun: what the listener executes belongs to it. When it refuses, the
    /// transaction is rolled back. No transaction begins on a connection in AUTOCOMMIT.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// engine.events().begin(|connection| {
    ///     connection.execute("pragma defer_foreign_keys = on", ())?;
    ///     Ok(())
    /// });
    /// let mut connection = engine.connect()?;
    /// let deferred: i64 = connection.execute("pragma defer_foreign_keys", ())?.scalar()?;
    /// assert_eq!(deferred, 1);
    /// # Ok(())
    /// # }
    /// ```
    begin => Begin(Connection);
    /// A transaction is about to be committed. When the listener refuses, it stays open.
    commit => Commit(Connection);
    /// A transaction is about to be rolled back, which cannot be prevented: an error of the
    /// listener is returned after it.
    rollback => Rollback(Connection);
    /// A savepoint is about to be made.
    savepoint => Savepoint(SavepointEvent<'_>);
    /// A savepoint is about to be rolled back to.
    rollback_savepoint => RollbackSavepoint(SavepointEvent<'_>);
    /// A savepoint is about to be released.
    release_savepoint => ReleaseSavepoint(SavepointEvent<'_>);
    /// A two-phase transaction has begun. When the listener refuses, it is rolled back.
    begin_twophase => BeginTwophase(TwoPhaseEvent<'_>);
    /// A two-phase transaction is about to be prepared.
    prepare_twophase => PrepareTwophase(TwoPhaseEvent<'_>);
    /// A two-phase transaction is about to be rolled back, which cannot be prevented.
    rollback_twophase => RollbackTwophase(TwoPhaseEvent<'_>);
    /// A two-phase transaction is about to be committed.
    commit_twophase => CommitTwophase(TwoPhaseEvent<'_>);
    /// The engine gives a connection to the program, for each [`Engine::connect`](crate::Engine::connect)
    /// and each execution on the engine. What the listener executes is committed before the program
    /// gets the connection. When it refuses, the connection is returned.
    engine_connect => EngineConnect(Connection);
    /// Options are about to be set on a connection.
    set_connection_execution_options => SetConnectionExecutionOptions(ConnectionOptions<'_>);
    /// Options are about to be set on an engine, or on a sub-engine that is being made. An error of
    /// the listener is logged.
    set_engine_execution_options => SetEngineExecutionOptions(EngineOptions<'_>);
    /// The engine has closed its idle connections. An error of the listener is logged.
    engine_disposed => EngineDisposed(EngineDisposed<'_>);
    /// A connection to the database is about to be opened. The listener may change the arguments,
    /// open the connection itself, or refuse. Registered on a sub-engine it holds for the engine
    /// and all its sub-engines, which share their connections.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite:////nowhere/shop.db")?;
    /// engine.events().do_connect(|ctx| {
    ///     ctx.args.database = Some(":memory:");
    ///     // ctx.set_password(token_of_this_hour());
    /// });
    /// engine.connect()?;
    /// # Ok(())
    /// # }
    /// ```
    do_connect => DoConnect(DoConnect<'_>);
    /// The driver reported an error. The listener may say that the connection is gone or is not,
    /// put another error in its place, or return one as `Err`: then the program gets that, and
    /// listeners after this one are not called.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// use aludel::Error;
    ///
    /// engine.events().handle_error(|ctx| {
    ///     if ctx.error().message().contains("no such table") {
    ///         ctx.set_error(Error::programming("run the migrations first"));
    ///     }
    /// });
    /// let error = engine.execute("select x from missing", ()).unwrap_err();
    /// assert_eq!(error.message(), "run the migrations first");
    /// # Ok(())
    /// # }
    /// ```
    handle_error => HandleError(ErrorContext<'_>);
    /// The first connection of the pool was opened; told before [`connect`](Self::connect). When
    /// the listener refuses, the connection is closed and the program gets the error. Like all
    /// events of the pool it holds for the engine and all its sub-engines.
    first_connect => FirstConnect(PoolConnection<'_>);
    /// The pool has opened a connection: the place to set what every session is to have. When the
    /// listener refuses, the connection is closed and the program gets the error.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// use aludel::abi::host::Limits;
    /// use aludel::dbapi::ScriptOutcome;
    ///
    /// engine.events().connect(|ctx| {
    ///     let done = &mut ScriptOutcome::default();
    ///     ctx.connection.execute_script("pragma cache_size = -8000", done, Limits::NONE)
    /// });
    /// let size: i64 = engine.execute("pragma cache_size", ())?.scalar()?;
    /// assert_eq!(size, -8000);
    /// # Ok(())
    /// # }
    /// ```
    connect => Connect(PoolConnection<'_>);
    /// A connection is about to be given to somebody. An error that
    /// [is a disconnect](crate::Error::is_disconnect) has it replaced, twice at most; for any other
    /// the connection is closed and the program gets the error.
    checkout => Checkout(PoolConnection<'_>);
    /// A connection has come back to the pool. An error of the listener is logged, as for all events
    /// below.
    checkin => Checkin(PoolCheckin<'_>);
    /// A connection that has come back is about to be reset.
    reset => Reset(PoolReset<'_>);
    /// A connection is about to be closed because it is no longer good.
    invalidate => Invalidate(PoolInvalidation<'_>);
    /// A connection is to be replaced once it has come back.
    soft_invalidate => SoftInvalidate(PoolInvalidation<'_>);
    /// A connection of the pool is about to be closed.
    close => Close(DriverConnection);
    /// A connection no longer belongs to the pool.
    detach => Detach(DriverConnection);
    /// A connection that was detached is about to be closed.
    close_detached => CloseDetached(DriverConnection);
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events")
            .field("once", &self.is_once)
            .field("insert", &self.is_first)
            .finish_non_exhaustive()
    }
}
