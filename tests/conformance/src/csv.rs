//! CSV as bulk operations move it: what is nothing is NULL, what is quoted is text.

/// The rows of a text; `None` for NULL. A text that ends within quotes ends there.
pub(crate) fn rows(text: &str) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    let mut row: Vec<Option<String>> = Vec::new();
    let (mut field, mut quoted, mut inside) = (String::new(), false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if inside && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => (quoted, inside) = (true, !inside),
            ',' | '\n' if !inside => {
                let value = std::mem::take(&mut field);
                row.push((quoted || !value.is_empty()).then_some(value));
                quoted = false;
                if character == '\n' {
                    rows.push(std::mem::take(&mut row));
                }
            }
            _ => field.push(character),
        }
    }
    rows
}

/// A line, every value that is there in quotes.
pub(crate) fn line(values: &[Option<&str>]) -> String {
    let field = |value: &Option<&str>| {
        value.map_or(String::new(), |text| format!("\"{}\"", text.replace('"', "\"\"")))
    };
    values.iter().map(field).collect::<Vec<String>>().join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_null_is_not_empty() {
        let values = [Some("a,b"), None, Some(""), Some("\"q\"\nline"), Some("x")];
        let text = line(&values) + &line(&[None, Some("2")]);
        let read = rows(&text);
        assert_eq!(read[0], values.map(|value| value.map(str::to_owned)));
        assert_eq!(read[1], [None, Some("2".to_owned())]);
        assert_eq!(rows("1,a\n,\n"), [vec![Some("1".into()), Some("a".into())], vec![None, None]]);
    }
}
