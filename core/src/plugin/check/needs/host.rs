//! Where the loader of a system with glibc finds libraries.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use object::read::ReadCache;

use super::ld_cache;
use crate::error::Result;
use crate::plugin::file::identity;
use crate::plugin::file::image::elf_dynamic::Needs;
use crate::plugin::file::image::elf_versions::Version;
use crate::plugin::file::image::read::Image;
use crate::plugin::file::image::start::Start;

/// Most loaded libraries that are looked into.
const MAX_LOADED: usize = 512;

/// What is known of this process and its system.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) glibc: Option<Version>,
    /// A list in the form of `/proc/self/maps`.
    pub(super) maps: PathBuf,
    /// The cache of `ldconfig`.
    pub(super) cache: PathBuf,
    /// The lists of `LD_LIBRARY_PATH`.
    pub(super) library_paths: Vec<OsString>,
    /// What is searched last.
    pub(super) default_dirs: Vec<PathBuf>,
}

impl Host {
    /// This process; none where the system's loader is not glibc's.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    pub(super) fn current() -> Option<Host> {
        Some(Host {
            glibc: crate::abi::process::glibc_version().and_then(Version::parse),
            maps: "/proc/self/maps".into(),
            cache: "/etc/ld.so.cache".into(),
            library_paths: library_paths(),
            default_dirs: default_dirs(),
        })
    }

    /// This process; none where the system's loader is not glibc's.
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    pub(super) fn current() -> Option<Host> {
        None
    }

    /// The libraries that the file at `path` needs and the loader would not find.
    pub(super) fn missing<'n>(&self, path: &Path, needs: &'n Needs) -> Vec<&'n str> {
        let loaded = self.loaded();
        let search = Search { host: self, loaded: &loaded, origin: path.parent(), needs };
        let libraries = needs.libraries.iter().map(String::as_str);
        libraries.filter(|library| !search.may_find(library)).collect()
    }

    /// The files that are mapped into the process.
    fn loaded(&self) -> Vec<PathBuf> {
        let maps = std::fs::read(&self.maps).unwrap_or_default();
        let maps = String::from_utf8_lossy(&maps);
        let path = |line: &str| {
            let (_, path) = line.split_once('/')?;
            let path = path.strip_suffix(" (deleted)").unwrap_or(path);
            Some(Path::new("/").join(path))
        };
        let mut loaded: Vec<PathBuf> = maps.lines().filter_map(path).collect();
        loaded.sort();
        loaded.dedup();
        loaded
    }
}

/// The variable as the loader has read it when the process began, and as it is now.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn library_paths() -> Vec<OsString> {
    use std::os::unix::ffi::OsStringExt;
    const NAME: &str = "LD_LIBRARY_PATH";
    if crate::abi::process::is_privileged() {
        return Vec::new();
    }
    let began = std::fs::read("/proc/self/environ").unwrap_or_default();
    let began = began.split(|byte| *byte == 0).find_map(|entry| {
        entry.strip_prefix(NAME.as_bytes())?.strip_prefix(b"=").map(<[u8]>::to_vec)
    });
    began.map(OsString::from_vec).into_iter().chain(std::env::var_os(NAME)).collect()
}

/// The directories that glibc is usually built with.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn default_dirs() -> Vec<PathBuf> {
    let arch = match (std::env::consts::ARCH, cfg!(target_endian = "little")) {
        ("x86", _) => "i386-linux-gnu".to_owned(),
        ("arm", _) => "arm-linux-gnueabihf".to_owned(),
        ("powerpc64", true) => "powerpc64le-linux-gnu".to_owned(),
        (arch, _) => format!("{arch}-linux-gnu"),
    };
    let roots = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"].map(PathBuf::from);
    let multiarch = ["/lib", "/usr/lib"].map(|root| Path::new(root).join(&arch));
    multiarch.into_iter().chain(roots).collect()
}

/// A search for the libraries that one file needs.
struct Search<'a> {
    host: &'a Host,
    loaded: &'a [PathBuf],
    origin: Option<&'a Path>,
    needs: &'a Needs,
}

impl Search<'_> {
    /// True when the loader finds the library, or when it cannot be told that it does not.
    fn may_find(&self, library: &str) -> bool {
        if library.contains(char::REPLACEMENT_CHARACTER) {
            return true;
        }
        if library.contains('/') {
            return self.expand(library).is_none_or(|path| is_library(&path));
        }
        self.is_loaded(library)
            || self.is_in(library, &self.needs.rpath)
            || self.host.library_paths.iter().any(|list| self.is_in_list(library, list))
            || self.is_in(library, &self.needs.runpath)
            || (!self.needs.no_default_dirs && self.is_in_system(library))
            || self.is_known_to_loaded(library)
    }

    /// Mapped files have their real names, which carry the whole version.
    fn is_loaded(&self, library: &str) -> bool {
        self.loaded.iter().filter_map(|path| path.file_name()?.to_str()).any(|name| {
            name.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn is_in(&self, library: &str, dirs: &[String]) -> bool {
        dirs.iter().any(|dir| self.expand(dir).is_none_or(|dir| is_library(&dir.join(library))))
    }

    fn is_in_list(&self, library: &str, list: &OsString) -> bool {
        let list = list.to_string_lossy();
        let dirs: Vec<String> = list.split([':', ';']).map(str::to_owned).collect();
        self.is_in(library, &dirs)
    }

    fn is_in_system(&self, library: &str) -> bool {
        let in_cache = || {
            let cached = ld_cache::paths(&self.host.cache, library);
            cached.iter().any(|path| is_library(path))
        };
        // A glibc that was built with other directories lies in one of them itself.
        let of_glibc = self
            .loaded
            .iter()
            .filter(|path| path.file_name().is_some_and(|name| name == "libc.so.6"))
            .filter_map(|path| path.parent());
        let mut dirs = self.host.default_dirs.iter().map(PathBuf::as_path).chain(of_glibc);
        dirs.any(|dir| is_library(&dir.join(library))) || in_cache()
    }

    /// True when a loaded library has this name, or looks for libraries in a directory that has it:
    /// the directories of those that opened the plugin are searched too.
    fn is_known_to_loaded(&self, library: &str) -> bool {
        self.loaded.iter().take(MAX_LOADED).any(|path| {
            let Ok(needs) = needs_of(path) else { return false };
            let origin = path.parent();
            needs.soname.as_deref() == Some(library)
                || Search { origin, ..*self }.is_in(library, &needs.rpath)
        })
    }

    fn expand(&self, text: &str) -> Option<PathBuf> {
        expand(self.origin, text)
    }
}

/// A path with the directory of the file in the place of `$ORIGIN`; none when it has other
/// variables, whose values only the loader knows.
pub(super) fn expand(origin: Option<&Path>, text: &str) -> Option<PathBuf> {
    let origin = origin?.to_str()?;
    let text = text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin);
    (!text.contains(['$', char::REPLACEMENT_CHARACTER])).then(|| PathBuf::from(text))
}

/// True for a file that the loader would take in this process.
fn is_library(path: &Path) -> bool {
    let Ok((file, _)) = identity::open(path) else { return false };
    Start::of(&ReadCache::new(&file), path).is_ok_and(|start| start.is_native())
}

fn needs_of(path: &Path) -> Result<Needs> {
    let (file, _) = identity::open(path)?;
    let cache = ReadCache::new(&file);
    let start = Start::of(&cache, path)?;
    Image::parse(&cache, &start, path)?.needs(&cache, path)
}
