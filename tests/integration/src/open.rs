//! Opening a plugin file as a host does, without the loader in between.

use std::path::{Path, PathBuf};

use aludel::abi::constants::status;
use aludel::abi::host::DriverDialect;
use aludel::abi::tables::{Descriptor, HostVt, MAGIC};
use aludel::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use aludel::dialect::DialectInfo;

/// A plugin that stays loaded.
#[derive(Clone, Copy)]
pub struct Opened {
    descriptor: &'static Descriptor,
}

impl Opened {
    /// Opens a file. A file with another path or inode is a plugin of its own, with its own statics.
    ///
    /// # Panics
    /// When it is no plugin of this version.
    pub fn file(path: &Path) -> Self {
        // SAFETY: a plugin that this build made; its initialisers are the standard library's.
        let library = unsafe { libloading::Library::new(path) };
        let library = library.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // SAFETY: the symbol is a `Descriptor` by the rules of the ABI.
        let symbol = unsafe { library.get::<*const Descriptor>(b"ALUDEL_PLUGIN\0") };
        let descriptor: *const Descriptor = *symbol.expect("a plugin exports a descriptor");
        // Never unloaded: threads and statics of the plugin live as long as the process.
        std::mem::forget(library);
        // SAFETY: a static of the plugin, which is never unloaded.
        let descriptor = unsafe { &*descriptor };
        assert_eq!(descriptor.magic, MAGIC);
        assert_eq!((descriptor.abi_major, descriptor.abi_minor), (ABI_MAJOR, ABI_MINOR));
        assert_eq!(descriptor.layout_hash, LAYOUT_HASH);
        Opened { descriptor }
    }

    /// Calls `init` with a host's table and returns its status.
    ///
    /// # Panics
    /// When the plugin has no `init`.
    pub fn init(&self, host: &'static HostVt) -> i32 {
        let init = self.descriptor.init.expect("the plugin has an init");
        // SAFETY: the table lives for ever; an error may be null.
        unsafe { init(host, std::ptr::null_mut()) }
    }

    /// Calls `init` with a host's table of any size.
    ///
    /// # Safety
    /// As many bytes as `size` says can be read, for ever, and follow the ABI.
    pub unsafe fn init_raw(&self, host: *const HostVt) -> i32 {
        let init = self.descriptor.init.expect("the plugin has an init");
        // SAFETY: passed on to the caller; an error may be null.
        unsafe { init(host, std::ptr::null_mut()) }
    }

    /// The dialect, initialised for a host that does not listen.
    ///
    /// # Panics
    /// When `init` fails.
    pub fn dialect(&self, info: &'static DialectInfo) -> DriverDialect {
        assert_eq!(self.init(&DEAF), status::OK);
        self.table(info)
    }

    /// The dialect without a call of `init`.
    pub fn table(&self, info: &'static DialectInfo) -> DriverDialect {
        // SAFETY: the descriptor's table follows the ABI, and the plugin is never unloaded.
        unsafe { DriverDialect::new(self.descriptor.dialect, info) }
    }
}

/// A host that does not listen to logs.
pub static DEAF: HostVt =
    HostVt { size: size_of::<HostVt>(), context: std::ptr::null_mut(), log: None, max_level: None };

/// The plugin file that cargo built for a package of this workspace, from its library name.
///
/// # Panics
/// When it is not there.
pub fn built(library: &str) -> PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let deps = program.parent().expect("a program lies in a directory");
    let file = format!("{}{library}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let path = deps.join(file);
    assert!(path.is_file(), "cargo has built {} as a dependency", path.display());
    path
}

/// A copy of a plugin file, which the system takes for another plugin.
///
/// # Panics
/// When it cannot be copied.
pub fn copied(library: &str, directory: &Path) -> PathBuf {
    let original = built(library);
    let copy = directory.join(original.file_name().expect("a file has a name"));
    std::fs::copy(&original, &copy).expect("a plugin can be copied");
    copy
}
