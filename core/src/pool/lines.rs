//! What a pool tells of a connection, in SQLAlchemy's words.

use std::fmt;

use tracing::Level;

use super::core::{Core, ECHOED};
use super::manager::Manager;
use super::settings::ResetOnReturn;
use super::stats::Why;
use super::telling::{Because, Reason};
use crate::error::{Error, ErrorKind};

impl<M: Manager> Core<M> {
    /// Tells of what is only worth telling with [`EchoPool::Debug`](super::settings::EchoPool).
    pub(super) fn say_in_detail(&self, connection: u64, text: fmt::Arguments<'_>) {
        if self.is(ECHOED) {
            self.say_of(Level::DEBUG, connection, text);
        }
    }

    pub(super) fn say_returned(&self, connection: u64) {
        self.say_in_detail(
            connection,
            format_args!("Connection {connection} being returned to pool"),
        );
    }

    /// `how` is what has to be done; `None` when nothing is open.
    pub(super) fn say_reset(&self, connection: u64, how: Option<ResetOnReturn>) {
        match how {
            Some(how) => {
                self.say_in_detail(
                    connection,
                    format_args!("Connection {connection} {how}-on-return"),
                );
            }
            None => {
                let text = format_args!("Connection {connection} reset, transaction already reset");
                self.say_in_detail(connection, text);
            }
        }
    }

    pub(super) fn say_reset_failed(&self, connection: u64, error: &Error) {
        self.stats.resets_failed.add();
        if error.kind() == ErrorKind::Timeout {
            self.stats.resets_timed_out.add();
        }
        let text = format_args!("Exception during reset or similar: {}", Reason(error));
        self.say_of(Level::ERROR, connection, text);
    }

    pub(super) fn say_closing(&self, connection: u64) {
        self.say_of(Level::DEBUG, connection, format_args!("Closing connection {connection}"));
    }

    /// Closes a connection without asking the other end.
    pub(super) fn hard_close(&self, connection: M::Connection, number: u64) {
        self.say_of(Level::DEBUG, number, format_args!("Hard-closing connection {number}"));
        self.manager.terminate(connection);
    }

    pub(super) fn say_invalidated(&self, connection: u64, reason: Option<&Error>) {
        let text = format_args!("Invalidate connection {connection}{}", Because(reason));
        self.say_of(Level::INFO, connection, text);
    }

    /// A connection is replaced before it is checked out.
    pub(super) fn say_replaced(&self, connection: u64, why: Why) {
        let what = match why {
            Why::Generation => "invalidated due to pool invalidation",
            Why::SoftInvalid => "invalidated due to local soft invalidation",
            _ => "exceeded timeout",
        };
        let text = format_args!("Connection {connection} {what}; recycling");
        self.say_of(Level::INFO, connection, text);
    }

    /// A checkout has found that a connection is gone.
    pub(super) fn say_disconnected(&self, connection: u64, error: &Error, of_pool: bool) {
        let begin = "Disconnection detected on checkout, invalidating";
        let why = Because(Some(error));
        match of_pool {
            true => {
                let what = "all pooled connections prior to current timestamp";
                self.say_of(Level::INFO, connection, format_args!("{begin} {what}{why}"));
            }
            false => {
                let text = format_args!("{begin} individual connection {connection}{why}");
                self.say_of(Level::INFO, connection, text);
            }
        }
    }
}
