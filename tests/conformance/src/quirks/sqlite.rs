//! The quirks of SQLite.

use aludel::dbapi::TypeKind;
use aludel::{ConstraintKind, Value};

use super::{Back, Kind, Nowhere, Quirks, Sample, Setting, Told, UpdateCount, Words, samples};

/// SQLite: types are affinities of columns, dates are text, integers have 64 bits.
pub fn sqlite() -> Quirks {
    Quirks {
        name: "sqlite".into(),
        words: Words {
            integer: "integer".into(),
            bigint: "bigint".into(),
            key: Some("integer primary key".into()),
            float: "double".into(),
            text: "text".into(),
            name: "varchar(100)".into(),
            blob: "blob".into(),
        },
        kinds: kinds(),
        url_options: vec![
            ("foreign_keys", "true"),
            ("journal_mode", "wal"),
            ("synchronous", "off"),
        ],
        from_nothing: "",
        drop_table: "drop table if exists {table}",
        add_column: "alter table {table} add column {column}",
        temporary_table: Some("create temporary table {table} ({columns})"),
        count_up: Some(
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < {rows}) \
             select n from c",
        ),
        slow_query: Some(
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 4000000000) \
             select count(*) from c",
        ),
        rows_then_error: Some(
            "with recursive c(n) as (select 1 union all select n + 1 from c where n <= {rows}) \
             select case when n > {rows} then abs(-9223372036854775807 - 1) else n end as n from c",
        ),
        out_of_range: Some("select abs(-9223372036854775807 - 1)"),
        // It is NULL.
        division_by_zero: None,
        upsert: Some(
            "insert into {table} (n, s) values (?, ?) on conflict (n) do update set s = excluded.s",
        ),
        version_query: Some("select sqlite_version()"),
        bad_utf8: Some("cast(x'61ff62' as text)"),
        empty_text_is_null: false,
        nul_in_text: Some(true),
        update_count: UpdateCount::Matched,
        max_columns: 2000,
        constraints: vec![
            (ConstraintKind::PrimaryKey, vec![Told::Table, Told::Columns]),
            (ConstraintKind::Unique, vec![Told::Table, Told::Columns]),
            (ConstraintKind::NotNull, vec![Told::Table, Told::Columns]),
            (ConstraintKind::Check, vec![Told::Name]),
            (ConstraintKind::ForeignKey, vec![]),
        ],
        errors_abort_transactions: false,
        readers_block_nobody: true,
        fresh_levels: Vec::new(),
        xid_length: 0,
        deferrable: None,
        notices: None,
        notifications: None,
        bulk: None,
        results: None,
        procedures: None,
        exclusive_mode: Some("immediate"),
        no_waiting: Some(Setting::Option("busy_timeout", 0)),
        deferred: Some("deferrable initially deferred"),
        nowhere: vec![
            Nowhere {
                what: "a file in a directory that is not there",
                database: Some("/nonexistent/directory/kit.db"),
                ..Nowhere::default()
            },
            Nowhere { what: "a directory", database: Some("/"), ..Nowhere::default() },
        ],
    }
}

fn kinds() -> Vec<Kind> {
    let kind = |kind, ddl: &str| Kind::new(kind, ddl, samples::of(kind));
    vec![
        kind(TypeKind::Boolean, "boolean").back(truth_is_a_number),
        kind(TypeKind::TinyInteger, "tinyint").literals(plain),
        kind(TypeKind::SmallInteger, "smallint").literals(plain),
        kind(TypeKind::Integer, "integer").literals(plain).column(TypeKind::BigInteger),
        integers_of_64_bits(),
        kind(TypeKind::Real, "real").column(TypeKind::Double),
        floats(),
        decimals(),
        kind(TypeKind::Varchar, "varchar(300)").literals(text_literal).column(TypeKind::Varchar),
        texts(),
        kind(TypeKind::Blob, "blob").literals(blob_literal).column(TypeKind::Blob),
        kind(TypeKind::Date, "date").back(as_text),
        kind(TypeKind::Time, "time").back(as_text),
        kind(TypeKind::Timestamp, "datetime").back(as_text),
        kind(TypeKind::TimestampTz, "timestamp").back(as_text),
        kind(TypeKind::Uuid, "char(36)").back(as_text),
        kind(TypeKind::Json, "json").back(as_text),
    ]
}

fn integers_of_64_bits() -> Kind {
    let mut kind = Kind::new(TypeKind::BigInteger, "bigint", samples::of(TypeKind::BigInteger));
    kind = kind.literals(plain).column(TypeKind::BigInteger);
    for value in [Value::U64(u64::MAX), Value::I128(i128::MIN), Value::U128(u128::MAX)] {
        kind.samples.push(Sample { value, back: Back::Refused, literal: None });
    }
    kind.samples.push(Sample {
        value: Value::U64(i64::MAX as u64),
        back: Back::As(Value::I64(i64::MAX)),
        literal: None,
    });
    kind
}

/// SQLite stores NaN as NULL, and writes infinities but reads no literal for them.
fn floats() -> Kind {
    let mut kind = Kind::new(TypeKind::Double, "double", samples::of(TypeKind::Double))
        .back(zero_has_no_sign)
        .column(TypeKind::Double);
    for value in [f64::INFINITY, f64::NEG_INFINITY] {
        kind.samples.push(Sample { value: value.into(), back: Back::Same, literal: None });
    }
    kind.samples.push(Sample {
        value: f64::NAN.into(),
        back: Back::Changed(Value::Null),
        literal: None,
    });
    kind
}

/// A column of affinity REAL keeps whole floats as integers, which have one zero.
fn zero_has_no_sign(value: &Value) -> Back {
    match value {
        Value::F64(number) if *number == 0.0 && number.is_sign_negative() => {
            Back::Changed(Value::F64(0.0))
        }
        _ => Back::Same,
    }
}

/// NUMERIC is an affinity: what looks like a number becomes an integer or a float.
fn decimals() -> Kind {
    let mut values = samples::decimals(&["12345678901234.5678"]);
    values.splice(0..0, samples::of(TypeKind::Numeric));
    Kind::new(TypeKind::Numeric, "numeric(18, 4)", values).back(|value| match value {
        Value::Decimal(text) => match text.parse::<f64>() {
            Ok(number) if number.fract() == 0.0 => Back::Changed(Value::I64(number as i64)),
            Ok(number) => Back::Changed(Value::F64(number)),
            Err(_) => Back::Refused,
        },
        _ => Back::Same,
    })
}

fn texts() -> Kind {
    let mut kind = Kind::new(TypeKind::Text, "text", samples::of(TypeKind::Text))
        .literals(text_literal)
        .column(TypeKind::Text);
    let nul = Value::from("nul\0inside");
    kind.samples.push(Sample { value: nul, back: Back::Same, literal: None });
    kind
}

fn truth_is_a_number(value: &Value) -> Back {
    match value {
        Value::Bool(truth) => Back::As(Value::I64(i64::from(*truth))),
        _ => Back::Same,
    }
}

fn as_text(value: &Value) -> Back {
    let text = match value {
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Timestamp(value) => value.to_string(),
        Value::TimestampTz(value) => value.to_string(),
        Value::Uuid(value) => value.to_string(),
        Value::Json(text) => text.clone(),
        _ => return Back::Same,
    };
    Back::As(Value::Text(text))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        // The literal would be the negation of a number that is too large.
        Value::I64(i64::MIN) => Some("-9223372036854775807 - 1".into()),
        Value::I64(number) => Some(number.to_string()),
        Value::Null => Some("null".into()),
        _ => None,
    }
}

fn text_literal(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(format!("'{}'", text.replace('\'', "''"))),
        _ => None,
    }
}

fn blob_literal(value: &Value) -> Option<String> {
    let Value::Bytes(bytes) = value else { return None };
    Some(format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}
