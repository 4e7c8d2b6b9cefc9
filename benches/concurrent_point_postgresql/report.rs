//! What was measured, for people and for programs.

use std::path::Path;

use aludel_benches::{Spread, spread};
use serde_json::{Value, json};

use crate::args::Args;
use crate::crowd::Measured;
use crate::run::{Cell, Peer};

/// Our rate, divided by the other's of the same round.
fn ratio(cell: &Cell, peers: &[Peer]) -> Option<Spread> {
    let peer = peers.iter().find(|peer| peer.callers == cell.callers)?;
    let both = cell.rounds.iter().zip(&peer.rounds);
    let ratios: Vec<f64> = both.map(|(ours, theirs)| ours.rate / theirs.rate).collect();
    (!ratios.is_empty()).then(|| spread(&ratios))
}

/// Prints the medians of every cell.
pub(crate) fn print(cells: &[Cell], peers: &[Peer], args: &Args) {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\nconcurrent_point: select of one row of 10,000 by primary key; medians of {} rounds of {:?}, \
         {processors} processors",
        args.rounds, args.time
    );
    println!("  pool: engine with the loaded plugin, a thread a caller, a checkout a query");
    println!("  client: one tokio-postgres connection that all share, a task a caller\n");
    println!(
        "  {:>7}  {:>6}  {:>8}  {:>9}  {:>9}   ÷ client",
        "callers", "", "queries/s", "p50", "p99"
    );
    for peer in peers {
        let line = |what: &str, rounds: &[Measured], ratio: String| {
            let Measured { rate, p50, p99 } = Measured::median(rounds);
            let [p50, p99] = [p50, p99].map(|seconds| format!("{:.3} ms", seconds * 1e3));
            println!("  {:>7}  {what:>7}  {rate:>8.0}  {p50:>9}  {p99:>9}   {ratio}", peer.callers);
        };
        for cell in cells.iter().filter(|cell| cell.callers == peer.callers) {
            let shown = ratio(cell, peers).map_or(String::new(), |ratio| {
                format!("{:.2} ({:.2}–{:.2})", ratio.median, ratio.lower, ratio.upper)
            });
            line(&format!("pool {}", cell.pool), &cell.rounds, shown);
        }
        if !peer.rounds.is_empty() {
            line("client", &peer.rounds, String::new());
        }
    }
}

/// Writes every number of every round; times are in seconds.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(
    path: &Path,
    cells: &[Cell],
    peers: &[Peer],
    args: &Args,
) -> Result<(), String> {
    let rounds = |rounds: &[Measured]| -> Vec<Value> {
        let one = |one: &Measured| json!({ "rate": one.rate, "p50": one.p50, "p99": one.p99 });
        rounds.iter().map(one).collect()
    };
    let cell = |cell: &Cell| {
        json!({
            "callers": cell.callers,
            "pool": cell.pool,
            "rounds": rounds(&cell.rounds),
            "rate_to_client": ratio(cell, peers).map(|ratio| ratio.median),
        })
    };
    let peer = |peer: &Peer| json!({ "callers": peer.callers, "rounds": rounds(&peer.rounds) });
    let document = json!({
        "bench": "concurrent_point",
        "seconds": args.time.as_secs_f64(),
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "pool": cells.iter().map(cell).collect::<Vec<_>>(),
        "client": peers.iter().map(peer).collect::<Vec<_>>(),
    });
    let written = std::fs::write(path, format!("{document:#}\n"));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
