//! What a program sees when it connects to PostgreSQL, and when it cannot.
#![forbid(unsafe_code)]

mod engines;
mod opened;
mod refused;
