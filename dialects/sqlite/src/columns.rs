//! Describing the columns of a result.

use std::ffi::{CStr, c_int};
use std::ptr;

use aludel::dbapi::{Column, Origin, SqlType};
use rusqlite::ffi;

use crate::decltype::declared_type;
use crate::handle::text;
use crate::statement::SqliteStatement;

impl SqliteStatement {
    pub(crate) fn describe_columns(&self, columns: usize) -> Vec<Column> {
        (0..columns).map(|index| self.describe_column(index)).collect()
    }

    fn describe_column(&self, index: usize) -> Column {
        let raw = self.raw();
        let owned = |text: Option<&CStr>| text.map(|text| text.to_string_lossy().into_owned());
        let name = owned(raw.column_text(ffi::sqlite3_column_name, index)).unwrap_or_default();
        let declared = owned(raw.column_text(ffi::sqlite3_column_decltype, index));
        let sql_type = declared.map_or_else(SqlType::default, |declared| declared_type(&declared));
        let mut column = Column::new(name, sql_type);
        let catalog = raw.column_text(ffi::sqlite3_column_database_name, index);
        let table = raw.column_text(ffi::sqlite3_column_table_name, index);
        let origin = raw.column_text(ffi::sqlite3_column_origin_name, index);
        if let (Some(catalog), Some(table), Some(origin)) = (catalog, table, origin) {
            self.describe_origin(catalog, table, origin, &mut column);
        }
        column
    }

    /// What SQLite knows of the table's column that the result's column is.
    fn describe_origin(&self, catalog: &CStr, table: &CStr, origin: &CStr, column: &mut Column) {
        let (mut collation, mut not_null) = (ptr::null(), 0 as c_int);
        // SAFETY: live handle and C strings; pointers that are not wanted may be null. The
        // collation's name lives until the next call and is copied.
        unsafe {
            let code = ffi::sqlite3_table_column_metadata(
                self.db().raw(),
                catalog.as_ptr(),
                table.as_ptr(),
                origin.as_ptr(),
                ptr::null_mut(),
                &raw mut collation,
                &raw mut not_null,
                ptr::null_mut(),
                ptr::null_mut(),
            );
            if code == ffi::SQLITE_OK {
                column.nullable = Some(not_null == 0);
                column.sql_type.collation = text(collation).filter(|name| name != "BINARY");
            }
        }
        let owned = |text: &CStr| text.to_string_lossy().into_owned();
        column.origin = Some(Origin {
            catalog: String::new(),
            schema: owned(catalog),
            table: owned(table),
            column: owned(origin),
        });
    }
}
