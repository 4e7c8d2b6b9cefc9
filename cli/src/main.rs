//! The program `aludel`: runs SQL on the database that a URL names, and tells about plugins.

#![forbid(unsafe_code)]

mod answer;
mod arguments;
mod cell;
mod columns;
mod console;
mod echo;
mod escape;
mod failure;
mod fault;
mod format;
mod help;
mod json_value;
mod layout;
mod path;
mod place;
mod result;
mod run;
mod sql;
#[cfg(feature = "static-sqlite")]
mod static_dialects;
mod timing;
mod verb;

use std::process::ExitCode;

use arguments::Request;

fn main() -> ExitCode {
    #[cfg(feature = "static-sqlite")]
    static_dialects::register();
    match arguments::parse(std::env::args_os().collect()) {
        Ok(Request::Sql(arguments)) => run::run(&arguments),
        Ok(Request::Verb(request)) => verb::run(request),
        Err(code) => code,
    }
}
