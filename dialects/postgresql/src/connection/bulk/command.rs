//! The COPY that a bulk operation is, as text.

use aludel::dbapi::{BulkDirection, BulkSpec};
use aludel::dialect::SqlRules;
use aludel::error::{Error, Result};

use super::super::session::literal;
use crate::split::first_statement;

/// Formats of COPY.
const FORMATS: [&str; 3] = ["text", "csv", "binary"];

/// Options whose value is a list of columns: they are given once for each, or once as `*`.
const COLUMN_LISTS: [&str; 3] = ["force_quote", "force_not_null", "force_null"];

/// Options that say how bytes are to be read; rows of values are no bytes.
const OF_BYTES: [&str; 7] =
    ["delimiter", "null", "default", "header", "quote", "escape", "encoding"];

/// Refuses what no COPY can do.
///
/// # Errors
/// `Argument` for a contradiction, `NotSupported` for a format that COPY does not have, and for rows
/// of values that are to come out.
pub(super) fn check(spec: &BulkSpec<'_>) -> Result<()> {
    let options = spec.options.iter().flat_map(|(key, value)| [*key, *value]);
    let texts = [spec.schema, spec.table, spec.query].into_iter();
    if texts.chain(spec.columns.iter().copied()).chain(options).any(|text| text.contains('\0')) {
        return Err(Error::argument("a bulk operation's texts cannot hold NUL bytes"));
    }
    match (spec.table.is_empty(), spec.query.is_empty()) {
        (true, true) => return Err(Error::argument("a bulk operation needs a table or a query")),
        (false, false) => {
            return Err(Error::argument("a bulk operation takes a table or a query, not both"));
        }
        (false, true) => {}
        (true, false) if spec.direction == BulkDirection::In => {
            return Err(Error::argument("rows go into a table, not into a query"));
        }
        (true, false) if !spec.columns.is_empty() || !spec.schema.is_empty() => {
            return Err(Error::argument(
                "columns and schema belong to a table, and there is a query",
            )
            .with_help("name them in the query"));
        }
        (true, false) => {}
    }
    match spec.format {
        Some(format) if !FORMATS.contains(&format) => Err(no_format(format)),
        None if spec.direction == BulkDirection::Out => {
            Err(Error::not_supported("COPY brings bytes out, not rows of values")
                .with_sqlstate("0A000")
                .with_help("name a format (text, csv or binary), or execute a query"))
        }
        _ => Ok(()),
    }
}

/// The form that rows of values are to have, where the program demands one.
///
/// # Errors
/// `NotSupported` for one that they cannot have.
pub(super) fn row_format<'s>(spec: &BulkSpec<'s>) -> Result<Option<&'s str>> {
    let format = spec.options.iter().find(|(key, _)| key.eq_ignore_ascii_case("format"));
    match format {
        None => Ok(None),
        Some((_, format @ ("text" | "binary"))) => Ok(Some(format)),
        Some((_, other)) => Err(no_format(other).with_help("rows of values go as text or binary")),
    }
}

/// `"schema"."table"`.
pub(super) fn table(spec: &BulkSpec<'_>) -> String {
    let table = quoted(spec.table);
    if spec.schema.is_empty() { table } else { format!("{}.{table}", quoted(spec.schema)) }
}

/// The whole COPY for bytes in this format. The options are those of COPY, under their names there.
///
/// # Errors
/// `Argument` for options that do not belong to what is moved, `Programming` for a query that is
/// more than one.
pub(super) fn copy(spec: &BulkSpec<'_>, format: &str) -> Result<String> {
    let mut sql = format!("COPY {}", subject(spec)?);
    if !spec.columns.is_empty() {
        sql.push_str(&format!(" ({})", names(&spec.columns)));
    }
    sql.push_str(match spec.direction {
        BulkDirection::In => " FROM STDIN",
        BulkDirection::Out => " TO STDOUT",
    });
    sql.push_str(&format!(" WITH (FORMAT {format}"));
    push_options(spec, &mut sql)?;
    sql.push(')');
    Ok(sql)
}

fn subject(spec: &BulkSpec<'_>) -> Result<String> {
    if spec.query.is_empty() {
        return Ok(table(spec));
    }
    let first = first_statement(spec.query);
    let rest = first.and_then(|first| first_statement(&spec.query[first.consumed..]));
    match (first, rest) {
        // A comment at its end must not take the parenthesis along.
        (Some(first), None) => Ok(format!("({}\n)", first.text)),
        _ => Err(Error::programming("a bulk operation takes one query")
            .with_sqlstate("42601")
            .with_statement(spec.query)),
    }
}

fn push_options(spec: &BulkSpec<'_>, sql: &mut String) -> Result<()> {
    for (key, value) in &spec.options {
        let name = key.to_ascii_lowercase();
        if name == "format" {
            if spec.format.is_some() {
                return Err(Error::argument("the format is given twice")
                    .with_help("give it as the format of the operation, not as an option"));
            }
        } else if spec.format.is_none() && is_of_bytes(&name) {
            return Err(Error::argument(format!("option `{key}` is about bytes, not about rows"))
                .with_help("name a format to move bytes"));
        } else if !COLUMN_LISTS.contains(&name.as_str()) {
            // Every value may be a literal, also those that are numbers or words.
            sql.push_str(&format!(", {} {}", quoted(&name), literal(value)));
        }
    }
    for list in COLUMN_LISTS {
        let given = spec.options.iter().filter(|(key, _)| key.eq_ignore_ascii_case(list));
        let columns: Vec<&str> = given.map(|(_, value)| *value).collect();
        match columns.as_slice() {
            [] => {}
            ["*"] => sql.push_str(&format!(", {list} *")),
            columns => sql.push_str(&format!(", {list} ({})", names(columns))),
        }
    }
    Ok(())
}

fn is_of_bytes(name: &str) -> bool {
    OF_BYTES.contains(&name) || COLUMN_LISTS.contains(&name)
}

fn quoted(name: &str) -> String {
    SqlRules::STANDARD.quote_identifier(name)
}

fn names(columns: &[&str]) -> String {
    columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
}

#[cold]
fn no_format(format: &str) -> Error {
    Error::not_supported(format!("COPY has no format `{format}`"))
        .with_sqlstate("0A000")
        .with_help("it has text, csv and binary")
}

#[cfg(test)]
mod tests {
    use aludel::ErrorKind;

    use super::*;

    const CSV: BulkSpec<'static> = BulkSpec {
        direction: BulkDirection::In,
        schema: "",
        table: "t",
        query: "",
        columns: Vec::new(),
        format: Some("csv"),
        options: Vec::new(),
    };

    fn refused(spec: &BulkSpec<'_>) -> ErrorKind {
        let copied = check(spec).and_then(|()| copy(spec, "csv"));
        copied.expect_err("it is refused").kind()
    }

    #[test]
    fn names_and_values_are_quoted() {
        let spec = BulkSpec {
            schema: "a\"b",
            columns: vec!["x", "y\"z"],
            options: vec![
                ("DELIMITER", "'"),
                ("null", "\\N"),
                ("force_not_null", "x"),
                ("force_not_null", "y\"z"),
                ("force_null", "*"),
                ("a) , evil", "v"),
            ],
            ..CSV
        };
        check(&spec).unwrap();
        assert_eq!(
            copy(&spec, "csv").unwrap(),
            "COPY \"a\"\"b\".\"t\" (\"x\", \"y\"\"z\") FROM STDIN WITH (FORMAT csv, \
             \"delimiter\" E'''', \"null\" E'\\\\N', \"a) , evil\" E'v', \
             force_not_null (\"x\", \"y\"\"z\"), force_null *)"
        );
    }

    #[test]
    fn a_query_is_one_query() {
        let out = BulkSpec { direction: BulkDirection::Out, table: "", ..CSV };
        let query = BulkSpec { query: "select 1; -- done", ..out.clone() };
        check(&query).unwrap();
        let sql = copy(&query, "csv").unwrap();
        assert_eq!(sql, "COPY (select 1\n) TO STDOUT WITH (FORMAT csv)");
        let two = BulkSpec { query: "select 1; select 2", ..out.clone() };
        assert_eq!(refused(&two), ErrorKind::Programming);
        let none = BulkSpec { query: " -- nothing", ..out };
        assert_eq!(refused(&none), ErrorKind::Programming);
    }

    #[test]
    fn contradictions_are_refused() {
        let columns = vec!["a"];
        for wrong in [
            BulkSpec { table: "", ..CSV },
            BulkSpec { query: "select 1", ..CSV },
            BulkSpec { table: "", query: "select 1", ..CSV },
            BulkSpec { direction: BulkDirection::Out, table: "", query: "q", columns, ..CSV },
            BulkSpec { table: "a\0b", ..CSV },
            BulkSpec { options: vec![("format", "text")], ..CSV },
            BulkSpec { options: vec![("header", "true")], format: None, ..CSV },
            BulkSpec { options: vec![("force_null", "a")], format: None, ..CSV },
        ] {
            assert_eq!(refused(&wrong), ErrorKind::Argument, "{wrong:?}");
        }
        let out = BulkSpec { direction: BulkDirection::Out, format: None, ..CSV };
        assert_eq!(refused(&out), ErrorKind::NotSupported);
        assert_eq!(refused(&BulkSpec { format: Some("xml"), ..CSV }), ErrorKind::NotSupported);
        let rows = BulkSpec { format: None, options: vec![("format", "csv")], ..CSV };
        assert_eq!(row_format(&rows).unwrap_err().kind(), ErrorKind::NotSupported);
    }
}
