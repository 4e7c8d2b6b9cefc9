//! The SQL of cases in the words of a database: placeholders and templates.

use aludel::dialect::ParamStyle;

/// Replaces each `?` outside of quotes by the placeholder of its place. Cases write `?`, and quote
/// with `'` and `"` only.
pub(crate) fn placeholders(sql: &str, style: ParamStyle) -> String {
    let mut out = String::with_capacity(sql.len() + 8);
    let (mut place, mut quote) = (0, None);
    for character in sql.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if character == '?' => {
                place += 1;
                out.push_str(&placeholder(place, style));
                continue;
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

fn placeholder(place: usize, style: ParamStyle) -> String {
    match style {
        ParamStyle::Qmark => "?".into(),
        ParamStyle::Numeric => format!(":{place}"),
        ParamStyle::Named => format!(":p{place}"),
        ParamStyle::Format => "%s".into(),
        ParamStyle::Pyformat => format!("%(p{place})s"),
        ParamStyle::NumericDollar => format!("${place}"),
    }
}

/// Replaces `{name}` by its value; names that are not given stay.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// So many placeholders with commas between.
pub(crate) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_written_as_the_dialect_writes_them_outside_of_quotes() {
        let sql = "select ?, '?''?', \"?\" where x = ?";
        for (style, expected) in [
            (ParamStyle::Qmark, "select ?, '?''?', \"?\" where x = ?"),
            (ParamStyle::Numeric, "select :1, '?''?', \"?\" where x = :2"),
            (ParamStyle::Named, "select :p1, '?''?', \"?\" where x = :p2"),
            (ParamStyle::Format, "select %s, '?''?', \"?\" where x = %s"),
            (ParamStyle::Pyformat, "select %(p1)s, '?''?', \"?\" where x = %(p2)s"),
            (ParamStyle::NumericDollar, "select $1, '?''?', \"?\" where x = $2"),
        ] {
            assert_eq!(placeholders(sql, style), expected);
        }
    }

    #[test]
    fn templates_keep_what_they_do_not_know() {
        assert_eq!(fill("{a} {b} {a}", &[("a", "1")]), "1 {b} 1");
        assert_eq!(marks(3), "?, ?, ?");
    }
}
