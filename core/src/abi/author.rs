//! A dialect that is linked into the program: the same tables, without a file.

use super::shim::dialect_table;
use super::shim::panicked;
use super::tables::DialectVt;
use crate::dialect::{Dialect, DialectInfo};
use crate::error::Result;

/// A dialect linked into the program.
///
/// Goes through the same table as a loaded one, so there is one code path and one cost.
#[derive(Clone, Copy)]
pub struct StaticDialect {
    table: &'static DialectVt,
    info: &'static DialectInfo,
    init: fn() -> Result<()>,
}

/// A type that names a dialect.
pub trait IntoStatic: Dialect {
    /// The dialect's data, in memory that lives for ever.
    const INFO_REF: &'static DialectInfo = &Self::INFO;
}

impl<D: Dialect> IntoStatic for D {}

/// The table and data of a dialect that is linked into the program.
pub const fn static_dialect<D: Dialect>() -> StaticDialect {
    StaticDialect { table: dialect_table::<D>(), info: D::INFO_REF, init: D::init }
}

impl StaticDialect {
    /// The dialect's table.
    pub const fn table(&self) -> &'static DialectVt {
        self.table
    }

    /// Calls [`Dialect::init`], as registering the dialect does; only who uses the table without
    /// registering it has to call it.
    ///
    /// # Errors
    /// What it returns; kind `Panic` when it panics.
    pub fn init(&self) -> Result<()> {
        std::panic::catch_unwind(self.init).unwrap_or_else(|payload| Err(panicked("init", payload)))
    }

    /// The dialect's data.
    pub const fn info(&self) -> &'static DialectInfo {
        self.info
    }
}
