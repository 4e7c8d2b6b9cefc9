//! Memory for what a parameter has to make before it can be sent.
//!
//! Invariant: what was handed out stays where it is until [`Scratch::clear`], which needs the
//! scratch alone; so shared references to it may live as long as a borrow of the scratch.

use core::cell::{Cell as Slot, RefCell};
use std::fmt::{Display, Write};

use super::block::ArrayBlock;
use super::encode::Store;
use crate::value::{ArrayRef, ConversionError, ValueRef};

/// Words of the first chunk: a row of decimals or a short list.
const FIRST_CHUNK: usize = 64;
/// Words that are kept for the next execution; more is given back.
const KEPT: usize = 8 * 1024;

/// Memory in which a [`ToValue`](crate::ToValue) makes what it does not hold: text of a number,
/// JSON of a struct, the elements of an array.
///
/// A connection has one and uses it again for each execution, so that after a few of them nothing
/// is allocated.
///
/// ```
/// use aludel::value::{ConversionError, Scratch, ToValue, ValueRef};
///
/// struct Celsius(f64);
///
/// impl ToValue for Celsius {
///     fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
///         Ok(ValueRef::Text(scratch.text(format_args!("{} °C", self.0))?))
///     }
/// }
///
/// let scratch = Scratch::new();
/// assert_eq!(Celsius(21.5).to_value(&scratch)?, ValueRef::Text("21.5 °C"));
/// # Ok::<(), ConversionError>(())
/// ```
#[derive(Default)]
pub struct Scratch {
    /// Boxes that this value owns; the last one is being filled.
    chunks: RefCell<Vec<*mut [u64]>>,
    /// Words of the last chunk that are taken.
    used: Slot<usize>,
    /// Where text is made whose length is not known before.
    text: Slot<String>,
}

// SAFETY: the chunks are boxes of integers that this value alone owns.
unsafe impl Send for Scratch {}

impl Scratch {
    /// No memory yet; allocates nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text form of a value.
    ///
    /// # Errors
    /// When `Display` fails.
    pub fn text(&self, value: impl Display) -> Result<&str, ConversionError> {
        self.make(|text| write!(text, "{value}")).map_err(|_| {
            ConversionError::unsendable("this type", "its text form could not be written")
        })
    }

    /// The text that `write` appends to an empty string.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn make<E>(&self, write: impl FnOnce(&mut String) -> Result<(), E>) -> Result<&str, E> {
        // Taken out, so that `write` may use the scratch as well.
        let mut text = self.text.take();
        text.clear();
        let written = write(&mut text);
        let made = written.map(|()| self.copy(&text));
        if text.capacity() <= KEPT * 8 {
            self.text.set(text);
        }
        made
    }

    fn copy(&self, text: &str) -> &str {
        let to = self.words(text.len().div_ceil(8)).cast::<u8>();
        // SAFETY: the words have room for the text and nothing else refers to them; they stay in
        // place until `clear`, and hold UTF-8 then.
        unsafe {
            core::ptr::copy_nonoverlapping(text.as_ptr(), to, text.len());
            core::str::from_utf8_unchecked(core::slice::from_raw_parts(to, text.len()))
        }
    }

    /// An array of one dimension with these elements. They are laid out as they are sent.
    ///
    /// # Errors
    /// Those of the elements, with their place; for arrays that are too long or nested too deeply.
    pub fn array<'v>(
        &'v self,
        elements: impl ExactSizeIterator<Item = Result<ValueRef<'v>, ConversionError>>,
    ) -> Result<ArrayRef<'v>, ConversionError> {
        ArrayBlock::build(self, elements).map(ArrayRef::from_block)
    }

    /// Room for this many words.
    pub(super) fn words(&self, words: usize) -> *mut u64 {
        let mut chunks = self.chunks.borrow_mut();
        let used = self.used.get();
        let last = chunks.last().copied().filter(|chunk| chunk.len() - used >= words);
        let (chunk, start) = match last {
            Some(chunk) => (chunk, used),
            None => {
                let grown = chunks.last().map_or(FIRST_CHUNK, |chunk| chunk.len() * 2);
                let chunk = Box::into_raw(vec![0; grown.max(words)].into_boxed_slice());
                chunks.push(chunk);
                (chunk, 0)
            }
        };
        self.used.set(start + words);
        // SAFETY: `start` is at most the chunk's length.
        unsafe { chunk.cast::<u64>().add(start) }
    }

    /// Forgets what was made, and keeps the memory for what comes next.
    #[cfg(feature = "engine")] // the host executes again
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.used.set(0);
        if self.chunks.get_mut().len() > 1 {
            self.shrink();
        }
    }

    /// One chunk in place of several, unless it would be a large one.
    #[cfg(feature = "engine")]
    #[cold]
    fn shrink(&mut self) {
        let chunks = self.chunks.get_mut();
        let words = chunks.iter().map(|chunk| chunk.len()).sum::<usize>();
        free(chunks);
        if words <= KEPT {
            chunks.push(Box::into_raw(vec![0; words].into_boxed_slice()));
        }
    }
}

fn free(chunks: &mut Vec<*mut [u64]>) {
    for chunk in chunks.drain(..) {
        // SAFETY: each chunk came from a box and is freed once.
        drop(unsafe { Box::from_raw(chunk) });
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        free(self.chunks.get_mut());
    }
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

/// Parameters: text and bytes are borrowed, what is nested or larger than a cell lies here.
impl Store for &Scratch {
    const COPIES: bool = false;

    fn allocate(&mut self, size: usize) -> Option<*mut u8> {
        Some(self.words(size.div_ceil(8)).cast())
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::{KEPT, Scratch};
    use crate::value::{Array, ConversionError, Value, ValueRef};

    #[test]
    fn what_was_made_stays_while_more_is_made() {
        let scratch = Scratch::new();
        let made: Vec<&str> = (0..5000).map(|n| scratch.text(n).expect("a number")).collect();
        for (number, text) in made.iter().enumerate() {
            assert_eq!(*text, number.to_string());
        }
    }

    #[test]
    fn a_text_may_be_made_while_another_is_made() {
        let scratch = Scratch::new();
        let mut inner = "";
        let outer = scratch.make(|text| {
            text.push_str("outer");
            inner = scratch.text("inner")?;
            Ok::<(), ConversionError>(())
        });
        assert_eq!((outer, inner), (Ok("outer"), "inner"));
    }

    #[test]
    fn memory_is_kept_for_the_next_time_unless_it_is_large() {
        let mut scratch = Scratch::new();
        let long = "x".repeat(2000);
        for _ in 0..3 {
            scratch.text(&long).expect("text");
            scratch.clear();
        }
        assert_eq!(scratch.chunks.get_mut().len(), 1);
        scratch.text("x".repeat(KEPT * 9)).expect("text");
        scratch.text(&long).expect("text");
        scratch.clear();
        assert!(scratch.chunks.get_mut().iter().map(|chunk| chunk.len()).sum::<usize>() <= KEPT);
    }

    #[test]
    fn elements_are_what_they_were() {
        let scratch = Scratch::new();
        let nested = Value::Array(Array::new(vec![Value::I64(7), Value::Null]));
        let elements = [ValueRef::Text("a"), ValueRef::I128(-1), nested.as_ref(), ValueRef::Null];
        let array = scratch.array(elements.into_iter().map(Ok)).expect("elements");
        assert_eq!(array.iter().collect::<Vec<_>>(), elements);
        assert_eq!(
            array.dimensions().map(|d| (d.len, d.lower_bound)).collect::<Vec<_>>(),
            [(4, 1)]
        );
        let outer = scratch.array([Ok(ValueRef::Array(array))].into_iter()).expect("elements");
        assert_eq!(outer.get(0), ValueRef::Array(array));
    }

    #[test]
    fn arrays_nested_too_deeply_are_refused() {
        let scratch = Scratch::new();
        let mut array = scratch.array([].into_iter()).expect("no elements");
        for _ in 1..32 {
            array = scratch.array([Ok(ValueRef::Array(array))].into_iter()).expect("not too deep");
        }
        assert!(scratch.array([Ok(ValueRef::Array(array))].into_iter()).is_err());
    }

    #[test]
    fn the_place_of_an_element_that_cannot_be_sent_is_told() {
        let scratch = Scratch::new();
        let elements = [Ok(ValueRef::Null), Err(ConversionError::unsendable("T", "it is odd"))];
        let error = scratch.array(elements.into_iter()).expect_err("one is refused");
        assert_eq!(error.to_string(), "element 1: a value of T cannot be sent: it is odd");
    }
}
