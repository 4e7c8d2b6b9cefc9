//! r2d2, the pool that most blocking programs use.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use r2d2::{ManageConnection, Pool, PooledConnection};

use crate::contender::{BenchPool, Contender, Setup};
use crate::pools::names;
use crate::server::{Connection, Failure, Server};

struct Manager {
    server: Arc<Server>,
    /// Of the driver, for one connect.
    timeout: Option<Duration>,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = Failure;

    fn connect(&self) -> Result<Connection, Failure> {
        self.server.connect(self.timeout)
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), Failure> {
        connection.ping()
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}

struct R2d2(Pool<Manager>);

struct Guard(PooledConnection<Manager>);

impl Deref for Guard {
    type Target = Connection;

    #[inline]
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl BenchPool for R2d2 {
    type Guard<'a> = Guard;

    #[inline]
    fn checkout(&self) -> Result<Guard, Failure> {
        self.0.get().map(Guard).map_err(Failure::new)
    }
}

pub(super) fn contender() -> Contender {
    let settings = "0.8: max_size = connections, min_idle 0, test_on_check_out false, \
                    connection_timeout 30 s or as said, 3 connector threads";
    Contender::new(names::R2D2, settings, |setup: &Setup| {
        let most = u32::try_from(setup.connections).map_err(Failure::new)?;
        let builder = Pool::builder().max_size(most).min_idle(Some(0)).test_on_check_out(false);
        let builder = match setup.timeout {
            Some(timeout) => builder.connection_timeout(timeout),
            None => builder,
        };
        let server = Arc::clone(&setup.server);
        let pool = builder.build(Manager { server, timeout: setup.timeout });
        pool.map(R2d2).map_err(Failure::new)
    })
}
