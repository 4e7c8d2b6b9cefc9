//! A table of GitHub's Markdown.

use std::io::Write;

use aludel::ValueRef;
use aludel::dbapi::Column;

use super::output::{Style, Written};
use crate::failure::Failure;
use crate::result::Rows;
use crate::{cell, escape};

/// Writes a result. The first row decides which columns hold numbers and stand on the right.
pub(super) fn write(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
    style: &Style,
) -> Result<Written, Failure> {
    let null = style.null.as_deref().unwrap_or("NULL");
    let names: Vec<String> = columns.iter().map(|column| inline(&column.name)).collect();
    let mut line = String::new();
    push_row(&mut line, names.iter().map(String::as_str));
    let mut count = 0;
    loop {
        let row = rows.next_row()?;
        if count == 0 {
            let number =
                |index| row.as_ref().and_then(|row| row.get(index)).is_some_and(cell::is_number);
            let rules = (0..columns.len()).map(|index| if number(index) { "---:" } else { "---" });
            push_row(&mut line, rules);
        }
        let Some(row) = row else { break };
        let cells: Vec<String> =
            row.iter().zip(columns).map(|(value, column)| shown(value, column, null)).collect();
        push_row(&mut line, cells.iter().map(String::as_str));
        out.write_all(line.as_bytes())?;
        line.clear();
        count += 1;
    }
    out.write_all(line.as_bytes())?;
    Ok(Written::whole(count))
}

fn push_row<'a>(line: &mut String, cells: impl Iterator<Item = &'a str>) {
    line.push('|');
    for cell in cells {
        line.push(' ');
        line.push_str(cell);
        line.push_str(" |");
    }
    line.push('\n');
}

fn shown(value: &ValueRef<'_>, column: &Column, null: &str) -> String {
    match cell::text(value, &column.sql_type) {
        None => inline(null),
        Some(text) if text == null => format!("'{}'", inline(&text)),
        Some(text) if cell::is_number(value) => text.into_owned(),
        Some(text) => inline(&text),
    }
}

/// The text so that Markdown shows it as it is, in one line.
fn inline(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        match character {
            '\r' if after == '\n' => {}
            '\n' => markdown.push_str("<br>"),
            '<' => markdown.push_str("&lt;"),
            '&' => markdown.push_str("&amp;"),
            // Within a word an underscore is a letter.
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => markdown.push('_'),
            '\\' | '|' | '`' | '*' | '_' | '[' | '~' => markdown.extend(['\\', character]),
            character => {
                let mut buffer = [0; 4];
                let text = character.encode_utf8(&mut buffer);
                markdown.push_str(&escape::escaped(text).replace('\\', "\\\\"));
            }
        }
        before = character;
    }
    markdown
}
