//! What is asked of the rows of a result beside being read: other columns, no duplicates.

use std::sync::Arc;

use super::source::Source;
use crate::abi::host::{Arranged, Row};
use crate::dbapi::Column;
use crate::error::Result;

/// Says whether a row is wanted.
type Strategy = Box<dyn FnMut(&Row<'_>) -> Result<bool> + Send>;

/// The columns that are wanted, in order, and the rows.
#[derive(Default)]
pub(super) struct Arrangement {
    places: Option<Places>,
    strategy: Option<Strategy>,
}

/// Columns in another order than the statement's.
struct Places {
    order: Vec<usize>,
    arranged: Arranged,
}

impl Arrangement {
    /// Takes these columns of what there is by now.
    pub(super) fn reorder(&mut self, order: Vec<usize>, columns: &[Column]) {
        let chosen: Arc<[Column]> =
            order.iter().filter_map(|place| columns.get(*place).cloned()).collect();
        let order = match &self.places {
            Some(before) => order.iter().map(|place| before.order[*place]).collect(),
            None => order,
        };
        self.places = Some(Places { order, arranged: Arranged::new(chosen) });
    }

    /// Leaves out the rows that the strategy does not want; it takes the place of one before.
    pub(super) fn filter(&mut self, strategy: Strategy) {
        self.strategy = Some(strategy);
    }

    pub(super) fn row<'r>(&'r mut self, source: &'r mut Source<'_>) -> Result<Row<'r>> {
        let row = source.current()?;
        Ok(match &mut self.places {
            Some(places) => places.arranged.reorder(row, &places.order),
            None => row,
        })
    }

    pub(super) fn wants(&mut self, source: &mut Source<'_>) -> Result<bool> {
        let Some(mut strategy) = self.strategy.take() else { return Ok(true) };
        let wanted = self.row(source).and_then(|row| strategy(&row));
        self.strategy = Some(strategy);
        wanted
    }

    pub(super) fn columns(&self, source: &mut Source<'_>) -> Result<Arc<[Column]>> {
        match &self.places {
            Some(places) => Ok(Arc::clone(places.arranged.columns())),
            None => source.columns(),
        }
    }
}
