//! `pool_contended`: throughput and waits by threads, connections and what is done with them.

use std::thread::available_parallelism;
use std::time::Duration;

use crate::contender::{Contender, Setup};
use crate::crowd::Crowd;
use crate::hold::Hold;
use crate::plan::{Cell, Column, Plan, Scale, Unit};
use crate::server::Failure;

pub(crate) fn plan(scale: &Scale) -> Plan {
    let sizes: &[usize] = if scale.quick { &[1, 5] } else { &[1, 5, 15] };
    let holds: &[Hold] = if scale.quick {
        &[Hold::Nothing, Hold::sleep(200)]
    } else {
        &[Hold::Nothing, Hold::spin(20), Hold::sleep(20), Hold::sleep(200)]
    };
    let time = scale.time(Duration::from_millis(300));
    let mut cells = Vec::new();
    for hold in holds {
        for size in sizes {
            cells.extend(threads(scale).into_iter().map(|threads| {
                let crowd = Crowd { threads, hold: *hold, time, tickets: false };
                cell(*size, crowd)
            }));
        }
    }
    Plan {
        about:
            "threads x connections x what is done with one; a wait with 0us goes from one checkout \
                to the next"
                .into(),
        columns: vec![
            Column::new("rate", Unit::PerSecond).compared(),
            Column::new("p50", Unit::Nanos),
            Column::new("p99", Unit::Nanos),
            Column::new("p99.9", Unit::Nanos).compared(),
            Column::new("max", Unit::Nanos),
            Column::new("luckiest/unluckiest", Unit::Times),
        ],
        cells,
        claims: Vec::new(),
    }
}

/// 1 to 64, and as many as there are processors.
fn threads(scale: &Scale) -> Vec<usize> {
    let mut threads = if scale.quick { vec![1, 16] } else { vec![1, 2, 4, 8, 16, 64] };
    threads.extend(available_parallelism().map(usize::from));
    threads.sort_unstable();
    threads.dedup();
    threads
}

fn cell(size: usize, crowd: Crowd) -> Cell {
    let run = move |contender: &Contender| -> Result<Vec<f64>, Failure> {
        let crowded = contender.warmed(&Setup::full(size))?.crowd(&crowd)?;
        let waits = [0.5, 0.99, 0.999].map(|share| crowded.waits.quantile(share));
        let [p50, p99, p999] = waits;
        Ok(vec![crowded.rate(), p50, p99, p999, crowded.waits.max(), crowded.inequality()])
    };
    Cell::new(format!("{}x{size}x{}", crowd.threads, crowd.hold), run)
}
