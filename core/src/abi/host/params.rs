//! Parameters on their way to a dialect: encoded into memory that the connection reuses.

use core::marker::PhantomData;

use super::describe::describe_types;
use crate::abi::cell::MAX_DEPTH;
use crate::abi::constants::{cell_flag, tag};
use crate::abi::data::{Cell, ParamSet};
use crate::abi::describe::TypeDesc;
use crate::abi::encode::encode;
use crate::abi::params::{ParamRows, Params};
use crate::abi::scratch::Scratch;
use crate::abi::type_desc::Described;
use crate::dbapi::{SqlType, TypeKind};
use crate::error::{Error, Result};
use crate::value::{ConversionError, ParameterSet, ToValue, ValueRef};

/// Memory for parameters.
#[derive(Default)]
pub(super) struct ParamStore {
    cells: Vec<Cell>,
    scratch: Scratch,
    noted: Noted,
    described: Option<Described<TypeDesc>>,
}

/// What is told of parameters beside their cells.
#[derive(Default)]
struct Noted {
    types: Vec<SqlType>,
    /// Why a parameter could not be encoded, for the first of them.
    refused: Option<Error>,
    /// Cells before the row that is being written.
    row_start: usize,
    /// Which row of an executemany that is.
    row: Option<u64>,
}

impl ParamStore {
    /// Empties the store and lets `fill` write into it.
    #[inline]
    pub(super) fn writer<'p>(&mut self) -> ParamWriter<'_, 'p> {
        self.cells.clear();
        self.scratch.clear();
        self.noted.types.clear();
        self.noted.refused = None;
        self.noted.row_start = 0;
        self.noted.row = None;
        self.described = None;
        ParamWriter { store: self, borrowed: PhantomData }
    }

    /// Number of parameters of a row.
    pub(super) fn width<P: BindRow + ?Sized>(&mut self, row: &P) -> usize {
        let mut writer = self.writer();
        row.bind(&mut writer);
        self.cells.len()
    }

    /// Writes rows and returns them as a set.
    ///
    /// # Errors
    /// `Argument` when the rows differ in width, and as [`set`](Self::set).
    #[inline]
    pub(super) fn bind_rows<P: BindRow>(
        &mut self,
        rows: &[P],
        first_row: u64,
        flags: u32,
    ) -> Result<ParamSet> {
        let mut writer = self.writer();
        let (mut width, mut end) = (0, 0);
        for (index, row) in rows.iter().enumerate() {
            writer.store.noted.row_start = end;
            writer.store.noted.row = Some(first_row + index as u64);
            row.bind(&mut writer);
            if index == 0 {
                width = writer.store.cells.len();
            }
            end += width;
            if writer.store.cells.len() != end {
                return Err(uneven());
            }
        }
        self.set(rows.len(), first_row, flags)
    }

    /// The store's cells as `rows` rows of one width.
    ///
    /// # Errors
    /// `Argument` when a value could not be encoded, `Conversion` when its type refused.
    #[inline]
    pub(super) fn set(&mut self, rows: usize, first_row: u64, flags: u32) -> Result<ParamSet> {
        if let Some(error) = self.noted.refused.take() {
            return Err(error);
        }
        let width = self.cells.len().checked_div(rows).unwrap_or(0);
        let types = if self.noted.types.is_empty() {
            core::ptr::null()
        } else {
            self.noted.types.resize(width, SqlType::default());
            self.described.insert(describe_types(&self.noted.types)).items().as_ptr()
        };
        Ok(ParamSet {
            cells: self.cells.as_ptr(),
            types,
            n_params: width as u32,
            flags,
            n_rows: rows as u64,
            first_row,
            reserved: [0; 2],
        })
    }
}

#[cold]
fn uneven() -> Error {
    Error::argument("the rows of an executemany have different numbers of parameters")
        .with_help("give every row the same number of values")
}

/// The values of a row, copied; `None` when one of them could not be sent.
#[cold]
pub(crate) fn copied<R: BindRow + ?Sized>(row: &R) -> Option<ParameterSet> {
    let copy = |values: Params<'_>| values.iter().map(|value| value.to_owned()).collect();
    looked_at(row, copy).map(ParameterSet::Positional)
}

/// What is read from the values of a row, which are borrowed; `None` when one of them could not be
/// sent.
#[cold]
pub(crate) fn looked_at<R: BindRow + ?Sized, T>(
    row: &R,
    read: impl FnOnce(Params<'_>) -> T,
) -> Option<T> {
    let mut store = ParamStore::default();
    let mut writer = store.writer();
    row.bind(&mut writer);
    let set = store.set(1, 0, 0).ok()?;
    // SAFETY: the set points into the store and into the row, which live until it has been read,
    // and its cells were encoded just now.
    let rows = unsafe { ParamRows::new(&set) };
    Some(read(rows.row(0)))
}

/// The error of a value that has no cell.
#[cold]
pub(super) fn unencodable() -> Error {
    Error::argument(format!(
        "a parameter is nested more than {MAX_DEPTH} levels deep or has more than {} elements",
        u32::MAX
    ))
    .with_help("send it as JSON, or in parts")
}

/// Takes the parameters of a row in order.
pub struct ParamWriter<'s, 'p> {
    store: &'s mut ParamStore,
    borrowed: PhantomData<&'p ()>,
}

impl<'p> ParamWriter<'_, 'p> {
    /// Adds a parameter. Text and bytes are borrowed, not copied.
    #[inline(always)]
    pub fn push<V: ToValue + ?Sized>(&mut self, value: &'p V) {
        let ParamStore { cells, scratch, noted, .. } = &mut *self.store;
        let cell = match value.to_value(scratch) {
            Ok(value) => cell(value, scratch, noted, cells.len()),
            Err(error) => noted.refuse(cells.len(), error),
        };
        cells.push(cell);
    }

    /// Adds a parameter.
    #[inline(always)]
    pub fn push_value(&mut self, value: ValueRef<'p>) {
        let ParamStore { cells, scratch, noted, .. } = &mut *self.store;
        cells.push(cell(value, scratch, noted, cells.len()));
    }

    /// Adds a parameter of a stated type, which tells what kind of NULL or array it is.
    pub fn push_typed(&mut self, value: ValueRef<'p>, sql_type: SqlType) {
        let ParamStore { cells, scratch, noted, .. } = &mut *self.store;
        noted.note_type(cells.len(), sql_type);
        cells.push(noted.encoded(value, scratch));
    }
}

/// The cell of the value at this place of the store.
#[inline(always)]
fn cell(value: ValueRef<'_>, scratch: &Scratch, noted: &mut Noted, place: usize) -> Cell {
    match value {
        ValueRef::Null => Cell::NULL,
        ValueRef::I64(value) => Cell::inline(tag::I64, value as u64),
        ValueRef::F64(value) => Cell::inline(tag::F64, value.to_bits()),
        ValueRef::Text(text) => {
            Cell::pointer(tag::TEXT, cell_flag::UTF8, text.as_ptr(), text.len())
        }
        other => noted.rare_cell(other, scratch, place),
    }
}

impl Noted {
    #[inline(never)]
    fn rare_cell(&mut self, value: ValueRef<'_>, scratch: &Scratch, place: usize) -> Cell {
        if let ValueRef::Other { type_name, .. } = value {
            self.note_type(place, SqlType::new(TypeKind::Other, type_name.to_owned()));
        }
        self.encoded(value, scratch)
    }

    fn encoded(&mut self, value: ValueRef<'_>, mut scratch: &Scratch) -> Cell {
        encode(value, &mut scratch).unwrap_or_else(|| {
            self.refused.get_or_insert_with(unencodable);
            Cell::NULL
        })
    }

    /// The type of the parameter at this place cannot send it.
    #[cold]
    fn refuse(&mut self, place: usize, error: ConversionError) -> Cell {
        if self.refused.is_none() {
            let number = place - self.row_start + 1;
            let refused = Error::conversion(format!("parameter {number}: {error}"))
                .with_help(error.help())
                .with_source(error);
            self.refused = Some(match self.row {
                Some(row) => refused.with_failing_row(row),
                None => refused,
            });
        }
        Cell::NULL
    }

    #[cold]
    fn note_type(&mut self, place: usize, sql_type: SqlType) {
        let index = place - self.row_start;
        if self.types.len() <= index {
            self.types.resize(index + 1, SqlType::default());
        }
        // The first row of an executemany that tells a type tells it for all.
        if self.types[index] == SqlType::default() {
            self.types[index] = sql_type;
        }
    }
}

/// A row of positional parameters: tuples, slices, arrays and vectors of values.
pub trait BindRow {
    /// Writes the parameters in the order of the placeholders.
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>);
}

impl BindRow for () {
    fn bind<'p>(&'p self, _: &mut ParamWriter<'_, 'p>) {}
}

impl<T: ToValue> BindRow for [T] {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        for value in self {
            to.push(value);
        }
    }
}

impl<T: ToValue, const N: usize> BindRow for [T; N] {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        self.as_slice().bind(to);
    }
}

impl<T: ToValue> BindRow for Vec<T> {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        self.as_slice().bind(to);
    }
}

impl<R: BindRow + ?Sized> BindRow for &R {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        (**self).bind(to);
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: ToValue),+> BindRow for ($($name,)+) {
            #[inline]
            fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
                #[allow(non_snake_case)]
                let ($($name,)+) = self;
                $(to.push($name);)+
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
