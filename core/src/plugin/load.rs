//! The third phase: opening a verified file, comparing it with what was verified, initialising it.
//!
//! The only file of the loader that meets foreign code. A library that was opened stays open, also
//! when it is refused: nothing can tell whether it left pointers to itself behind.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use super::check::needs;
use super::file::identity::Stamp;
use super::file::kept::Before;
use super::file::{kept, note, note_json};
use super::{Level, Verified, error, host_log};
use crate::abi::constants::status;
use crate::abi::host::DriverDialect;
use crate::abi::host::errors::ErrorBuffer;
use crate::abi::tables::{Descriptor, DialectVt, MAGIC, descriptor_flag};
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::dialect::DialectInfo;
use crate::error::Result;

/// A loaded plugin. Lives until the process ends.
#[derive(Debug)]
pub struct Plugin {
    path: PathBuf,
    level: Level,
    dialect: DriverDialect,
}

impl Plugin {
    /// The file, with links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it was found.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What the dialect says of itself.
    pub fn info(&self) -> &'static DialectInfo {
        self.dialect.info()
    }

    /// The dialect, ready to connect.
    pub fn dialect(&self) -> DriverDialect {
        self.dialect
    }
}

/// Opens a verified file, which runs its constructors.
///
/// # Errors
/// `CHANGED`, `CANNOT_LOAD`, `GLIBC_TOO_OLD`.
pub(super) fn open(verified: &Verified) -> Result<Library> {
    // Before: the code of another file is not run. After: nor was it put in place meanwhile.
    let way = Way::of(verified);
    let before = kept::before(&verified.stamp, way.path(verified));
    if before == Before::Changed {
        return Err(error::changed_since_loaded(&verified.path));
    }
    check_unchanged(verified, &way)?;
    let library = Library::open(verified, &way, before)?;
    check_unchanged(verified, &way)?;
    match &verified.sum {
        Some(sum) if verified.sha256()? != *sum => Err(error::changed(&verified.path)),
        _ => Ok(library),
    }
}

/// Compares an open library with what was verified, and initialises it.
///
/// # Errors
/// `NOT_A_PLUGIN`, `MISMATCH`, `ABI_MISMATCH`, `INIT_FAILED`.
pub(super) fn start(library: &Library, verified: &Verified) -> Result<Plugin> {
    let descriptor = library.descriptor(verified)?;
    check_descriptor(descriptor, verified)?;
    #[cfg(feature = "abi-witness")]
    library.check_witness(verified)?;
    let table = table(descriptor, verified)?;
    initialise(descriptor, verified)?;
    let info = note_json::leak(&verified.note);
    let info = info.map_err(|why| error::not_a_plugin(&verified.path, why))?;
    // SAFETY: the descriptor vouches for the table and the ABI that it follows, and the library is
    // never unloaded.
    let dialect = unsafe { DriverDialect::new(table, info) };
    Ok(Plugin { path: verified.path.clone(), level: verified.level, dialect })
}

/// Whether the open file is as it was when it was verified, and the path still leads to it where
/// the loader is given the path.
fn check_unchanged(verified: &Verified, way: &Way) -> Result<()> {
    let path = &verified.path;
    let opened = verified.file.metadata().map(|metadata| Stamp::new(path, &metadata));
    let named = match way {
        Way::Descriptor(_) => None,
        Way::Path => Some(Stamp::of(path)),
    };
    let is_same =
        |now: std::io::Result<Stamp>| now.is_ok_and(|now| verified.stamp.is_unwritten(&now));
    match is_same(opened) && named.is_none_or(is_same) {
        true => Ok(()),
        false => Err(error::changed(path)),
    }
}

/// How the system's loader is told which file to load.
enum Way {
    /// Through the open file: whatever its name leads to meanwhile, what was verified is loaded.
    Descriptor(PathBuf),
    /// By its path, which is compared before and after.
    Path,
}

impl Way {
    fn of(verified: &Verified) -> Way {
        match descriptor_path(&verified.file) {
            // The loader looks for a plugin's own neighbours beside the name that it is given.
            Some(path) if !verified.needs_neighbours && leads_to(&path, verified) => {
                Way::Descriptor(path)
            }
            _ => Way::Path,
        }
    }

    /// The path, where the loader is given it.
    fn path<'v>(&self, verified: &'v Verified) -> Option<&'v Path> {
        matches!(self, Way::Path).then_some(verified.path.as_path())
    }
}

/// The name of an open file below this thread, which no other thread has: the loader takes a name
/// that it knows for the library that it knows.
#[cfg(target_os = "linux")]
fn descriptor_path(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    let thread = std::fs::read_link("/proc/thread-self").ok()?;
    Some(Path::new("/proc").join(thread).join("fd").join(file.as_raw_fd().to_string()))
}

#[cfg(not(target_os = "linux"))]
fn descriptor_path(_: &File) -> Option<PathBuf> {
    None
}

/// True when this name leads to the verified file; it does not where `/proc` is something else.
fn leads_to(path: &Path, verified: &Verified) -> bool {
    Stamp::of(path).is_ok_and(|stamp| stamp.id() == verified.stamp.id())
}

#[cfg(unix)]
type SystemLibrary = libloading::os::unix::Library;
#[cfg(windows)]
type SystemLibrary = libloading::os::windows::Library;

/// An open library; never closed.
pub(super) struct Library(ManuallyDrop<SystemLibrary>);

impl Library {
    fn open(verified: &Verified, way: &Way, before: Before) -> Result<Library> {
        let path = match way {
            Way::Descriptor(path) => path,
            Way::Path => &verified.path,
        };
        // SAFETY: the file passed the checks that keep the loader itself from crashing. That its
        // constructors behave is what loading a plugin means: it runs with the rights of the
        // program. It is never unloaded.
        let opened = unsafe { open_library(path) };
        let library = opened.map_err(|fault| {
            let reason =
                std::error::Error::source(&fault).map_or(fault.to_string(), ToString::to_string);
            let (said, meant) = (path.display().to_string(), verified.path.display().to_string());
            needs::explain(&verified.path, &verified.head, &reason.replace(&said, &meant))
        })?;
        kept::keep(&verified.path, &verified.stamp, &verified.file);
        let library = match (way, before) {
            (Way::Descriptor(_), Before::Unknown) => rename(library, &verified.path),
            _ => library,
        };
        Ok(Library(ManuallyDrop::new(library)))
    }

    /// The address of a symbol, where the library exports it.
    fn symbol<T>(&self, name: &str) -> Option<NonNull<T>> {
        // SAFETY: the symbol is taken as an address of which nothing is read here.
        let symbol = unsafe { self.0.get::<*mut T>(name) }.ok()?;
        NonNull::new(*symbol)
    }

    fn descriptor(&self, verified: &Verified) -> Result<&'static Descriptor> {
        let refuse = |why| Err(error::not_a_plugin(&verified.path, why));
        let Some(symbol) = self.symbol::<Descriptor>("ALUDEL_PLUGIN\0") else {
            return refuse("no symbol ALUDEL_PLUGIN");
        };
        if !symbol.is_aligned() {
            return refuse("its descriptor is not aligned");
        }
        // SAFETY: a plugin, as its note says it is, exports a descriptor here, which begins with
        // magic and size in every version; neither is read as more than bytes.
        let (magic, size) = unsafe {
            let descriptor = symbol.as_ptr();
            ((&raw const (*descriptor).magic).read(), (&raw const (*descriptor).size).read())
        };
        if magic != MAGIC {
            return refuse("its descriptor does not begin with the magic bytes");
        }
        if (size as usize) < size_of::<Descriptor>() {
            return refuse("its descriptor is too short");
        }
        // SAFETY: the magic and size say that the whole struct is there; it is a static of a
        // library that stays loaded, and nobody writes to it.
        Ok(unsafe { symbol.as_ref() })
    }

    #[cfg(feature = "abi-witness")]
    fn check_witness(&self, verified: &Verified) -> Result<()> {
        use crate::abi::witness;
        let Some(symbol) = self.symbol::<std::ffi::c_void>(witness::SYMBOL) else {
            return Ok(());
        };
        // SAFETY: the library exports abi_stable's header under this name and stays loaded.
        let verdict = unsafe { witness::check(symbol.as_ptr()) };
        verdict.map_err(|difference| {
            let (name, version) = (&verified.head.name, &verified.head.version);
            let message = format!(
                "dialect `{name}` {version} was built with other structs of aludel ABI \
                 {ABI_MAJOR}.{ABI_MINOR}: {difference}"
            );
            error::abi_mismatch(&verified.path, message)
        })
    }
}

/// Opens a library with all symbols bound at once, so that a missing one is an error now and not a
/// crash later, and with its symbols kept to itself.
///
/// # Safety
/// Runs the library's constructors.
unsafe fn open_library(path: &Path) -> std::result::Result<SystemLibrary, libloading::Error> {
    #[cfg(unix)]
    // SAFETY: passed on to the caller.
    unsafe {
        use libloading::os::unix::{RTLD_LOCAL, RTLD_NOW};
        // Libraries are never closed, with or without the flag.
        #[cfg(any(target_os = "linux", target_vendor = "apple", target_os = "freebsd"))]
        let flags = RTLD_NOW | RTLD_LOCAL | libc::RTLD_NODELETE;
        #[cfg(not(any(target_os = "linux", target_vendor = "apple", target_os = "freebsd")))]
        let flags = RTLD_NOW | RTLD_LOCAL;
        SystemLibrary::open(Some(path), flags)
    }
    #[cfg(windows)]
    // SAFETY: passed on to the caller.
    unsafe {
        SystemLibrary::new(path)
    }
}

/// Tells the loader the file's real name, which backtraces, profilers and sanitizers look up.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn rename(library: SystemLibrary, path: &Path) -> SystemLibrary {
    use std::ffi::{CString, c_char, c_void};
    use std::os::unix::ffi::OsStrExt;
    use std::sync::atomic::{AtomicPtr, Ordering};

    /// The beginning of `struct link_map` of <link.h>.
    #[repr(C)]
    struct LinkMap {
        address: usize,
        name: AtomicPtr<c_char>,
    }
    let handle = library.into_raw();
    let mut map: *mut LinkMap = std::ptr::null_mut();
    // SAFETY: the handle is that of an open library, and the call writes one pointer.
    let answer =
        unsafe { libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast::<c_void>()) };
    if let (0, Ok(name), false) = (answer, CString::new(path.as_os_str().as_bytes()), map.is_null())
    {
        // SAFETY: the struct lives as long as the library, for ever, and so does the new name; the
        // old one is left alone. Readers on other threads see one of the two.
        unsafe { (*map).name.store(name.into_raw(), Ordering::Release) };
    }
    // SAFETY: the handle that was taken out above.
    unsafe { SystemLibrary::from_raw(handle) }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn rename(library: SystemLibrary, _: &Path) -> SystemLibrary {
    library
}

/// Compares the descriptor with this program and with the note that was verified.
fn check_descriptor(descriptor: &'static Descriptor, verified: &Verified) -> Result<()> {
    let abi = (descriptor.abi_major, descriptor.abi_minor);
    // SAFETY: the note is a static of the library, which stays loaded.
    let text = note::without_end(unsafe { descriptor.note.bytes() });
    let contradiction = [
        (abi != (ABI_MAJOR, ABI_MINOR), "ABI version"),
        (descriptor.layout_hash != LAYOUT_HASH, "layout of the ABI"),
        (descriptor.flags & descriptor_flag::PANIC_UNWIND == 0, "panic strategy"),
        (text != verified.note, "text"),
    ];
    match contradiction.into_iter().find(|(is_found, _)| *is_found) {
        None => Ok(()),
        Some((_, what)) => {
            let name = &verified.head.name;
            let message = format!("descriptor and note of dialect `{name}` differ in their {what}");
            Err(error::mismatch(&verified.path, message))
        }
    }
}

/// The dialect's table; a plugin's may be shorter than ours, so that its address is all there is.
fn table(descriptor: &Descriptor, verified: &Verified) -> Result<*const DialectVt> {
    let table = descriptor.dialect;
    let is_table = !table.is_null()
        && table.is_aligned()
        // SAFETY: a table begins with its size, in every version.
        && unsafe { (&raw const (*table).size).read() } >= size_of::<usize>();
    match is_table {
        true => Ok(table),
        false => {
            Err(error::not_a_plugin(&verified.path, "its descriptor has no table of functions"))
        }
    }
}

fn initialise(descriptor: &Descriptor, verified: &Verified) -> Result<()> {
    let Some(init) = descriptor.init else { return Ok(()) };
    let mut buffer = ErrorBuffer::new();
    let mut out = buffer.out();
    // SAFETY: the host's table is a static, and `out` with its buffer lives for the call.
    let answer = unsafe { init(&raw const host_log::HOST, &raw mut out) };
    if answer == status::OK {
        return Ok(());
    }
    let name = &verified.head.name;
    Err(error::init_failed(Some(&verified.path), name, buffer.read(&out, name)))
}
