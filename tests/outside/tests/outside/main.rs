//! Programs outside the workspace get SQLite in each of the ways that aludel offers.
//!
//! The programs stand in `programs/`; they are copied beside a copy of the repository, which is also a
//! git repository, and built there with cargo, without a network, from what the workspace has
//! fetched. One test runs at a time, and all share two target directories, so that SQLite's C code
//! is compiled once for the programs, and once for what is built in the repository.
#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

mod command;
mod dependency;
mod distributed;
mod installed;
mod linked;
mod programs;
mod shared;
mod source;
mod static_host;
mod trust;
mod workshop;
