//! The pool that everybody writes first: a vector behind a mutex, with a condition variable.
//!
//! Who comes takes the newest idle connection, opens one while there are fewer than the most, or waits.
//! A connection that is returned wakes one who waits, but whoever comes before he runs takes it.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::monitor::Monitor;
use crate::contender::{BenchPool, Contender, Setup};
use crate::server::{Connection, Failure, Server};

pub(super) struct State {
    idle: Vec<Connection>,
    open: usize,
    most: usize,
}

impl State {
    /// An idle connection, or leave to open one.
    fn take(&mut self) -> Option<Option<Connection>> {
        if let Some(connection) = self.idle.pop() {
            return Some(Some(connection));
        }
        let room = self.open < self.most;
        self.open += usize::from(room);
        room.then_some(None)
    }
}

struct Naive<M: Monitor<State>> {
    monitor: M,
    server: Arc<Server>,
    timeout: Option<Duration>,
}

struct Guard<'a, M: Monitor<State>> {
    pool: &'a Naive<M>,
    /// There until it is dropped.
    connection: Option<Connection>,
}

impl<M: Monitor<State>> BenchPool for Naive<M> {
    type Guard<'a> = Guard<'a, M>;

    #[inline]
    fn checkout(&self) -> Result<Guard<'_, M>, Failure> {
        let until = self.timeout.map(|timeout| Instant::now() + timeout);
        let taken = self.monitor.wait(until, State::take);
        let connection = match taken.ok_or_else(|| Failure::new("timed out"))? {
            Some(idle) => idle,
            None => {
                let opened = self.server.connect(self.timeout);
                opened.inspect_err(|_| self.monitor.change(|state| state.open -= 1))?
            }
        };
        Ok(Guard { pool: self, connection: Some(connection) })
    }
}

impl<M: Monitor<State>> Deref for Guard<'_, M> {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("invariant: taken when dropped, not before")
    }
}

impl<M: Monitor<State>> Drop for Guard<'_, M> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.pool.monitor.change(|state| {
            if connection.is_broken() {
                state.open -= 1;
            } else {
                state.idle.push(connection);
            }
        });
    }
}

pub(super) fn contender<M: Monitor<State>>(name: &str, lock: &str) -> Contender {
    let settings = format!("{lock}; newest idle first, broken ones dropped on return, no checks");
    Contender::new(name, settings, |setup: &Setup| {
        let most = setup.connections;
        let monitor = M::new(State { idle: Vec::with_capacity(most), open: 0, most });
        Ok(Naive { monitor, server: Arc::clone(&setup.server), timeout: setup.timeout })
    })
}

#[cfg(test)]
mod tests {
    use super::{Naive, State};
    use crate::contender::BenchPool;
    use crate::pools::monitor::{Monitor, Std};
    use crate::server::{Away, Server};
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn a_broken_connection_and_a_failed_connect_leave_room_for_another() {
        let server = Server::new();
        let monitor: Std<State> = Std::new(State { idle: Vec::new(), open: 0, most: 1 });
        let timeout = Some(Duration::from_millis(20));
        let pool = Naive { monitor, server: Arc::clone(&server), timeout };
        let held = pool.checkout().unwrap();
        assert_eq!(pool.checkout().err().unwrap().to_string(), "timed out");
        server.take_down(Away::Refusing);
        assert!(held.query().is_err());
        drop(held);
        assert_eq!(pool.checkout().err().unwrap().to_string(), "connection refused");
        server.bring_up();
        pool.checkout().unwrap().query().unwrap();
    }
}
