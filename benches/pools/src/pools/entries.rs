//! Which contenders take part in which benchmark.

use super::monitor::Std;
use super::{aludel, floor, naive};
use crate::bench::Bench;
use crate::contender::Contender;

/// The contenders of a benchmark: ours first.
pub(crate) fn of(bench: Bench) -> Vec<Contender> {
    let mut all = aludel::contenders(bench);
    if bench == Bench::Overhead {
        return all;
    }
    all.push(naive::contender::<Std<naive::State>>("naive std", "std Mutex<Vec> and Condvar"));
    all.extend(peers());
    all.extend((bench == Bench::Uncontended).then(floor::contender));
    all
}

#[cfg(feature = "peers")]
fn peers() -> Vec<Contender> {
    use super::{bb8, deadpool, monitor::ParkingLot, r2d2};

    let lock = "parking_lot Mutex<Vec> and Condvar";
    vec![
        naive::contender::<ParkingLot<naive::State>>("naive parking_lot", lock),
        r2d2::contender(),
        bb8::contender(),
        deadpool::contender(),
    ]
}

#[cfg(not(feature = "peers"))]
fn peers() -> Vec<Contender> {
    Vec::new()
}
