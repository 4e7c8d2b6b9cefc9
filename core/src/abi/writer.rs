//! How a dialect delivers rows: into the host's batch, row by row, copied or lent.

use core::marker::PhantomData;

use super::constants::{batch_state, cell_flag, hint, tag};
use super::data::{Batch, Cell};
use super::encode::{Blocks, Store, encode};
use crate::value::ValueRef;

/// Longest text or bytes that are copied when they could be lent as well; measured on SQLite, where
/// copying more stalls on memory that has just been written.
const COPY_LIMIT: usize = 128;

/// Receives the rows of one call.
///
/// A call that delivers rows first says how many [`columns`](RowWriter::columns) they have, then
/// writes rows while [`wants_row`](RowWriter::wants_row), and says [`done`](RowWriter::done) at the
/// end of the result. `'a` is the time until the next call on the connection: what lives that long
/// can be lent instead of copied.
///
/// ```
/// # use aludel::dbapi::RowWriter;
/// fn deliver(rows: &mut RowWriter<'_, '_>, at: &mut i64, end: i64) {
///     rows.columns(2);
///     while *at < end && rows.wants_row() {
///         let mut row = rows.row();
///         row.i64(*at);
///         row.text("some text");
///         if !row.commit() {
///             return; // no room: the next call presents this row again
///         }
///         *at += 1;
///     }
///     if *at == end {
///         rows.done();
///     }
/// }
/// ```
pub struct RowWriter<'b, 'a> {
    batch: &'b mut Batch,
    spill: &'b mut Blocks,
    next_cell: *mut Cell,
    cells_left: usize,
    next_byte: *mut u8,
    bytes_left: usize,
    columns: usize,
    rows: u32,
    max_rows: u32,
    /// No further row can be written: the last one lends what the next step of the driver destroys.
    ended: bool,
    misfit: bool,
    lent: PhantomData<fn(&'a ()) -> &'a ()>,
}

impl<'b, 'a> RowWriter<'b, 'a> {
    /// # Safety
    /// `batch` has room for `cells_capacity` cells and `arena_capacity` bytes aligned to 8.
    #[inline]
    pub(crate) unsafe fn new(batch: &'b mut Batch, spill: &'b mut Blocks) -> Self {
        batch.rows = 0;
        batch.columns = 0;
        batch.arena_used = 0;
        batch.state = 0;
        batch.affected = u64::MAX;
        spill.clear();
        RowWriter {
            next_cell: batch.cells,
            cells_left: batch.cells_capacity as usize,
            next_byte: batch.arena,
            bytes_left: batch.arena_capacity as usize,
            columns: 0,
            rows: 0,
            max_rows: if batch.hint & hint::ONE != 0 { 1 } else { batch.max_rows },
            ended: false,
            misfit: false,
            batch,
            spill,
            lent: PhantomData,
        }
    }

    /// Rows written so far, and whether one of them had the wrong number of values.
    #[inline]
    pub(crate) fn finish(self) -> (u32, bool) {
        self.batch.rows = self.rows;
        self.batch.arena_used = self.batch.arena_capacity - self.bytes_left as u32;
        (self.rows, self.misfit)
    }

    /// Says that the result has rows of this many columns, though there may be no row.
    ///
    /// A second call, after a row, must not change the number: that is an error of the dialect.
    #[inline]
    pub fn columns(&mut self, columns: usize) {
        if self.rows > 0 && columns != self.columns {
            // Rows of two widths would have the host read cells that nobody wrote.
            self.misfit = true;
            return;
        }
        self.columns = columns;
        self.batch.columns = columns as u32;
        self.batch.state |= batch_state::RETURNS_ROWS;
    }

    /// Tells the host that the columns differ from those of the last execution when `epoch` does.
    #[inline]
    pub fn columns_epoch(&mut self, epoch: u32) {
        self.batch.columns_epoch = epoch;
    }

    /// True while there is room for another row and the host wants one.
    #[inline(always)]
    pub fn wants_row(&self) -> bool {
        self.rows < self.max_rows && self.cells_left >= self.columns && !self.ended
    }

    /// True when the host wants at most one row: after it, a driver may reset and say `done`,
    /// provided that no further row [can be written](RowWriter::has_ended) anyway.
    #[inline(always)]
    pub fn wants_one(&self) -> bool {
        self.batch.hint & hint::ONE != 0
    }

    /// True when the host does not want rows at all (executemany without RETURNING).
    #[inline]
    pub fn wants_none(&self) -> bool {
        self.batch.hint & hint::NO_ROWS != 0
    }

    /// True when the last row lends memory that the driver's next step would destroy.
    #[inline(always)]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Begins a row. Values follow in the order of the columns, then [`RowBuilder::commit`].
    #[inline(always)]
    pub fn row<'w>(&'w mut self) -> RowBuilder<'w, 'b, 'a> {
        let (next_cell, next_byte, bytes_left) = (self.next_cell, self.next_byte, self.bytes_left);
        let cells_left = self.columns.min(self.cells_left);
        RowBuilder {
            rows: self,
            next_cell,
            next_byte,
            bytes_left,
            cells_left,
            fits: true,
            lends: false,
            ends: false,
        }
    }

    /// Says that this result is complete.
    #[inline(always)]
    pub fn done(&mut self) {
        self.batch.state |= batch_state::DONE;
    }

    /// Says how many rows the statement changed.
    #[inline]
    pub fn affected(&mut self, rows: u64) {
        self.batch.affected = rows;
    }

    /// Tells the key of the last inserted row.
    #[inline]
    pub fn last_insert_id(&mut self, id: i64) {
        self.batch.last_insert_id = id;
        self.batch.state |= batch_state::LAST_INSERT_ID;
    }

    /// Says that the row of this batch holds the out parameters of a procedure, in their order.
    pub fn out_parameters(&mut self) {
        self.batch.state |= batch_state::OUT_PARAMETERS;
    }

    /// Says that another result follows this one.
    pub fn more_results(&mut self) {
        self.batch.state |= batch_state::MORE_RESULTS;
    }
}

/// A row that is being written.
pub struct RowBuilder<'w, 'b, 'a> {
    rows: &'w mut RowWriter<'b, 'a>,
    next_cell: *mut Cell,
    next_byte: *mut u8,
    bytes_left: usize,
    cells_left: usize,
    fits: bool,
    lends: bool,
    ends: bool,
}

impl<'a> RowBuilder<'_, '_, 'a> {
    #[inline(always)]
    fn put(&mut self, cell: Cell) {
        if self.cells_left == 0 {
            self.rows.misfit = true;
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

    /// Text that lives until the next call on the connection: nothing is copied.
    #[inline(always)]
    pub fn lend_text(&mut self, text: &'a str) {
        self.lends = true;
        let flags = cell_flag::UTF8 | cell_flag::LENT;
        self.put(Cell::pointer(tag::TEXT, flags, text.as_ptr(), text.len()));
    }

    /// Bytes that live until the next call on the connection: nothing is copied.
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
        self.lends = true;
        self.put(Cell::pointer(tag, cell_flag::LENT, bytes.as_ptr(), bytes.len()));
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
            self.fits = false;
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
                self.rows.misfit |= self.rows.rows == 0;
                self.fits = false;
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
            self.fits = false;
        }
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
        let block = self.rows.spill.block(bytes.len());
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
        Some(row.rows.spill.block(size))
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
