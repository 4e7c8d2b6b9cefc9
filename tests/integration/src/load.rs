//! Loading the plugins of the tests as programs do: by URL, through the loader.

use std::path::Path;

use aludel::Url;
use aludel::abi::host::DriverDialect;
use aludel::plugin::{Environment, Origin, Policy, Search, loaded_dialect};

use crate::c::build_plugin;

/// The dialect of this scheme among the plugins that cargo has built for this test.
///
/// # Panics
/// When it cannot be loaded.
pub fn beside_this_test(scheme: &str) -> DriverDialect {
    let program = std::env::current_exe().ok();
    load(scheme, Search::new().with_environment(Environment { program, ..Environment::empty() }))
}

/// The dialect of this scheme among the plugins in a directory.
///
/// # Panics
/// When it cannot be loaded.
pub fn from_directory(scheme: &str, directory: &Path) -> DriverDialect {
    let search = Search::new().with_environment(Environment::empty());
    load(scheme, search.path(directory.canonicalize().expect("the directory is there")))
}

/// The dialect in C, built anew. The file may go once it is loaded.
///
/// # Panics
/// When it cannot be built or loaded.
pub fn memory() -> DriverDialect {
    let directory = tempfile::tempdir().expect("there is a place for temporary files");
    build_plugin("memory.c", "memory", directory.path());
    from_directory("memory", directory.path())
}

fn load(scheme: &str, search: Search) -> DriverDialect {
    let url = Url::parse(&format!("{scheme}://")).expect("a scheme makes a URL");
    let found =
        loaded_dialect(&url, &search, &Policy::new()).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(found.origin, Origin::File(_)), "{scheme} is loaded, not linked");
    found.dialect
}
