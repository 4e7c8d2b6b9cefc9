//! What a program keeps with a connection.

use std::any::{Any, TypeId};
use std::collections::HashMap;

/// What a program keeps with a database's connection: one value of each type (SQLAlchemy's `info`).
///
/// It belongs to the connection of the database, not to its user: whoever is lent the connection
/// next finds it again, until the connection closes. Good for what is true of a connection
/// (temporary tables made, a role that was set), and not for what is true of a request.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let one = aludel::pool::settings::PoolClass::StaticPool;
/// # let engine = aludel::Engine::builder("sqlite://").poolclass(one).build()?;
/// struct Role(String);
///
/// engine.connect()?.info()?.insert(Role("reader".into()));
/// let mut conn = engine.connect()?; // the same connection of the database
/// assert_eq!(conn.info()?.get::<Role>().unwrap().0, "reader");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Info {
    values: HashMap<TypeId, Box<dyn Any + Send>>,
}

impl Info {
    /// Keeps a value; gives back the one of this type that was there.
    pub fn insert<T: Any + Send>(&mut self, value: T) -> Option<T> {
        let before = self.values.insert(TypeId::of::<T>(), Box::new(value))?;
        before.downcast().ok().map(|before| *before)
    }

    /// The value of this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.values.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The value of this type, to be changed.
    pub fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.values.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    /// Takes the value of this type out.
    pub fn remove<T: Any>(&mut self) -> Option<T> {
        let value = self.values.remove(&TypeId::of::<T>())?;
        value.downcast().ok().map(|value| *value)
    }

    /// True when nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl std::fmt::Debug for Info {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Info").field("values", &self.values.len()).finish()
    }
}
