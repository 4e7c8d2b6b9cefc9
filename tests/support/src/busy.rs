//! Loops that keep every core busy while a test runs.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// One spinning thread for each core, until this is dropped.
#[derive(Debug)]
pub struct Busy {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Busy {
    /// Starts the loops.
    ///
    /// # Panics
    /// When the system gives no thread.
    pub fn everywhere() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = (0..cores).map(|_| {
            let stop = Arc::clone(&stop);
            let spin = move || {
                while !stop.load(Ordering::Relaxed) {
                    spin_loop();
                }
            };
            thread::Builder::new().name("busy".into()).spawn(spin).expect("a thread starts")
        });
        Self { threads: threads.collect(), stop }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A loop that spins cannot panic.
            let _ = thread.join();
        }
    }
}

/// Runs a test twice: alone, and beside loops on every core.
pub fn quiet_and_busy(test: impl Fn()) {
    test();
    let _busy = Busy::everywhere();
    test();
}
