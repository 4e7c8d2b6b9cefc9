//! The PostgreSQL dialect: a blocking client of our own on `postgres-protocol`, behind aludel's interface.
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
