//! Which constraint refused a row, in the same words for every database.

use std::fmt;

use crate::abi::layout::numbered;

numbered! {
    /// The kind of a constraint; 0 in the ABI means "no constraint".
    #[non_exhaustive]
    pub enum ConstraintKind {
        /// UNIQUE or a unique index.
        Unique = 1,
        /// PRIMARY KEY.
        PrimaryKey = 2,
        /// FOREIGN KEY.
        ForeignKey = 3,
        /// NOT NULL.
        NotNull = 4,
        /// CHECK.
        Check = 5,
        /// EXCLUDE (PostgreSQL).
        Exclusion = 6,
        /// A constraint of another kind, for example a trigger's.
        Other = 7,
    }
}

impl ConstraintKind {
    /// The kind of an ABI number: `None` for 0, [`ConstraintKind::Other`] for numbers not known here.
    pub fn from_code(code: u32) -> Option<Self> {
        (code != 0).then(|| Self::known(code).unwrap_or(ConstraintKind::Other))
    }
}

impl fmt::Display for ConstraintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ConstraintKind::Unique => "unique",
            ConstraintKind::PrimaryKey => "primary key",
            ConstraintKind::ForeignKey => "foreign key",
            ConstraintKind::NotNull => "not null",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclusion => "exclusion",
            ConstraintKind::Other => "other",
        })
    }
}

/// The constraint that an [`ErrorKind::Integrity`](super::ErrorKind::Integrity) error names.
///
/// Fields that the database does not tell are empty: SQLite names table and columns of a unique
/// constraint but not the constraint, PostgreSQL names the constraint and the table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constraint {
    /// What kind of constraint it is.
    pub kind: ConstraintKind,
    /// Its name, where the database tells it.
    pub name: Option<String>,
    /// Schema of the table.
    pub schema: Option<String>,
    /// Table that the constraint belongs to.
    pub table: Option<String>,
    /// Columns it covers, in the constraint's order.
    pub columns: Vec<String>,
}

impl Constraint {
    /// A constraint of this kind about which nothing else is known yet.
    pub fn new(kind: ConstraintKind) -> Self {
        Constraint { kind, name: None, schema: None, table: None, columns: Vec::new() }
    }
}
