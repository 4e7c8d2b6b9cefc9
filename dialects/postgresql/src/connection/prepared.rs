//! What the server says about a statement that it has parsed.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use aludel::dbapi::{Column, Parameter};

use crate::split::StatementKind;
use crate::types::{self, Oid, PgType};
use crate::wire::{Body, WireError};

/// A column of a result as the server describes it.
#[derive(Debug, Clone)]
pub(super) struct RawColumn {
    pub(super) name: String,
    pub(super) type_oid: Oid,
    pub(super) modifier: i32,
    /// Whether its values come in binary; false where only the statement was described.
    pub(super) is_binary: bool,
}

/// A column of a result, with its type.
#[derive(Debug)]
pub(super) struct PlannedColumn {
    pub(super) name: String,
    pub(super) ty: Arc<PgType>,
    pub(super) modifier: i32,
    /// Whether its values are asked for in binary.
    pub(super) binary: bool,
}

/// A statement that the server knows, shared by all that execute its text.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Differs from that of every other description of the connection.
    pub(super) id: u32,
    /// Name on the server; empty for the unnamed statement.
    pub(super) name: String,
    pub(super) sql: Arc<str>,
    pub(super) kind: StatementKind,
    /// Types of parameters that were declared when it was parsed.
    pub(super) declared: Vec<Oid>,
    pub(super) parameter_oids: Vec<Oid>,
    pub(super) parameters: Vec<Arc<PgType>>,
    pub(super) returns_rows: bool,
    pub(super) columns: Vec<PlannedColumn>,
    described: OnceLock<Arc<[Column]>>,
    /// Rows to ask for at first where the rest can be had later; 0 to run it as a whole.
    pub(super) first_part: u32,
    /// The server has dropped it, or will before the next flight.
    forgotten: AtomicBool,
    /// Whether many rows can be inserted at once: 0 for unknown, 1 for no, 2 for yes.
    takes_many: AtomicU8,
    pub(super) last_used: AtomicU64,
}

/// What a statement is called.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) id: u32,
    /// Empty for the unnamed statement.
    pub(super) name: String,
    pub(super) sql: Arc<str>,
    pub(super) kind: StatementKind,
    pub(super) declared: Vec<Oid>,
}

impl Prepared {
    pub(super) fn new(name: Name, raw: Described, types: Types) -> Self {
        let Name { id, name, sql, kind, declared } = name;
        let returns_rows = raw.columns.is_some();
        let columns = raw.columns.unwrap_or_default().into_iter().zip(types.columns);
        let plan = |(column, ty): (RawColumn, Arc<PgType>)| PlannedColumn {
            binary: types::binary_results(&ty),
            name: column.name,
            modifier: column.modifier,
            ty,
        };
        Prepared {
            id,
            name,
            sql,
            kind,
            declared,
            parameter_oids: raw.parameters,
            parameters: types.parameters,
            returns_rows,
            columns: columns.map(plan).collect(),
            described: OnceLock::new(),
            first_part: 0,
            forgotten: AtomicBool::new(false),
            takes_many: AtomicU8::new(0),
            last_used: AtomicU64::new(0),
        }
    }

    /// The same statement with the columns that it really has this time, in the form in which they
    /// come.
    pub(super) fn with_columns(&self, id: u32, raw: &[RawColumn], types: Types) -> Self {
        let plan = |(column, ty): (&RawColumn, Arc<PgType>)| PlannedColumn {
            binary: column.is_binary,
            name: column.name.clone(),
            modifier: column.modifier,
            ty,
        };
        Prepared {
            id,
            name: self.name.clone(),
            sql: Arc::clone(&self.sql),
            kind: self.kind,
            declared: self.declared.clone(),
            parameter_oids: self.parameter_oids.clone(),
            parameters: self.parameters.clone(),
            returns_rows: true,
            columns: raw.iter().zip(types.columns).map(plan).collect(),
            described: OnceLock::new(),
            first_part: self.first_part,
            forgotten: AtomicBool::new(true),
            takes_many: AtomicU8::new(0),
            last_used: AtomicU64::new(0),
        }
    }

    /// True when these are the columns that are known.
    pub(super) fn has_columns(&self, described: &Described) -> bool {
        let raw = described.columns.as_deref().unwrap_or_default();
        let is_same = |(known, raw): (&PlannedColumn, &RawColumn)| {
            known.ty.oid == raw.type_oid && known.name == raw.name && known.modifier == raw.modifier
        };
        self.columns.len() == raw.len() && self.columns.iter().zip(raw).all(is_same)
    }

    /// True when results have the same columns in the same form.
    pub(super) fn has_columns_of(&self, other: &Self) -> bool {
        let is_same = |(one, two): (&PlannedColumn, &PlannedColumn)| {
            one.ty.oid == two.ty.oid && one.name == two.name && one.modifier == two.modifier
        };
        self.columns.len() == other.columns.len()
            && self.columns.iter().zip(&other.columns).all(is_same)
    }

    /// True when a column is of a type that the database has defined itself.
    pub(super) fn has_own_types(&self) -> bool {
        self.columns.iter().any(|column| types::builtin(column.ty.oid).is_none())
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.forgotten.load(Relaxed)
    }

    pub(super) fn forget(&self) {
        self.forgotten.store(true, Relaxed);
    }

    /// Whether many rows can be inserted at once, as far as that is known.
    pub(super) fn takes_many(&self) -> Option<bool> {
        match self.takes_many.load(Relaxed) {
            0 => None,
            answer => Some(answer == 2),
        }
    }

    /// Notes whether many rows can be inserted at once; `None` when that may have changed.
    pub(super) fn note_takes_many(&self, answer: Option<bool>) {
        self.takes_many.store(answer.map_or(0, |yes| 1 + u8::from(yes)), Relaxed);
    }

    /// The columns as aludel describes them.
    pub(super) fn describe_columns(&self) -> Arc<[Column]> {
        let describe = |column: &PlannedColumn| {
            Column::new(column.name.clone(), types::sql_type(&column.ty, column.modifier))
        };
        let described = || self.columns.iter().map(describe).collect();
        Arc::clone(self.described.get_or_init(described))
    }

    /// The parameters as aludel describes them.
    pub(super) fn describe_parameters(&self) -> Vec<Parameter> {
        let describe =
            |ty: &Arc<PgType>| Parameter { name: None, sql_type: types::sql_type(ty, -1) };
        self.parameters.iter().map(describe).collect()
    }
}

/// The types of a statement's parameters and columns.
#[derive(Debug)]
pub(super) struct Types {
    pub(super) parameters: Vec<Arc<PgType>>,
    pub(super) columns: Vec<Arc<PgType>>,
}

/// ParameterDescription and RowDescription of a statement.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) parameters: Vec<Oid>,
    /// `None` for a statement that returns no rows.
    pub(super) columns: Option<Vec<RawColumn>>,
}

impl Described {
    /// Takes in a message of the answer to Describe; others are left alone.
    ///
    /// # Errors
    /// When it is malformed.
    pub(super) fn take(&mut self, tag: u8, body: &[u8]) -> Result<(), WireError> {
        let mut body = Body::new(body);
        match tag {
            b't' => {
                let count = usize::from(body.u16()?);
                self.parameters = (0..count).map(|_| body.u32()).collect::<Result<_, _>>()?;
            }
            b'T' => {
                let count = usize::from(body.u16()?);
                let columns = (0..count).map(|_| raw_column(&mut body));
                self.columns = Some(columns.collect::<Result<_, _>>()?);
            }
            _ => {}
        }
        Ok(())
    }
}

fn raw_column(body: &mut Body<'_>) -> Result<RawColumn, WireError> {
    let name = body.text()?;
    // Table, number within the table.
    let _ = (body.u32()?, body.i16()?);
    let type_oid = body.u32()?;
    let _size = body.i16()?;
    let modifier = body.i32()?;
    let is_binary = body.i16()? == 1;
    Ok(RawColumn { name, type_oid, modifier, is_binary })
}
