//! What listeners to `handle_error` get, and what becomes of the error.

use super::dispatch::Dispatch;
use super::handler::{Handler, Interest, called};
use crate::engine::Engine;
use crate::error::{Error, code};
use crate::value::Parameters;

/// An error that the driver reported, before the program gets it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ErrorContext<'e> {
    error: &'e mut Error,
    /// The engine whose connection it was, or which could not connect.
    pub engine: &'e Engine,
    /// The connection is taken to be gone: it is not used again. May be changed, for errors that
    /// the dialect does not know to mean that, or that do not mean it here.
    pub is_disconnect: bool,
    /// When the connection is gone, those that were opened before it are taken to be gone too.
    /// True unless changed.
    pub invalidate_pool_on_disconnect: bool,
    /// The error comes from asking whether the connection is still there. The program does not see
    /// it: the connection is opened anew, whatever `is_disconnect` says.
    pub is_pre_ping: bool,
}

impl<'e> ErrorContext<'e> {
    fn new(error: &'e mut Error, engine: &'e Engine, is_pre_ping: bool) -> Self {
        ErrorContext {
            is_disconnect: error.is_disconnect(),
            error,
            engine,
            invalidate_pool_on_disconnect: true,
            is_pre_ping,
        }
    }

    /// The error, as the listeners before this one have left it.
    pub fn error(&self) -> &Error {
        self.error
    }

    /// The text that was sent, where the error comes from executing one.
    pub fn statement(&self) -> Option<&str> {
        self.error.statement()
    }

    /// The parameters that were sent, unless the engine hides them.
    pub fn parameters(&self) -> Option<&Parameters> {
        self.error.parameters()
    }

    /// The program gets this error instead; its [source](std::error::Error::source) is the one that
    /// it replaces, unless it has one of its own. Listeners after this one see it. To let them not
    /// be called, return it as `Err`.
    pub fn set_error(&mut self, error: Error) {
        let replaced = std::mem::replace(self.error, error);
        if self.error.0.source.is_none() {
            self.error.0.source = Some(Box::new(replaced));
        }
    }
}

/// What listeners have made of an error.
pub(crate) struct Handled {
    pub(crate) error: Error,
    /// When the connection is gone, those of its pool are too.
    pub(crate) invalidate_pool: bool,
}

impl Dispatch {
    /// Calls the listeners to `handle_error`. One that panics is noted in the error, which stays.
    pub(crate) fn handled(&self, mut error: Error, engine: &Engine, is_pre_ping: bool) -> Handled {
        if !self.listens(Interest::HANDLE_ERROR) {
            return Handled { error, invalidate_pool: true };
        }
        let mut panics = Vec::new();
        let mut context = ErrorContext::new(&mut error, engine, is_pre_ping);
        for entry in self.called(Interest::HANDLE_ERROR) {
            let Handler::HandleError(listener) = &entry.handler else { continue };
            match called("handle_error", || listener(&mut context)) {
                Ok(()) => {}
                Err(panic) if panic.code() == Some(code::LISTENER_PANICKED) => {
                    panics.push(panic.message().to_owned());
                }
                Err(instead) => {
                    context.set_error(instead);
                    break;
                }
            }
        }
        let ErrorContext { is_disconnect, invalidate_pool_on_disconnect, .. } = context;
        error.0.disconnect = is_disconnect;
        for panic in panics {
            error = error.with_note("note", panic);
        }
        Handled { error, invalidate_pool: invalidate_pool_on_disconnect }
    }
}
