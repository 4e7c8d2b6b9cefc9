//! One result of a statement: its columns, its rows, and how they are delivered.

use std::ops::Range;

use aludel::abi::constants::tag;
use aludel::dbapi::{Column, RowBuilder, RowWriter, SqlType, TypeKind};
use aludel::{Error, Result, Value, ValueRef};

use crate::coverage;
use crate::misbehaviour::Lie;

/// What a result consists of.
#[derive(Default)]
pub(crate) struct Answer {
    /// `None` for a statement that returns no rows.
    pub(crate) columns: Option<Vec<Column>>,
    pub(crate) rows: Rows,
    /// Text and bytes are lent instead of copied.
    pub(crate) lent: bool,
    pub(crate) affected: Option<u64>,
    pub(crate) last_insert_id: Option<i64>,
    pub(crate) out_parameters: bool,
    /// What comes after the rows.
    pub(crate) failure: Option<Error>,
    pub(crate) lie: Option<Lie>,
}

/// Rows of a result.
pub(crate) enum Rows {
    Kept {
        rows: Vec<Vec<Value>>,
        next: usize,
    },
    /// Number and `row <number>`, made as they are read.
    Counted(Range<u64>),
}

impl Default for Rows {
    fn default() -> Self {
        Rows::Kept { rows: Vec::new(), next: 0 }
    }
}

impl Answer {
    /// Rows whose columns are called `c0`, `c1` and so on, each of the type of its first value.
    pub(crate) fn rows(rows: Vec<Vec<Value>>) -> Self {
        let first = rows.first().map_or(&[][..], Vec::as_slice);
        let columns = first.iter().enumerate().map(|(i, v)| column(format!("c{i}"), v)).collect();
        Answer { columns: Some(columns), rows: Rows::Kept { rows, next: 0 }, ..Answer::default() }
    }

    /// Rows in columns of these names.
    pub(crate) fn table(names: &[&str], rows: Vec<Vec<Value>>) -> Self {
        let value = |index| rows.first().and_then(|row| row.get(index)).unwrap_or(&Value::Null);
        let columns =
            names.iter().enumerate().map(|(i, name)| column((*name).to_owned(), value(i)));
        let columns = Some(columns.collect());
        Answer { columns, rows: Rows::Kept { rows, next: 0 }, ..Answer::default() }
    }

    /// This many rows of a number and a text.
    pub(crate) fn counted(rows: Range<u64>) -> Self {
        let number = Column::new("i", SqlType::new(TypeKind::BigInteger, "INT"));
        let text = Column::new("name", SqlType::new(TypeKind::Text, "TEXT"));
        let columns = Some(vec![number, text]);
        Answer { columns, rows: Rows::Counted(rows), ..Answer::default() }
    }

    /// A number of rows that were changed.
    pub(crate) fn changed(rows: u64) -> Self {
        Answer { affected: Some(rows), ..Answer::default() }
    }

    /// Leaves out what is beyond a limit.
    pub(crate) fn limit(&mut self, limit: u64) {
        match &mut self.rows {
            Rows::Kept { rows, .. } => rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX)),
            Rows::Counted(range) => range.end = range.end.min(range.start + limit),
        }
    }

    /// Writes rows while there is room. True: the result is complete.
    pub(crate) fn deliver<'a>(
        &'a mut self,
        epoch: u32,
        to: &mut RowWriter<'_, 'a>,
    ) -> Result<bool> {
        if let Some(lie) = &self.lie {
            lie.tell(to);
            return Ok(false);
        }
        let Answer { columns, rows, lent, affected, last_insert_id, failure, .. } = self;
        if let Some(columns) = columns {
            if *lent {
                to.describe(epoch, || columns.clone());
            } else {
                to.columns_epoch(epoch);
                to.columns(columns.len());
            }
        }
        let complete = match rows {
            Rows::Kept { rows, next } => deliver_kept(rows, next, *lent, to),
            Rows::Counted(range) => deliver_counted(range, to),
        };
        if !complete {
            return Ok(false);
        }
        if let Some(failure) = failure.take() {
            return Err(failure);
        }
        if let Some(affected) = affected {
            to.affected(*affected);
        }
        if let Some(id) = last_insert_id {
            to.last_insert_id(*id);
        }
        if self.out_parameters {
            to.out_parameters();
        }
        to.done();
        Ok(true)
    }
}

fn deliver_counted(range: &mut Range<u64>, to: &mut RowWriter<'_, '_>) -> bool {
    while !range.is_empty() && to.wants_row() {
        let text = format!("row {}", range.start);
        let mut row = to.row();
        row.i64(range.start as i64);
        row.text(&text);
        if !row.commit() {
            return false;
        }
        coverage::sent(ValueRef::I64(0));
        coverage::sent(ValueRef::Text(""));
        range.start += 1;
    }
    range.is_empty()
}

fn deliver_kept<'a>(
    rows: &'a [Vec<Value>],
    next: &mut usize,
    lent: bool,
    to: &mut RowWriter<'_, 'a>,
) -> bool {
    while let Some(values) = rows.get(*next).filter(|_| to.wants_row()) {
        let mut row = to.row();
        for value in values {
            if lent { lend(value, &mut row) } else { copy(value, &mut row) }
        }
        if !row.commit() {
            return false;
        }
        *next += 1;
    }
    *next == rows.len()
}

fn copy(value: &Value, row: &mut RowBuilder<'_, '_, '_>) {
    coverage::sent(value.as_ref());
    match value {
        Value::Null => row.null(),
        Value::I64(value) => row.i64(*value),
        Value::F64(value) => row.f64(*value),
        Value::Text(text) => row.text(text),
        Value::Bytes(bytes) => row.bytes(bytes),
        other => row.value(other.as_ref()),
    }
}

/// Lends what can be lent and copies the rest.
fn lend<'a>(value: &'a Value, row: &mut RowBuilder<'_, '_, 'a>) {
    match value {
        Value::Text(text) => row.lend_text(text),
        Value::Bytes(bytes) => row.lend_bytes(bytes),
        Value::Json(text) => row.lend_as(tag::JSON, text.as_bytes()),
        Value::Decimal(text) => row.lend_as(tag::DECIMAL, text.as_bytes()),
        Value::Other { text, .. } => row.lend_as(tag::OTHER, text.as_bytes()),
        other => return copy(other, row),
    }
    coverage::lent(value.as_ref());
}

fn column(name: String, value: &Value) -> Column {
    let (kind, vendor) = match value {
        Value::Other { type_name, .. } => (TypeKind::Other, type_name.clone()),
        Value::I64(_) => (TypeKind::BigInteger, "INT".into()),
        Value::Text(_) => (TypeKind::Text, "TEXT".into()),
        Value::Bytes(_) => (TypeKind::Blob, "BLOB".into()),
        Value::Array(_) => (TypeKind::Array, "ARRAY".into()),
        _ => (TypeKind::Unknown, String::new()),
    };
    Column::new(name, SqlType::new(kind, vendor))
}
