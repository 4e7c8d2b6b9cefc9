//! What programs keep beside a connection.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;

/// Values of any type by name, as SQLAlchemy's `info` dictionaries.
///
/// ```
/// let mut info = aludel::pool::Info::default();
/// info.insert("tenant", 7_u32);
/// assert_eq!(info.get::<u32>("tenant"), Some(&7));
/// assert_eq!(info.get::<String>("tenant"), None); // another type
/// ```
#[derive(Default)]
pub struct Info(HashMap<String, Box<dyn Any + Send>>);

impl Info {
    /// Keeps a value in place of any of the same name.
    pub fn insert<T: Any + Send>(&mut self, name: impl Into<String>, value: T) {
        self.0.insert(name.into(), Box::new(value));
    }

    /// The value of this name, if it is of type `T`.
    pub fn get<T: Any + Send>(&self, name: &str) -> Option<&T> {
        self.0.get(name)?.downcast_ref()
    }

    /// As [`get`](Self::get), to be changed.
    pub fn get_mut<T: Any + Send>(&mut self, name: &str) -> Option<&mut T> {
        self.0.get_mut(name)?.downcast_mut()
    }

    /// Forgets the value of this name; false when there was none.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    /// True when nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl fmt::Debug for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
