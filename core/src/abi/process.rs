//! What the operating system says of this process.

/// True when the process runs with more rights than the user who started it: setuid, setgid or
/// file capabilities.
#[cfg(target_os = "linux")]
pub(crate) fn is_privileged() -> bool {
    // SAFETY: reads the auxiliary vector; an unknown key gives 0.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// True when the process runs with more rights than the user who started it: setuid or setgid.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn is_privileged() -> bool {
    // SAFETY: these calls have no arguments and cannot fail.
    unsafe { libc::geteuid() != libc::getuid() || libc::getegid() != libc::getgid() }
}

/// False: there is no such thing here.
#[cfg(not(unix))]
pub(crate) fn is_privileged() -> bool {
    false
}

/// The version of glibc that this process runs with.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn glibc_version() -> Option<&'static str> {
    // SAFETY: returns a static text that ends in NUL, or by no documentation null.
    let version = std::ptr::NonNull::new(unsafe { libc::gnu_get_libc_version() }.cast_mut())?;
    // SAFETY: a static text that ends in NUL.
    unsafe { std::ffi::CStr::from_ptr(version.as_ptr()) }.to_str().ok()
}

/// None: this process runs with another C library.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn glibc_version() -> Option<&'static str> {
    None
}
