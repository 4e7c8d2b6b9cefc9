//! The columns that rows of values go into.

use std::sync::Arc;

use aludel::dbapi::BulkSpec;
use aludel::error::{Error, Result};

use super::super::postgresql::PostgresqlConnection;
use super::super::session::literal;
use super::command;
use crate::types::PgType;

/// A column of a table.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) ty: Arc<PgType>,
}

impl PostgresqlConnection {
    /// The columns of the operation, in its order: those that it names, else all that take values.
    ///
    /// # Errors
    /// What the server reports, such as that there is no table of this name; `Programming` for a
    /// column that the table does not have.
    pub(super) fn bulk_columns(&mut self, spec: &BulkSpec<'_>) -> Result<Vec<Target>> {
        let generated = if self.link.server_major() < 12 { "''" } else { "a.attgenerated" };
        let table = literal(&command::table(spec));
        let sql = format!(
            "SELECT a.attname, a.atttypid, {generated} <> '' FROM pg_catalog.pg_attribute a \
             WHERE a.attrelid = {table}::pg_catalog.regclass AND a.attnum > 0 \
             AND NOT a.attisdropped ORDER BY a.attnum"
        );
        let mut columns = Vec::new();
        for row in self.link.rows_of(&sql)? {
            let mut texts = row
                .into_iter()
                .map(|value| String::from_utf8_lossy(&value.unwrap_or_default()).into_owned());
            let mut text = || texts.next().unwrap_or_default();
            let (name, oid, is_generated) = (text(), text(), text() == "t");
            columns.push((name, oid.parse().unwrap_or(0), is_generated));
        }
        let wanted: Vec<(String, u32)> = if spec.columns.is_empty() {
            let taken = columns.into_iter().filter(|(_, _, is_generated)| !is_generated);
            taken.map(|(name, oid, _)| (name, oid)).collect()
        } else {
            let find = |wanted: &&str| {
                let found = columns.iter().find(|(name, ..)| name == wanted);
                found
                    .map(|(name, oid, _)| (name.clone(), *oid))
                    .ok_or_else(|| no_column(wanted, spec.table))
            };
            spec.columns.iter().map(find).collect::<Result<_>>()?
        };
        let oids: Vec<u32> = wanted.iter().map(|(_, oid)| *oid).collect();
        let types = self.catalog.types(&oids, &mut self.link)?;
        let named = wanted.into_iter().zip(types);
        Ok(named.map(|((name, _), ty)| Target { name, ty }).collect())
    }
}

#[cold]
fn no_column(column: &str, table: &str) -> Error {
    Error::programming(format!("table `{table}` has no column `{column}`")).with_sqlstate("42703")
}
