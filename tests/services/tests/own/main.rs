//! Servers of a test's own: what was acknowledged survives what is done to them.
#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

mod acknowledged;
mod commands;
mod ends;
mod failover;
mod load;
mod pooled;
mod session;
