//! Every cell once a round, in turning order.

use std::time::Duration;

use crate::args::Args;
use crate::crowd::Measured;
use crate::server::Server;
use crate::{ours, report};

/// What one number of callers did with one size of the pool, round by round.
pub(crate) struct Cell {
    pub(crate) callers: usize,
    pub(crate) pool: u32,
    pub(crate) rounds: Vec<Measured>,
}

/// What one number of callers did with the one client that pipelines, round by round.
pub(crate) struct Peer {
    pub(crate) callers: usize,
    pub(crate) rounds: Vec<Measured>,
}

/// Measures, prints, and writes what is asked for.
///
/// # Errors
/// When no query was answered in a cell, or the file cannot be written.
pub(crate) fn all(server: &Server, args: &Args) -> Result<(), String> {
    if args.test {
        return check(server);
    }
    let sizes = |callers: usize| args.pools.iter().map(move |pool| (callers, *pool));
    let cell = |(callers, pool)| Cell { callers, pool, rounds: Vec::new() };
    let mut cells: Vec<Cell> = args.callers.iter().copied().flat_map(sizes).map(cell).collect();
    let peer = |callers: &usize| Peer { callers: *callers, rounds: Vec::new() };
    let mut peers: Vec<Peer> = args.callers.iter().map(peer).collect();
    for round in 0..args.rounds {
        for cell in in_turn(&mut cells, round) {
            let engine = ours::engine(server, cell.pool);
            let crowd = ours::measure(&engine, cell.callers, args.time);
            cell.rounds.push(Measured::of(&crowd, args.time)?);
        }
        for peer in in_turn(&mut peers, round) {
            pipelined(server, peer, args.time)?;
        }
    }
    report::print(&cells, &peers, args);
    match &args.json {
        Some(path) => report::write(path, &cells, &peers, args),
        None => Ok(()),
    }
}

fn in_turn<T>(all: &mut [T], round: usize) -> Vec<&mut T> {
    let mut turn: Vec<&mut T> = all.iter_mut().collect();
    if round % 2 == 1 {
        turn.reverse();
    }
    turn
}

#[cfg(feature = "peers")]
fn pipelined(server: &Server, peer: &mut Peer, time: Duration) -> Result<(), String> {
    let crowd = crate::pipelined::Pipelined::new(server).measure(peer.callers, time);
    peer.rounds.push(Measured::of(&crowd, time)?);
    Ok(())
}

#[cfg(not(feature = "peers"))]
fn pipelined(_: &Server, _: &mut Peer, _: Duration) -> Result<(), String> {
    Ok(())
}

/// Both sides read the right rows, and the pool has its connections back.
fn check(server: &Server) -> Result<(), String> {
    let time = Duration::from_millis(50);
    let crowd = ours::measure(&ours::engine(server, 2), 4, time);
    Measured::of(&crowd, time)?;
    let mut peer = Peer { callers: 4, rounds: Vec::new() };
    pipelined(server, &mut peer, time)?;
    let both = if peer.rounds.is_empty() { "the pool reads" } else { "both read" };
    println!("concurrent_point: {both} the rows that were asked for");
    Ok(())
}
