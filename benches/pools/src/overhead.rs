//! `pool_overhead`: what kinds of our pool and settings add to a checkout and a return.

use crate::contender::{Contender, Setup};
use crate::plan::{Cell, Claim, Column, Limit, Over, Plan, Scale, Unit};
use crate::pools::names;
use crate::server::Failure;
use crate::uncontended::{SLICES, fastest};

const CELL: &str = "1x1";

/// What each may cost, in checkouts and returns of a `QueuePool` as it comes: a third more than was
/// found, or twice as much where that is little.
const CLAIMS: [(&str, f64); 9] = [
    (names::STATIC, 1.3),
    (names::ASSERTION, 1.3),
    (names::RECYCLE, 3.0),
    (names::IDLE_TIMEOUT, 4.0),
    (names::LEAK_THRESHOLD, 4.0),
    (names::HISTOGRAMS, 12.0),
    (names::PRE_PING, 6.0),
    (names::SINGLETON_THREAD, 12.0),
    (names::NULL, 100.0),
];

pub(crate) fn plan(scale: &Scale) -> Plan {
    let cycles = if scale.quick { 1_000 } else { 10_000 };
    let run = move |contender: &Contender| -> Result<Vec<f64>, Failure> {
        Ok(vec![fastest(&*contender.warmed(&Setup::full(1))?, cycles)?])
    };
    let claim = |(of, limit)| Claim {
        cell: CELL,
        of,
        column: "checkout + return",
        over: Over::Named(names::OURS),
        limit: Limit::AtMost(limit),
    };
    Plan {
        about: format!(
            "one thread, one connection, returned at once; the fastest of {SLICES} times {cycles}; \
             connecting, testing and closing take no time of their own"
        ),
        columns: vec![Column::new("checkout + return", Unit::Nanos).compared()],
        cells: vec![Cell::new(CELL, run)],
        claims: CLAIMS.map(claim).to_vec(),
    }
}
