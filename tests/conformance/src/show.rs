//! Values, rows and errors as reports show them.

use aludel::{Error, Value};

/// Characters of a text, or bytes, that are shown before the rest is counted.
const SHOWN: usize = 80;
/// Rows that are shown before the rest is counted.
const SHOWN_ROWS: usize = 10;

/// A value, close to how SQL writes it.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::I64(number) => number.to_string(),
        Value::U64(number) => format!("{number} (u64)"),
        Value::I128(number) => format!("{number} (i128)"),
        Value::U128(number) => format!("{number} (u128)"),
        Value::F64(number) => format!("{number:?}"),
        Value::F32(number) => format!("{number:?} (f32)"),
        Value::Decimal(text) => format!("{text} (decimal)"),
        Value::Text(text) => quoted(text),
        Value::Bytes(bytes) => hexadecimal(bytes),
        Value::Date(date) => format!("date '{date}'"),
        Value::Time(time) => format!("time '{time}'"),
        Value::Timestamp(timestamp) => format!("timestamp '{timestamp}'"),
        Value::TimestampTz(moment) => format!("timestamp with time zone '{moment}'"),
        Value::Uuid(uuid) => format!("uuid '{uuid}'"),
        Value::Json(text) => format!("json {}", quoted(text)),
        other => format!("{other:?}"),
    }
}

fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    let rest = match text.len() - shown.len() {
        0 => String::new(),
        _ => format!(" … ({} bytes in all)", text.len()),
    };
    format!("'{}'{rest}", shown.replace('\'', "''").escape_debug().to_string().replace("\\'", "'"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().take(SHOWN / 2).map(|byte| format!("{byte:02x}")).collect();
    match bytes.len() > SHOWN / 2 {
        true => format!("x'{digits}' … ({} bytes in all)", bytes.len()),
        false => format!("x'{digits}'"),
    }
}

/// A row in parentheses.
pub fn row(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().take(SHOWN / 4).map(value).collect();
    let rest = match values.len() > SHOWN / 4 {
        true => format!(", … ({} in all)", values.len()),
        false => String::new(),
    };
    format!("({}{rest})", shown.join(", "))
}

/// Rows, the first of them in full.
pub fn rows(rows: &[Vec<Value>]) -> String {
    if rows.is_empty() {
        return "no rows".into();
    }
    let shown: Vec<String> = rows.iter().take(SHOWN_ROWS).map(|values| row(values)).collect();
    match rows.len() > SHOWN_ROWS {
        true => format!("{}, … ({} rows in all)", shown.join(", "), rows.len()),
        false => shown.join(", "),
    }
}

/// An error with what cases look at, in one line.
pub fn error(error: &Error) -> String {
    let mut parts = vec![format!("{error:#}")];
    if let Some(sqlstate) = error.sqlstate() {
        parts.push(format!("SQLSTATE {sqlstate}"));
    }
    if let Some(code) = error.native_code() {
        parts.push(format!("native code {code}"));
    }
    if let Some(row) = error.failing_row() {
        parts.push(format!("failing row {row}"));
    }
    if let Some(constraint) = error.constraint() {
        parts.push(format!("{} constraint", constraint.kind));
    }
    let flags = [
        (error.is_disconnect(), "disconnect"),
        (error.is_retryable(), "retryable"),
        (error.is_transaction_aborted(), "transaction aborted"),
    ];
    parts.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned()));
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_look_as_in_sql_and_long_ones_are_cut() {
        assert_eq!(value(&Value::Text("it's\n".into())), "'it''s\\n'");
        assert_eq!(value(&Value::Bytes(vec![0, 255])), "x'00ff'");
        assert_eq!(value(&Value::F64(-0.0)), "-0.0");
        let long = value(&Value::Text("ä".repeat(100)));
        assert!(long.starts_with("'ää") && long.ends_with("' … (200 bytes in all)"), "{long}");
        assert_eq!(row(&[Value::Null, Value::U64(1)]), "(NULL, 1 (u64))");
        assert_eq!(rows(&[]), "no rows");
        assert!(rows(&vec![vec![Value::Null]; 12]).ends_with("(12 rows in all)"));
    }

    #[test]
    fn an_error_shows_what_cases_look_at() {
        let shown = error(
            &Error::integrity("no")
                .with_sqlstate("23505")
                .with_failing_row(3)
                .transaction_aborted(),
        );
        assert_eq!(shown, "IntegrityError: no; SQLSTATE 23505; failing row 3; transaction aborted");
    }
}
