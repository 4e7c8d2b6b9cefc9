//! From a verb to its answer.

use std::process::ExitCode;

use aludel::plugin::Search;

use super::{doctor, info, install, plugins, verify, which};
use crate::answer::print;
use crate::arguments::{Verb, VerbRequest};

/// Does what a verb asks, prints the answer and tells the exit code.
pub(crate) fn run(request: VerbRequest) -> ExitCode {
    let VerbRequest { verb, json, policy } = request;
    let search = Search::new();
    let answer = match verb {
        Verb::Plugins => plugins::answer(&search, &policy),
        Verb::Install { file, destination } => {
            install::answer(&file, &destination, &search, &policy)
        }
        Verb::Info(subject) => info::answer(&subject, &search),
        Verb::Which(url) => which::answer(&url, &search),
        Verb::Verify(subject) => verify::answer(&subject, &search, &policy),
        Verb::Doctor => doctor::answer(&search, &policy),
    };
    print(answer, json)
}
