//! JSON: an array of objects, or an object a line.

use std::collections::HashSet;
use std::io::Write;

use aludel::dbapi::Column;

use super::output::Written;
use crate::failure::Failure;
use crate::json_value;
use crate::result::Rows;

/// Writes a result as one array, an object a line. After a failure the array stays open, so that
/// no reader takes it for whole.
pub(super) fn write_array(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    out.write_all(b"[")?;
    let written = objects(columns, rows, out, |count| if count == 0 { "\n" } else { ",\n" })?;
    out.write_all(if written.rows == 0 { b"]\n" } else { b"\n]\n" })?;
    Ok(written)
}

/// Writes a result as objects, each in a line of its own.
pub(super) fn write_lines(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let written = objects(columns, rows, out, |count| if count == 0 { "" } else { "\n" })?;
    if written.rows > 0 {
        out.write_all(b"\n")?;
    }
    Ok(written)
}

fn objects(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
    before: impl Fn(u64) -> &'static str,
) -> Result<Written, Failure> {
    let keys = keys(columns);
    let mut line = String::new();
    let mut count = 0;
    while let Some(row) = rows.next_row()? {
        line.clear();
        line.push_str(before(count));
        line.push('{');
        for (index, ((value, column), key)) in row.iter().zip(columns).zip(&keys).enumerate() {
            if index > 0 {
                line.push(',');
            }
            line.push_str(key);
            json_value::push(&mut line, value, Some(&column.sql_type));
        }
        line.push('}');
        out.write_all(line.as_bytes())?;
        count += 1;
    }
    Ok(Written::whole(count))
}

/// The keys as JSON with their colon, each once: of columns with the same name the second is
/// `name_2`, unless a column of that name exists.
fn keys(columns: &[Column]) -> Vec<String> {
    let mut taken: HashSet<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut seen = HashSet::new();
    let mut unique = |name: &str| {
        if seen.insert(name.to_owned()) {
            return name.to_owned();
        }
        let mut numbered = (2_u64..).map(|number| format!("{name}_{number}"));
        numbered.find(|key| taken.insert(key.clone())).unwrap_or_default()
    };
    let quoted = |name: String| {
        let mut key = String::new();
        json_value::push_string(&mut key, &name);
        key.push(':');
        key
    };
    columns.iter().map(|column| quoted(unique(&column.name))).collect()
}
