//! The dialects of this process: those linked into it, and those loaded, each file once.
//!
//! A dialect is there either linked or loaded, never both: two copies of one native library in a
//! process can lose data.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::check::verify::{Verified, verify};
use super::file::identity::FileId;
use super::find::resolve::{Resolved, resolve};
use super::load::{Plugin, open};
use super::{Policy, Search, error};
use crate::abi::StaticDialect;
use crate::abi::host::DriverDialect;
use crate::error::Result;
use crate::url::Url;

/// What is registered and loaded. Held while a plugin is opened, so that a file is opened once and
/// no dialect is registered meanwhile.
static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

#[derive(Default)]
struct Registry {
    statics: Vec<StaticDialect>,
    plugins: HashMap<FileId, &'static Plugin>,
}

/// A dialect that is ready for connections.
#[derive(Debug, Clone)]
pub struct Found {
    /// The dialect.
    pub dialect: DriverDialect,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a dialect comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Linked into the program.
    Static,
    /// Loaded from this file.
    File(PathBuf),
}

/// Makes a dialect that is linked into the program known; it comes before any plugin file of its
/// schemes. Registering it once more does nothing.
///
/// # Errors
/// Code [`ALREADY_STATIC`](super::code::ALREADY_STATIC) when a plugin of that name was loaded
/// before, or another dialect of that name is registered.
pub fn register(dialect: StaticDialect) -> Result<()> {
    let mut registry = lock();
    let registry = registry.get_or_insert_default();
    let name = dialect.info().name;
    if let Some(known) = registry.statics.iter().find(|known| known.info().name == name) {
        let is_same = known.info() == dialect.info();
        return if is_same { Ok(()) } else { Err(error::registered_twice(name)) };
    }
    if let Some(plugin) = registry.plugins.values().find(|plugin| plugin.info().name == name) {
        return Err(error::already_loaded(name, plugin.path()));
    }
    registry.statics.push(dialect);
    Ok(())
}

/// Loads a verified file, or returns the plugin that was loaded from it before. Runs the plugin's
/// constructors and its initialisation; a second thread waits meanwhile.
///
/// # Errors
/// Of kind `Plugin`: a dialect of that name is linked into the program or loaded from another file,
/// the file changed since it was verified, the system's loader refuses it, its descriptor
/// contradicts its note, or its initialisation failed.
pub fn load(verified: Verified) -> Result<&'static Plugin> {
    let mut registry = lock();
    let registry = registry.get_or_insert_default();
    registry.check_not_static(&verified.head.name, &verified.path)?;
    if let Some(plugin) = registry.plugins.get(verified.stamp.id()) {
        return Ok(plugin);
    }
    if let Some(other) =
        registry.plugins.values().find(|other| other.info().name == verified.head.name)
    {
        return Err(error::loaded_twice(&verified.head.name, other.path(), &verified.path));
    }
    let plugin: &'static Plugin = Box::leak(Box::new(open(&verified)?));
    registry.plugins.insert(verified.stamp.id().clone(), plugin);
    Ok(plugin)
}

/// The dialect that serves a URL: resolved, verified and loaded.
///
/// # Errors
/// As [`resolve`], [`verify`] and [`load`].
pub fn loaded_dialect(url: &Url, search: &Search, policy: &Policy) -> Result<Found> {
    Ok(match resolve(url, search)? {
        Resolved::Static(dialect) => Found::from(dialect),
        Resolved::File(plan) => Found::from(load(verify(plan, policy)?)?),
    })
}

/// The dialects that are linked into the program and registered, in the order in which they were.
pub fn registered() -> Vec<StaticDialect> {
    lock().as_ref().map(|registry| registry.statics.clone()).unwrap_or_default()
}

fn lock() -> MutexGuard<'static, Option<Registry>> {
    // Both collections are whole after a panic: they are changed by single calls at the end.
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    fn check_not_static(&self, name: &str, path: &Path) -> Result<()> {
        match self.statics.iter().any(|dialect| dialect.info().name == name) {
            true => Err(error::already_static(name, path)),
            false => Ok(()),
        }
    }
}

impl From<StaticDialect> for Found {
    fn from(dialect: StaticDialect) -> Self {
        Found { dialect: DriverDialect::from(dialect), origin: Origin::Static }
    }
}

impl From<&'static Plugin> for Found {
    fn from(plugin: &'static Plugin) -> Self {
        let origin = Origin::File(plugin.path().to_owned());
        Found { dialect: plugin.dialect(), origin }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Origin, Policy, Search, Url, load, loaded_dialect, register, verify};
    use crate::abi::static_dialect;
    use crate::plugin::Plan;
    use crate::plugin::{Environment, Level, sample};

    /// One test, because the registry is the process's: its order is what is tested.
    #[test]
    fn a_linked_dialect_is_registered_once_and_keeps_files_of_its_name_out() {
        register(static_dialect::<sample::Linked>()).unwrap();
        register(static_dialect::<sample::Linked>()).unwrap();
        assert_eq!(
            register(static_dialect::<sample::Other>()).unwrap_err().to_string(),
            "error[P14]: another dialect `linked` is registered already\n  \
             help: register one of them"
        );

        let search = Search::new().with_environment(Environment::empty());
        let found =
            loaded_dialect(&Url::parse("linked_alias://").unwrap(), &search, &Policy::new())
                .unwrap();
        assert_eq!((found.dialect.info().name, found.origin), ("linked", Origin::Static));

        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "linked", &sample::note("linked", &["more"]));
        let (name, wanted) = ("linked".into(), "more".into());
        let plan =
            Plan { path: path.clone(), level: Level::Api, name, wanted, rejections: Vec::new() };
        assert_eq!(
            load(verify(plan, &Policy::new()).unwrap()).unwrap_err().to_string(),
            format!(
                "error[P14]: dialect `linked` is linked into this program and is not loaded from {} \
                 as well\n  help: two copies of one native library in a process lose data: use the \
                 linked one's schemes",
                path.canonicalize().unwrap().display()
            )
        );
    }
}
