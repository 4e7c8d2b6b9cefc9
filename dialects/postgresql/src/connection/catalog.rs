//! Types that are known by number only: their names and make come from the server's catalog.

use std::collections::HashMap;
use std::sync::Arc;

use aludel::error::Result;

use super::flight::Rows;
use super::link::Link;
use super::prepared::{Described, Types};
use crate::types::{self, Oid, PgType};

/// The types that a connection knows.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    known: HashMap<Oid, Arc<PgType>>,
}

impl Catalog {
    /// The types of a statement; those that are not known are looked up, all at once.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) fn resolve(&mut self, described: &Described, link: &mut Link) -> Result<Types> {
        let mut missing: Vec<Oid> =
            oids(described).filter(|oid| !self.known.contains_key(oid)).collect();
        missing.retain(|oid| match types::builtin(*oid) {
            Some(ty) => self.known.insert(*oid, Arc::new(ty)).is_some(),
            None => true,
        });
        if !missing.is_empty() {
            missing.sort_unstable();
            missing.dedup();
            let rows: Rows = link.rows_of(&types::catalog_query(&missing))?;
            self.known.extend(types::types_from_catalog(&rows)?);
        }
        Ok(self.resolve_known(described))
    }

    /// Types by their numbers; those that are not known are looked up, all at once.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) fn types(&mut self, oids: &[Oid], link: &mut Link) -> Result<Vec<Arc<PgType>>> {
        let described = Described { parameters: oids.to_vec(), ..Described::default() };
        Ok(self.resolve(&described, link)?.parameters)
    }

    /// The types of a statement; those that are not known stay without a name.
    pub(super) fn resolve_known(&mut self, described: &Described) -> Types {
        let parameters = described.parameters.iter().map(|oid| self.get(*oid)).collect();
        let columns = described.columns.iter().flatten();
        let columns = columns.map(|column| self.get(column.type_oid)).collect();
        Types { parameters, columns }
    }

    fn get(&mut self, oid: Oid) -> Arc<PgType> {
        if let Some(known) = self.known.get(&oid) {
            return Arc::clone(known);
        }
        let Some(builtin) = types::builtin(oid) else { return Arc::new(PgType::unknown(oid)) };
        Arc::clone(self.known.entry(oid).or_insert_with(|| Arc::new(builtin)))
    }

    /// Forgets the database's own types, which may have changed.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

fn oids(described: &Described) -> impl Iterator<Item = Oid> + '_ {
    let columns = described.columns.iter().flatten();
    described.parameters.iter().copied().chain(columns.map(|column| column.type_oid))
}
