//! An insert of one tuple of parameters as one insert of many rows.

use std::sync::Arc;

use aludel::dbapi::{ParamRows, Params, TransactionState};
use aludel::error::Result;
use aludel::value::ValueRef;

use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::Prepared;
use super::super::statement::PostgresqlStatement;
use super::variant::all_fit;
use crate::split::{OnConflict, StatementKind, single_insert};
use crate::types::{Oid, array_parameter};

/// Fewest rows that are worth it: below, savepoint and assertion cost more than they save.
const FEWEST: usize = 32;

/// Bytes of texts in one insert. The server needs several times as much for a moment.
const MOST_BYTES: usize = 4 << 20;

/// Rows in one insert: each is a subtransaction, and other sessions are slowed down by a transaction
/// of more than 64.
const MOST_ROWS: usize = 16 << 10;

/// The insert of many rows that stands for a statement.
pub(super) struct Bulk {
    pub(super) sql: Arc<str>,
    /// The array types of its parameters.
    pub(super) arrays: Vec<Oid>,
    pub(super) table: String,
    /// Whether the server has said in this transaction that the table allows it.
    pub(super) is_asked: bool,
}

impl PostgresqlConnection {
    /// The insert of many rows that does what these single ones would, if there is one.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn bulk_insert(
        &mut self,
        statement: &PostgresqlStatement,
        prepared: &Prepared,
        params: ParamRows<'_>,
    ) -> Result<Option<Bulk>> {
        let is_possible = statement.kind == StatementKind::Change
            && params.len() >= FEWEST
            && prepared.takes_many() != Some(false)
            && self.link.transaction_state() == TransactionState::Active
            && all_fit(prepared, params);
        if !is_possible {
            return Ok(None);
        }
        let Some(mut bulk) = rewritten(prepared, params.width()) else {
            prepared.note_takes_many(Some(false));
            return Ok(None);
        };
        if prepared.takes_many().is_none() {
            let is_plain = self.ask_whether_plain(&bulk.table)?;
            prepared.note_takes_many(Some(is_plain));
            bulk.is_asked = true;
        }
        Ok(prepared.takes_many().unwrap_or(false).then_some(bulk))
    }

    /// Inserts the rows, part by part, and commits at their end when it is told to.
    ///
    /// # Errors
    /// What the server reports, with the failing row.
    pub(super) fn run_bulk(
        &mut self,
        statement: &mut PostgresqlStatement,
        prepared: &Arc<Prepared>,
        mut bulk: Bulk,
        (params, commit): (ParamRows<'_>, bool),
    ) -> Result<Option<u64>> {
        let mut sum: u64 = 0;
        let mut done = 0;
        while done < params.len() {
            let rest = params.part(done, params.len());
            let part = rest.part(0, fitting(rest));
            let commits = commit && part.len() == rest.len();
            let inserted = if part.len() < FEWEST {
                self.run_pipeline(statement, prepared, part, commits)?.finish(&mut self.link)?
            } else if let Some(inserted) = self.insert_at_once(prepared, &bulk, part, commits)? {
                bulk.is_asked = true;
                Some(inserted)
            } else {
                let redone = self.redo(statement, prepared, &bulk, (rest, commit))?;
                return Ok(redone.map(|redone| sum.saturating_add(redone)));
            };
            sum = sum.saturating_add(inserted.unwrap_or(0));
            done += part.len();
        }
        Ok(Some(sum))
    }

    /// Runs the rows one after the other that could not be inserted at once.
    ///
    /// # Errors
    /// What the server reports, with the failing row.
    fn redo(
        &mut self,
        statement: &mut PostgresqlStatement,
        prepared: &Arc<Prepared>,
        bulk: &Bulk,
        (params, commit): (ParamRows<'_>, bool),
    ) -> Result<Option<u64>> {
        let answers = self.run_pipeline(statement, prepared, params, commit)?;
        let affected = answers.finish(&mut self.link)?;
        // Row by row they are right, so that this is no way to insert them.
        tracing::debug!(table = bulk.table, "rows could not be inserted at once");
        prepared.note_takes_many(Some(false));
        Ok(affected)
    }
}

/// The insert of many rows for a statement with one tuple of parameters.
fn rewritten(prepared: &Prepared, width: usize) -> Option<Bulk> {
    let insert = single_insert(&prepared.sql)?;
    let types = &prepared.parameters;
    let is_whole = insert.parameters.len() == types.len() && types.len() == width;
    let is_known = |number: &u32| (1..=width).contains(&(*number as usize));
    if !is_whole || !insert.parameters.iter().all(is_known) {
        return None;
    }
    if insert.on_conflict == OnConflict::DoUpdate {
        return None;
    }
    let arrays: Option<Vec<_>> = types.iter().map(|ty| array_parameter(ty)).collect();
    let mut sql = format!("{}select * from rows from (", insert.head);
    for (index, number) in insert.parameters.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        sql.push_str(&format!("{separator}pg_catalog.unnest(${number})"));
    }
    sql.push(')');
    sql.push_str(insert.tail);
    let arrays = arrays?.into_iter().map(|array| array.oid).collect();
    Some(Bulk { sql: sql.into(), arrays, table: insert.table, is_asked: false })
}

/// How many of these rows go into one insert.
fn fitting(params: ParamRows<'_>) -> usize {
    let mut left = MOST_BYTES;
    let fits = |row: &Params<'_>| {
        let size: usize = row.iter().map(size).sum();
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    };
    params.iter().take(MOST_ROWS).take_while(fits).count().max(1)
}

/// About as many bytes as a value takes.
fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(text) | ValueRef::Json(text) => text.len(),
        ValueRef::Bytes(bytes) => bytes.len(),
        ValueRef::Other { text, .. } => text.len(),
        _ => 16,
    }
}
