//! The program as its users see it, on SQLite, loaded as a plugin.

mod command_line;
mod errors;
mod formats;
mod large;
// What they are told about Unix: owners, modes, file names.
#[cfg(target_os = "linux")]
mod plugins;
mod run;
mod scripts;
mod streams;
