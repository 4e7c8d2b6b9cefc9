//! Values as people read them in messages and logs: SQL-like literals, cut where they are long.

use std::fmt::{self, Write};

use super::{ArrayRef, ValueRef};

/// Characters of a literal that are shown in full (SQLAlchemy's `max_chars`).
const MOST: usize = 300;
/// Characters of each end of a longer one.
const END: usize = MOST / 2;
/// Text and bytes up to this length are written as a whole, whatever is shown of them.
const SHORT: usize = 4 * MOST;

/// Shows a value as an SQL-like literal: `NULL`, `true`, `1.5`, `'it''s'`, `X'00FF'`,
/// `DATE '2024-02-29'`, `ARRAY[1, 2]`, `ROW(1, 'a')`.
///
/// Control characters are escaped, in `E'…'`, so that a value is never more than one line. A
/// literal of more than 300 characters shows its first and last 150. It is for people: no database
/// reads all of these.
///
/// ```
/// use aludel::value::{Shown, ValueRef};
///
/// assert_eq!(Shown(ValueRef::Text("it's")).to_string(), "'it''s'");
/// assert_eq!(Shown(ValueRef::Text("two\nlines")).to_string(), r"E'two\nlines'");
/// let long = "x".repeat(500);
/// let shown = Shown(ValueRef::Text(&long)).to_string();
/// assert!(shown.contains("xx ... (202 characters truncated) ... xx"));
/// ```
pub struct Shown<'v>(pub ValueRef<'v>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is short for sure goes straight to where it is wanted.
        match self.0 {
            ValueRef::Null => f.write_str("NULL"),
            ValueRef::I64(value) => write!(f, "{value}"),
            ValueRef::Text(text) if text.len() < MOST / 8 => write_text(f, text),
            value => {
                let mut ends = Ends::default();
                write_literal(&mut ends, value)?;
                ends.write_to(f)
            }
        }
    }
}

/// Keeps the ends of a text that is written into it.
#[derive(Default)]
struct Ends {
    /// The first characters: all of them while there are at most [`MOST`].
    head: String,
    head_chars: usize,
    /// The characters after those, of which the last [`END`] matter.
    tail: String,
    tail_chars: usize,
    /// Characters that were let go.
    gone: usize,
}

impl Ends {
    fn total(&self) -> usize {
        self.head_chars + self.tail_chars + self.gone
    }

    /// Characters that need not be written, because enough follow.
    fn skip(&mut self, characters: usize) {
        self.gone += characters;
    }

    fn write_to(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.total() <= MOST {
            return f.write_str(&self.head);
        }
        let head: usize = self.head.chars().take(END).map(char::len_utf8).sum();
        let missing = END.saturating_sub(self.tail_chars);
        write!(
            f,
            "{} ... ({} characters truncated) ... ",
            &self.head[..head],
            self.total() - MOST
        )?;
        if missing > 0 {
            f.write_str(last_chars(&self.head, missing))?;
        }
        f.write_str(last_chars(&self.tail, END))
    }
}

impl Write for Ends {
    fn write_char(&mut self, c: char) -> fmt::Result {
        if self.head_chars < MOST && self.gone == 0 {
            self.head.push(c);
            self.head_chars += 1;
            return Ok(());
        }
        if self.tail_chars == 4 * END {
            let kept = last_chars(&self.tail, END).to_owned();
            self.gone += self.tail_chars - END;
            self.tail_chars = END;
            self.tail = kept;
        }
        self.tail.push(c);
        self.tail_chars += 1;
        Ok(())
    }

    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.write_char(c))
    }
}

/// The last `count` characters, or all there are.
fn last_chars(text: &str, count: usize) -> &str {
    let start = text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn write_literal(to: &mut Ends, value: ValueRef<'_>) -> fmt::Result {
    match value {
        ValueRef::Null => to.write_str("NULL"),
        ValueRef::Bool(value) => write!(to, "{value}"),
        ValueRef::I64(value) => write!(to, "{value}"),
        ValueRef::U64(value) => write!(to, "{value}"),
        ValueRef::I128(value) => write!(to, "{value}"),
        ValueRef::U128(value) => write!(to, "{value}"),
        ValueRef::F64(value) if value.is_finite() => write!(to, "{value:?}"),
        ValueRef::F64(value) => write!(to, "'{value}'"),
        ValueRef::F32(value) if value.is_finite() => write!(to, "{value:?}"),
        ValueRef::F32(value) => write!(to, "'{value}'"),
        ValueRef::Decimal(text) if text.ends_with(|c: char| c.is_ascii_digit()) => {
            to.write_str(text)
        }
        ValueRef::Decimal(text) | ValueRef::Text(text) => write_long_text(to, text),
        ValueRef::Bytes(bytes) => write_bytes(to, bytes),
        ValueRef::Date(value) => write!(to, "DATE '{value}'"),
        ValueRef::Time(value) => write!(to, "TIME '{value}'"),
        ValueRef::Timestamp(value) => write!(to, "TIMESTAMP '{value}'"),
        ValueRef::TimestampTz(value) => write!(to, "TIMESTAMPTZ '{value}'"),
        ValueRef::Interval(value) => write!(to, "INTERVAL '{value}'"),
        ValueRef::Uuid(value) => write!(to, "UUID '{value}'"),
        ValueRef::Json(text) => {
            to.write_str("JSON ")?;
            write_long_text(to, text)
        }
        ValueRef::Array(array) => write_array(to, array),
        ValueRef::Struct(fields) => write_list(to, "ROW(", fields.len(), |at| fields.get(at), ")"),
        ValueRef::Map(entries) => write_list(to, "MAP[", entries.len(), |at| entries.get(at), "]"),
        ValueRef::Other { type_name, text } => {
            write_long_text(to, text)?;
            if type_name.is_empty() { Ok(()) } else { write!(to, "::{type_name}") }
        }
    }
}

fn write_text(to: &mut impl Write, text: &str) -> fmt::Result {
    let escapes = text.chars().any(char::is_control);
    to.write_str(if escapes { "E'" } else { "'" })?;
    write_chars(to, text, escapes)?;
    to.write_char('\'')
}

/// As [`write_text`]; of what will not be shown, only the length is looked at.
fn write_long_text(to: &mut Ends, text: &str) -> fmt::Result {
    if text.len() <= SHORT {
        return write_text(to, text);
    }
    let escapes = text.chars().any(char::is_control);
    let (head, tail) = (boundary(text, SHORT / 2), boundary(text, text.len() - SHORT / 2));
    to.write_str(if escapes { "E'" } else { "'" })?;
    write_chars(to, &text[..head], escapes)?;
    to.skip(written_chars(&text[head..tail], escapes));
    write_chars(to, &text[tail..], escapes)?;
    to.write_char('\'')
}

/// The next place, from `at` on, where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

fn write_chars(to: &mut impl Write, text: &str, escapes: bool) -> fmt::Result {
    for c in text.chars() {
        match c {
            '\'' => to.write_str("''")?,
            '\\' if escapes => to.write_str("\\\\")?,
            '\n' => to.write_str("\\n")?,
            '\r' => to.write_str("\\r")?,
            '\t' => to.write_str("\\t")?,
            c if c.is_control() => write!(to, "\\x{:02x}", u32::from(c))?,
            c => to.write_char(c)?,
        }
    }
    Ok(())
}

/// How many characters [`write_chars`] writes.
fn written_chars(text: &str, escapes: bool) -> usize {
    text.chars()
        .map(|c| match c {
            '\'' | '\n' | '\r' | '\t' => 2,
            '\\' => 1 + usize::from(escapes),
            c if c.is_control() => 4,
            _ => 1,
        })
        .sum()
}

fn write_bytes(to: &mut Ends, bytes: &[u8]) -> fmt::Result {
    let shown = if bytes.len() > SHORT { MOST } else { bytes.len() };
    let (head, rest) = bytes.split_at(shown);
    let (middle, tail) = rest.split_at(rest.len().saturating_sub(MOST));
    to.write_str("X'")?;
    head.iter().try_for_each(|byte| write!(to, "{byte:02X}"))?;
    to.skip(middle.len() * 2);
    tail.iter().try_for_each(|byte| write!(to, "{byte:02X}"))?;
    to.write_char('\'')
}

fn write_list<'v>(
    to: &mut Ends,
    open: &str,
    len: usize,
    get: impl Fn(usize) -> ValueRef<'v>,
    close: &str,
) -> fmt::Result {
    to.write_str(open)?;
    for index in 0..len {
        if index > 0 {
            to.write_str(", ")?;
        }
        write_literal(to, get(index))?;
    }
    to.write_str(close)
}

/// `ARRAY[[1, 2], [3, 4]]`: brackets close and open where a dimension ends.
fn write_array(to: &mut Ends, array: ArrayRef<'_>) -> fmt::Result {
    let lengths: Vec<usize> = array.dimensions().map(|dimension| dimension.len as usize).collect();
    to.write_str("ARRAY")?;
    if array.is_empty() {
        return to.write_str("[]");
    }
    for (index, value) in array.iter().enumerate() {
        let mut size = 1;
        let mut begun = 0;
        for length in lengths.iter().rev() {
            size *= length;
            begun += usize::from(index.is_multiple_of(size));
        }
        if index > 0 {
            to.write_str(&"]".repeat(begun))?;
            to.write_str(", ")?;
        }
        to.write_str(&"[".repeat(begun))?;
        write_literal(to, value)?;
    }
    to.write_str(&"]".repeat(lengths.len()))
}

#[cfg(test)]
mod tests {
    use super::{MOST, SHORT, Shown};
    use crate::value::{Array, Date, Dimension, Uuid, Value};

    fn shown(value: impl Into<Value>) -> String {
        Shown(value.into().as_ref()).to_string()
    }

    #[test]
    fn values_read_as_sql() {
        let dimensions = [2, 2].map(|len| Dimension { len, lower_bound: 1 }).to_vec();
        let elements = (1..=4_i64).map(Value::from).collect();
        let square = Array::with_dimensions(dimensions, elements).expect("four elements");
        let cases: [(Value, &str); 17] = [
            (Value::Null, "NULL"),
            (true.into(), "true"),
            (u64::MAX.into(), "18446744073709551615"),
            (1.0.into(), "1.0"),
            (f64::NAN.into(), "'NaN'"),
            (Value::Decimal("-1.50".into()), "-1.50"),
            (Value::Decimal("Infinity".into()), "'Infinity'"),
            ("it's \\".into(), "'it''s \\'"),
            ("a\n\\\u{7}".into(), r"E'a\n\\\x07'"),
            (vec![0, 255].into(), "X'00FF'"),
            (Date::from_ymd(2024, 2, 29).expect("a leap year").into(), "DATE '2024-02-29'"),
            (Uuid([0; 16]).into(), "UUID '00000000-0000-0000-0000-000000000000'"),
            (Value::Json("{}".into()), "JSON '{}'"),
            (square.into(), "ARRAY[[1, 2], [3, 4]]"),
            (Value::Struct(vec![1.into(), Value::Null]), "ROW(1, NULL)"),
            (Value::Map(vec![("k".into(), 2.into())]), "MAP['k', 2]"),
            (Value::Other { type_name: "point".into(), text: "(1,2)".into() }, "'(1,2)'::point"),
        ];
        for (value, expected) in cases {
            assert_eq!(shown(value), expected);
        }
    }

    #[test]
    fn what_is_longer_than_300_characters_shows_its_ends_and_says_how_much_is_missing() {
        for length in (MOST - 4..MOST + 4).chain(SHORT - 4..SHORT + 4).chain([100_000]) {
            for unit in ["a", "ü", "'", "\n", "😀"] {
                let written = if unit == "'" || unit == "\n" { 2 } else { 1 };
                let total = length * written + 2 + usize::from(unit == "\n");
                let shown = shown(unit.repeat(length));
                if total <= MOST {
                    assert_eq!(shown.chars().count(), total);
                    continue;
                }
                let note = format!(" ... ({} characters truncated) ... ", total - MOST);
                let (head, tail) = shown.split_once(&note).expect("the note");
                assert_eq!((head.chars().count(), tail.chars().count()), (150, 150), "{length}");
            }
        }
    }

    #[test]
    fn bytes_are_cut_as_their_literals_are() {
        assert_eq!(shown(vec![1; 148]).len(), 299);
        let shown = shown(vec![0xAB; 1_000_000]);
        assert!(shown.starts_with("X'ABAB") && shown.ends_with("ABAB'"), "{shown}");
        assert!(shown.contains(" ... (1999703 characters truncated) ... "), "{shown}");
    }
}
