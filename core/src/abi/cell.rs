//! Cells: how they are made, and how they are read without trusting who made them.

use super::constants::{cell_flag, tag};
use super::data::Cell;
use crate::value::{
    ArrayRef, CompositeRef, ConversionError, Date, Interval, Time, Timestamp, TimestampTz, Uuid,
    ValueRef,
};

/// How deep arrays, composites and maps may nest before they are refused.
pub(crate) const MAX_DEPTH: u32 = 32;

impl Cell {
    /// SQL NULL.
    pub const NULL: Cell = Cell { tag: tag::NULL, flags: 0, aux: 0, len: 0, bits: 0 };

    /// A value that fits the cell.
    #[inline(always)]
    pub const fn inline(tag: u8, bits: u64) -> Cell {
        Cell { tag, flags: 0, aux: 0, len: 0, bits }
    }

    /// A value behind a pointer. Lengths of 2^48 and more cannot be told apart from shorter ones.
    #[inline(always)]
    pub fn pointer(tag: u8, flags: u8, bytes: *const u8, len: usize) -> Cell {
        let len = len as u64;
        Cell {
            tag,
            flags,
            aux: (len >> 32) as u16,
            len: len as u32,
            bits: bytes.expose_provenance() as u64,
        }
    }

    /// Length in bytes of a value behind a pointer.
    #[inline(always)]
    pub const fn byte_len(&self) -> usize {
        match self.tag {
            tag::DECIMAL => self.len as usize,
            _ => (self.aux as usize) << 32 | self.len as usize,
        }
    }

    /// The bytes behind the pointer.
    ///
    /// # Safety
    /// The cell has a pointer tag, and its bytes live unchanged for `'a`.
    #[inline(always)]
    pub unsafe fn bytes<'a>(&self) -> &'a [u8] {
        let len = self.byte_len();
        if len == 0 || self.bits == 0 {
            return &[];
        }
        // SAFETY: the caller vouches for pointer and lifetime; the maker of the cell for the length.
        unsafe {
            core::slice::from_raw_parts(core::ptr::with_exposed_provenance(self.bits as usize), len)
        }
    }

    /// The value of this cell, checked: unknown tags, bad UTF-8 and inconsistent headers are errors.
    ///
    /// # Safety
    /// Pointers in the cell, and in the cells behind it, are valid for `'a`.
    #[inline(always)]
    pub unsafe fn value<'a>(&self) -> Result<ValueRef<'a>, ConversionError> {
        // SAFETY: passed on to the caller.
        unsafe {
            match self.tag {
                tag::I64 => Ok(ValueRef::I64(self.bits as i64)),
                tag::F64 => Ok(ValueRef::F64(f64::from_bits(self.bits))),
                tag::NULL => Ok(ValueRef::Null),
                tag::TEXT => self.text("text").map(ValueRef::Text),
                tag::BYTES => Ok(ValueRef::Bytes(self.bytes())),
                _ => self.rare_value(0),
            }
        }
    }

    #[inline(never)]
    unsafe fn rare_value<'a>(&self, depth: u32) -> Result<ValueRef<'a>, ConversionError> {
        // SAFETY: passed on to the caller.
        unsafe {
            Ok(match self.tag {
                tag::NULL | tag::I64 | tag::F64 | tag::TEXT | tag::BYTES => return self.value(),
                tag::BOOL => ValueRef::Bool(self.bits != 0),
                tag::U64 => ValueRef::U64(self.bits),
                tag::F32 => ValueRef::F32(f32::from_bits(self.bits as u32)),
                tag::DATE => ValueRef::Date(self.date()?),
                tag::TIME => ValueRef::Time(self.time()),
                tag::TIMESTAMP => ValueRef::Timestamp(self.timestamp()),
                tag::TIMESTAMP_TZ => ValueRef::TimestampTz(self.timestamp_tz()),
                tag::DECIMAL => ValueRef::Decimal(self.text("decimal")?),
                tag::JSON => ValueRef::Json(self.text("json")?),
                tag::UUID => ValueRef::Uuid(Uuid(self.fixed("uuid")?)),
                tag::I128 => ValueRef::I128(i128::from_ne_bytes(self.fixed("i128")?)),
                tag::U128 => ValueRef::U128(u128::from_ne_bytes(self.fixed("u128")?)),
                tag::INTERVAL => ValueRef::Interval(self.interval()?),
                tag::ARRAY => ValueRef::Array(self.array(depth)?),
                tag::STRUCT => ValueRef::Struct(self.composite(depth)?),
                tag::MAP => ValueRef::Map(self.composite(depth)?),
                tag::OTHER => ValueRef::Other { type_name: "", text: self.text("other")? },
                _ => {
                    return Err(ConversionError::wrong_type(
                        "a known tag",
                        "a cell of a newer plugin",
                    ));
                }
            })
        }
    }

    #[inline(always)]
    unsafe fn text<'a>(&self, found: &'static str) -> Result<&'a str, ConversionError> {
        // SAFETY: the tag has a pointer; validity is passed on to the caller.
        let bytes = unsafe { self.bytes() };
        if self.flags & cell_flag::UTF8 != 0 {
            // SAFETY: the flag is set only by code that held a `str`.
            return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
        }
        checked_text(bytes, found)
    }

    unsafe fn fixed<const N: usize>(
        &self,
        found: &'static str,
    ) -> Result<[u8; N], ConversionError> {
        // SAFETY: passed on to the caller.
        unsafe { self.bytes() }
            .try_into()
            .map_err(|_| ConversionError::malformed("a value of 16 bytes", found))
    }

    fn date(&self) -> Result<Date, ConversionError> {
        Ok(match self.flags & (cell_flag::INFINITY | cell_flag::NEG_INFINITY) {
            0 => Date::from_days(
                i32::try_from(self.bits as i64)
                    .map_err(|_| ConversionError::out_of_range("Date", "date"))?,
            ),
            cell_flag::NEG_INFINITY => Date::NEG_INFINITY,
            _ => Date::INFINITY,
        })
    }

    fn time(&self) -> Time {
        let time = Time::from_micros(self.bits as i64).with_nanos(self.len as u16);
        self.offset().map_or(time, |minutes| time.with_offset(minutes))
    }

    fn timestamp(&self) -> Timestamp {
        match self.flags & (cell_flag::INFINITY | cell_flag::NEG_INFINITY) {
            0 => Timestamp::from_micros(self.bits as i64).with_nanos(self.len as u16),
            cell_flag::NEG_INFINITY => Timestamp::NEG_INFINITY,
            _ => Timestamp::INFINITY,
        }
    }

    fn timestamp_tz(&self) -> TimestampTz {
        let moment = TimestampTz::from_utc(self.timestamp());
        self.offset().map_or(moment, |minutes| moment.with_offset(minutes))
    }

    fn offset(&self) -> Option<i16> {
        (self.flags & cell_flag::OFFSET != 0).then_some(self.aux as i16)
    }

    unsafe fn interval(&self) -> Result<Interval, ConversionError> {
        // SAFETY: passed on to the caller.
        let bytes: [u8; 16] = unsafe { self.fixed("interval")? };
        let [m0, m1, m2, m3, d0, d1, d2, d3, micros @ ..] = bytes;
        Ok(Interval {
            months: i32::from_ne_bytes([m0, m1, m2, m3]),
            days: i32::from_ne_bytes([d0, d1, d2, d3]),
            micros: i64::from_ne_bytes(micros),
        })
    }

    unsafe fn array<'a>(&self, depth: u32) -> Result<ArrayRef<'a>, ConversionError> {
        let malformed = || ConversionError::malformed("an array header", "array");
        // SAFETY: passed on to the caller.
        let bytes = unsafe { self.bytes() };
        let (header, rest) = bytes.split_first_chunk::<8>().ok_or_else(malformed)?;
        let [_, n_dimensions, _, _, count @ ..] = *header;
        let (dimensions, cells) =
            rest.split_at_checked(usize::from(n_dimensions) * 8).ok_or_else(malformed)?;
        let (dimensions, _) = dimensions.as_chunks::<8>();
        // SAFETY: the cells lie inside the bytes; their pointers are the caller's promise.
        let cells = unsafe { CellsView::new(cells, u32::from_ne_bytes(count), depth)? };
        Ok(ArrayRef::from_cells(cells, dimensions))
    }

    unsafe fn composite<'a>(&self, depth: u32) -> Result<CompositeRef<'a>, ConversionError> {
        let malformed = || ConversionError::malformed("a composite header", "struct or map");
        // SAFETY: passed on to the caller.
        let bytes = unsafe { self.bytes() };
        let (header, cells) = bytes.split_first_chunk::<8>().ok_or_else(malformed)?;
        let [a, b, c, d, ..] = *header;
        // SAFETY: as for arrays.
        let cells = unsafe { CellsView::new(cells, u32::from_ne_bytes([a, b, c, d]), depth)? };
        Ok(CompositeRef::from_cells(cells))
    }
}

#[inline(never)]
fn checked_text<'a>(bytes: &'a [u8], found: &'static str) -> Result<&'a str, ConversionError> {
    std::str::from_utf8(bytes)
        .map_err(|error| ConversionError::not_utf8(found, error.valid_up_to()))
}

/// A cell whose pointers are known to live for `'a`: what a value is read from on the fast path.
#[derive(Clone, Copy)]
pub struct CellRef<'a> {
    cell: &'a Cell,
}

impl<'a> CellRef<'a> {
    /// # Safety
    /// Pointers in the cell, and in the cells behind it, are valid for `'a`.
    #[cfg(feature = "engine")] // rows are read by hosts
    #[inline(always)]
    pub(crate) unsafe fn new(cell: &'a Cell) -> Self {
        CellRef { cell }
    }

    /// True for SQL NULL.
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.cell.tag == tag::NULL
    }

    /// The integer, when it is one of 64 bits with a sign.
    #[inline(always)]
    pub fn as_i64(self) -> Option<i64> {
        (self.cell.tag == tag::I64).then_some(self.cell.bits as i64)
    }

    /// The float, when it is one of 64 bits.
    #[inline(always)]
    pub fn as_f64(self) -> Option<f64> {
        (self.cell.tag == tag::F64).then_some(f64::from_bits(self.cell.bits))
    }

    /// The text, when it is one that can be seen at once to be UTF-8.
    #[inline(always)]
    pub fn as_text(self) -> Option<&'a str> {
        if self.cell.tag != tag::TEXT {
            return None;
        }
        // SAFETY: `new` was promised that the pointer lives for `'a`.
        let bytes = unsafe { self.cell.bytes() };
        if self.cell.flags & cell_flag::UTF8 == 0 && !is_ascii(bytes) {
            return None;
        }
        // SAFETY: the flag is set only by code that held a `str`, and ASCII is UTF-8.
        Some(unsafe { std::str::from_utf8_unchecked(bytes) })
    }

    /// The value, checked.
    ///
    /// # Errors
    /// For unknown tags, bad UTF-8 and inconsistent headers.
    #[inline(never)]
    pub fn value(self) -> Result<ValueRef<'a>, ConversionError> {
        // SAFETY: as `new` was promised.
        unsafe { self.cell.value() }
    }
}

/// True when no byte has its highest bit set.
///
/// Texts of rows are short and lie anywhere; the standard library's checks want aligned words or
/// long slices and take several times as many instructions for them.
#[inline(always)]
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = |at: usize| {
        let chunk = bytes[at..].first_chunk::<8>().expect("invariant: eight bytes follow");
        u64::from_ne_bytes(*chunk)
    };
    let len = bytes.len();
    if len < 8 {
        return bytes.iter().all(u8::is_ascii);
    }
    let mut at = 0;
    while at + 8 < len {
        if word(at) & HIGH != 0 {
            return false;
        }
        at += 8;
    }
    // The last word overlaps the one before it unless the length is a multiple of eight.
    word(len - 8) & HIGH == 0
}

/// Cells behind an array or composite, every one of them checked.
#[derive(Clone, Copy)]
pub(crate) struct CellsView<'a>(&'a [Cell]);

impl<'a> CellsView<'a> {
    /// # Safety
    /// Pointers in the cells are valid for `'a`.
    unsafe fn new(bytes: &'a [u8], count: u32, depth: u32) -> Result<Self, ConversionError> {
        let malformed = || ConversionError::malformed("an array or composite", "cells");
        let needed = (count as usize).checked_mul(size_of::<Cell>()).ok_or_else(malformed)?;
        let aligned = bytes.as_ptr().addr().is_multiple_of(align_of::<Cell>());
        if bytes.len() < needed || (count > 0 && !aligned) || depth >= MAX_DEPTH {
            return Err(malformed());
        }
        let cells: &[Cell] = if count == 0 {
            &[]
        } else {
            // SAFETY: length and alignment are checked above; every bit pattern is a cell.
            unsafe { core::slice::from_raw_parts(bytes.as_ptr().cast(), count as usize) }
        };
        for cell in cells {
            // SAFETY: passed on to the caller.
            unsafe { cell.rare_value(depth + 1)? };
        }
        Ok(CellsView(cells))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, index: usize) -> ValueRef<'a> {
        let Some(cell) = self.0.get(index) else { return ValueRef::Null };
        // SAFETY: `new` was promised that the pointers live for `'a`.
        unsafe { cell.value() }.expect("invariant: `new` has read every cell")
    }
}
