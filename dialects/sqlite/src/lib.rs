//! The SQLite dialect: SQLite itself, bundled, behind aludel's interface.
//!
//! Link it into a program with [`dialect`], or load it as the plugin `aludel_sqlite`.
//!
//! # URLs
//! | URL | database |
//! |---|---|
//! | `sqlite://`, `sqlite:///`, `sqlite:///:memory:` | in memory, one for all connections of the engine |
//! | `sqlite:///relative.db` | file, relative to the working directory |
//! | `sqlite:////var/lib/absolute.db` | file |
//! | `sqlite:///file:name.db?uri=true&immutable=1` | a [URI](https://www.sqlite.org/uri.html) |
//!
//! `sqlite+pysqlite://` and `sqlite+aiosqlite://` are the same, so that SQLAlchemy's URLs work. A
//! file that does not exist is created unless `mode=rw` or `mode=ro` forbids it.
//!
//! # Behaviour
//! - Transactions begin when they are told to, with an explicit `BEGIN`; outside of one each
//!   statement commits itself.
//! - Foreign keys are not enforced unless `foreign_keys=true`, as SQLite documents it.
//! - Values come as SQLite stores them: integers, floats, text, bytes, NULL. Decimals, dates,
//!   times, UUIDs and JSON go in as text.
//! - A statement waits `busy_timeout` (5 seconds) for locks of other connections, at most until
//!   the deadline of its call.
//! - Cancelling hits one call: other open statements of the connection live on.

mod begin_mode;
mod bind;
mod bind_count;
mod busy;
mod cancel;
mod classify;
mod columns;
mod connection;
mod constraint;
mod control;
mod decltype;
mod dialect;
mod error;
mod fixed;
mod handle;
mod keyword;
mod location;
mod open;
mod open_failure;
mod options;
mod parameters;
mod prepare;
mod raw;
mod read;
mod reflect;
mod reserved;
mod run;
mod session;
mod session_keys;
mod settings;
mod shared;
mod statement;
mod transaction;

pub use connection::SqliteConnection;
pub use dialect::{Sqlite, dialect};
pub use statement::SqliteStatement;
