//! Asking for the schema: kinds of questions, whose answers are ordinary results.

macro_rules! reflect_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What to reflect. The columns of each answer are documented here and only appended to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u32)]
        pub enum ReflectKind {
            $($(#[$doc])* $name = $code,)*
        }

        impl ReflectKind {
            /// The number in the ABI.
            pub const fn code(self) -> u32 {
                self as u32
            }

            /// The kind of an ABI number, where there is one.
            pub const fn from_code(code: u32) -> Option<Self> {
                match code {
                    $($code => Some(ReflectKind::$name),)*
                    _ => None,
                }
            }
        }
    };
}

reflect_kinds! {
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
