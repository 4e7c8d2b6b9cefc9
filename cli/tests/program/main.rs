//! The program as its users see it, on SQLite, loaded as a plugin.

mod command_line;
mod errors;
mod formats;
mod large;
// They look at owners, modes and file names as Linux has them.
#[cfg(target_os = "linux")]
mod plugins;
mod run;
mod scripts;
mod streams;
mod telling;
#[cfg(unix)]
mod terminal;
