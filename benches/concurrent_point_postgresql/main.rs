//! Point selects of many callers at once: a pool of connections beside one connection with pipelining.
//!
//! Threads take a connection of an engine with the loaded plugin, select by primary key, and give it
//! back; the other side is one tokio-postgres client that as many tasks share, whose queries go to the
//! server one behind the other without waiting for answers. The server is the one that the variables
//! `ALUDEL_PG_…` name.

#![forbid(unsafe_code)]

mod args;
mod crowd;
mod ours;
#[cfg(feature = "peers")]
mod pipelined;
mod report;
mod run;
mod server;

use std::process::ExitCode;

use args::Args;
use server::Server;

fn main() -> ExitCode {
    let args = Args::parse();
    let Some(server) = Server::from_environment() else {
        println!(
            "concurrent_point: skipped, no server; `cargo xtask bench concurrent_point_postgresql` \
             has one"
        );
        return ExitCode::SUCCESS;
    };
    server.fill();
    let done = run::all(&server, &args);
    server.clean();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("concurrent_point: {message}");
            ExitCode::FAILURE
        }
    }
}
