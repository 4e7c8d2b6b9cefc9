//! A pool of one's own beside the others: a channel that holds the idle connections.
//!
//! ```sh
//! cargo run --release -p aludel-bench-pools --features peers --example own_pool -- 64x5
//! ```

use std::ops::Deref;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use aludel_bench_pools::{Bench, BenchPool, Connection, Contender, Failure, Setup};

/// All connections are opened at once, and none is ever replaced: enough for fairness, not for an
/// outage.
struct Channel {
    idle: Mutex<Receiver<Connection>>,
    back: SyncSender<Connection>,
}

impl Channel {
    fn new(setup: &Setup) -> Result<Self, Failure> {
        let (back, idle) = sync_channel(setup.connections);
        for _ in 0..setup.connections {
            back.send(setup.server.connect(setup.timeout)?).map_err(Failure::new)?;
        }
        Ok(Channel { idle: Mutex::new(idle), back })
    }
}

impl BenchPool for Channel {
    type Guard<'a> = Guard<'a>;

    fn checkout(&self) -> Result<Guard<'_>, Failure> {
        // Whoever waits for a connection holds the lock; the others wait for the lock.
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = Some(idle.recv().map_err(Failure::new)?);
        Ok(Guard { connection, back: &self.back })
    }
}

struct Guard<'a> {
    /// There until it is dropped.
    connection: Option<Connection>,
    back: &'a SyncSender<Connection>,
}

impl Deref for Guard<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("invariant: taken when dropped, not before")
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // Fails only when the pool has gone.
            let _closed = self.back.send(connection);
        }
    }
}

fn main() -> ExitCode {
    let bench = Bench::Fairness;
    let mut contenders = bench.contenders();
    contenders.push(Contender::new("channel", "std sync_channel behind a mutex", Channel::new));
    bench.run(contenders)
}
