//! Rows that a piece of a dialect writes, read back at once: for its own tests.

use crate::abi::cell::CellRef;
use crate::abi::room::Room;
use crate::abi::writer::{Kept, RowWriter};
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::Value;

/// Bytes that one call's rows may copy into the arena before a value gets memory of its own.
const ARENA: usize = 4096;
/// Cells that one call's rows may fill.
const CELLS: usize = 4096;

/// The rows that `write` writes, as a host reads them. Room is left for a few thousand cells.
///
/// For the tests of a dialect, whose way from bytes to cells needs no connection then.
///
/// ```
/// use aludel::Value;
/// use aludel::abi::host::written_rows;
/// use aludel::dbapi::{Column, SqlType};
///
/// let columns = vec![Column::new("x", SqlType::default())];
/// let rows = written_rows(columns, |rows| {
///     let mut row = rows.row();
///     row.lend_text("lent");
///     assert!(row.commit());
/// })?;
/// assert_eq!(rows, [[Value::Text("lent".into())]]);
/// # Ok::<(), aludel::Error>(())
/// ```
///
/// # Errors
/// `Interface` when a row has more or fewer values than there are columns, or a value has no cell;
/// `Conversion` when a value is not of its form.
pub fn written_rows<'a>(
    columns: Vec<Column>,
    write: impl FnOnce(&mut RowWriter<'_, 'a>),
) -> Result<Vec<Vec<Value>>> {
    let width = columns.len();
    let mut room = Room::with_sizes(CELLS.max(width), ARENA);
    let mut batch = room.batch(u32::MAX, 0);
    let mut kept = Kept::default();
    // SAFETY: the batch was just made over the room.
    let mut rows = unsafe { RowWriter::new(&mut batch, &mut kept) };
    rows.describe(1, || columns);
    write(&mut rows);
    let (count, misfit) = rows.finish();
    if misfit {
        return Err(Error::interface("a row does not have as many values as there are columns"));
    }
    let cells = &room.cells[..count as usize * width];
    let value = |cell| {
        // SAFETY: what the cells point to is in the room, in the kept blocks, or lent for `'a`,
        // which is longer than this call.
        let cell = unsafe { CellRef::new(cell) };
        let value = cell.value().map_err(|error| Error::conversion(error.to_string()))?;
        Ok(value.to_owned())
    };
    cells.chunks(width.max(1)).map(|row| row.iter().map(value).collect()).collect()
}
