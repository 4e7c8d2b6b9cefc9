//! The PostgreSQL dialect: a blocking client of our own on `postgres-protocol`, behind aludel's interface.
#![forbid(unsafe_code)]

mod config;
mod connection;
mod error;
mod net;
mod startup;
mod types;
mod wire;
