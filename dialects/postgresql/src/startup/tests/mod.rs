//! Startup against real servers, against scripted ones, and against what is none.

mod cancelling;
mod certificates;
mod demands;
mod direct;
mod duplex;
mod hosts;
mod pooled;
mod roles;
mod scripts;
mod servers;
mod sessions;
mod stalls;
mod strangers;
mod tls;
