//! `pool_uncontended`: what a checkout and a return cost one thread that nobody disturbs.

use crate::contender::{Contender, Setup};
use crate::plan::{Cell, Claim, Column, Limit, Over, Plan, Scale, Unit};
use crate::pools::names;
use crate::server::Failure;
use crate::subject::Subject;

const CONNECTIONS: usize = 5;

/// Measurements of a round; the fastest counts, since other programs only ever add.
pub(crate) const SLICES: u32 = 20;

const CELL: &str = "1x5";

/// Nanoseconds of one checkout and return, where they were the fewest.
pub(crate) fn fastest(pool: &dyn Subject, cycles: u32) -> Result<f64, Failure> {
    let mut fastest = f64::INFINITY;
    for _ in 0..SLICES {
        let took = pool.cycles(cycles)?.as_nanos() as f64 / f64::from(cycles);
        fastest = fastest.min(took);
    }
    Ok(fastest)
}

pub(crate) fn plan(scale: &Scale) -> Plan {
    let cycles = if scale.quick { 1_000 } else { 20_000 };
    let run = move |contender: &Contender| -> Result<Vec<f64>, Failure> {
        Ok(vec![fastest(&*contender.warmed(&Setup::full(CONNECTIONS))?, cycles)?])
    };
    let claim = |over, limit| Claim {
        cell: CELL,
        of: names::OURS,
        column: "checkout + return",
        over: Over::Named(over),
        limit: Limit::AtMost(limit),
    };
    Plan {
        about: format!(
            "one thread, {CONNECTIONS} idle connections, returned at once; the fastest of {SLICES} \
             times {cycles}; `{}` is one load and one exchange each way on a line of its own, without \
             a pool",
            names::FLOOR
        ),
        columns: vec![Column::new("checkout + return", Unit::Nanos).compared()],
        cells: vec![Cell::new(CELL, run)],
        claims: vec![
            claim(names::FLOOR, 1.3),
            claim(names::R2D2, 0.25),
            claim(names::DEADPOOL, 0.25),
            claim(names::BB8, 0.25),
        ],
    }
}
