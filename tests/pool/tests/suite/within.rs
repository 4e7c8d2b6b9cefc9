//! Calls that must come back, for tests of what once hung.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Does something in another thread, and fails when that does not come back.
pub(crate) fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    thread::spawn(move || drop(done.send(work())));
    result.recv_timeout(Duration::from_secs(20)).expect("the call comes back")
}
