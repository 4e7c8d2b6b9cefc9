//! The types that every PostgreSQL has, by their fixed numbers.

use std::sync::Arc;

use super::pg_type::{Kind, Oid, PgType};

/// A builtin type; the number of its array type is 0 when it has none.
struct Builtin {
    oid: Oid,
    array_oid: Oid,
    /// Name in pg_type, as it must be quoted.
    catalog_name: &'static str,
    /// Name as `format_type` writes it.
    name: &'static str,
    kind: Kind,
}

macro_rules! builtins {
    ($($oid:literal $array:tt $catalog:literal $name:literal $kind:ident)*) => {
        /// Sorted by number.
        static BUILTINS: &[Builtin] = &[$(Builtin {
            oid: $oid,
            array_oid: builtins!(@array $array),
            catalog_name: concat!("pg_catalog.", $catalog),
            name: $name,
            kind: Kind::$kind,
        }),*];
    };
    (@array -) => { 0 };
    (@array $array:literal) => { $array };
}

builtins! {
    16 1000 "bool" "boolean" Bool
    17 1001 "bytea" "bytea" Bytea
    18 1002 "\"char\"" "\"char\"" Char
    19 1003 "name" "name" Text
    20 1016 "int8" "bigint" Int8
    21 1005 "int2" "smallint" Int2
    22 1006 "int2vector" "int2vector" Other
    23 1007 "int4" "integer" Int4
    24 1008 "regproc" "regproc" Other
    25 1009 "text" "text" Text
    26 1028 "oid" "oid" UInt4
    27 1010 "tid" "tid" Other
    28 1011 "xid" "xid" UInt4
    29 1012 "cid" "cid" UInt4
    30 1013 "oidvector" "oidvector" Other
    114 199 "json" "json" Json
    142 143 "xml" "xml" Xml
    194 - "pg_node_tree" "pg_node_tree" Other
    600 1017 "point" "point" Other
    601 1018 "lseg" "lseg" Other
    602 1019 "path" "path" Other
    603 1020 "box" "box" Other
    604 1027 "polygon" "polygon" Other
    628 629 "line" "line" Other
    650 651 "cidr" "cidr" Network
    700 1021 "float4" "real" Float4
    701 1022 "float8" "double precision" Float8
    705 - "unknown" "unknown" Text
    718 719 "circle" "circle" Other
    774 775 "macaddr8" "macaddr8" MacAddress
    790 791 "money" "money" Other
    829 1040 "macaddr" "macaddr" MacAddress
    869 1041 "inet" "inet" Network
    1033 1034 "aclitem" "aclitem" Other
    1042 1014 "bpchar" "character" Text
    1043 1015 "varchar" "character varying" Text
    1082 1182 "date" "date" Date
    1083 1183 "time" "time without time zone" Time
    1114 1115 "timestamp" "timestamp without time zone" Timestamp
    1184 1185 "timestamptz" "timestamp with time zone" TimestampTz
    1186 1187 "interval" "interval" Interval
    1266 1270 "timetz" "time with time zone" TimeTz
    1560 1561 "\"bit\"" "bit" Bit
    1562 1563 "varbit" "bit varying" Bit
    1700 1231 "numeric" "numeric" Numeric
    1790 2201 "refcursor" "refcursor" Text
    2202 2207 "regprocedure" "regprocedure" Other
    2203 2208 "regoper" "regoper" Other
    2204 2209 "regoperator" "regoperator" Other
    2205 2210 "regclass" "regclass" Other
    2206 2211 "regtype" "regtype" Other
    2249 2287 "record" "record" Record
    2275 1263 "cstring" "cstring" Text
    2277 - "anyarray" "anyarray" Other
    2278 - "void" "void" Void
    2950 2951 "uuid" "uuid" Uuid
    2970 2949 "txid_snapshot" "txid_snapshot" Other
    3220 3221 "pg_lsn" "pg_lsn" Other
    3361 - "pg_ndistinct" "pg_ndistinct" Other
    3402 - "pg_dependencies" "pg_dependencies" Other
    3614 3643 "tsvector" "tsvector" Other
    3615 3645 "tsquery" "tsquery" Other
    3642 3644 "gtsvector" "gtsvector" Other
    3734 3735 "regconfig" "regconfig" Other
    3769 3770 "regdictionary" "regdictionary" Other
    3802 3807 "jsonb" "jsonb" Jsonb
    3904 3905 "int4range" "int4range" Range
    3906 3907 "numrange" "numrange" Range
    3908 3909 "tsrange" "tsrange" Range
    3910 3911 "tstzrange" "tstzrange" Range
    3912 3913 "daterange" "daterange" Range
    3926 3927 "int8range" "int8range" Range
    4072 4073 "jsonpath" "jsonpath" Other
    4089 4090 "regnamespace" "regnamespace" Other
    4096 4097 "regrole" "regrole" Other
    4191 4192 "regcollation" "regcollation" Other
    4451 6150 "int4multirange" "int4multirange" Range
    4532 6151 "nummultirange" "nummultirange" Range
    4533 6152 "tsmultirange" "tsmultirange" Range
    4534 6153 "tstzmultirange" "tstzmultirange" Range
    4535 6155 "datemultirange" "datemultirange" Range
    4536 6157 "int8multirange" "int8multirange" Range
    4600 - "pg_brin_bloom_summary" "pg_brin_bloom_summary" Other
    4601 - "pg_brin_minmax_multi_summary" "pg_brin_minmax_multi_summary" Other
    5017 - "pg_mcv_list" "pg_mcv_list" Other
    5038 5039 "pg_snapshot" "pg_snapshot" Other
    5069 271 "xid8" "xid8" UInt8
}

/// The only type whose arrays are not delimited by commas.
const BOX: Oid = 603;

/// The builtin type of this number, arrays included; `None` for those of the database's own.
pub(crate) fn builtin(oid: Oid) -> Option<PgType> {
    if let Ok(index) = BUILTINS.binary_search_by_key(&oid, |builtin| builtin.oid) {
        return Some(BUILTINS[index].ty());
    }
    let element = BUILTINS.iter().find(|builtin| builtin.array_oid == oid && oid != 0)?;
    Some(Arc::new(element.ty()).array())
}

/// The number of the builtin type of this name, as pg_type or as `format_type` writes it; case does
/// not count.
pub(super) fn by_name(name: &str) -> Option<Oid> {
    let is_called = |builtin: &&Builtin| {
        let short = builtin.catalog_name.strip_prefix("pg_catalog.");
        builtin.name.eq_ignore_ascii_case(name)
            || short.is_some_and(|short| short.eq_ignore_ascii_case(name))
    };
    BUILTINS.iter().find(is_called).map(|builtin| builtin.oid)
}

/// The number of the array of this builtin type.
pub(super) fn array_of(element: Oid) -> Option<Oid> {
    let index = BUILTINS.binary_search_by_key(&element, |builtin| builtin.oid).ok()?;
    Some(BUILTINS[index].array_oid).filter(|oid| *oid != 0)
}

impl Builtin {
    fn ty(&self) -> PgType {
        PgType {
            oid: self.oid,
            name: self.name.into(),
            sql_name: self.catalog_name.into(),
            array_oid: self.array_oid,
            delimiter: if self.oid == BOX { b';' } else { b',' },
            kind: self.kind.clone(),
        }
    }
}

/// The numbers of all builtin types, arrays included.
#[cfg(test)]
pub(super) fn builtin_oids() -> Vec<Oid> {
    let numbers = BUILTINS.iter().flat_map(|builtin| [builtin.oid, builtin.array_oid]);
    numbers.filter(|&oid| oid != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::{BUILTINS, builtin, builtin_oids};
    use crate::types::pg_type::Kind;

    #[test]
    fn the_table_is_sorted_and_every_number_is_found() {
        assert!(BUILTINS.is_sorted_by(|a, b| a.oid < b.oid));
        for oid in builtin_oids() {
            assert_eq!(builtin(oid).map(|ty| ty.oid), Some(oid));
        }
        assert_eq!(builtin(0), None);
        assert_eq!(builtin(16_384), None);
    }

    #[test]
    fn an_array_is_named_after_its_elements() {
        let array = builtin(1015).expect("varchar[]");
        assert_eq!(array.name, "character varying[]");
        assert_eq!(array.sql_name, "pg_catalog.varchar[]");
        assert!(matches!(array.kind, Kind::Array(element) if element.oid == 1043));
    }
}
