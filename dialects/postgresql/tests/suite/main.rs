//! The PostgreSQL dialect, linked statically, through aludel's driver interface.

mod bulk;
mod bulk_failing;
mod executing;
mod healing;
mod session;
mod stopping;
mod support;
mod transactions;
mod unusual;
