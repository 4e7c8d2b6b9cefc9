//! The events by name: which there are, what their listeners get, and how those are called.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::dispatch::Dispatch;
use super::{
    AfterExecute, BeforeCursorExecute, BeforeExecute, ConnectionOptions, DoConnect, EngineDisposed,
    EngineOptions, ErrorContext, PoolCheckin, PoolConnection, PoolInvalidation, PoolReset,
    SavepointEvent, TwoPhaseEvent,
};
use crate::abi::host::DriverConnection;
use crate::engine::Connection;
use crate::error::{Error, ErrorKind, Result, code, panic_text};

/// A set of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Interest(u32);

impl Interest {
    pub(crate) const fn and(self, others: Interest) -> Self {
        Interest(self.0 | others.0)
    }

    /// What the pool tells of.
    pub(super) const OF_POOL: Interest = Interest::FIRST_CONNECT
        .and(Interest::CONNECT)
        .and(Interest::CHECKOUT)
        .and(Interest::CHECKIN)
        .and(Interest::RESET)
        .and(Interest::INVALIDATE)
        .and(Interest::SOFT_INVALIDATE)
        .and(Interest::CLOSE)
        .and(Interest::DETACH)
        .and(Interest::CLOSE_DETACHED);

    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    /// True when one of these events is in the set.
    pub(crate) const fn has(self, others: Interest) -> bool {
        self.0 & others.0 != 0
    }
}

macro_rules! handlers {
    ($($name:ident $CONSTANT:ident $Variant:ident($context:ty),)*) => {
        /// A listener, by the event that it listens to.
        pub(super) enum Handler {
            $($Variant(Box<dyn Fn(&mut $context) -> Result<()> + Send + Sync>),)*
        }

        #[repr(u32)]
        enum Number {
            $($Variant,)*
        }

        impl Interest {
            $(pub(crate) const $CONSTANT: Interest = Interest(1 << Number::$Variant as u32);)*
        }

        impl Handler {
            pub(super) fn interest(&self) -> Interest {
                match self {
                    $(Handler::$Variant(_) => Interest::$CONSTANT,)*
                }
            }
        }

        impl Dispatch {
            $(
                /// Calls the listeners to this event, up to the first that refuses or panics.
                ///
                /// # Errors
                /// Its refusal; `Panic` when it panicked.
                #[cold]
                #[allow(dead_code, reason = "`handle_error` is called by rules of its own")]
                pub(crate) fn $name(&self, context: &mut $context) -> Result<()> {
                    for entry in self.called(Interest::$CONSTANT) {
                        if let Handler::$Variant(listener) = &entry.handler {
                            called(stringify!($name), || listener(&mut *context))?;
                        }
                    }
                    Ok(())
                }
            )*
        }
    };
}

handlers! {
    before_execute BEFORE_EXECUTE BeforeExecute(BeforeExecute<'_>),
    after_execute AFTER_EXECUTE AfterExecute(AfterExecute<'_>),
    before_cursor_execute BEFORE_CURSOR_EXECUTE BeforeCursorExecute(BeforeCursorExecute<'_>),
    after_cursor_execute AFTER_CURSOR_EXECUTE AfterCursorExecute(AfterExecute<'_>),
    begin BEGIN Begin(Connection),
    commit COMMIT Commit(Connection),
    rollback ROLLBACK Rollback(Connection),
    savepoint SAVEPOINT Savepoint(SavepointEvent<'_>),
    rollback_savepoint ROLLBACK_SAVEPOINT RollbackSavepoint(SavepointEvent<'_>),
    release_savepoint RELEASE_SAVEPOINT ReleaseSavepoint(SavepointEvent<'_>),
    begin_twophase BEGIN_TWOPHASE BeginTwophase(TwoPhaseEvent<'_>),
    prepare_twophase PREPARE_TWOPHASE PrepareTwophase(TwoPhaseEvent<'_>),
    rollback_twophase ROLLBACK_TWOPHASE RollbackTwophase(TwoPhaseEvent<'_>),
    commit_twophase COMMIT_TWOPHASE CommitTwophase(TwoPhaseEvent<'_>),
    engine_connect ENGINE_CONNECT EngineConnect(Connection),
    set_connection_execution_options SET_CONNECTION_EXECUTION_OPTIONS
        SetConnectionExecutionOptions(ConnectionOptions<'_>),
    set_engine_execution_options SET_ENGINE_EXECUTION_OPTIONS
        SetEngineExecutionOptions(EngineOptions<'_>),
    engine_disposed ENGINE_DISPOSED EngineDisposed(EngineDisposed<'_>),
    do_connect DO_CONNECT DoConnect(DoConnect<'_>),
    handle_error HANDLE_ERROR HandleError(ErrorContext<'_>),
    first_connect FIRST_CONNECT FirstConnect(PoolConnection<'_>),
    connect CONNECT Connect(PoolConnection<'_>),
    checkout CHECKOUT Checkout(PoolConnection<'_>),
    checkin CHECKIN Checkin(PoolCheckin<'_>),
    reset RESET Reset(PoolReset<'_>),
    invalidate INVALIDATE Invalidate(PoolInvalidation<'_>),
    soft_invalidate SOFT_INVALIDATE SoftInvalidate(PoolInvalidation<'_>),
    close CLOSE Close(DriverConnection),
    detach DETACH Detach(DriverConnection),
    close_detached CLOSE_DETACHED CloseDetached(DriverConnection),
}

/// Calls a listener. That it panics is an error and stops here: the connection and the program go
/// on as after a refusal.
///
/// # Errors
/// What the listener returns; `Panic`.
pub(super) fn called(event: &str, listener: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(listener)).unwrap_or_else(|payload| Err(panicked(event, payload)))
}

#[cold]
fn panicked(event: &str, payload: Box<dyn Any + Send>) -> Error {
    let said = panic_text(payload);
    Error::new(ErrorKind::Panic, format!("a listener to `{event}` panicked: {said}"))
        .with_code(code::LISTENER_PANICKED)
        .with_help("return an error from the listener in place of the panic")
}
