//! Comma-separated values with a header (RFC 4180, lines end in LF).

use std::io::Write;

use aludel::dbapi::Column;

use super::output::{Style, Written};
use crate::cell;
use crate::failure::Failure;
use crate::result::Rows;

/// Writes a result.
pub(super) fn write(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
    style: &Style,
) -> Result<Written, Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.iter().map(|column| &column.name))?;
    let null = style.null.as_deref().unwrap_or_default();
    let mut count = 0;
    while let Some(row) = rows.next_row()? {
        for (value, column) in row.iter().zip(columns) {
            let text = cell::text(value, &column.sql_type);
            csv.write_field(text.as_deref().unwrap_or(null))?;
        }
        csv.write_record(None::<&[u8]>)?;
        count += 1;
    }
    csv.flush()?;
    Ok(Written::whole(count))
}
