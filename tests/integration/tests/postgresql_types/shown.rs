//! What psql shows for a value: the text of the server's output functions, in UTC.

use std::fmt::Write;

use aludel::Value;
use aludel::value::{Array, Date, Interval, Time, Timestamp, TimestampTz};

/// Whether a value is what psql shows as this text.
pub(crate) fn is_shown_as(value: &Value, text: &str) -> bool {
    match value {
        // Numbers are compared as such: there are several texts for one.
        Value::F64(number) => text.parse::<f64>().is_ok_and(|n| same(n, *number)),
        Value::F32(number) => text.parse::<f32>().is_ok_and(|n| same(n.into(), (*number).into())),
        value => shown(value, ',') == text,
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// The text of a value; `delimiter` stands between the elements of an array.
fn shown(value: &Value, delimiter: char) -> String {
    match value {
        Value::Null => "<NULL>".into(),
        Value::Bool(value) => if *value { "t" } else { "f" }.into(),
        Value::I64(number) => number.to_string(),
        Value::U64(number) => number.to_string(),
        Value::F32(number) => number.to_string().replace("inf", "Infinity"),
        Value::F64(number) => number.to_string().replace("inf", "Infinity"),
        Value::Decimal(text) | Value::Text(text) | Value::Json(text) => text.clone(),
        Value::Other { text, .. } => text.clone(),
        Value::Bytes(bytes) => bytes.iter().fold("\\x".into(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }),
        Value::Date(date) => of_date(*date, ""),
        Value::Time(time) => clock(*time) + &offset(*time),
        Value::Timestamp(timestamp) => of_timestamp(*timestamp, ""),
        Value::TimestampTz(moment) => {
            assert_eq!(*moment, TimestampTz::from_utc(moment.utc()), "the offset is the session's");
            of_timestamp(moment.utc(), "+00")
        }
        Value::Interval(interval) => of_interval(*interval),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Array(array) => of_array(array, delimiter),
        Value::Struct(fields) => of_struct(fields),
        other => panic!("{other:?} is not a value of PostgreSQL"),
    }
}

fn of_date(date: Date, rest: &str) -> String {
    if matches!(date, Date::INFINITY | Date::NEG_INFINITY) {
        return date.to_string();
    }
    match date.ymd() {
        (year @ 1.., month, day) => format!("{year:04}-{month:02}-{day:02}{rest}"),
        (year, month, day) => format!("{:04}-{month:02}-{day:02}{rest} BC", 1 - year),
    }
}

fn clock(time: Time) -> String {
    let text = Time::from_micros(time.micros()).to_string();
    if text.contains('.') { text.trim_end_matches('0').into() } else { text }
}

fn offset(time: Time) -> String {
    let Some(minutes) = time.offset_minutes() else { return String::new() };
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60) {
        (hours, 0) => format!("{sign}{hours:02}"),
        (hours, minutes) => format!("{sign}{hours:02}:{minutes:02}"),
    }
}

fn of_timestamp(timestamp: Timestamp, zone: &str) -> String {
    const DAY: i64 = 86_400_000_000;
    if matches!(timestamp, Timestamp::INFINITY | Timestamp::NEG_INFINITY) {
        return timestamp.to_string();
    }
    let date = Date::from_days(timestamp.micros().div_euclid(DAY) as i32);
    let time = Time::from_micros(timestamp.micros().rem_euclid(DAY));
    of_date(date, &format!(" {}{zone}", clock(time)))
}

/// In the style `postgres`.
fn of_interval(interval: Interval) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut after_negative = false;
    for (amount, unit) in
        [(interval.months / 12, "year"), (interval.months % 12, "mon"), (interval.days, "day")]
    {
        if amount != 0 {
            let sign = if after_negative && amount > 0 { "+" } else { "" };
            let plural = if amount == 1 { "" } else { "s" };
            parts.push(format!("{sign}{amount} {unit}{plural}"));
            after_negative = amount < 0;
        }
    }
    if interval.micros != 0 || parts.is_empty() {
        let sign = match interval.micros {
            ..0 => "-",
            _ if after_negative => "+",
            _ => "",
        };
        let time = Time::from_micros(interval.micros.checked_abs().expect("not the least"));
        parts.push(format!("{sign}{}", clock(time)));
    }
    parts.join(" ")
}

fn of_array(array: &Array, delimiter: char) -> String {
    if array.elements().is_empty() {
        return "{}".into();
    }
    let mut text = String::new();
    if array.dimensions().iter().any(|dimension| dimension.lower_bound != 1) {
        for dimension in array.dimensions() {
            let upper = i64::from(dimension.lower_bound) + i64::from(dimension.len) - 1;
            let _ = write!(text, "[{}:{upper}]", dimension.lower_bound);
        }
        text.push('=');
    }
    let is_box =
        |v: &Value| matches!(v, Value::Other { type_name, .. } if type_name.as_str() == "box");
    let delimiter = if array.elements().iter().any(is_box) { ';' } else { delimiter };
    let lengths: Vec<usize> = array.dimensions().iter().map(|d| d.len as usize).collect();
    level(array.elements(), &lengths, delimiter, &mut text);
    text
}

fn level(elements: &[Value], lengths: &[usize], delimiter: char, text: &mut String) {
    text.push('{');
    let parts = elements.chunks(elements.len() / lengths[0]);
    for (index, part) in parts.enumerate() {
        if index > 0 {
            text.push(delimiter);
        }
        match (&lengths[1..], part) {
            ([], [Value::Null]) => text.push_str("NULL"),
            ([], [value]) => text.push_str(&quoted_element(&shown(value, ','), delimiter)),
            (inner, part) => level(part, inner, delimiter, text),
        }
    }
    text.push('}');
}

fn quoted_element(text: &str, delimiter: char) -> String {
    let special = |c: char| matches!(c, '"' | '\\' | '{' | '}') || c == delimiter;
    if needs_quotes(text, special) || text.eq_ignore_ascii_case("null") {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    text.into()
}

fn of_struct(fields: &[Value]) -> String {
    let field = |value: &Value| match value {
        Value::Null => String::new(),
        value => {
            let text = shown(value, ',');
            let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',');
            if needs_quotes(&text, special) {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
            } else {
                text
            }
        }
    };
    format!("({})", fields.iter().map(field).collect::<Vec<_>>().join(","))
}

fn needs_quotes(text: &str, special: impl Fn(char) -> bool) -> bool {
    text.is_empty() || text.chars().any(|c| special(c) || c.is_ascii_whitespace())
}
