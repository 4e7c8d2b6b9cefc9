//! Copying what a dialect describes, and describing what goes to it.

use crate::abi::describe::{ColumnDesc, ParameterDesc, TypeDesc};
use crate::abi::type_desc::{Described, read_optional, read_text, read_type};
use crate::dbapi::{Column, Origin, Parameter, SqlType};

/// The frozen descriptions of the types of parameters.
pub(super) fn describe_types(types: &[SqlType]) -> Described<TypeDesc> {
    let mut described = Described::empty();
    let items = types.iter().map(|sql_type| described.describe(sql_type)).collect();
    described.items = items;
    described
}

/// Copies a column.
///
/// # Safety
/// As [`read_type`].
pub(super) unsafe fn read_column(desc: &ColumnDesc) -> Column {
    // SAFETY: passed on to the caller.
    unsafe {
        let origin = Origin {
            catalog: read_text(desc.origin_catalog),
            schema: read_text(desc.origin_schema),
            table: read_text(desc.origin_table),
            column: read_text(desc.origin_column),
        };
        let mut column = Column::new(read_text(desc.name), read_type(&desc.sql_type, 0));
        column.nullable = match desc.nullable {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        column.display_size = (desc.display_size != 0).then_some(desc.display_size);
        column.origin = (!origin.column.is_empty() || !origin.table.is_empty()).then_some(origin);
        column
    }
}

/// Copies a parameter's description.
///
/// # Safety
/// As [`read_type`].
pub(super) unsafe fn read_parameter(desc: &ParameterDesc) -> Parameter {
    // SAFETY: passed on to the caller.
    unsafe { Parameter { name: read_optional(desc.name), sql_type: read_type(&desc.sql_type, 0) } }
}
