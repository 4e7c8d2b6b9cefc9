//! Types of the database's own: the question to its catalog, and what its answer means.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use aludel::value::{Array, Value};
use aludel::{Error, Result};

use super::builtin::builtin;
use super::malformed::{Malformed, Read};
use super::nested_text;
use super::pg_type::{Base, Field, Kind, Oid, PgType};

/// Types within types that are looked into; further down they are text. Rows of values may not nest
/// more deeply than the host goes.
const MAX_DEPTH: u32 = 16;

/// Columns of the answer.
pub(super) const CATALOG_COLUMNS: usize = 13;

/// The SQL text that asks for these types and for all that they are made of. It takes no
/// parameters; its answer is read in text form.
pub(crate) fn catalog_query(oids: &[Oid]) -> String {
    let mut list = String::new();
    for oid in oids {
        let separator = if list.is_empty() { "" } else { "," };
        let _ = write!(list, "{separator}{oid}");
    }
    QUERY.replace("{}", &list)
}

/// Servers from 9.2 on answer it. An array type is known by its element type naming it: only those
/// have the text and binary form of arrays.
const QUERY: &str = "\
with recursive wanted(oid) as (
    select t.oid from pg_catalog.pg_type t where t.oid in ({})
  union
    select part.oid
    from wanted w
    join pg_catalog.pg_type t on t.oid = w.oid
    cross join lateral (
        select t.typelem where t.typtype = 'b'
        union all select t.typbasetype
        union all select a.atttypid from pg_catalog.pg_attribute a
            where t.typtype = 'c' and a.attrelid = t.typrelid
              and a.attnum > 0 and not a.attisdropped
    ) part(oid)
    where part.oid <> 0
)
select t.oid, pg_catalog.format_type(t.oid, null),
    pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname),
    t.typtype::text, t.typcategory::text, t.typdelim::text, t.typarray,
    case when exists (select 1 from pg_catalog.pg_type e
        where e.oid = t.typelem and e.typarray = t.oid) then t.typelem else 0 end,
    t.typbasetype, t.typtypmod,
    array(select a.attname::text from pg_catalog.pg_attribute a
        where t.typtype = 'c' and a.attrelid = t.typrelid
          and a.attnum > 0 and not a.attisdropped order by a.attnum),
    array(select a.atttypid::text || ' ' || a.atttypmod::text from pg_catalog.pg_attribute a
        where t.typtype = 'c' and a.attrelid = t.typrelid
          and a.attnum > 0 and not a.attisdropped order by a.attnum),
    array(select e.enumlabel::text from pg_catalog.pg_enum e
        where e.enumtypid = t.oid order by e.enumsortorder)
from wanted w
join pg_catalog.pg_type t on t.oid = w.oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace";

/// A row of the answer.
struct Entry {
    name: String,
    sql_name: String,
    category: u8,
    delimiter: u8,
    type_kind: u8,
    array_oid: Oid,
    element: Oid,
    base: Oid,
    base_modifier: i32,
    field_names: Vec<String>,
    /// Number and modifier of each field's type.
    field_types: Vec<(Oid, i32)>,
    labels: Vec<String>,
}

/// The types that the rows of the answer tell, by number. Each row has `CATALOG_COLUMNS` values in
/// text form, `None` for NULL. A type that was asked for and is not among them does not exist (any
/// more); [`PgType::unknown`] stands for it.
///
/// # Errors
/// `Interface` when the answer is not of the form that was asked for.
pub(crate) fn types_from_catalog<B: AsRef<[u8]>>(
    rows: &[Vec<Option<B>>],
) -> Result<HashMap<Oid, Arc<PgType>>> {
    let entries: Read<HashMap<Oid, Entry>> = rows.iter().map(|row| entry(row)).collect();
    let entries = entries.map_err(|Malformed(problem)| {
        Error::interface(format!("the server's catalog of types cannot be read: {problem}"))
            .with_help("report this with the version of the server and its `pg_type`")
    })?;
    let mut types = Types { entries: &entries, known: HashMap::new(), begun: HashSet::new() };
    for &oid in entries.keys() {
        types.get(oid, 0);
    }
    let mut known = types.known;
    known.retain(|oid, _| entries.contains_key(oid));
    Ok(known)
}

struct Types<'e> {
    entries: &'e HashMap<Oid, Entry>,
    known: HashMap<Oid, Arc<PgType>>,
    /// Types whose parts are being looked into. No server has a type that contains itself; one that
    /// said so would keep us busy for ever.
    begun: HashSet<Oid>,
}

impl Types<'_> {
    fn get(&mut self, oid: Oid, depth: u32) -> Arc<PgType> {
        if let Some(known) = self.known.get(&oid) {
            return Arc::clone(known);
        }
        let ty = match (builtin(oid), self.entries.get(&oid)) {
            (Some(builtin), _) => builtin,
            (None, Some(entry)) if depth < MAX_DEPTH && self.begun.insert(oid) => {
                let kind = self.kind(entry, depth + 1);
                self.begun.remove(&oid);
                PgType {
                    oid,
                    name: entry.name.clone().into(),
                    sql_name: entry.sql_name.clone().into(),
                    array_oid: entry.array_oid,
                    delimiter: entry.delimiter,
                    kind,
                }
            }
            // Not to be remembered: nearer to the surface more of the type may be known.
            _ => return Arc::new(PgType::unknown(oid)),
        };
        let ty = Arc::new(ty);
        self.known.insert(oid, Arc::clone(&ty));
        ty
    }

    fn kind(&mut self, entry: &Entry, depth: u32) -> Kind {
        match entry.type_kind {
            b'd' => {
                let ty = self.get(entry.base, depth);
                Kind::Domain(Base { ty, modifier: entry.base_modifier })
            }
            b'e' => Kind::Enum(entry.labels.clone()),
            b'r' | b'm' => Kind::Range,
            b'c' => {
                let fields = entry.field_names.iter().zip(&entry.field_types);
                let field = |(name, &(oid, modifier)): (&String, &(Oid, i32))| Field {
                    name: name.clone(),
                    ty: self.get(oid, depth),
                    modifier,
                };
                Kind::Composite(fields.map(field).collect())
            }
            b'b' if entry.element != 0 => Kind::Array(self.get(entry.element, depth)),
            b'b' if entry.category == b'S' => Kind::String,
            _ => Kind::Other,
        }
    }
}

fn entry<B: AsRef<[u8]>>(row: &[Option<B>]) -> Read<(Oid, Entry)> {
    let row: Vec<Option<&[u8]>> = row.iter().map(|value| value.as_ref().map(B::as_ref)).collect();
    let row: &[Option<&[u8]>; CATALOG_COLUMNS] =
        row.as_slice().try_into().map_err(|_| Malformed("it has another number of columns"))?;
    let [oid, name, sql_name, kind, category, delimiter, array, element, base, modifier, ..] = row;
    let [.., field_names, field_types, labels] = row;
    let field_type = |text: String| -> Read<(Oid, i32)> {
        let (oid, modifier) = text.split_once(' ').ok_or(Malformed("a field has no type"))?;
        Ok((parsed(Some(oid.as_bytes()))?, parsed(Some(modifier.as_bytes()))?))
    };
    let entry = Entry {
        name: parsed(*name)?,
        sql_name: parsed(*sql_name)?,
        type_kind: byte(*kind),
        category: byte(*category),
        delimiter: byte(*delimiter),
        array_oid: parsed(*array)?,
        element: parsed(*element)?,
        base: parsed(*base)?,
        base_modifier: parsed(*modifier)?,
        field_names: texts(*field_names)?,
        field_types: texts(*field_types)?.into_iter().map(field_type).collect::<Read<_>>()?,
        labels: texts(*labels)?,
    };
    Ok((parsed(*oid)?, entry))
}

fn parsed<T: std::str::FromStr>(value: Option<&[u8]>) -> Read<T> {
    value
        .and_then(|bytes| std::str::from_utf8(bytes).ok()?.parse().ok())
        .ok_or(Malformed("a value is missing or of another type"))
}

fn byte(value: Option<&[u8]>) -> u8 {
    value.and_then(|bytes| bytes.first().copied()).unwrap_or(0)
}

fn texts(value: Option<&[u8]>) -> Read<Vec<String>> {
    const TEXT: Oid = 25;
    let text = builtin(TEXT).expect("invariant: text is builtin");
    let array: Array = nested_text::array(&text, value.unwrap_or(b"{}"))?;
    let text = |value| match value {
        Value::Text(text) => Ok(text),
        _ => Err(Malformed("a name is missing")),
    };
    array.into_elements().into_iter().map(text).collect()
}
