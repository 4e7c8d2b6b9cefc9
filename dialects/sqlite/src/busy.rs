//! The functions that SQLite calls while it works or waits.

use std::ffi::{c_int, c_void};
use std::panic::catch_unwind;

use rusqlite::ffi;

use crate::control::Control;
use crate::handle::Handle;

/// Virtual machine steps between two questions whether to go on: some ten microseconds.
const STEPS: c_int = 1000;

/// Lets [`Control`] decide how long to wait for locks.
///
/// # Safety
/// `control` lives as long as the connection, zombies included.
pub(crate) unsafe fn install_busy_handler(db: Handle, control: &Control) {
    // SAFETY: live handle; the handler gets the pointer that it expects.
    unsafe { ffi::sqlite3_busy_handler(db.raw(), Some(on_busy), pointer(control)) };
}

/// Lets [`Control`] stop statements.
///
/// # Safety
/// As for [`install_busy_handler`].
pub(crate) unsafe fn install_progress_handler(db: Handle, control: &Control) {
    // SAFETY: as above.
    unsafe { ffi::sqlite3_progress_handler(db.raw(), STEPS, Some(on_progress), pointer(control)) };
}

fn pointer(control: &Control) -> *mut c_void {
    (&raw const *control).cast_mut().cast()
}

unsafe extern "C" fn on_busy(control: *mut c_void, attempts: c_int) -> c_int {
    // SAFETY: the pointer was made of a `&Control` that still lives, and everything in it is atomic.
    let control = unsafe { &*control.cast::<Control>() };
    let goes_on = control.wait_for_lock(attempts.unsigned_abs());
    if goes_on && attempts == 0 {
        tell_of_wait();
    }
    c_int::from(goes_on)
}

/// A subscriber that panics does not unwind through SQLite.
#[cold]
fn tell_of_wait() {
    let told = catch_unwind(|| tracing::debug!("waiting for a lock of another connection"));
    // What was thrown may panic again when it is dropped.
    told.unwrap_or_else(std::mem::forget);
}

unsafe extern "C" fn on_progress(control: *mut c_void) -> c_int {
    // SAFETY: as for `on_busy`.
    let control = unsafe { &*control.cast::<Control>() };
    c_int::from(control.stop().is_some())
}
