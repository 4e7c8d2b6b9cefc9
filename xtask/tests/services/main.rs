//! The private servers: each answers its own client, and none outlives its start.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a test that does nothing says why")]

mod clients;
mod drivers;
mod lifetime;
mod profile;
mod session;
mod unprivileged;
mod variables;
mod verbs;
mod workshop;
