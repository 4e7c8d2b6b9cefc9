//! How a dialect sees parameters: one row, or the rows of executemany.

use super::constants::{cell_flag, param_flag, tag};
use super::data::{Cell, ParamSet};
use super::describe::TypeDesc;
use super::type_desc::read_type;
use crate::dbapi::SqlType;
use crate::value::ValueRef;

/// The parameters of one execution, in the order of the placeholders.
#[derive(Clone, Copy)]
pub struct Params<'p> {
    cells: &'p [Cell],
    types: Option<&'p [TypeDesc]>,
}

impl<'p> Params<'p> {
    /// No parameters.
    pub const EMPTY: Params<'static> = Params { cells: &[], types: None };

    /// Number of parameters.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// True when there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The parameter at this place, from 0; NULL beyond the last.
    #[inline(always)]
    pub fn get(&self, index: usize) -> ValueRef<'p> {
        let Some(cell) = self.cells.get(index) else { return ValueRef::Null };
        match cell.tag {
            tag::I64 => ValueRef::I64(cell.bits as i64),
            tag::F64 => ValueRef::F64(f64::from_bits(cell.bits)),
            tag::NULL => ValueRef::Null,
            tag::TEXT if cell.flags & cell_flag::UTF8 != 0 => {
                // SAFETY: the host keeps what parameters point to alive for the call, which is
                // `'p`, and sets the flag for what was a `str`.
                ValueRef::Text(unsafe { std::str::from_utf8_unchecked(cell.bytes()) })
            }
            _ => self.rare(index, cell),
        }
    }

    #[inline(never)]
    fn rare(&self, index: usize, cell: &'p Cell) -> ValueRef<'p> {
        // SAFETY: as for `get`.
        let value = unsafe { cell.value() }.expect("invariant: the host encodes parameters");
        match value {
            ValueRef::Other { text, .. } => {
                ValueRef::Other { type_name: self.type_name(index), text }
            }
            value => value,
        }
    }

    /// The neutral type of the parameter, where the program tells it: needed for NULL and for arrays.
    pub fn sql_type(&self, index: usize) -> Option<SqlType> {
        let desc = self.types?.get(index)?;
        // SAFETY: the host keeps the descriptions alive for the call.
        Some(unsafe { read_type(desc, 0) })
    }

    fn type_name(&self, index: usize) -> &'p str {
        let Some(desc) = self.types.and_then(|types| types.get(index)) else { return "" };
        // SAFETY: the host keeps the descriptions alive for the call.
        std::str::from_utf8(unsafe { desc.vendor_name.bytes() }).unwrap_or("")
    }

    /// The parameters in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ValueRef<'p>> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }
}

/// The rows of parameters of one executemany, or of a part of it.
#[derive(Clone, Copy)]
pub struct ParamRows<'p> {
    cells: &'p [Cell],
    types: Option<&'p [TypeDesc]>,
    width: usize,
    rows: usize,
    first_row: u64,
    flags: u32,
}

impl<'p> ParamRows<'p> {
    /// # Safety
    /// The set and what it points to live for `'p`, and every cell is well formed.
    #[inline]
    pub(crate) unsafe fn new(set: &'p ParamSet) -> Self {
        let width = set.n_params as usize;
        let rows = set.n_rows as usize;
        // SAFETY: the caller vouches for the pointers; null stands for "none".
        let slice = |pointer: *const Cell, len| unsafe { slice_or_empty(pointer, len) };
        // SAFETY: as above.
        let types = (!set.types.is_null()).then(|| unsafe { slice_or_empty(set.types, width) });
        ParamRows {
            cells: slice(set.cells, width * rows),
            types,
            width,
            rows,
            first_row: set.first_row,
            flags: set.flags,
        }
    }

    /// Number of parameters in a row.
    #[inline]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    #[inline]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True when there is no row.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Index of the first row within the whole executemany; failing rows are counted from there.
    pub fn first_row(&self) -> u64 {
        self.first_row
    }

    /// True when further rows of the same executemany follow in another call: nothing need be flushed.
    pub fn more_follow(&self) -> bool {
        self.flags & param_flag::MORE != 0
    }

    /// The row at this place, from 0; one without parameters beyond the last.
    #[inline(always)]
    pub fn row(&self, index: usize) -> Params<'p> {
        let cells = self.cells.get(index * self.width..(index + 1) * self.width).unwrap_or(&[]);
        Params { cells, types: self.types }
    }

    /// Up to `len` rows from this place on: what goes to the database at once. Further rows follow
    /// when they follow this part.
    #[must_use]
    pub fn part(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.rows);
        let rows = len.min(self.rows - start);
        let more = if start + rows < self.rows { param_flag::MORE } else { 0 };
        ParamRows {
            cells: self.cells.get(start * self.width..(start + rows) * self.width).unwrap_or(&[]),
            rows,
            first_row: self.first_row.saturating_add(start as u64),
            flags: self.flags | more,
            ..*self
        }
    }

    /// The rows in order.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Params<'p>> + use<'p> {
        let rows = *self;
        (0..self.rows).map(move |index| rows.row(index))
    }
}

/// # Safety
/// `len` values live at `pointer` for `'p`, unless `len` is 0 or the pointer null.
unsafe fn slice_or_empty<'p, T>(pointer: *const T, len: usize) -> &'p [T] {
    if len == 0 || pointer.is_null() {
        return &[];
    }
    // SAFETY: passed on to the caller.
    unsafe { core::slice::from_raw_parts(pointer, len) }
}

#[cfg(test)]
mod tests {
    use super::ParamRows;
    use crate::abi::constants::{param_flag, tag};
    use crate::abi::data::Cell;
    use crate::value::ValueRef;

    #[test]
    fn a_part_has_its_rows_and_says_whether_more_follow() {
        let cells: Vec<Cell> = (0..10).map(|n| Cell::inline(tag::I64, n)).collect();
        let flags = param_flag::LAST;
        let all = ParamRows { cells: &cells, types: None, width: 2, rows: 5, first_row: 7, flags };
        let middle = all.part(1, 3);
        assert_eq!((middle.len(), middle.first_row(), middle.more_follow()), (3, 8, true));
        assert_eq!(middle.row(2).get(1), ValueRef::I64(7));
        assert_eq!(middle.row(3).len(), 0, "beyond its last");
        let end = middle.part(1, usize::MAX);
        assert_eq!((end.len(), end.first_row(), end.more_follow()), (2, 9, true));
        let rest = all.part(3, usize::MAX);
        assert_eq!((rest.len(), rest.more_follow()), (2, false));
        assert!(all.part(5, 1).is_empty() && all.part(usize::MAX, 1).is_empty());
    }
}
