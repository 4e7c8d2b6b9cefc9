//! Snapshots as people read them.

use std::fmt;
use std::time::Duration;

use super::histogram::Timing;
use super::status::PoolSnapshot;

/// A few lines: what there is now, what happened, how long it took, who has the connections.
///
/// ```text
/// pool: 2 in use, 3 idle, 0 connecting, 0 closing, 1 waiting for 0.2 s
/// counters: checkouts 812, waited 3, handoffs 3, connects 5
/// wait: 812 times, p50 0.000 ms, p90 0.000 ms, p99 2.112 ms, p99.9 3.840 ms, max 3.901 ms
/// held by thread `main`, checked out at src/main.rs:10:22 0.3 s ago
/// ```
impl fmt::Display for PoolSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PoolSnapshot { in_use, idle, connecting, closing, waiting, .. } = self;
        write!(f, "pool: {in_use} in use, {idle} idle, {connecting} connecting, ")?;
        write!(f, "{closing} closing, {waiting} waiting")?;
        if let Some(oldest) = self.oldest_wait {
            write!(f, " for {:.1} s", oldest.as_secs_f64())?;
        }
        if let Some(down) = self.down {
            write!(f, ", the database is down for {:.1} s", down.lasts.as_secs_f64())?;
        }
        if self.closed {
            f.write_str(", closed")?;
        }
        f.write_str("\ncounters:")?;
        let happened = self.counters.iter().filter(|(_, count)| *count > 0);
        for (index, (name, count)) in happened.enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma} {name} {count}")?;
        }
        if let Some(timings) = &self.timings {
            for (name, timing) in timings.iter().filter(|(_, timing)| timing.count > 0) {
                write!(f, "\n{name}: {timing}")?;
            }
        }
        for holder in &self.holders {
            write!(f, "\nheld by {holder}")?;
        }
        if let Some((text, ago)) = &self.last_connect_error {
            write!(f, "\nlast connect error, {:.1} s ago: {text}", ago.as_secs_f64())?;
        }
        Ok(())
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let Timing { count, p50, p90, p99, p999, max, .. } = *self;
        write!(f, "{count} times, p50 {:.3} ms, p90 {:.3} ms, ", ms(p50), ms(p90))?;
        write!(f, "p99 {:.3} ms, p99.9 {:.3} ms, max {:.3} ms", ms(p99), ms(p999), ms(max))
    }
}
