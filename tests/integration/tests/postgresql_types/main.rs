//! Every type of PostgreSQL, in both directions and forms, against what psql writes and reads.
#![forbid(unsafe_code)]

mod cases;
mod coerced;
mod own_types;
mod psql;
mod read;
mod shown;
mod written;
