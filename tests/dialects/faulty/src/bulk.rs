//! Bulk operations: CSV or rows into a table at the end, and CSV out of one.

use std::collections::VecDeque;

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::{
    BulkChunk, BulkDirection, BulkSpec, Column, Params, PrepareOptions, Savepoint,
    TransactionOptions, TypeKind,
};
use aludel::error::{Error, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::csv;
use crate::fault::Fault;
use crate::plan::Plan;
use crate::result::{Answer, execute};

/// Lines of a piece that goes out.
const LINES: usize = 100;

/// A bulk operation that has begun.
#[derive(Debug, Default)]
pub(crate) struct Bulk {
    goes_in: bool,
    table: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    text: Vec<u8>,
    pieces: VecDeque<Vec<u8>>,
    piece: Vec<u8>,
    moved: u64,
}

impl FaultyConnection {
    pub(crate) fn begin_bulk(&mut self, spec: &BulkSpec<'_>) -> Result<()> {
        if spec.format.is_some_and(|format| format != "csv") {
            return Err(Error::not_supported("the only format is csv"));
        }
        let mut names = spec.columns.clone();
        if !names.is_empty() && self.plan.makes(Fault::BulkColumnsIgnored) {
            names.sort_unstable();
        }
        let list = if names.is_empty() { "*".to_owned() } else { names.join(", ") };
        let query = match spec.query {
            "" => format!("select {list} from {}", spec.table),
            query => query.to_owned(),
        };
        let answer = match self.query(&query) {
            Err(_) if self.plan.makes(Fault::UnloadNothing) => Answer::default(),
            answer => answer?,
        };
        let goes_in = spec.direction == BulkDirection::In;
        let mut bulk = Bulk {
            goes_in,
            table: spec.table.to_owned(),
            columns: answer.columns.unwrap_or_default(),
            ..Bulk::default()
        };
        if !goes_in {
            bulk.unload(&self.plan, answer.rows);
        }
        self.bulk = Some(bulk);
        Ok(())
    }

    fn query(&mut self, query: &str) -> Result<Answer> {
        let prepared = self.inner.prepare(query, PrepareOptions::default(), Limits::NONE)?;
        let (Some(statement), _) = prepared else { return Ok(Answer::default()) };
        let answer = execute(&mut self.inner, &statement, &[], Limits::NONE);
        self.inner.close_statement(statement);
        answer
    }

    pub(crate) fn write_bulk(&mut self, chunk: BulkChunk<'_>) -> Result<()> {
        let FaultyConnection { bulk, plan, .. } = self;
        let bulk = bulk.as_mut().ok_or_else(none)?;
        match chunk {
            BulkChunk::Rows(rows) => {
                let owned = |row: Params<'_>| row.iter().map(|value| value.to_owned()).collect();
                bulk.rows.extend(rows.iter().map(owned));
                for value in bulk.rows.iter_mut().flatten() {
                    if value.is_null() && plan.makes(Fault::LoadNullAsEmpty) {
                        *value = Value::Text(String::new());
                    }
                }
            }
            BulkChunk::Bytes(bytes) => {
                let is_cut = std::str::from_utf8(bytes).is_err();
                if is_cut && plan.makes(Fault::LoadByPieces) {
                    bulk.text.extend(String::from_utf8_lossy(bytes).bytes());
                } else {
                    bulk.text.extend_from_slice(bytes);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn read_bulk(&mut self) -> Result<Option<&[u8]>> {
        let bulk = self.bulk.as_mut().ok_or_else(none)?;
        let Some(piece) = bulk.pieces.pop_front() else { return Ok(None) };
        bulk.piece = piece;
        Ok(Some(&bulk.piece))
    }

    pub(crate) fn end_bulk(&mut self, keep: bool) -> Result<u64> {
        let mut bulk = self.bulk.take().ok_or_else(none)?;
        if !bulk.goes_in {
            self.is_blocked |= !bulk.pieces.is_empty() && self.plan.makes(Fault::UnloadBlocks);
            return Ok(bulk.moved);
        }
        if !keep && !self.plan.makes(Fault::AbandonKeeps) {
            return Ok(0);
        }
        bulk.parse(&self.plan)?;
        let moved = bulk.rows.len() as u64;
        if self.plan.makes(Fault::LoadLosesRow) {
            bulk.rows.pop();
        }
        let inside = self.in_transaction();
        if inside {
            self.inner.savepoint(Savepoint::Create, "bulk", Limits::NONE)?;
            self.transaction.wrote = true;
        } else {
            self.inner.begin(&TransactionOptions::default(), Limits::NONE)?;
        }
        let inserted = self.insert(&bulk);
        match (inside, &inserted) {
            (true, Ok(())) => self.inner.savepoint(Savepoint::Release, "bulk", Limits::NONE)?,
            (true, Err(_)) => {
                self.inner.savepoint(Savepoint::RollbackTo, "bulk", Limits::NONE)?;
            }
            (false, Ok(())) => self.inner.commit(Limits::NONE)?,
            (false, Err(_)) => self.inner.rollback(Limits::NONE)?,
        }
        if inside && self.plan.makes(Fault::LoadCommits) {
            self.inner.commit(Limits::NONE)?;
        }
        inserted.map(|()| moved)
    }

    fn insert(&mut self, bulk: &Bulk) -> Result<()> {
        let names: Vec<&str> = bulk.columns.iter().map(|column| column.name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("insert into {} ({}) values ({marks})", bulk.table, names.join(", "));
        let prepared = self.inner.prepare(&sql, PrepareOptions::default(), Limits::NONE)?;
        let (Some(statement), _) = prepared else { return Ok(()) };
        for row in &bulk.rows {
            let options = ExecuteOptions::default();
            let inserted = self.inner.execute(&statement, row.as_slice(), options);
            match inserted.and_then(|cursor| cursor.finish()) {
                Err(_) if self.plan.makes(Fault::RefusedSkipped) => {}
                result => result?,
            }
        }
        self.inner.close_statement(statement);
        Ok(())
    }
}

impl Bulk {
    /// Turns the text into rows.
    fn parse(&mut self, plan: &Plan) -> Result<()> {
        let text = String::from_utf8_lossy(&self.text).into_owned();
        for fields in csv::rows(&text) {
            match self.row(fields) {
                Ok(row) => self.rows.push(row),
                Err(_) if plan.makes(Fault::MalformedSkipped) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn row(&self, fields: Vec<Option<String>>) -> Result<Vec<Value>> {
        if fields.len() != self.columns.len() {
            let message = format!("{} fields for {} columns", fields.len(), self.columns.len());
            return Err(Error::data(message).with_sqlstate("22P04"));
        }
        let value = |(field, column): (Option<String>, &Column)| {
            let Some(text) = field else { return Ok(Value::Null) };
            if !matches!(column.sql_type.kind, TypeKind::Integer | TypeKind::BigInteger) {
                return Ok(Value::Text(text));
            }
            let malformed = |_| Error::data(format!("{text:?} is no number"));
            text.parse().map(Value::I64).map_err(|error| malformed(error).with_sqlstate("22P02"))
        };
        fields.into_iter().zip(&self.columns).map(value).collect()
    }

    /// Turns rows into pieces of text.
    fn unload(&mut self, plan: &Plan, rows: VecDeque<Vec<Value>>) {
        self.moved = rows.len() as u64;
        let mut lines: Vec<String> = rows.iter().map(|row| csv::line(plan, row)).collect();
        if !lines.is_empty() && plan.makes(Fault::UnloadLosesRow) {
            lines.pop();
        }
        self.pieces = lines.chunks(LINES).map(|lines| lines.concat().into_bytes()).collect();
    }
}

fn none() -> Error {
    Error::programming("no bulk operation has begun")
}
