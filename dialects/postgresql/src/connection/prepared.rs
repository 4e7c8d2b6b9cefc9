//! What the server says about a statement that it has parsed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use aludel::dbapi::{Column, Parameter};

use crate::types::{self, PgType};
use crate::wire::{Body, WireError};

/// A column of a result as the server describes it.
#[derive(Debug, Clone)]
pub(super) struct RawColumn {
    pub(super) name: String,
    pub(super) type_oid: u32,
    pub(super) modifier: i32,
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
    pub(super) parameter_oids: Vec<u32>,
    pub(super) parameters: Vec<Arc<PgType>>,
    pub(super) returns_rows: bool,
    pub(super) columns: Vec<PlannedColumn>,
    /// The server has dropped it, or will before the next flight.
    forgotten: AtomicBool,
    pub(super) last_used: AtomicU64,
}

impl Prepared {
    pub(super) fn new(id: u32, name: String, sql: Arc<str>, raw: Described, types: Types) -> Self {
        let returns_rows = raw.columns.is_some();
        let columns = raw.columns.unwrap_or_default().into_iter().zip(types.columns);
        Prepared {
            id,
            name,
            sql,
            parameter_oids: raw.parameters,
            parameters: types.parameters,
            returns_rows,
            columns: columns
                .map(|(column, ty)| PlannedColumn {
                    binary: types::binary_results(&ty),
                    name: column.name,
                    modifier: column.modifier,
                    ty,
                })
                .collect(),
            forgotten: AtomicBool::new(false),
            last_used: AtomicU64::new(0),
        }
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.forgotten.load(Relaxed)
    }

    pub(super) fn forget(&self) {
        self.forgotten.store(true, Relaxed);
    }

    /// The columns as aludel describes them.
    pub(super) fn describe_columns(&self) -> Vec<Column> {
        let describe = |column: &PlannedColumn| {
            Column::new(column.name.clone(), types::sql_type(&column.ty, column.modifier))
        };
        self.columns.iter().map(describe).collect()
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
    pub(super) parameters: Vec<u32>,
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
    let _format = body.i16()?;
    Ok(RawColumn { name, type_oid, modifier })
}
