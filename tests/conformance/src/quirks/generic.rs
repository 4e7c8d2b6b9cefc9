//! Quirks that follow from what a dialect declares, for dialects that have none of their own.

use aludel::dbapi::TypeKind;
use aludel::dialect::DialectInfo;

use super::{Kind, Quirks, UpdateCount, Words, samples};

/// Precision and scale of decimals, enough for the samples.
const PRECISION: (&str, &str) = ("18", "4");

/// The quirks of a database that is as the SQL standard has it and as the dialect declares. Values
/// are read as what was sent before they are compared, as programs read them. What no declaration
/// tells (a slow query, a row that ends in an error) is not known, and its cases are unsupported.
pub fn generic(info: &DialectInfo) -> Quirks {
    Quirks {
        name: "generic".into(),
        words: words(info),
        kinds: kinds(info),
        url_options: Vec::new(),
        from_nothing: "",
        drop_table: "drop table {table}",
        add_column: "alter table {table} add column {column}",
        temporary_table: None,
        count_up: None,
        slow_query: None,
        rows_then_error: None,
        out_of_range: None,
        division_by_zero: None,
        upsert: None,
        version_query: None,
        bad_utf8: None,
        empty_text_is_null: false,
        nul_in_text: None,
        update_count: UpdateCount::Matched,
        max_columns: 0,
        constraints: Vec::new(),
        errors_abort_transactions: false,
        readers_block_nobody: false,
        fresh_levels: Vec::new(),
        xid_length: 0,
        deferrable: None,
        notices: None,
        notifications: None,
        bulk: None,
        results: None,
        procedures: None,
        exclusive_mode: None,
        no_waiting: None,
        deferred: None,
        nowhere: Vec::new(),
    }
}

fn words(info: &DialectInfo) -> Words {
    let first = |kinds: &[TypeKind], standard: &str| {
        kinds.iter().find_map(|kind| ddl(info, *kind)).unwrap_or_else(|| standard.into())
    };
    Words {
        integer: first(&[TypeKind::Integer, TypeKind::BigInteger], "integer"),
        bigint: first(&[TypeKind::BigInteger], "bigint"),
        key: None,
        float: first(&[TypeKind::Double], "double precision"),
        text: first(&[TypeKind::Text, TypeKind::Varchar], "varchar(4000)"),
        name: first(&[TypeKind::Varchar, TypeKind::Text], "varchar(100)"),
        blob: first(&[TypeKind::Blob, TypeKind::Varbinary], "blob"),
    }
}

fn kinds(info: &DialectInfo) -> Vec<Kind> {
    let declared = info.type_names.iter().map(|declared| declared.kind);
    declared
        .filter_map(|kind| {
            let values = samples::of(kind);
            let ddl = ddl(info, kind).filter(|_| !values.is_empty())?;
            Some(Kind::new(kind, ddl, values).converted())
        })
        .collect()
}

/// What the dialect calls a kind in DDL, its parameters filled in.
pub(super) fn ddl(info: &DialectInfo, kind: TypeKind) -> Option<String> {
    let declared = info.type_names.iter().find(|declared| declared.kind == kind)?;
    let (precision, scale) = PRECISION;
    let values = [("length", "300"), ("precision", precision), ("scale", scale)];
    Some(crate::sql::fill(declared.name, &values))
}

#[cfg(test)]
mod tests {
    use aludel::dialect::TypeName;

    use super::*;

    #[test]
    fn types_are_called_what_the_dialect_calls_them() {
        let info = DialectInfo {
            type_names: &[
                TypeName { kind: TypeKind::Numeric, name: "NUMBER({precision}, {scale})" },
                TypeName { kind: TypeKind::Varchar, name: "VARCHAR2({length})" },
                TypeName { kind: TypeKind::Other, name: "THING" },
            ],
            ..DialectInfo::new("third", "1.0")
        };
        let quirks = generic(&info);
        let ddl: Vec<&str> = quirks.kinds.iter().map(|kind| kind.ddl.as_str()).collect();
        assert_eq!(ddl, ["NUMBER(18, 4)", "VARCHAR2(300)"]);
        assert_eq!(quirks.words.text, "VARCHAR2(300)");
        assert_eq!(quirks.spell("a {integer}, b {name}"), "a integer, b VARCHAR2(300)");
    }
}
