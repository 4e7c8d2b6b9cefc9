//! The program as its users see it, on SQLite, loaded as a plugin.

mod command_line;
mod errors;
mod formats;
mod large;
mod run;
mod scripts;
mod streams;
