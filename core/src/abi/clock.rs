//! The system's monotonic clock in nanoseconds: the one that host and plugins share.

/// Nanoseconds of the system's monotonic clock, the same in every library of the process.
#[cfg(unix)]
pub(crate) fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid, and the clock exists on every Unix that Rust runs on.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// As [`monotonic_ns`] at a fifth of the price, and up to 10 ms late: the time of the last tick.
#[cfg(all(feature = "engine", any(target_os = "linux", target_os = "android")))]
pub(crate) fn coarse_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid, and every Linux that Rust runs on has the clock.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// As [`monotonic_ns`]: there is no cheaper clock here.
#[cfg(all(feature = "engine", not(any(target_os = "linux", target_os = "android"))))]
pub(crate) fn coarse_ns() -> u64 {
    monotonic_ns()
}

/// Nanoseconds since the first call in this library: enough for dialects linked into the program.
#[cfg(not(unix))]
pub(crate) fn monotonic_ns() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64 + 1
}
