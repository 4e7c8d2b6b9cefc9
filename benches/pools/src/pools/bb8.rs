//! bb8, entered from plain threads through the handle of a runtime.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bb8::{ManageConnection, Pool, PooledConnection};
use tokio::runtime::Handle;

use super::runtime;
use crate::contender::{BenchPool, Contender, Setup};
use crate::pools::names;
use crate::server::{Answer, Connection, Failure, Server};

struct Manager {
    server: Arc<Server>,
    /// Of the driver, for one connect.
    timeout: Option<Duration>,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = Failure;

    async fn connect(&self) -> Result<Connection, Failure> {
        let attempt = self.server.begin_connect(self.timeout);
        loop {
            match attempt.ask()? {
                Answer::Connected(connection) => return Ok(connection),
                Answer::NotYet(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    async fn is_valid(&self, connection: &mut Connection) -> Result<(), Failure> {
        connection.ping()
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}

struct Bb8 {
    pool: Pool<Manager>,
    runtime: Handle,
}

struct Guard<'a>(PooledConnection<'a, Manager>);

impl Deref for Guard<'_> {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl BenchPool for Bb8 {
    type Guard<'a> = Guard<'a>;

    #[inline]
    fn checkout(&self) -> Result<Guard<'_>, Failure> {
        self.runtime.block_on(self.pool.get()).map(Guard).map_err(Failure::new)
    }

    /// The return of a broken connection starts a task.
    fn in_thread(&self, work: &mut dyn FnMut()) {
        let _entered = self.runtime.enter();
        work();
    }
}

pub(super) fn contender() -> Contender {
    let settings = "0.9: max_size = connections, no min_idle, test_on_check_out false, \
                    connection_timeout 30 s or as said; Handle::block_on in each thread";
    Contender::new(names::BB8, settings, |setup: &Setup| {
        let runtime = runtime::handle();
        let most = u32::try_from(setup.connections).map_err(Failure::new)?;
        let builder = Pool::builder().max_size(most).test_on_check_out(false);
        let builder = match setup.timeout {
            Some(timeout) => builder.connection_timeout(timeout),
            None => builder,
        };
        let manager = Manager { server: Arc::clone(&setup.server), timeout: setup.timeout };
        let pool = runtime.block_on(builder.build(manager))?;
        Ok(Bb8 { pool, runtime })
    })
}
