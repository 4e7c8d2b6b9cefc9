//! The project's own commands, one file a verb; this file only dispatches.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program owns its streams")]

mod asan;
mod bench;
mod deny;
mod dist;
mod flags;
mod fuzz;
mod header;
mod leaks;
mod probe;
mod services;
mod steps;
mod teed;
mod test;
mod tested;
mod tidy;

use flags::Verb;
use std::process::ExitCode;
use steps::Steps;

fn main() -> ExitCode {
    let verb = match flags::parse(std::env::args().skip(1)) {
        Ok(verb) => verb,
        Err(message) => {
            eprintln!("xtask: {message}\n\n{}", flags::HELP);
            return ExitCode::from(2);
        }
    };
    let mut steps = Steps::new();
    match verb {
        Verb::Help => {
            println!("{}", flags::HELP);
            return ExitCode::SUCCESS;
        }
        Verb::Services(args) => return services::run(steps.root(), &args),
        Verb::Test if !teed::is_inner() => return teed::run(steps.root()),
        Verb::Test => test::run(&mut steps),
        Verb::Tidy => tidy::run(&mut steps),
        Verb::Header => header::run(&mut steps),
        Verb::Deny => deny::run(&mut steps),
        Verb::Asan => asan::run(&mut steps),
        Verb::Dist { profile } => dist::run(&mut steps, &profile),
        Verb::Fuzz { target, seconds } => fuzz::run(&mut steps, target.as_deref(), seconds),
        Verb::Bench { name, args } => bench::run(&mut steps, name.as_deref(), &args),
    }
    steps.finish()
}
