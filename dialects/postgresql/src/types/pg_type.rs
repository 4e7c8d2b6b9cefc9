//! A type of PostgreSQL: what it is called, and what its values look like on the wire.

use std::borrow::Cow;
use std::sync::Arc;

/// Identifies a type within a database; builtin ones have the same number everywhere.
pub(crate) type Oid = u32;

/// A type, with everything that is needed to read and write its values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PgType {
    /// Its number.
    pub(crate) oid: Oid,
    /// Its name as `format_type` writes it: with its schema only where it must be.
    pub(crate) name: Cow<'static, str>,
    /// Its name for SQL text: with its schema, quoted, the same under every `search_path`.
    pub(crate) sql_name: Cow<'static, str>,
    /// The type of arrays of it; 0 when there is none.
    pub(crate) array_oid: Oid,
    /// What stands between elements in the text form of an array of it.
    pub(crate) delimiter: u8,
    /// What its values are.
    pub(crate) kind: Kind,
}

/// What the values of a type are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Bool,
    Bytea,
    /// The internal type `"char"`: one byte.
    Char,
    Int2,
    Int4,
    Int8,
    /// Unsigned integers of 32 bits: oid, xid, cid.
    UInt4,
    /// Unsigned integers of 64 bits: xid8.
    UInt8,
    Float4,
    Float8,
    Numeric,
    /// Types whose binary form is their text.
    Text,
    /// Text of an extension, such as citext, whose binary form is not known.
    String,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    /// inet and cidr.
    Network,
    /// macaddr and macaddr8.
    MacAddress,
    /// bit and bit varying.
    Bit,
    Xml,
    Void,
    Enum(Vec<String>),
    Range,
    /// A composite whose fields are told by each of its values.
    Record,
    Domain(Base),
    Array(Arc<PgType>),
    Composite(Vec<Field>),
    /// Known by name only; its values are text.
    Other,
}

/// What a domain is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Base {
    pub(crate) ty: Arc<PgType>,
    /// As in `pg_attribute.atttypmod`; -1 for none.
    pub(crate) modifier: i32,
}

/// A field of a composite.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Arc<PgType>,
    /// As in `pg_attribute.atttypmod`; -1 for none.
    pub(crate) modifier: i32,
}

impl PgType {
    /// A type of which nothing is known but its number: it is dropped, or could not be looked up.
    pub(crate) fn unknown(oid: Oid) -> Self {
        PgType {
            oid,
            name: format!("type {oid}").into(),
            sql_name: "unknown".into(),
            array_oid: 0,
            delimiter: b',',
            kind: Kind::Other,
        }
    }

    /// The type of arrays of this one.
    pub(crate) fn array(self: &Arc<Self>) -> PgType {
        PgType {
            oid: self.array_oid,
            name: format!("{}[]", self.name).into(),
            sql_name: format!("{}[]", self.sql_name).into(),
            array_oid: 0,
            delimiter: self.delimiter,
            kind: Kind::Array(Arc::clone(self)),
        }
    }

    /// The type below domains.
    pub(crate) fn base(&self) -> &PgType {
        let mut ty = self;
        while let Kind::Domain(base) = &ty.kind {
            ty = &base.ty;
        }
        ty
    }
}
