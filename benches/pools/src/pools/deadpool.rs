//! deadpool's managed pool, driven by plain threads.
//!
//! Without timeouts, which is how it comes, it needs no runtime, and a plain executor costs less. With
//! them it needs a runtime's clock.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleResult};
use tokio::runtime::Handle;

use super::runtime;
use crate::contender::{BenchPool, Contender, Setup};
use crate::pools::names;
use crate::server::{Connection, Failure, Server};

struct Connections {
    server: Arc<Server>,
    /// Of the driver, for one connect.
    timeout: Option<Duration>,
}

impl Manager for Connections {
    type Type = Connection;
    type Error = Failure;

    /// Blocks the caller's own thread, which drives it and has nothing else to do.
    async fn create(&self) -> Result<Connection, Failure> {
        self.server.connect(self.timeout)
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Failure> {
        if connection.is_broken() {
            return Err(Failure::new("broken").into());
        }
        Ok(())
    }
}

struct Deadpool {
    pool: Pool<Connections>,
    runtime: Option<Handle>,
}

struct Guard(Object<Connections>);

impl Deref for Guard {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl BenchPool for Deadpool {
    type Guard<'a> = Guard;

    #[inline]
    fn checkout(&self) -> Result<Guard, Failure> {
        let object = match &self.runtime {
            Some(runtime) => runtime.block_on(self.pool.get()),
            None => futures_executor::block_on(self.pool.get()),
        };
        object.map(Guard).map_err(|error: PoolError<Failure>| Failure::new(error))
    }
}

pub(super) fn contender() -> Contender {
    let settings = "0.13 managed: max_size = connections, FIFO, recycle looks at a flag; no timeouts \
                    and futures-executor, or as said and Handle::block_on";
    Contender::new(names::DEADPOOL, settings, |setup: &Setup| {
        let connections = Connections { server: Arc::clone(&setup.server), timeout: setup.timeout };
        let mut builder =
            Pool::builder(connections).max_size(setup.connections).runtime(Runtime::Tokio1);
        if let Some(timeout) = setup.timeout {
            builder = builder.wait_timeout(Some(timeout)).create_timeout(Some(timeout));
        }
        let pool = builder.build().map_err(Failure::new)?;
        Ok(Deadpool { pool, runtime: setup.timeout.map(|_| runtime::handle()) })
    })
}
