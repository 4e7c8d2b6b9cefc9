//! The PostgreSQL dialect, linked statically, through aludel's driver interface.

mod executing;
mod healing;
mod session;
mod stopping;
mod streaming;
mod support;
mod transactions;
mod unusual;
