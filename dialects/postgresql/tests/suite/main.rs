//! The PostgreSQL dialect, linked statically, through aludel's driver interface.

mod bulk;
mod bulk_cut_off;
mod bulk_failing;
mod cancel_lost;
mod cancel_race;
mod executing;
mod failing_begin;
mod failing_servers;
mod healing;
mod many;
mod memory;
mod notifications;
mod reflection;
mod session;
mod stopping;
mod streaming;
mod support;
mod transactions;
mod two_phase;
mod unusual;
