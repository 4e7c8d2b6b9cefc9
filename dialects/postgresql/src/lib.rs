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
