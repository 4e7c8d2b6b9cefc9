//! Conversions of every feature, through SQLite and PostgreSQL and by properties.

mod allocations;
mod chrono_types;
mod decimals;
mod derived_rows;
mod derived_values;
mod jiff_types;
mod json;
mod parameters;
mod postgresql;
mod properties;
mod serde_rows;
mod std_types;
mod strategies;
mod time_types;
mod uuids;
