//! The PostgreSQL dialect against a real server, linked and loaded.

mod round_trips;
mod server;
