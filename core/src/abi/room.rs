//! Memory for a batch: cells and arena, kept and reused.

use super::data::{Batch, Cell};

/// Rows of a batch at most; more bring nothing, fewer cost calls (measured on SQLite).
pub(crate) const BATCH_ROWS: u32 = 256;

/// Room for one batch.
pub(crate) struct Room {
    pub(crate) cells: Vec<Cell>,
    arena: Vec<u64>,
}

impl Room {
    /// Room for a few rows that nobody reads.
    pub(crate) fn small() -> Self {
        Room::with_sizes(64, 1024)
    }

    /// Room for this many cells and bytes.
    pub(crate) fn with_sizes(cells: usize, arena_bytes: usize) -> Self {
        Room { cells: vec![Cell::NULL; cells], arena: vec![0; arena_bytes / 8] }
    }

    /// An empty batch over this room.
    #[inline]
    pub(crate) fn batch(&mut self, max_rows: u32, hint: u32) -> Batch {
        Batch {
            cells: self.cells.as_mut_ptr(),
            arena: self.arena.as_mut_ptr().cast(),
            cells_capacity: self.cells.len() as u32,
            arena_capacity: (self.arena.len() * 8) as u32,
            max_rows,
            hint,
            rows: 0,
            columns: 0,
            arena_used: 0,
            state: 0,
            affected: u64::MAX,
            last_insert_id: 0,
            columns_epoch: 0,
            reserved_0: 0,
            reserved: [0; 2],
        }
    }

    /// Makes room for at least one row of this many columns; false when there was already.
    pub(crate) fn grow(&mut self, columns: u32) -> bool {
        let columns = columns as usize;
        if columns <= self.cells.len() {
            return false;
        }
        self.cells.resize(columns, Cell::NULL);
        true
    }
}
