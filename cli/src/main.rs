//! The program `aludel <url> [sql]`: runs SQL on the database that a URL names and prints the rows.

#![forbid(unsafe_code)]

mod arguments;
mod cell;
mod console;
mod escape;
mod failure;
mod format;
mod help;
mod json_value;
mod layout;
mod place;
mod result;
mod run;
mod sql;
#[cfg(feature = "static-sqlite")]
mod static_dialects;

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "static-sqlite")]
    static_dialects::register();
    match arguments::parse(std::env::args_os().collect()) {
        Ok(arguments) => run::run(&arguments),
        Err(code) => code,
    }
}
