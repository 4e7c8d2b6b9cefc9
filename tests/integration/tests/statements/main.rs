//! Statements with values by name, on every database that is there: SQLite, and PostgreSQL's server.
#![forbid(unsafe_code)]

mod binds;
mod databases;
mod insert_many;
mod insert_many_properties;
mod recorded_results;
mod recorded_texts;
#[path = "../../../../core/tests/result_cases/steps.rs"]
mod steps;
mod text_properties;
