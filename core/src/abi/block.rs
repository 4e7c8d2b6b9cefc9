//! An array laid out as it crosses the boundary, made element by element for a parameter.

use super::cell::MAX_DEPTH;
use super::constants::tag;
use super::data::Cell;
use super::encode::encode;
use super::scratch::Scratch;
use crate::value::{CompositeRef, ConversionError, ValueRef};

/// Words before the cells: the header and one dimension.
const HEAD: usize = 2;
const CELL_WORDS: usize = size_of::<Cell>() / size_of::<u64>();

/// An array of one dimension in the memory of a [`Scratch`]: header, dimension, cells.
#[derive(Clone, Copy)]
pub(crate) struct ArrayBlock<'a> {
    words: &'a [u64],
    /// Arrays and composites on the way to the innermost element, this one included.
    depth: u32,
}

impl<'a> ArrayBlock<'a> {
    /// Lays the elements out.
    pub(super) fn build(
        scratch: &'a Scratch,
        elements: impl ExactSizeIterator<Item = Result<ValueRef<'a>, ConversionError>>,
    ) -> Result<Self, ConversionError> {
        let too_large = || ConversionError::unsendable("a list", "it has too many elements");
        let count = u32::try_from(elements.len()).map_err(|_| too_large())?;
        let words = HEAD + count as usize * CELL_WORDS;
        let start = scratch.words(words);
        // SAFETY: the cells begin after the head, in words that nothing else refers to.
        let cells = unsafe { start.add(HEAD) }.cast::<Cell>();
        let (mut depth, mut element_tag, mut written) = (0, tag::NULL, 0);
        for element in elements.take(count as usize) {
            let value = element.map_err(|error| error.at_element(written))?;
            depth = depth.max(depth_of(value));
            let cell = encode(value, &mut &*scratch).ok_or_else(too_deep)?;
            if element_tag == tag::NULL {
                element_tag = cell.tag;
            }
            // SAFETY: `written` is below the count, for which there is room.
            unsafe { cells.add(written).write(cell) };
            written += 1;
        }
        if depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        let mut header = [0; 8];
        header[0] = element_tag;
        header[1] = 1;
        header[4..].copy_from_slice(&(written as u32).to_ne_bytes());
        let mut dimension = [0; 8];
        dimension[..4].copy_from_slice(&(written as u32).to_ne_bytes());
        dimension[4..].copy_from_slice(&1_i32.to_ne_bytes());
        // SAFETY: the head is part of the words; all of them up to the last written cell hold
        // values then, and stay in place while the scratch is borrowed.
        let words = unsafe {
            start.write(u64::from_ne_bytes(header));
            start.add(1).write(u64::from_ne_bytes(dimension));
            core::slice::from_raw_parts(start, HEAD + written * CELL_WORDS)
        };
        Ok(ArrayBlock { words, depth: depth + 1 })
    }

    pub(crate) fn len(&self) -> usize {
        (self.words.len() - HEAD) / CELL_WORDS
    }

    pub(crate) fn get(&self, index: usize) -> ValueRef<'a> {
        if index >= self.len() {
            return ValueRef::Null;
        }
        // SAFETY: `build` has written this cell, whose pointers live for `'a`.
        let value = unsafe { (*self.words.as_ptr().add(HEAD).cast::<Cell>().add(index)).value() };
        value.expect("invariant: `build` has encoded every element")
    }

    /// The cell of the array within `around` other ones; `None` when that is too deep.
    pub(super) fn cell(&self, around: u32) -> Option<Cell> {
        let bytes = size_of_val(self.words);
        (around + self.depth <= MAX_DEPTH)
            .then(|| Cell::pointer(tag::ARRAY, 0, self.words.as_ptr().cast(), bytes))
    }
}

fn too_deep() -> ConversionError {
    ConversionError::unsendable("a list", "it is nested too deeply")
}

/// Arrays and composites on the way to the innermost value.
fn depth_of(value: ValueRef<'_>) -> u32 {
    let inside = |composite: CompositeRef<'_>| composite.iter().map(depth_of).max();
    match value {
        ValueRef::Array(array) => match array.block() {
            Some(block) => block.depth,
            None => 1 + array.iter().map(depth_of).max().unwrap_or(0),
        },
        ValueRef::Struct(composite) | ValueRef::Map(composite) => {
            1 + inside(composite).unwrap_or(0)
        }
        _ => 0,
    }
}
