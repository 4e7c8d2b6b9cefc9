//! One row on its way to the host: values in the order of the columns, copied or lent.

use super::constants::{batch_state, cell_flag, tag};
use super::data::Cell;
use super::encode::{Store, encode};
use super::writer::RowWriter;
use crate::value::ValueRef;

/// Longest text or bytes that are copied when they could be lent as well; measured on SQLite, where
/// copying more stalls on memory that has just been written.
const COPY_LIMIT: usize = 128;

/// A row that is being written.
pub struct RowBuilder<'w, 'b, 'a> {
    pub(super) rows: &'w mut RowWriter<'b, 'a>,
    pub(super) next_cell: *mut Cell,
    pub(super) next_byte: *mut u8,
    pub(super) bytes_left: usize,
    pub(super) cells_left: usize,
    pub(super) fits: bool,
    pub(super) lends: bool,
    pub(super) ends: bool,
}

impl<'a> RowBuilder<'_, '_, 'a> {
    #[inline(always)]
    fn put(&mut self, cell: Cell) {
        if self.cells_left == 0 {
            // One value too many, unless the whole row is dropped anyway.
            self.rows.misfit |= self.fits;
            return;
        }
        // SAFETY: `cells_left` counts the cells that are left of the host's room.
        unsafe {
            self.next_cell.write(cell);
            self.next_cell = self.next_cell.add(1);
        }
        self.cells_left -= 1;
    }

    /// SQL NULL.
    #[inline(always)]
    pub fn null(&mut self) {
        self.put(Cell::NULL);
    }

    /// An integer.
    #[inline(always)]
    pub fn i64(&mut self, value: i64) {
        self.put(Cell::inline(tag::I64, value as u64));
    }

    /// A float.
    #[inline(always)]
    pub fn f64(&mut self, value: f64) {
        self.put(Cell::inline(tag::F64, value.to_bits()));
    }

    /// Text, copied.
    #[inline(always)]
    pub fn text(&mut self, text: &str) {
        self.copied(tag::TEXT, cell_flag::UTF8, text.as_bytes());
    }

    /// Bytes, copied.
    #[inline(always)]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.copied(tag::BYTES, 0, bytes);
    }

    /// Text that lives until the next call on the connection: nothing is copied, provided that the
    /// columns are [described](RowWriter::describe).
    #[inline(always)]
    pub fn lend_text(&mut self, text: &'a str) {
        self.lend(tag::TEXT, cell_flag::UTF8, text.as_bytes());
    }

    /// Bytes that live until the next call on the connection; as [`lend_text`](Self::lend_text).
    #[inline(always)]
    pub fn lend_bytes(&mut self, bytes: &'a [u8]) {
        self.lend_as(tag::BYTES, bytes);
    }

    /// Bytes of a text-like tag (text, JSON, decimal, other) that live until the next call and
    /// that the host checks for UTF-8 when they are read. Arrays, composites and maps are refused.
    #[inline(always)]
    pub fn lend_as(&mut self, tag: u8, bytes: &'a [u8]) {
        if matches!(tag, tag::ARRAY | tag::STRUCT | tag::MAP) {
            // Their bytes hold pointers, which the host follows: safe code must not make them up.
            self.rows.misfit = true;
            return;
        }
        self.lend(tag, 0, bytes);
    }

    #[inline(always)]
    fn lend(&mut self, tag: u8, flags: u8, bytes: &'a [u8]) {
        if self.rows.kept.described().is_none() {
            // The host would have to ask for the columns while rows are lent, and the dialect's
            // answer could touch what it has lent.
            return self.copied(tag, flags, bytes);
        }
        self.lends = true;
        self.put(Cell::pointer(tag, flags | cell_flag::LENT, bytes.as_ptr(), bytes.len()));
    }

    /// Bytes of a tag that live only until the driver's next step: copied when short, else lent,
    /// which ends the batch with this row.
    ///
    /// # Safety
    /// The bytes live unchanged until the driver takes its next step on this statement, and it
    /// takes none before the next call once [`RowWriter::has_ended`].
    #[inline(always)]
    pub unsafe fn bytes_until_next_step(&mut self, tag: u8, bytes: &[u8]) {
        if bytes.len() <= COPY_LIMIT && bytes.len() <= self.bytes_left {
            self.copy_into_arena(tag, 0, bytes);
        } else if self.rows.rows == 0 {
            self.lends = true;
            self.ends = true;
            self.put(Cell::pointer(tag, cell_flag::LENT, bytes.as_ptr(), bytes.len()));
        } else {
            self.drop_row();
        }
    }

    /// Any value, copied. One that is nested more than 32 levels deep is an error of the dialect.
    pub fn value(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Text(text) => return self.text(text),
            ValueRef::Bytes(bytes) => return self.bytes(bytes),
            _ => {}
        }
        match encode(value, &mut RowStore(self)) {
            Some(cell) => self.put(cell),
            None => {
                // The first row of a batch always has room: then the value has no cell at all.
                self.rows.misfit |= self.fits && self.rows.rows == 0;
                self.drop_row();
            }
        }
    }

    #[inline(always)]
    fn copied(&mut self, tag: u8, flags: u8, bytes: &[u8]) {
        if bytes.len() <= self.bytes_left {
            self.copy_into_arena(tag, flags, bytes);
        } else if self.rows.rows == 0 {
            self.copy_into_block(tag, flags, bytes);
        } else {
            self.drop_row();
        }
    }

    /// There is no room: nothing more of this row is written.
    #[inline(always)]
    fn drop_row(&mut self) {
        self.fits = false;
        self.cells_left = 0;
    }

    #[inline(always)]
    fn copy_into_arena(&mut self, tag: u8, flags: u8, bytes: &[u8]) {
        // SAFETY: the callers have checked that the arena has room; the arena is the host's.
        unsafe { copy_short(bytes.as_ptr(), self.next_byte, bytes.len()) };
        let cell = Cell::pointer(tag, flags, self.next_byte, bytes.len());
        // SAFETY: still inside the arena, or one past its end.
        self.next_byte = unsafe { self.next_byte.add(bytes.len()) };
        self.bytes_left -= bytes.len();
        self.put(cell);
    }

    #[cold]
    fn copy_into_block(&mut self, tag: u8, flags: u8, bytes: &[u8]) {
        let block = self.rows.kept.spill.block(bytes.len());
        // SAFETY: the block has room for the bytes and lives until the next call.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), block, bytes.len()) };
        self.lends = true;
        self.put(Cell::pointer(tag, flags | cell_flag::LENT, block, bytes.len()));
    }

    /// Ends the row. False: it did not fit and is dropped; present it again in the next call.
    #[inline(always)]
    #[must_use = "a row that did not fit must be presented again"]
    pub fn commit(self) -> bool {
        if !self.fits {
            return false;
        }
        if self.cells_left != 0 {
            self.rows.misfit = true;
            return false;
        }
        let rows = self.rows;
        rows.cells_left -= rows.columns;
        rows.next_cell = self.next_cell;
        rows.next_byte = self.next_byte;
        rows.bytes_left = self.bytes_left;
        rows.rows += 1;
        rows.ended |= self.ends;
        if self.lends {
            rows.batch.state |= batch_state::LENT;
        }
        true
    }
}

/// Nested values of a row: the arena, or for the first row of a batch a block.
struct RowStore<'s, 'w, 'b, 'a>(&'s mut RowBuilder<'w, 'b, 'a>);

impl Store for RowStore<'_, '_, '_, '_> {
    const COPIES: bool = true;

    fn allocate(&mut self, size: usize) -> Option<*mut u8> {
        let row = &mut *self.0;
        let padding = row.next_byte.align_offset(8);
        if let Some(left) = row.bytes_left.checked_sub(padding + size) {
            // SAFETY: padding and size lie inside the arena.
            let start = unsafe { row.next_byte.add(padding) };
            // SAFETY: as above; at most one past the end.
            row.next_byte = unsafe { start.add(size) };
            row.bytes_left = left;
            return Some(start);
        }
        if row.rows.rows > 0 {
            return None;
        }
        row.lends = true;
        Some(row.rows.kept.spill.block(size))
    }
}

/// Copies a few bytes without a call into `memcpy`, which costs more than the copy itself.
///
/// # Safety
/// `len` bytes can be read at `from` and written at `to`, and the two do not overlap.
#[inline(always)]
unsafe fn copy_short(from: *const u8, to: *mut u8, len: usize) {
    // Two overlapping words cover every length between one and two of them.
    macro_rules! two_words {
        ($word:ty) => {{
            const WIDTH: usize = size_of::<$word>();
            let first = from.cast::<$word>().read_unaligned();
            let last = from.add(len - WIDTH).cast::<$word>().read_unaligned();
            to.cast::<$word>().write_unaligned(first);
            to.add(len - WIDTH).cast::<$word>().write_unaligned(last);
        }};
    }
    // SAFETY: each branch reads and writes within `len` bytes only.
    unsafe {
        match len {
            33.. => core::ptr::copy_nonoverlapping(from, to, len),
            16..=32 => two_words!(u128),
            8..=15 => two_words!(u64),
            4..=7 => two_words!(u32),
            2..=3 => two_words!(u16),
            1 => to.write(from.read()),
            0 => {}
        }
    }
}
