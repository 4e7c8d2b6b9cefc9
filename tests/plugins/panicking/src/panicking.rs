//! The toy dialect with an initialisation that panics, then panics with a backtrace, then succeeds.

use std::backtrace::Backtrace;
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel::Result;
use aludel::dbapi::Call;
use aludel::dialect::{ConnectArgs, Dialect, DialectInfo};
use aludel_test_toy::{Toy, ToyConnection};

/// The dialect.
pub(crate) struct Panicking;

static TRIES: AtomicUsize = AtomicUsize::new(0);

impl Dialect for Panicking {
    type Connection = ToyConnection;

    const INFO: DialectInfo = DialectInfo::new("panicking", env!("CARGO_PKG_VERSION"));

    fn init() -> Result<()> {
        match TRIES.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("asked to panic"),
            1 => panic!("{}", Backtrace::force_capture()),
            _ => Ok(()),
        }
    }

    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<ToyConnection> {
        Toy::connect(args, call)
    }
}
