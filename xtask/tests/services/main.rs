//! The private servers: each is had from nothing and answers its own client, and none is left over.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a test that does nothing says why")]

mod clients;
mod drivers;
mod fetching;
mod from_nothing;
#[cfg(target_os = "linux")]
mod killed_early;
mod lifetime;
mod profile;
mod remembered;
mod repository;
mod session;
mod unprivileged;
mod variables;
mod verbs;
mod workshop;
