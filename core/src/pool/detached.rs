//! The end of connections that left their pool.

use std::sync::Arc;

use super::core::Core;
use super::manager::Manager;
use super::record::{Record, SeatOf};
use super::stats::Why;
use super::workers;
use crate::error::Error;

/// Resets and closes a detached connection that its user has dropped.
#[cold]
pub(super) fn end<M: Manager>(seat: Box<SeatOf<M>>) {
    let of_task = seat.value.of_task;
    let mut seat = seat;
    let mut close = move || {
        let core = Arc::clone(&seat.value.core);
        core.close_detached(&mut seat.value);
    };
    // Nothing may be waited for where a task drops its connection.
    if of_task { workers::run(Box::new(close)) } else { close() }
}

impl<M: Manager> Core<M> {
    fn close_detached(&self, record: &mut Record<M>) {
        let Some(mut connection) = record.connection.take() else { return };
        let how = self.config.reset_on_return;
        self.tell(|listener| listener.reset(&mut connection, how));
        if let Err(error) = self.reset(&mut connection, record.number) {
            self.say_reset_failed(record.number, &error);
            return self.hard_close(connection, record.number);
        }
        self.tell(|listener| listener.close_detached(&mut connection));
        self.say_closing(record.number);
        self.close_quietly(connection, record.number, self.config.close_timeout);
    }

    pub(super) fn invalidate_detached(&self, record: &mut Record<M>, reason: Option<&Error>) {
        if let Some(mut connection) = record.connection.take() {
            self.tell(|listener| listener.invalidate(&mut connection, reason));
            self.say_invalidated(record.number, reason);
            self.stats.closed(Why::Invalid);
            self.hard_close(connection, record.number);
        }
    }
}
