//! CSV, in which what is nothing is NULL.

use aludel::value::Value;

use crate::fault::Fault;
use crate::plan::Plan;

/// The rows of a text whose lines have ends; `None` for NULL.
pub(crate) fn rows(text: &str) -> Vec<Vec<Option<String>>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut inside) = (false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if inside && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' => (quoted, inside) = (true, !inside),
            ',' | '\n' if !inside => {
                let value = std::mem::take(&mut field);
                row.push((std::mem::take(&mut quoted) || !value.is_empty()).then_some(value));
                if character == '\n' {
                    rows.push(std::mem::take(&mut row));
                }
            }
            _ => field.push(character),
        }
    }
    rows
}

/// A line, its texts in quotes.
pub(crate) fn line(plan: &Plan, row: &[Value]) -> String {
    let field = |value: &Value| match value {
        Value::Null if plan.makes(Fault::UnloadNullAsEmpty) => "\"\"".to_owned(),
        Value::Null => String::new(),
        Value::I64(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::Text(text) if text.contains('"') && plan.makes(Fault::UnloadQuotesOnce) => {
            format!("\"{text}\"")
        }
        Value::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => format!("{other:?}"),
    };
    row.iter().map(field).collect::<Vec<String>>().join(",") + "\n"
}
