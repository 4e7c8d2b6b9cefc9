//! How a dialect delivers rows: into the host's batch, row by row, copied or lent.

use core::marker::PhantomData;
use std::sync::Arc;

use super::constants::{batch_state, hint};
use super::data::{Batch, Cell};
use super::encode::Blocks;
use super::row_builder::RowBuilder;
use crate::dbapi::Column;

/// Most columns of a result; more than any database has.
pub(crate) const MAX_COLUMNS: usize = 65_535;

/// What a statement keeps for the host between two calls.
#[derive(Default)]
pub(crate) struct Kept {
    /// Values that the arena could not hold.
    pub(crate) spill: Blocks,
    /// The columns as the dialect described them, and the epoch that they belong to.
    columns: Option<(u32, Arc<[Column]>)>,
    /// True when they were described in the last call, so that its rows may lend.
    described: bool,
}

impl Kept {
    /// The columns, when the last call described them.
    pub(crate) fn described(&self) -> Option<&[Column]> {
        let (_, columns) = self.columns.as_ref()?;
        self.described.then_some(columns)
    }
}

/// Receives the rows of one call.
///
/// A call that delivers rows first says how many [`columns`](RowWriter::columns) they have, then
/// writes rows while [`wants_row`](RowWriter::wants_row), and says [`done`](RowWriter::done) at the
/// end of the result. `'a` is the time until the next call on the connection: what lives that long
/// can be lent instead of copied, once the columns are [described](RowWriter::describe).
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
    pub(super) batch: &'b mut Batch,
    pub(super) kept: &'b mut Kept,
    pub(super) next_cell: *mut Cell,
    pub(super) cells_left: usize,
    pub(super) next_byte: *mut u8,
    pub(super) bytes_left: usize,
    pub(super) columns: usize,
    pub(super) rows: u32,
    max_rows: u32,
    /// No further row can be written: the last one lends what the next step of the driver destroys.
    pub(super) ended: bool,
    pub(super) misfit: bool,
    lent: PhantomData<fn(&'a ()) -> &'a ()>,
}

impl<'b, 'a> RowWriter<'b, 'a> {
    /// # Safety
    /// `batch` has room for `cells_capacity` cells and `arena_capacity` bytes aligned to 8.
    #[inline]
    pub(crate) unsafe fn new(batch: &'b mut Batch, kept: &'b mut Kept) -> Self {
        batch.rows = 0;
        batch.columns = 0;
        batch.arena_used = 0;
        batch.state = 0;
        batch.affected = u64::MAX;
        kept.spill.clear();
        kept.described = false;
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
            kept,
            lent: PhantomData,
        }
    }

    /// An error follows the rows: the result is not complete, whatever was said before.
    #[cold]
    pub(crate) fn not_done(&mut self) {
        self.batch.state &= !(batch_state::DONE | batch_state::MORE_RESULTS);
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
        if columns > MAX_COLUMNS || (self.rows > 0 && columns != self.columns) {
            // Rows of two widths would have the host read cells that nobody wrote.
            self.misfit = true;
            return;
        }
        self.columns = columns;
        self.batch.columns = columns as u32;
        self.batch.state |= batch_state::RETURNS_ROWS;
    }

    /// Says what columns the result has, so that its rows may lend. `columns` is called only when
    /// `epoch` differs from that of the statement's last description; change it when the columns
    /// change. To be repeated in every call that delivers rows of the result. A driver that keeps
    /// descriptions gives them as `Arc<[Column]>`, which is not copied.
    ///
    /// While rows are lent the host asks for no more than was described: no method of the dialect
    /// runs that could touch what was lent.
    pub fn describe<C: Into<Arc<[Column]>>>(&mut self, epoch: u32, columns: impl FnOnce() -> C) {
        let known = self.kept.columns.as_ref().is_some_and(|(known, _)| *known == epoch);
        if !known {
            self.kept.columns = Some((epoch, columns().into()));
        }
        self.kept.described = true;
        let width = self.kept.columns.as_ref().map_or(0, |(_, columns)| columns.len());
        self.columns_epoch(epoch);
        self.columns(width);
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

    /// Begins a row. Values follow in the order of the columns, then [`RowBuilder::commit`]. A row
    /// that is not [wanted](RowWriter::wants_row) is dropped, and `commit` says so.
    #[inline(always)]
    pub fn row<'w>(&'w mut self) -> RowBuilder<'w, 'b, 'a> {
        let (next_cell, next_byte, bytes_left) = (self.next_cell, self.next_byte, self.bytes_left);
        // A row that nobody asked for is dropped, whatever is written into it.
        let fits = self.wants_row();
        let cells_left = if fits { self.columns } else { 0 };
        RowBuilder {
            rows: self,
            next_cell,
            next_byte,
            bytes_left,
            cells_left,
            fits,
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

#[cfg(test)]
mod tests {
    use super::{Kept, MAX_COLUMNS, RowWriter};
    use crate::abi::constants::batch_state;
    use crate::abi::data::Batch;
    use crate::abi::room::Room;
    use crate::dbapi::{Column, SqlType};

    fn write(columns: usize, write: impl FnOnce(&mut RowWriter<'_, 'static>)) -> (Batch, bool) {
        let mut room = Room::with_sizes(20, 64);
        let mut batch = room.batch(256, 0);
        let mut kept = Kept::default();
        // SAFETY: the batch was just made over the room.
        let mut rows = unsafe { RowWriter::new(&mut batch, &mut kept) };
        rows.columns(columns);
        write(&mut rows);
        let (_, misfit) = rows.finish();
        (batch, misfit)
    }

    #[test]
    fn rows_that_nobody_asked_for_are_dropped() {
        let mut taken = 0;
        let (batch, misfit) = write(9, |rows| {
            for _ in 0..100 {
                let mut row = rows.row();
                (0..9).for_each(|i| row.i64(i));
                taken += u32::from(row.commit());
            }
        });
        assert_eq!(
            (batch.rows, taken, misfit),
            (2, 2, false),
            "twenty cells hold two rows of nine"
        );
    }

    #[test]
    fn a_row_wider_than_the_room_is_not_taken() {
        let (batch, misfit) = write(3000, |rows| {
            let mut row = rows.row();
            (0..20).for_each(|i| row.i64(i));
            assert!(!row.commit());
        });
        assert_eq!((batch.rows, batch.columns, misfit), (0, 3000, false));
    }

    #[test]
    fn an_absurd_number_of_columns_is_a_defect_of_the_dialect() {
        let (batch, misfit) = write(MAX_COLUMNS + 1, |_| {});
        assert_eq!((batch.columns, misfit), (0, true));
    }

    #[test]
    fn only_a_result_that_is_described_lends() {
        static TEXT: &str = "lives for ever";
        for described in [false, true] {
            let (batch, _) = write(1, |rows| {
                if described {
                    rows.describe(1, || vec![Column::new("t", SqlType::default())]);
                }
                let mut row = rows.row();
                row.lend_text(TEXT);
                assert!(row.commit());
            });
            assert_eq!(batch.state & batch_state::LENT != 0, described);
            assert_eq!(batch.arena_used, if described { 0 } else { TEXT.len() as u32 });
        }
    }
}
