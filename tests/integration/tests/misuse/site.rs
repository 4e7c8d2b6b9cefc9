//! A database with an engine on it, and what must be left of both.

use std::thread;
use std::time::{Duration, Instant};

use aludel::{Connection, Engine, Result};
use aludel_test_support::PATIENCE;

/// No rows.
pub(crate) const NONE: [i64; 0] = [];

/// A database with an engine on it.
pub(crate) struct Site {
    pub(crate) engine: Engine,
    /// Connections that one thread may have in use at once.
    pub(crate) connections: usize,
    /// The database is still there when the one connection of an engine is lost.
    pub(crate) survives: bool,
    /// A query that ends when it is stopped.
    pub(crate) endless: &'static str,
    /// A query of some length whose only value is 1.
    pub(crate) short: &'static str,
    /// Sessions that the database holds open for the engine now.
    pub(crate) sessions: Box<dyn Fn() -> usize + Send + Sync>,
    /// Sessions that the engine may keep while nobody uses it.
    pub(crate) idle: usize,
    /// What has to live as long as the database.
    pub(crate) _keeps: Box<dyn Send + Sync>,
}

impl Site {
    /// Makes the tables that the cases use: `p` with the row 1, and `t`, whose `x` must be in `p`
    /// when the transaction commits.
    pub(crate) fn prepare(&self) {
        let make = |conn: &mut Connection| -> Result<()> {
            for sql in [
                "drop table if exists t",
                "drop table if exists p",
                "create table p (x integer primary key)",
                "create table t (id integer primary key, \
                 x integer references p (x) deferrable initially deferred)",
                "insert into p values (1)",
            ] {
                conn.execute(sql, ())?;
            }
            Ok(())
        };
        self.engine.begin(make).expect("the tables are made");
    }

    /// The ids in `t` that are committed.
    pub(crate) fn ids(&self) -> Vec<i64> {
        let sql = "select id from t order by id";
        self.engine.execute(sql, ()).and_then(|mut ids| ids.all()).map_or_else(
            |error| panic!("{error}"),
            |rows: Vec<(i64,)>| rows.into_iter().map(|(id,)| id).collect(),
        )
    }

    /// Panics when something was left behind.
    pub(crate) fn is_clean(&self) {
        assert_eq!(self.engine.checkedout(), 0, "connections are still in use");
        let begun = Instant::now();
        while (self.sessions)() > self.idle {
            // A server takes a moment to see that a client has gone.
            assert!(begun.elapsed() < PATIENCE, "{} sessions are open", (self.sessions)());
            thread::sleep(Duration::from_millis(5));
        }
        let mut conn = self.engine.connect().expect("it connects");
        assert!(!conn.in_transaction() && !conn.in_nested_transaction());
        // Nobody holds a lock that would keep this from its work.
        conn.execute("delete from t", ()).expect("it writes");
        conn.rollback().expect("it rolls back");
    }
}

/// Inserts a row.
pub(crate) fn insert(conn: &mut Connection, id: i64) -> Result<()> {
    conn.execute("insert into t (id, x) values (:id, 1)", aludel::params! { id: id }).map(drop)
}

/// Rows of `t` that the connection sees.
pub(crate) fn count(conn: &mut Connection) -> i64 {
    conn.scalar("select count(*) from t", ()).expect("it counts")
}
