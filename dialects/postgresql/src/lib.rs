//! The PostgreSQL dialect: a blocking client of our own on `postgres-protocol`, behind aludel's interface.
//!
//! Link it into a program with [`dialect`], or load it as the plugin `aludel_postgresql`.
//!
//! # URLs
//! | URL | server |
//! |---|---|
//! | `postgresql://user:password@host:5433/database` | one server; a missing port is 5432 |
//! | `postgresql://user@/database?host=/run/postgresql` | the Unix socket in a directory |
//! | `postgresql://user@a:5432,b:5433/database` | several servers, tried in order |
//! | `postgresql:///?service=shop` | what a service file says |
//!
//! libpq's options, `PG*` variables, password and service files mean what they mean there.
//! `postgres://`, `pg://`, `pgsql://` and SQLAlchemy's `postgresql+psycopg://` and the like are the
//! same.
//!
//! # Behaviour
//! - Parameters are `$1`, `$2`, …; values go and come in binary wherever that says the same as text.
//! - BEGIN travels with the first statement of the transaction. A statement takes one round trip once
//!   the server has described it; the last 256 stay prepared (`prepared_statements=off` for proxies
//!   that pool transactions).
//! - Rows stream, and are lent from the receive buffer. Inside a transaction a query runs in parts, so
//!   that one which is dropped early costs little and harms nothing.
//! - An executemany is one transaction in autocommit; it travels as arrays or as a pipeline, and an
//!   error names the failing row.
//! - A deadline that passes cancels the statement on the server; the connection stays usable when
//!   that answers within three seconds.
//! - TLS is `prefer` as libpq's, which checks nothing: `sslmode=verify-full` is safe.
//!
//! # Bulk operations
//! COPY, by [`bulk_in`](aludel::abi::host::DriverConnection::bulk_in) and
//! [`bulk_out`](aludel::abi::host::DriverConnection::bulk_out) of the driver's connection:
//!
//! ```no_run
//! use aludel::abi::host::Limits;
//! use aludel::dbapi::BulkSpec;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # aludel::register(aludel_dialect_postgresql::dialect())?;
//! let engine = aludel::create_engine("postgresql://localhost/music")?;
//! let mut conn = engine.connect()?;
//!
//! // Rows of values, by the types of the columns.
//! let spec = BulkSpec::into_table("artist").columns(["id", "name"]);
//! let mut load = conn.driver()?.bulk_in(&spec, Limits::NONE)?;
//! load.rows(&[(1_i64, "Hildegard"), (2, "Perotin")])?;
//! assert_eq!(load.finish()?, 2); // dropping it instead abandons it
//!
//! // A file as it is. The options are those of COPY.
//! let spec = BulkSpec::into_table("artist").format("csv").option("header", "true");
//! let mut load = conn.driver()?.bulk_in(&spec, Limits::NONE)?;
//! std::io::copy(&mut std::fs::File::open("artists.csv")?, &mut load)?;
//! load.finish()?;
//!
//! // And out, of a table or of a query.
//! let spec = BulkSpec::from_query("select * from artist order by id").format("csv");
//! conn.driver()?.bulk_out(&spec, Limits::NONE)?.copy_to(&mut std::io::stdout())?;
//! # Ok(())
//! # }
//! ```
//!
//! - Formats are `text`, `csv` and `binary`. Every option of COPY may be given; `force_quote`,
//!   `force_not_null` and `force_null` once for each column.
//! - Rows of values go in binary when the values of the first piece have that form in the types of
//!   their columns, else as text, which takes whatever the server would read; option `format`
//!   (`text`, `binary`) decides it. Rows come out by executing a query.
//! - It is part of the transaction that has begun; outside of one it commits itself. When it fails
//!   or is abandoned, nothing of it is kept and its transaction is aborted.
//! - Nothing else runs on the connection until it ends; a rollback abandons it.
//! - Memory stays bounded whatever its size, and errors of the server arrive while there is more to
//!   write.
//!
//! # Two-phase commit
//! Identifiers have at most 199 bytes. `two_phase(Begin, …)` begins an ordinary transaction, which
//! `Prepare` hands over to the server; then any connection to the database ends it, and `recover`
//! lists those that wait. Servers with `max_prepared_transactions = 0` have none, and
//! `server_info` says so.
//!
//! # Notifications and notices
//! `next_notification` waits until the deadline of its call. Notifications that arrive while
//! statements run are kept in order, as notices are. A program that does not take them loses the
//! oldest: 8192 notifications are kept, and a warning is logged when more come, and 1024 notices.
//!
//! # Reflection
//! The catalogs of PostgreSQL 12 and newer are asked, one query for each kind. The default schema is
//! the first of `search_path`; temporary tables are told with it. Indexes of primary keys and of
//! unique constraints are told as those, indexes of exclusion constraints as indexes.
//!
//! `docs/postgresql.md` has all options, types, errors and limits.
#![forbid(unsafe_code)]

mod config;
mod connection;
mod dialect;
mod error;
mod info;
mod net;
mod split;
mod startup;
mod types;
mod wire;

pub use connection::{PostgresqlConnection, PostgresqlStatement};
pub use dialect::{Postgresql, dialect};
