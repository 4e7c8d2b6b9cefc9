//! Arrays, composites and maps: owned ones, and views that read either an owned one or a row.

use super::{Value, ValueRef};
use crate::abi::block::ArrayBlock;
use crate::abi::cell::CellsView;

/// One dimension of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimension {
    /// Number of elements.
    pub len: u32,
    /// Index of the first element; 1 unless the array says otherwise (PostgreSQL).
    pub lower_bound: i32,
}

/// An array of any dimension, elements in row-major order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Array {
    dimensions: Vec<Dimension>,
    elements: Vec<Value>,
}

impl Array {
    /// A one-dimensional array with lower bound 1.
    pub fn new(elements: Vec<Value>) -> Self {
        let len = elements.len() as u32;
        Array { dimensions: vec![Dimension { len, lower_bound: 1 }], elements }
    }

    /// An array with these dimensions.
    ///
    /// # Errors
    /// `Argument` when the dimensions do not multiply to the number of elements.
    pub fn with_dimensions(
        dimensions: Vec<Dimension>,
        elements: Vec<Value>,
    ) -> crate::Result<Self> {
        let product = dimensions
            .iter()
            .try_fold(1u64, |product, dimension| product.checked_mul(u64::from(dimension.len)));
        let expected = if dimensions.is_empty() { Some(0) } else { product };
        if expected != Some(elements.len() as u64) || dimensions.len() > u8::MAX as usize {
            return Err(crate::Error::argument(format!(
                "an array of {} dimensions cannot hold {} elements",
                dimensions.len(),
                elements.len()
            ))
            .with_help("give dimensions whose lengths multiply to the number of elements"));
        }
        Ok(Array { dimensions, elements })
    }

    /// Length and lower bound of each dimension; none for an empty array.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Elements in row-major order.
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }

    #[cfg(feature = "engine")] // rows are read by hosts
    pub(crate) fn elements_mut(&mut self) -> &mut [Value] {
        &mut self.elements
    }

    /// The elements, in row-major order.
    pub fn into_elements(self) -> Vec<Value> {
        self.elements
    }
}

impl<T: Into<Value>> FromIterator<T> for Array {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Array::new(elements.into_iter().map(Into::into).collect())
    }
}

/// Values in order, from an owned value or from the cells of a row.
#[derive(Clone, Copy)]
enum Values<'a> {
    Owned(&'a [Value]),
    Pairs(&'a [(Value, Value)]),
    Cells(CellsView<'a>),
    Block(ArrayBlock<'a>),
}

impl<'a> Values<'a> {
    fn len(&self) -> usize {
        match self {
            Values::Owned(values) => values.len(),
            Values::Pairs(pairs) => pairs.len() * 2,
            Values::Cells(cells) => cells.len(),
            Values::Block(block) => block.len(),
        }
    }

    fn get(&self, index: usize) -> ValueRef<'a> {
        match self {
            Values::Owned(values) => values.get(index).map_or(ValueRef::Null, Value::as_ref),
            Values::Pairs(pairs) => pairs.get(index / 2).map_or(ValueRef::Null, |(key, value)| {
                if index.is_multiple_of(2) { key.as_ref() } else { value.as_ref() }
            }),
            Values::Cells(cells) => cells.get(index),
            Values::Block(block) => block.get(index),
        }
    }
}

/// A view of an array.
#[derive(Clone, Copy)]
pub struct ArrayRef<'a> {
    values: Values<'a>,
    dimensions: Dimensions<'a>,
}

#[derive(Clone, Copy)]
enum Dimensions<'a> {
    Owned(&'a [Dimension]),
    /// Pairs of length and lower bound as they crossed the boundary.
    Wire(&'a [[u8; 8]]),
    /// One with lower bound 1.
    Line(u32),
}

impl<'a> From<&'a Array> for ArrayRef<'a> {
    fn from(array: &'a Array) -> Self {
        ArrayRef {
            values: Values::Owned(&array.elements),
            dimensions: Dimensions::Owned(&array.dimensions),
        }
    }
}

impl<'a> ArrayRef<'a> {
    pub(crate) fn from_cells(cells: CellsView<'a>, dimensions: &'a [[u8; 8]]) -> Self {
        ArrayRef { values: Values::Cells(cells), dimensions: Dimensions::Wire(dimensions) }
    }

    pub(crate) fn from_block(block: ArrayBlock<'a>) -> Self {
        let dimensions = Dimensions::Line(block.len() as u32);
        ArrayRef { values: Values::Block(block), dimensions }
    }

    /// The array as it is laid out already for a parameter.
    pub(crate) fn block(&self) -> Option<ArrayBlock<'a>> {
        match self.values {
            Values::Block(block) => Some(block),
            _ => None,
        }
    }

    /// Number of elements over all dimensions.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True for an array without elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of dimensions.
    pub fn dimension_count(&self) -> usize {
        match self.dimensions {
            Dimensions::Owned(dimensions) => dimensions.len(),
            Dimensions::Wire(dimensions) => dimensions.len(),
            Dimensions::Line(_) => 1,
        }
    }

    /// Length and lower bound of each dimension.
    pub fn dimensions(&self) -> impl Iterator<Item = Dimension> + '_ {
        (0..self.dimension_count()).map(|index| match self.dimensions {
            Dimensions::Owned(dimensions) => dimensions[index],
            Dimensions::Line(len) => Dimension { len, lower_bound: 1 },
            Dimensions::Wire(dimensions) => {
                let [a, b, c, d, e, f, g, h] = dimensions[index];
                Dimension {
                    len: u32::from_ne_bytes([a, b, c, d]),
                    lower_bound: i32::from_ne_bytes([e, f, g, h]),
                }
            }
        })
    }

    /// The element at this place in row-major order; NULL beyond the end.
    pub fn get(&self, index: usize) -> ValueRef<'a> {
        self.values.get(index)
    }

    /// Elements in row-major order.
    pub fn iter(&self) -> impl Iterator<Item = ValueRef<'a>> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Copies the array.
    pub fn to_owned(&self) -> Array {
        Array {
            dimensions: self.dimensions().collect(),
            elements: self.iter().map(|value| value.to_owned()).collect(),
        }
    }
}

impl PartialEq for ArrayRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.dimensions().eq(other.dimensions()) && self.iter().eq(other.iter())
    }
}

impl std::fmt::Debug for ArrayRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A view of a composite's fields, or of a map's keys and values in turn.
#[derive(Clone, Copy)]
pub struct CompositeRef<'a> {
    values: Values<'a>,
}

impl<'a> CompositeRef<'a> {
    pub(crate) fn fields(fields: &'a [Value]) -> Self {
        CompositeRef { values: Values::Owned(fields) }
    }

    pub(crate) fn entries(entries: &'a [(Value, Value)]) -> Self {
        CompositeRef { values: Values::Pairs(entries) }
    }

    pub(crate) fn from_cells(cells: CellsView<'a>) -> Self {
        CompositeRef { values: Values::Cells(cells) }
    }

    /// Number of values: fields, or twice the entries of a map.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at this place; NULL beyond the end.
    pub fn get(&self, index: usize) -> ValueRef<'a> {
        self.values.get(index)
    }

    /// Values in order.
    pub fn iter(&self) -> impl Iterator<Item = ValueRef<'a>> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl PartialEq for CompositeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl std::fmt::Debug for CompositeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
