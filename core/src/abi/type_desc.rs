//! From owned descriptions of types and columns to the frozen ones, and back.

use super::data::Str;
use super::describe::{ColumnDesc, FieldDesc, ParameterDesc, TypeDesc, type_flag};
use crate::dbapi::{Column, Origin, Parameter, SqlType, TypeKind};

/// How deep described types may nest before the rest is left out.
const MAX_DEPTH: u32 = 16;

/// Frozen descriptions, and the memory that they point into.
///
/// Nested descriptions and lists live in boxes of their own, so that moving this value moves
/// nothing that is pointed to. Strings stay in the owned description, which must outlive it.
pub(crate) struct Described<T> {
    pub(crate) items: Vec<T>,
    #[allow(clippy::vec_box)] // their addresses must not change while others point to them
    types: Vec<Box<TypeDesc>>,
    fields: Vec<Box<[FieldDesc]>>,
    labels: Vec<Box<[Str]>>,
}

// SAFETY: the pointers lead into memory that this value owns or that its owner keeps beside it.
unsafe impl<T> Send for Described<T> {}

impl<T> Described<T> {
    pub(crate) fn empty() -> Self {
        Described { items: Vec::new(), types: Vec::new(), fields: Vec::new(), labels: Vec::new() }
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    pub(crate) fn describe(&mut self, sql_type: &SqlType) -> TypeDesc {
        let element = match &sql_type.element {
            Some(element) => {
                let desc = self.describe(element);
                self.types.push(Box::new(desc));
                &raw const **self.types.last().expect("invariant: pushed above")
            }
            None => core::ptr::null(),
        };
        let fields: Box<[FieldDesc]> = sql_type
            .fields
            .iter()
            .map(|(name, field)| FieldDesc { name: Str::new(name), sql_type: self.describe(field) })
            .collect();
        let labels: Box<[Str]> = sql_type.labels.iter().map(|label| Str::new(label)).collect();
        // Pointers are taken where the boxes stay.
        self.fields.push(fields);
        self.labels.push(labels);
        let fields = self.fields.last().expect("invariant: pushed above");
        let labels = self.labels.last().expect("invariant: pushed above");
        TypeDesc {
            kind: sql_type.kind.code(),
            flags: if sql_type.unsigned { type_flag::UNSIGNED } else { 0 },
            vendor_name: Str::new(&sql_type.vendor_name),
            length: sql_type.length.map_or(-1, |length| length as i64),
            precision: sql_type.precision.map_or(-1, |precision| precision as i32),
            scale: sql_type.scale.unwrap_or(i32::MIN),
            collation: optional(&sql_type.collation),
            charset: optional(&sql_type.charset),
            array_dimensions: sql_type.array_dimensions,
            n_fields: fields.len() as u32,
            element,
            fields: fields.as_ptr(),
            labels: labels.as_ptr(),
            n_labels: labels.len() as u64,
            reserved: [0; 2],
        }
    }
}

impl Described<ColumnDesc> {
    pub(crate) fn columns(columns: &[Column]) -> Self {
        let mut described = Described::empty();
        let items = columns
            .iter()
            .map(|column| {
                let origin = column.origin.as_ref();
                let part =
                    |get: fn(&Origin) -> &String| origin.map_or(Str::EMPTY, |o| Str::new(get(o)));
                ColumnDesc {
                    name: Str::new(&column.name),
                    sql_type: described.describe(&column.sql_type),
                    nullable: column.nullable.map_or(2, u32::from),
                    display_size: column.display_size.unwrap_or(0),
                    origin_catalog: part(|origin| &origin.catalog),
                    origin_schema: part(|origin| &origin.schema),
                    origin_table: part(|origin| &origin.table),
                    origin_column: part(|origin| &origin.column),
                    reserved: [0; 2],
                }
            })
            .collect();
        described.items = items;
        described
    }
}

impl Described<ParameterDesc> {
    pub(crate) fn parameters(parameters: &[Parameter]) -> Self {
        let mut described = Described::empty();
        let items = parameters
            .iter()
            .map(|parameter| ParameterDesc {
                name: optional(&parameter.name),
                sql_type: described.describe(&parameter.sql_type),
            })
            .collect();
        described.items = items;
        described
    }
}

fn optional(text: &Option<String>) -> Str {
    text.as_deref().map_or(Str::EMPTY, Str::new)
}

/// Copies a frozen description; nesting beyond a limit is left out.
///
/// # Safety
/// The description and what it points to are alive.
pub(crate) unsafe fn read_type(desc: &TypeDesc, depth: u32) -> SqlType {
    // SAFETY: passed on to the caller for every pointer below.
    unsafe {
        let mut sql_type =
            SqlType::new(TypeKind::from_code(desc.kind), read_text(desc.vendor_name));
        sql_type.unsigned = desc.flags & type_flag::UNSIGNED != 0;
        sql_type.length = u64::try_from(desc.length).ok();
        sql_type.precision = u32::try_from(desc.precision).ok();
        sql_type.scale = (desc.scale != i32::MIN).then_some(desc.scale);
        sql_type.collation = read_optional(desc.collation);
        sql_type.charset = read_optional(desc.charset);
        sql_type.array_dimensions = desc.array_dimensions;
        if depth >= MAX_DEPTH {
            return sql_type;
        }
        if let Some(element) = desc.element.as_ref() {
            sql_type.element = Some(Box::new(read_type(element, depth + 1)));
        }
        if !desc.fields.is_null() {
            for index in 0..desc.n_fields as usize {
                let field = &*desc.fields.add(index);
                let name = read_text(field.name);
                sql_type.fields.push((name, read_type(&field.sql_type, depth + 1)));
            }
        }
        if !desc.labels.is_null() {
            for index in 0..desc.n_labels as usize {
                sql_type.labels.push(read_text(*desc.labels.add(index)));
            }
        }
        sql_type
    }
}

/// A copy of a text, which outlives the description.
///
/// # Safety
/// The bytes are alive.
pub(crate) unsafe fn read_text(text: Str) -> String {
    // SAFETY: passed on to the caller.
    unsafe { text.text() }.into_owned()
}

/// # Safety
/// The bytes are alive.
pub(crate) unsafe fn read_optional(text: Str) -> Option<String> {
    // SAFETY: passed on to the caller.
    (text.len > 0).then(|| unsafe { text.text() }.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Described, read_type};
    use crate::abi::data::Str;
    use crate::dbapi::{SqlType, TypeKind};

    #[test]
    fn what_was_read_outlives_the_description() {
        let mut described = Described::<()>::empty();
        let mut desc = described.describe(&SqlType::new(TypeKind::Other, ""));
        let mut name = *b"mood";
        desc.vendor_name = Str::from_bytes(&name);
        // SAFETY: the description and the name are alive.
        let read = unsafe { read_type(&desc, 0) };
        name.fill(b'x');
        assert_eq!(read.vendor_name, "mood");
        assert_eq!(&name, b"xxxx");
    }
}
