//! The dialects of this process: those linked into it, and those loaded, each file once.
//!
//! A dialect is there either linked or loaded, never both: two copies of one native library in a
//! process can lose data.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use tracing::{Dispatch, dispatcher};

use super::check::verify::{Verified, verify};
use super::file::identity::FileId;
use super::find::resolve::{Resolved, resolve};
use super::load::Plugin;
use super::opening::Opening;
use super::trace::Trace;
use super::{Policy, Search, error};
use crate::abi::StaticDialect;
use crate::abi::host::DriverDialect;
use crate::error::Result;
use crate::url::Url;

/// What is registered and loaded.
static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

/// A linked dialect was initialised, or failed to be; goes with [`REGISTRY`].
static RESERVED: Condvar = Condvar::new();

#[derive(Default)]
struct Registry {
    statics: Vec<StaticDialect>,
    /// The linked dialects that are being initialised, each with the thread that does it.
    reserved: Vec<(&'static str, ThreadId)>,
    /// Each file that is loaded or being loaded.
    plugins: HashMap<FileId, Arc<Opening>>,
}

/// A dialect that is ready for connections.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
/// before, or another dialect of that name is registered;
/// [`INIT_FAILED`](super::code::INIT_FAILED) when its [`init`](crate::dialect::Dialect::init) fails.
pub fn register(dialect: StaticDialect) -> Result<()> {
    let name = dialect.info().name;
    if !reserve(&dialect)? {
        return Ok(());
    }
    // Without the lock: it may do anything. Nothing of this name is loaded meanwhile.
    let outcome = dialect.init();
    let mut registry = lock();
    let registry = registry.get_or_insert_default();
    registry.reserved.retain(|(reserved, _)| *reserved != name);
    RESERVED.notify_all();
    outcome.map_err(|fault| error::init_failed(None, name, fault))?;
    registry.statics.push(dialect);
    Ok(())
}

/// Reserves a dialect's name for this thread, which then initialises it; false when it is
/// registered. Waits for another thread that does so.
fn reserve(dialect: &StaticDialect) -> Result<bool> {
    let name = dialect.info().name;
    let mut guard = lock();
    loop {
        let registry = guard.get_or_insert_default();
        if let Some(known) = registry.statics.iter().find(|known| known.info().name == name) {
            let is_same = known.info() == dialect.info();
            return if is_same { Ok(false) } else { Err(error::registered_twice(name)) };
        }
        if let Some(plugin) = registry.plugins.values().find(|plugin| plugin.name() == name) {
            return Err(error::already_loaded(name, plugin.path()));
        }
        let this = std::thread::current().id();
        match registry.reserved.iter().find(|(reserved, _)| *reserved == name) {
            None => {
                registry.reserved.push((name, this));
                return Ok(true);
            }
            Some((_, thread)) if *thread == this => {
                return Err(error::registered_in_init(name));
            }
            Some(_) => {}
        }
        guard = RESERVED.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Loads a verified file, or returns the plugin that was loaded from it before. Runs the plugin's
/// constructors and its initialisation on a thread of their own, for the policy's
/// [`init_timeout`](Policy::init_timeout) at most; a second thread that wants the same file waits
/// for the first.
///
/// # Errors
/// Of kind `Plugin`: a dialect of that name is linked into the program or loaded from another file,
/// the file changed since it was verified, the system's loader refuses it, its descriptor
/// contradicts its note, or its initialisation failed or did not end. A plugin that ends it too late
/// is there from then on.
pub fn load(verified: Verified) -> Result<&'static Plugin> {
    let timeout = verified.policy.init_timeout;
    let known = lock().get_or_insert_default().known(&verified)?;
    let opening = match known {
        Some(opening) => opening,
        None => {
            // Without the lock, because it may have to wait for the system's loader.
            let subscriber = dispatcher::get_default(Clone::clone);
            lock().get_or_insert_default().opening(verified, subscriber)?
        }
    };
    let outcome = opening.wait(timeout);
    if outcome.as_ref().is_err_and(|_| opening.has_failed()) {
        lock().get_or_insert_default().plugins.retain(|_, other| !Arc::ptr_eq(other, &opening));
    }
    outcome
}

/// The dialect that serves a URL: resolved, verified and loaded.
///
/// # Errors
/// As [`resolve`], [`verify`] and [`load`].
pub fn loaded_dialect(url: &Url, search: &Search, policy: &Policy) -> Result<Found> {
    let mut trace = Trace::begin(url, search, policy);
    let outcome = find(url, search, policy, &mut trace);
    trace.end(&outcome);
    outcome
}

fn find(url: &Url, search: &Search, policy: &Policy, trace: &mut Trace) -> Result<Found> {
    let plan = match resolve(url, search)? {
        Resolved::Static(dialect) => return Ok(Found::from(dialect)),
        Resolved::File(plan) => plan,
    };
    trace.planned(&plan);
    let verified = verify(plan, policy)?;
    trace.verified(&verified);
    Ok(Found::from(load(verified)?))
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
    /// The plugin of this file, which is opened unless it is or was before.
    fn opening(&mut self, verified: Verified, subscriber: Dispatch) -> Result<Arc<Opening>> {
        if let Some(known) = self.known(&verified)? {
            return Ok(known);
        }
        let id = verified.stamp.id().clone();
        let opening = Opening::start(verified, subscriber)?;
        self.plugins.insert(id, Arc::clone(&opening));
        Ok(opening)
    }

    /// The plugin of this file if it is or was opened; none when it may be opened now.
    fn known(&self, verified: &Verified) -> Result<Option<Arc<Opening>>> {
        let (name, path) = (&verified.head.name, &verified.path);
        self.check_not_static(name, path)?;
        if let Some(known) = self.plugins.get(verified.stamp.id()) {
            return match known.stamp().has_content_of(&verified.stamp) {
                true => Ok(Some(Arc::clone(known))),
                false => Err(error::changed_since_loaded(path)),
            };
        }
        let mut others = self.plugins.values();
        if let Some(other) = others.clone().find(|other| other.name() == name) {
            return Err(error::loaded_twice(name, other.path(), path));
        }
        match others.find(|other| other.holds_loader()) {
            Some(other) => Err(error::waits_for(name, path, other.name(), other.path())),
            None => Ok(None),
        }
    }

    fn check_not_static(&self, name: &str, path: &Path) -> Result<()> {
        let is_linked = self.reserved.iter().any(|(reserved, _)| *reserved == name)
            || self.statics.iter().any(|dialect| dialect.info().name == name);
        if is_linked { Err(error::already_static(name, path)) } else { Ok(()) }
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
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Origin, Policy, Search, Url, loaded_dialect, register, registered, verify};
    use crate::abi::static_dialect;
    use crate::dbapi::Call;
    use crate::dialect::{ConnectArgs, Dialect, DialectInfo};
    use crate::error::{Error, Result};
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
        let search = Search::new().with_environment(Environment::empty());
        let plan = Plan::new(path.clone(), Level::Api, "linked".into(), Some("more"), &search);
        assert_eq!(
            verify(plan, &Policy::new()).unwrap_err().to_string(),
            format!(
                "error[P14]: dialect `linked` is linked into this program and is not loaded from {} \
                 as well\n  help: two copies of one native library in a process lose data: use the \
                 linked one's schemes",
                path.display()
            )
        );
    }

    /// Registers itself while it initialises, then fails, then succeeds.
    struct Unruly;

    static TRIES: AtomicUsize = AtomicUsize::new(0);

    impl Dialect for Unruly {
        type Connection = sample::Never;

        const INFO: DialectInfo = DialectInfo::new("unruly", "0.1.0");

        fn init() -> Result<()> {
            match TRIES.fetch_add(1, Ordering::Relaxed) {
                0 => register(static_dialect::<Unruly>()),
                1 => Err(Error::operational("its library is busy")),
                _ => Ok(()),
            }
        }

        fn connect(_: &ConnectArgs<'_>, _: &Call<'_>) -> Result<sample::Never> {
            Err(Error::operational("not reachable"))
        }
    }

    #[test]
    fn a_linked_dialect_is_registered_when_it_is_initialised() {
        let refusal = || register(static_dialect::<Unruly>()).unwrap_err().to_string();
        let message = refusal();
        assert!(message.contains("is asked for while it initialises itself"), "{message}");
        let message = refusal();
        assert!(message.starts_with("error[P16]: dialect `unruly` failed to"), "{message}");
        assert!(message.contains("its library is busy"), "{message}");
        let is_there = || registered().iter().any(|dialect| dialect.info().name == "unruly");
        assert!(!is_there());
        register(static_dialect::<Unruly>()).unwrap();
        register(static_dialect::<Unruly>()).unwrap();
        assert!(is_there());
        assert_eq!(TRIES.load(Ordering::Relaxed), 3, "it is initialised once");
    }
}
