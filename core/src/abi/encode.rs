//! From values to cells, with nested values laid out in memory that the caller provides.

use super::cell::MAX_DEPTH;
use super::constants::{cell_flag, tag};
use super::data::Cell;
use crate::value::{ArrayRef, CompositeRef, Date, Timestamp, ValueRef};

/// Where nested and copied bytes go.
pub(crate) trait Store {
    /// `size` writable bytes, aligned to 8, or `None` when there is no room.
    fn allocate(&mut self, size: usize) -> Option<*mut u8>;
    /// True when text and bytes must be copied because the value does not outlive the cell.
    const COPIES: bool;
}

/// The cell of a value; `None` when the store has no room, or the value is nested more deeply than
/// a reader goes.
pub(crate) fn encode<S: Store>(value: ValueRef<'_>, store: &mut S) -> Option<Cell> {
    encode_at(value, store, 0)
}

/// `depth` counts the arrays, composites and maps around the value.
fn encode_at<S: Store>(value: ValueRef<'_>, store: &mut S, depth: u32) -> Option<Cell> {
    Some(match value {
        ValueRef::Null => Cell::NULL,
        ValueRef::Bool(value) => Cell::inline(tag::BOOL, u64::from(value)),
        ValueRef::I64(value) => Cell::inline(tag::I64, value as u64),
        ValueRef::U64(value) => Cell::inline(tag::U64, value),
        ValueRef::F64(value) => Cell::inline(tag::F64, value.to_bits()),
        ValueRef::F32(value) => Cell::inline(tag::F32, u64::from(value.to_bits())),
        ValueRef::Text(text) => bytes(tag::TEXT, cell_flag::UTF8, text.as_bytes(), store)?,
        ValueRef::Json(text) => bytes(tag::JSON, cell_flag::UTF8, text.as_bytes(), store)?,
        ValueRef::Other { text, .. } => bytes(tag::OTHER, cell_flag::UTF8, text.as_bytes(), store)?,
        ValueRef::Bytes(value) => bytes(tag::BYTES, 0, value, store)?,
        ValueRef::Decimal(text) => {
            let mut cell = bytes(tag::DECIMAL, cell_flag::UTF8, text.as_bytes(), store)?;
            cell.aux = decimal_scale(text);
            cell
        }
        ValueRef::Uuid(uuid) => copy(tag::UUID, &uuid.0, store)?,
        ValueRef::I128(value) => copy(tag::I128, &value.to_ne_bytes(), store)?,
        ValueRef::U128(value) => copy(tag::U128, &value.to_ne_bytes(), store)?,
        ValueRef::Interval(value) => {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&value.months.to_ne_bytes());
            bytes[4..8].copy_from_slice(&value.days.to_ne_bytes());
            bytes[8..].copy_from_slice(&value.micros.to_ne_bytes());
            copy(tag::INTERVAL, &bytes, store)?
        }
        ValueRef::Date(value) => date(value),
        ValueRef::Time(value) => {
            let mut cell = Cell::inline(tag::TIME, value.micros() as u64);
            cell.len = u32::from(value.nanos());
            with_offset(cell, value.offset_minutes())
        }
        ValueRef::Timestamp(value) => timestamp(tag::TIMESTAMP, value),
        ValueRef::TimestampTz(value) => {
            with_offset(timestamp(tag::TIMESTAMP_TZ, value.utc()), value.offset_minutes())
        }
        ValueRef::Array(value) => array(value, store, depth)?,
        ValueRef::Struct(value) => composite(tag::STRUCT, value, store, depth)?,
        ValueRef::Map(value) => composite(tag::MAP, value, store, depth)?,
    })
}

fn bytes<S: Store>(tag: u8, flags: u8, bytes: &[u8], store: &mut S) -> Option<Cell> {
    if !S::COPIES {
        return Some(Cell::pointer(tag, flags, bytes.as_ptr(), bytes.len()));
    }
    let mut cell = copy(tag, bytes, store)?;
    cell.flags = flags;
    Some(cell)
}

fn copy<S: Store>(tag: u8, bytes: &[u8], store: &mut S) -> Option<Cell> {
    let to = store.allocate(bytes.len())?;
    // SAFETY: the store gave room for `bytes.len()` bytes that nothing else refers to.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    Some(Cell::pointer(tag, 0, to, bytes.len()))
}

fn date(value: Date) -> Cell {
    let mut cell = Cell::inline(tag::DATE, i64::from(value.days()) as u64);
    cell.flags = match value {
        Date::INFINITY => cell_flag::INFINITY,
        Date::NEG_INFINITY => cell_flag::NEG_INFINITY,
        _ => 0,
    };
    cell
}

fn timestamp(tag: u8, value: Timestamp) -> Cell {
    let mut cell = Cell::inline(tag, value.micros() as u64);
    cell.len = u32::from(value.nanos());
    cell.flags = match value {
        Timestamp::INFINITY => cell_flag::INFINITY,
        Timestamp::NEG_INFINITY => cell_flag::NEG_INFINITY,
        _ => 0,
    };
    cell
}

fn with_offset(mut cell: Cell, minutes: Option<i16>) -> Cell {
    if let Some(minutes) = minutes {
        cell.flags |= cell_flag::OFFSET;
        cell.aux = minutes as u16;
    }
    cell
}

fn decimal_scale(text: &str) -> u16 {
    text.find('.')
        .map_or(0, |point| text[point + 1..].bytes().take_while(u8::is_ascii_digit).count() as u16)
}

fn array<S: Store>(value: ArrayRef<'_>, store: &mut S, depth: u32) -> Option<Cell> {
    if !S::COPIES
        && let Some(block) = value.block()
    {
        return block.cell(depth);
    }
    let dimensions = value.dimension_count();
    let count = u32::try_from(value.len()).ok()?;
    let size = 8 + dimensions * 8 + value.len() * size_of::<Cell>();
    let start = store.allocate(size)?;
    let mut header = [0; 8];
    header[0] = element_tag(value);
    header[1] = u8::try_from(dimensions).ok()?;
    header[4..].copy_from_slice(&count.to_ne_bytes());
    // SAFETY: `size` bytes were allocated: 8 for the header, 8 for each dimension, 16 for each cell.
    unsafe { core::ptr::copy_nonoverlapping(header.as_ptr(), start, 8) };
    for (index, dimension) in value.dimensions().enumerate() {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&dimension.len.to_ne_bytes());
        bytes[4..].copy_from_slice(&dimension.lower_bound.to_ne_bytes());
        // SAFETY: as above; `index` is below the number of dimensions.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), start.add(8 + index * 8), 8) };
    }
    // SAFETY: the offset is a multiple of 8 within the allocation, which is aligned to 8.
    let cells = unsafe { start.add(8 + dimensions * 8) }.cast::<Cell>();
    encode_cells(value.iter(), cells, store, depth)?;
    Some(Cell::pointer(tag::ARRAY, 0, start, size))
}

fn composite<S: Store>(
    tag: u8,
    value: CompositeRef<'_>,
    store: &mut S,
    depth: u32,
) -> Option<Cell> {
    let count = u32::try_from(value.len()).ok()?;
    let size = 8 + value.len() * size_of::<Cell>();
    let start = store.allocate(size)?;
    let mut header = [0; 8];
    header[..4].copy_from_slice(&count.to_ne_bytes());
    // SAFETY: `size` bytes were allocated: 8 for the header, 16 for each cell.
    unsafe { core::ptr::copy_nonoverlapping(header.as_ptr(), start, 8) };
    // SAFETY: as for arrays.
    encode_cells(value.iter(), unsafe { start.add(8) }.cast::<Cell>(), store, depth)?;
    Some(Cell::pointer(tag, 0, start, size))
}

/// Fills the cells at `to`, of which there are as many as `values`.
fn encode_cells<'v, S: Store>(
    values: impl Iterator<Item = ValueRef<'v>>,
    to: *mut Cell,
    store: &mut S,
    depth: u32,
) -> Option<()> {
    if depth >= MAX_DEPTH {
        return None;
    }
    for (index, value) in values.enumerate() {
        let cell = encode_at(value, store, depth + 1)?;
        // SAFETY: the callers allocate a cell for each value, aligned to 8.
        unsafe { to.add(index).write(cell) };
    }
    Some(())
}

fn element_tag(value: ArrayRef<'_>) -> u8 {
    struct Nowhere;
    impl Store for Nowhere {
        const COPIES: bool = false;
        fn allocate(&mut self, _: usize) -> Option<*mut u8> {
            None
        }
    }
    let first = value.iter().find(|element| !element.is_null());
    first.map_or(tag::NULL, |element| match element {
        ValueRef::Uuid(_) => tag::UUID,
        ValueRef::I128(_) => tag::I128,
        ValueRef::U128(_) => tag::U128,
        ValueRef::Interval(_) => tag::INTERVAL,
        ValueRef::Array(_) => tag::ARRAY,
        ValueRef::Struct(_) => tag::STRUCT,
        ValueRef::Map(_) => tag::MAP,
        inline => encode(inline, &mut Nowhere).map_or(tag::OTHER, |cell| cell.tag),
    })
}

/// Memory that grows by a block for each value; for what an arena cannot hold.
#[derive(Default)]
pub(crate) struct Blocks(Vec<Box<[u64]>>);

impl Blocks {
    pub(crate) fn clear(&mut self) {
        if !self.0.is_empty() {
            self.0.clear();
        }
    }

    pub(crate) fn block(&mut self, size: usize) -> *mut u8 {
        self.0.push(vec![0u64; size.div_ceil(8)].into_boxed_slice());
        self.0.last_mut().expect("invariant: pushed above").as_mut_ptr().cast()
    }
}

/// A single value: text and bytes are borrowed, nested values get a block each.
impl Store for Blocks {
    const COPIES: bool = false;

    fn allocate(&mut self, size: usize) -> Option<*mut u8> {
        Some(self.block(size))
    }
}
