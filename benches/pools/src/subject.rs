//! A pool whose type is forgotten: every loop that is measured is compiled for that type.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::contender::BenchPool;
use crate::crowd::{self, Crowd, Crowded};
use crate::open_loop::{self, Arrivals};
use crate::outage::{self, Attempt, Callers};
use crate::server::Failure;
use crate::spike;
use crate::waits::Waits;

pub(crate) trait Subject: Send + Sync {
    /// Checks so many connections out at once, and returns them.
    fn warm(&self, connections: usize) -> Result<(), Failure>;

    /// How long so many checkouts and returns take, one after the other.
    fn cycles(&self, times: u32) -> Result<Duration, Failure>;

    /// Threads that check out again and again.
    fn crowd(&self, plan: &Crowd) -> Result<Crowded, Failure>;

    /// Checkouts that begin when they are due.
    fn arrivals(&self, plan: &Arrivals) -> Result<Waits, Failure>;

    /// How long a checkout and a query take each of so many callers that come at once.
    fn at_once(&self, callers: usize) -> Result<Vec<Duration>, Failure>;

    /// Callers that go on whatever fails.
    fn persist(&self, callers: &Callers) -> Vec<Attempt>;
}

impl<P: BenchPool> Subject for P {
    fn warm(&self, connections: usize) -> Result<(), Failure> {
        let mut all = Ok(Vec::new());
        self.in_thread(&mut || {
            all = (0..connections).map(|_| self.checkout()).collect();
            // Returned in here, where a runtime is entered.
            if let Ok(guards) = &mut all {
                guards.clear();
            }
        });
        all.map(drop)
    }

    fn cycles(&self, times: u32) -> Result<Duration, Failure> {
        let mut took = Ok(Duration::ZERO);
        self.in_thread(&mut || {
            let start = Instant::now();
            let done = (0..times).try_for_each(|_| {
                black_box(&self.checkout()?);
                Ok(())
            });
            took = done.map(|()| start.elapsed());
        });
        took
    }

    fn crowd(&self, plan: &Crowd) -> Result<Crowded, Failure> {
        crowd::run(self, plan)
    }

    fn arrivals(&self, plan: &Arrivals) -> Result<Waits, Failure> {
        open_loop::run(self, plan)
    }

    fn at_once(&self, callers: usize) -> Result<Vec<Duration>, Failure> {
        spike::run(self, callers)
    }

    fn persist(&self, callers: &Callers) -> Vec<Attempt> {
        outage::run(self, callers)
    }
}
