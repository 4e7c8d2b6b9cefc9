//! What the PostgreSQL dialect sends to a real server, linked and loaded: counted on the way.

mod round_trips;
mod server;
