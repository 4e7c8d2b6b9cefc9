//! `pool_fairness`: who is overtaken, how long the unluckiest waits, and what order costs.
//!
//! A caller draws a ticket before it asks, and a number when it has the connection. Between the
//! ticket and the pool's own queue a thread may be put aside by the scheduler; an overtake or two of a
//! pool that is in strict order are such.

use std::time::Duration;

use crate::contender::{Contender, Setup};
use crate::crowd::Crowd;
use crate::hold::Hold;
use crate::overtakes::Overtakes;
use crate::plan::{Cell, Claim, Column, Limit, Over, Plan, Scale, Unit};
use crate::pools::names;
use crate::server::Failure;

/// Threads, connections, hold.
const CELLS: [(usize, usize, Hold); 3] =
    [(16, 1, Hold::spin(20)), (64, 5, Hold::sleep(200)), (16, 1, Hold::Nothing)];

pub(crate) fn plan(scale: &Scale) -> Plan {
    let time = scale.time(Duration::from_millis(500));
    let cell = |(threads, size, hold)| {
        let crowd = Crowd { threads, hold, time, tickets: true };
        Cell::new(format!("{threads}x{size}x{hold}"), move |contender| row(contender, size, &crowd))
    };
    let claim = |cell, column, over, limit| Claim { cell, of: names::OURS, column, over, limit };
    Plan {
        about: "threads x connections x what is done with one; tickets drawn on arrival".into(),
        columns: vec![
            Column::new("rate", Unit::PerSecond).compared(),
            Column::new("overtaken", Unit::Percent),
            Column::new("worst overtakes", Unit::Count),
            Column::new("p50", Unit::Nanos),
            Column::new("p99.9", Unit::Nanos).compared(),
            Column::new("max", Unit::Nanos).compared(),
            Column::new("luckiest/unluckiest", Unit::Times),
        ],
        cells: CELLS.into_iter().map(cell).collect(),
        claims: vec![
            claim("16x1xspin20us", "worst overtakes", Over::Nothing, Limit::AtMost(0.0)),
            claim("64x5xsleep200us", "rate", Over::BestPeer, Limit::AtLeast(0.95)),
            claim("64x5xsleep200us", "p99.9", Over::Named(names::R2D2), Limit::AtMost(0.2)),
        ],
    }
}

fn row(contender: &Contender, size: usize, crowd: &Crowd) -> Result<Vec<f64>, Failure> {
    let mut crowded = contender.warmed(&Setup::full(size))?.crowd(crowd)?;
    let served = std::mem::take(&mut crowded.served);
    let all = served.len() as f64;
    let overtakes = Overtakes::of(served, size);
    Ok(vec![
        crowded.rate(),
        100.0 * overtakes.overtaken as f64 / all,
        overtakes.worst as f64,
        crowded.waits.quantile(0.5),
        crowded.waits.quantile(0.999),
        crowded.waits.max(),
        crowded.inequality(),
    ])
}
