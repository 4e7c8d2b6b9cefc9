//! The SQLite dialect, linked statically, through aludel's driver interface.

mod batches;
mod cancelling;
mod columns;
mod connecting;
mod errors;
mod executemany;
mod lifetimes;
mod multiple;
mod options;
mod parameters;
mod reflection;
mod scripts;
mod session;
mod support;
mod transactions;
mod urls;
mod values;
