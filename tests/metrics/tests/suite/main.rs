//! What engines and pools tell a recorder of metrics, on SQLite.

#![forbid(unsafe_code)]

mod described;
mod pools;
mod shop;
mod statements;
