//! What can be given as parameters: by place or by name, one row or many.

use std::borrow::Cow;

use crate::abi::host::BindRow;
use crate::error::{Error, Result};
use crate::value::{ConversionError, ParameterSet, ToValue, Value};

/// What the parameters of an execution look like.
pub enum Shape<'p> {
    /// One execution without values.
    None,
    /// One execution, values by place.
    Positional(&'p dyn BindRow),
    /// One execution, values by name.
    Named(&'p NamedParams),
    /// executemany, values by place.
    ManyPositional(Vec<&'p dyn BindRow>),
    /// executemany, values by name.
    ManyNamed(&'p [NamedParams]),
}

/// Something that can be given as the parameters of a statement.
///
/// - `()` for none.
/// - A tuple, or a slice, array or vector of values: by place.
/// - [`params!`](crate::params) `{ x: 1, y: "a" }`: by name.
/// - A slice of tuples or of `params!`: executemany, one execution for each.
pub trait IntoParams {
    /// Borrows the parameters.
    fn shape(&self) -> Shape<'_>;
}

impl FromIterator<(Cow<'static, str>, Value)> for NamedParams {
    /// Of two values of one name the last.
    fn from_iter<I: IntoIterator<Item = (Cow<'static, str>, Value)>>(values: I) -> Self {
        values.into_iter().fold(NamedParams::new(), |params, (name, value)| params.set(name, value))
    }
}

/// Values by name, made by [`params!`](crate::params).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NamedParams {
    values: Vec<(Cow<'static, str>, Value)>,
    /// The first value whose type could not send it.
    refused: Option<Box<(Cow<'static, str>, ConversionError)>>,
}

impl NamedParams {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; a name that is there already gets the new value. What the value's type
    /// refuses is an error of the execution.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToValue) -> Self {
        let name = name.into();
        let value = match Value::of(&value) {
            Ok(value) => value,
            Err(error) => {
                self.refused.get_or_insert_with(|| Box::new((name, error)));
                return self;
            }
        };
        self.set(name, value)
    }

    fn set(mut self, name: Cow<'static, str>, value: Value) -> Self {
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.values.push((name, value)),
        }
        self
    }

    /// # Errors
    /// `Conversion` for a value whose type refused to send it.
    #[inline]
    pub(super) fn check(&self) -> Result<()> {
        self.refused.as_deref().map_or(Ok(()), |(name, error)| {
            Err(Error::conversion(format!("parameter `{name}`: {error}"))
                .with_help(error.help())
                .with_source(error.clone()))
        })
    }

    /// The value of this name. It is looked for at `place` first: most programs give values in the
    /// order in which the statement names them.
    pub(super) fn get(&self, place: usize, name: &str) -> Option<&Value> {
        if let Some((known, value)) = self.values.get(place)
            && known == name
        {
            return Some(value);
        }
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The values with their names.
    pub(super) fn copied(&self) -> ParameterSet {
        ParameterSet::Named(self.values.clone())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_ref())
    }
}

macro_rules! shapes {
    ($([$($generics:tt)*] $ty:ty => |$params:ident| $shape:expr;)*) => {$(
        impl<$($generics)*> IntoParams for $ty {
            fn shape(&self) -> Shape<'_> {
                let $params = self;
                $shape
            }
        }
    )*};
}

shapes! {
    [] () => |_params| Shape::None;
    [T: ToValue] &[T] => |params| Shape::Positional(params);
    [T: ToValue, const N: usize] [T; N] => |params| Shape::Positional(params);
    [T: ToValue] Vec<T> => |params| Shape::Positional(params);
    [] NamedParams => |params| Shape::Named(params);
    [] &[NamedParams] => |params| Shape::ManyNamed(params);
    [const N: usize] [NamedParams; N] => |params| Shape::ManyNamed(params);
    [] Vec<NamedParams> => |params| Shape::ManyNamed(params);
    [P: IntoParams] &P => |params| (**params).shape();
}

macro_rules! tuples {
    ($($name:ident)+) => {
        shapes! {
            [$($name: ToValue),+] ($($name,)+) => |params| Shape::Positional(params);
            [$($name: ToValue),+] &[($($name,)+)] => |params| many(params);
            [$($name: ToValue,)+ const N: usize] [($($name,)+); N] => |params| many(params);
            [$($name: ToValue),+] Vec<($($name,)+)> => |params| many(params);
        }
    };
}

fn many<P: BindRow>(rows: &[P]) -> Shape<'_> {
    Shape::ManyPositional(rows.iter().map(|row| row as &dyn BindRow).collect())
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

/// Values by name.
///
/// ```
/// let params = aludel::params! { x: 1, name: "a" };
/// assert_eq!(params, aludel::NamedParams::new().with("x", 1).with("name", "a"));
/// ```
#[macro_export]
macro_rules! params {
    ($($name:ident : $value:expr),* $(,)?) => {
        $crate::NamedParams::new()$(.with(stringify!($name), $value))*
    };
}
