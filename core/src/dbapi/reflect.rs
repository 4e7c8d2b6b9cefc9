//! Asking for the schema: kinds of questions, whose answers are ordinary results.

use crate::abi::layout::numbered;

numbered! {
    /// What to reflect. The columns of each answer are documented here and only appended to.
    #[non_exhaustive]
    pub enum ReflectKind {
        /// `name`.
        Schemas = 1,
        /// `schema, name, kind` (`table`, `temporary table`, `view`, `temporary view`, `materialized view`), `comment`.
        Tables = 2,
        /// `schema, table, name, position, type, nullable, default, autoincrement, comment, computed, identity`.
        Columns = 3,
        /// `schema, table, constraint, column, position`.
        PrimaryKeys = 4,
        /// `schema, table, constraint, column, position, referred_schema, referred_table, referred_column, on_update, on_delete, deferrable, initially, match`.
        ForeignKeys = 5,
        /// `schema, table, name, unique, column, position, expression, sorting, included, predicate`.
        Indexes = 6,
        /// `schema, table, constraint, column, position`.
        UniqueConstraints = 7,
        /// `schema, table, constraint, sqltext`.
        CheckConstraints = 8,
        /// `schema, name, definition`.
        Views = 9,
        /// `schema, name, type, start, increment, minimum, maximum, cycle, cache`.
        Sequences = 10,
        /// `schema, name, label, position`.
        Enums = 11,
        /// `schema, name, kind, type, position, mode`.
        Routines = 12,
    }
}

impl ReflectKind {
    /// The kind of an ABI number, where there is one.
    pub const fn from_code(code: u32) -> Option<Self> {
        Self::known(code)
    }
}

/// Which objects to reflect; what is empty is not restricted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReflectFilter<'a> {
    /// Catalog; the current one when empty.
    pub catalog: &'a str,
    /// Schema; the default one when empty.
    pub schema: &'a str,
    /// Table.
    pub table: &'a str,
}
