//! The values of a text's binds, checked and put into the order of its placeholders.

use std::sync::Arc;

use super::params::{NamedParams, Shape};
use crate::abi::host::{BindRow, ParamWriter};
use crate::error::{Error, Result};
use crate::text::{BindParam, Compiled, Slot};
use crate::value::ValueRef;

/// The binds of a text and what was declared of them.
#[derive(Clone, Copy)]
pub(super) struct Named<'p> {
    pub(super) compiled: &'p Arc<Compiled>,
    pub(super) declared: &'p [BindParam],
}

impl<'p> Named<'p> {
    /// A row of values for these placeholders.
    #[inline]
    pub(super) fn row(self, named: Option<&'p NamedParams>, slots: &'p [Slot]) -> Bound<'p> {
        Bound { named, compiled: self.compiled, declared: self.declared, slots }
    }

    /// Every bind has a value in each row, and every value a bind.
    ///
    /// # Errors
    /// `Programming` with the names of those that have none; `Conversion` for a value whose type
    /// refused to send it. Of many rows, the index of the first that is so.
    #[inline]
    pub(super) fn check(self, shape: &Shape<'_>) -> Result<()> {
        match shape {
            Shape::Named(row) => self.row(Some(row), &[]).check(),
            Shape::ManyNamed(rows) => rows.iter().enumerate().try_for_each(|(index, row)| {
                let checked = self.row(Some(row), &[]).check();
                checked.map_err(|error| error.with_failing_row(index as u64))
            }),
            _ => self.row(None, &[]).check(),
        }
    }
}

/// A row of values by name, for the placeholders of a compiled text.
pub(super) struct Bound<'p> {
    pub(super) named: Option<&'p NamedParams>,
    pub(super) compiled: &'p Compiled,
    pub(super) declared: &'p [BindParam],
    pub(super) slots: &'p [Slot],
}

impl<'p> Bound<'p> {
    /// The value of the bind with this number; `None` when it has none.
    fn value(&self, bind: usize) -> Option<ValueRef<'p>> {
        let given = self.named.and_then(|named| named.get(bind, self.compiled.name(bind)));
        given
            .or_else(|| self.compiled.declared_value(bind, self.declared))
            .map(|value| value.as_ref())
    }

    /// The values of all binds, in the order of their names.
    pub(super) fn values(&self) -> Vec<ValueRef<'p>> {
        (0..self.compiled.names().len())
            .map(|bind| self.value(bind).unwrap_or(ValueRef::Null))
            .collect()
    }

    #[inline]
    fn check(&self) -> Result<()> {
        self.named.map_or(Ok(()), NamedParams::check)?;
        let binds = self.compiled.names().len();
        let has_all = (0..binds).all(|bind| self.value(bind).is_some());
        let given = self.named.map_or(0, NamedParams::len);
        // Names are unique on both sides: with a value for each bind, equal numbers are equal sets,
        // unless a declaration brings values of its own.
        if has_all && (given == binds || !self.has_extra()) {
            return Ok(());
        }
        Err(self.mismatch())
    }

    fn has_extra(&self) -> bool {
        self.extra().next().is_some()
    }

    fn extra(&self) -> impl Iterator<Item = &'p str> {
        let compiled = self.compiled;
        let names = self.named.into_iter().flat_map(NamedParams::names);
        names.filter(|name| !compiled.names().any(|bind| bind == *name))
    }

    #[cold]
    fn mismatch(&self) -> Error {
        let missing: Vec<&str> = self
            .compiled
            .names()
            .enumerate()
            .filter(|(bind, _)| self.value(*bind).is_none())
            .map(|(_, name)| name)
            .collect();
        let extra: Vec<&str> = self.extra().collect();
        let mut parts = Vec::new();
        if !missing.is_empty() {
            parts.push(format!("no value for parameter {}", list(&missing)));
        }
        if !extra.is_empty() {
            parts.push(format!("the statement has no parameter {}", list(&extra)));
        }
        Error::programming(parts.join("; "))
            .with_help("give exactly one value for each name in the statement")
    }
}

impl BindRow for Bound<'_> {
    #[inline]
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        self.write(to);
    }
}

impl<'p> Bound<'p> {
    /// Writes the values in the order of the placeholders.
    #[inline]
    pub(super) fn write<'w>(&self, to: &mut ParamWriter<'_, 'w>)
    where
        'p: 'w,
    {
        for slot in self.slots {
            let value = slot.value(|bind| self.value(bind).unwrap_or(ValueRef::Null));
            match self.compiled.declared_type(slot.bind(), self.declared) {
                None => to.push_value(value),
                Some(sql_type) => to.push_typed(value, sql_type.clone()),
            }
        }
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
