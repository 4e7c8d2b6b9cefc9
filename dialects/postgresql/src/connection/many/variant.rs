//! Which description of a statement a row of parameters belongs to.
//!
//! The server finds the types of parameters itself but for values that would be misread. A statement
//! is described once for each combination of those that occurs, and NULL goes with any.

use std::sync::Arc;

use aludel::dbapi::{ParamRows, Params};
use aludel::error::Result;

use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::Prepared;
use super::super::statement::PostgresqlStatement;
use crate::types;

/// True when a single execution with these parameters would be described in this way.
#[inline]
pub(super) fn fits(prepared: &Prepared, row: Params<'_>) -> bool {
    !prepared.is_forgotten() && has_types_of(prepared, row)
}

/// The same for a statement that the cache may have dropped.
#[inline]
pub(super) fn has_types_of(prepared: &Prepared, row: Params<'_>) -> bool {
    row.iter().enumerate().all(|(index, value)| {
        let wanted = types::declared_at(row, index);
        let declared = prepared.declared.get(index).copied().unwrap_or(0);
        // What the server has found itself need not be declared.
        let is_found = || declared == 0 && prepared.parameter_oids.get(index) == Some(&wanted);
        wanted == declared || value.is_null() || is_found()
    })
}

/// True when that holds for all rows.
pub(super) fn all_fit(prepared: &Prepared, params: ParamRows<'_>) -> bool {
    params.iter().all(|row| fits(prepared, row))
}

impl PostgresqlConnection {
    /// The description that fits a row, when there is one.
    pub(super) fn variant(
        &mut self,
        statement: &mut PostgresqlStatement,
        row: Params<'_>,
    ) -> Option<Arc<Prepared>> {
        let kept = statement.prepared.as_ref().filter(|kept| fits(kept, row));
        let found = kept.or_else(|| self.cache.get(&statement.sql, |kept| fits(kept, row)))?;
        let found = Arc::clone(found);
        self.cache.touch(&found);
        statement.prepared = Some(Arc::clone(&found));
        Some(found)
    }

    /// The description that fits a row; the server is asked when there is none. No pipeline may be
    /// open.
    ///
    /// # Errors
    /// What the server reports.
    pub(super) fn described_variant(
        &mut self,
        statement: &mut PostgresqlStatement,
        row: Params<'_>,
    ) -> Result<Arc<Prepared>> {
        match self.variant(statement, row) {
            Some(known) => Ok(known),
            None => self.describe(statement, row),
        }
    }
}
