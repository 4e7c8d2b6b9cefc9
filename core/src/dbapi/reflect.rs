//! Asking for the schema: kinds of questions, whose answers are ordinary results.

use crate::abi::layout::numbered;

numbered! {
    /// What to reflect. The columns of each answer are documented here and only appended to.
    #[non_exhaustive]
    pub enum ReflectKind {
        /// `name`.
        Schemas = 1,
        /// `schema, name, kind, comment`. Kinds: `table`, `temporary table`, `view`, `temporary view`, `materialized view`, `foreign table`.
        Tables = 2,
        /// `schema, table, name, position, type, nullable, default, autoincrement, comment, computed, identity, collation`. Computed is `stored` or `virtual`, and the default is its expression where that is told; identity is `always` or `by default`; collation is told where it is not the type's.
        Columns = 3,
        /// `schema, table, constraint, column, position, deferrable, initially`.
        PrimaryKeys = 4,
        /// `schema, table, constraint, column, position, referred_schema, referred_table, referred_column, on_update, on_delete, deferrable, initially, match`.
        ForeignKeys = 5,
        /// `schema, table, name, unique, column, position, expression, sorting, included, predicate, method`. Sorting is `asc` or `desc`, with `nulls first` or `nulls last` where that is not what the database does anyway.
        Indexes = 6,
        /// `schema, table, constraint, column, position, deferrable, initially`.
        UniqueConstraints = 7,
        /// `schema, table, constraint, sqltext`.
        CheckConstraints = 8,
        /// `schema, name, definition`.
        Views = 9,
        /// `schema, name, type, start, increment, minimum, maximum, cycle, cache`.
        Sequences = 10,
        /// `schema, name, label, position`.
        Enums = 11,
        /// `schema, name, kind, type, position, mode, parameter, specific_name`. What is returned has position 0 and mode `return`.
        Routines = 12,
        /// `schema, name, type, nullable, default, collation, constraint, sqltext`. A row for each constraint, or one without any.
        Domains = 13,
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
    /// Table; of views, sequences, enums, domains and routines the name.
    pub table: &'a str,
}
