//! Each format against rows that are made here, of every kind of value and any shape.

use aludel::dbapi::{Column, SqlType};
use aludel::{Value, ValueRef};

use super::output::{Style, Written};
use super::{csv, json, markdown, table};
use crate::failure::Failure;
use crate::result::Rows;

/// Rows from memory; the last one may be followed by a failure.
struct Made {
    rows: std::vec::IntoIter<Vec<Value>>,
    current: Vec<Value>,
    failure: Option<Failure>,
}

impl Rows for Made {
    fn next_row(&mut self) -> Result<Option<Vec<ValueRef<'_>>>, Failure> {
        let Some(row) = self.rows.next() else {
            return self.failure.take().map_or(Ok(None), Err);
        };
        self.current = row;
        Ok(Some(self.current.iter().map(Value::as_ref).collect()))
    }
}

fn made(rows: Vec<Vec<Value>>) -> Made {
    Made { rows: rows.into_iter(), current: Vec::new(), failure: None }
}

fn columns(names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| Column::new(*name, SqlType::default())).collect()
}

fn style(width: Option<usize>) -> Style {
    Style { width, null: None }
}

fn table(names: &[&str], rows: Vec<Vec<Value>>, width: Option<usize>) -> (String, Written) {
    let mut out = Vec::new();
    let written = table::write(&columns(names), &mut made(rows), &mut out, &style(width)).unwrap();
    (String::from_utf8(out).unwrap(), written)
}

#[test]
fn a_table_aligns_numbers_on_the_right_and_escapes_what_disturbs() {
    let rows = vec![
        vec![Value::I64(7), Value::from("漢字"), Value::F64(1.5)],
        vec![Value::I64(-1234), Value::from("two\nlines\u{1b}"), Value::Null],
        vec![Value::Null, Value::from("NULL"), Value::Decimal("10.25".into())],
    ];
    let (text, written) = table(&["id", "name", "n"], rows, None);
    let expected = [
        "   id | name             |     n",
        "------+------------------+------",
        "    7 | 漢字             |   1.5",
        "-1234 | two\\nlines\\u{1b} |  NULL",
        " NULL | 'NULL'           | 10.25",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    assert_eq!(written, Written { rows: 3, columns: None });
}

#[test]
fn a_table_that_is_too_wide_cuts_text_and_leaves_out_columns() {
    let row = || vec![Value::I64(123_456_789), Value::from("abcdefghijklmnop"), Value::from("x")];
    let names = ["id", "text", "x"];
    assert_eq!(
        table(&names, vec![row()], Some(28)).0,
        "       id | text         | x\n----------+--------------+--\n123456789 | abcdefghijk… | x\n"
    );
    let (text, written) = table(&names, vec![row()], Some(24));
    assert_eq!(
        text,
        "       id | text     | x\n----------+----------+--\n123456789 | abcdefg… | x\n"
    );
    assert_eq!(written.columns, None);
    let (text, written) = table(&names, vec![row()], Some(20));
    assert_eq!(text, "       id | …\n----------+--\n123456789 | …\n");
    assert_eq!(written.remark(), ", 1 of 3 columns shown (--width 0 shows all)");
}

#[test]
fn rows_after_the_first_thousand_keep_the_widths() {
    let mut rows: Vec<_> =
        (0..1000).map(|n| vec![Value::I64(n % 10), Value::from("abc")]).collect();
    rows.push(vec![Value::I64(123_456), Value::from("abcdefghij")]);
    rows.push(vec![Value::I64(1), Value::from("abcdefghij")]);
    let names = ["n", "t"];
    let last = |text: &str| text.lines().skip(1002).map(str::to_owned).collect::<Vec<_>>();
    let (text, written) = table(&names, rows.clone(), Some(12));
    assert_eq!(last(&text), ["123456 | ab…", "1 | abcdefg…"]);
    assert_eq!(written.rows, 1002);
    assert_eq!(last(&table(&names, rows, None).0), ["123456 | abcdefghij", "1 | abcdefghij"]);
}

#[test]
fn a_few_large_rows_are_enough_to_decide_the_widths() {
    let mut rows = vec![vec![Value::from("x".repeat(1 << 20))]];
    rows.push(vec![Value::from("y".repeat(1 << 21))]);
    let (text, _) = table(&["t"], rows, None);
    let lengths: Vec<usize> = text.lines().map(str::len).collect();
    assert_eq!(lengths, [1, 1 << 20, 1 << 20, 1 << 21]);
}

#[test]
fn a_table_without_rows_or_columns_is_still_one() {
    assert_eq!(table(&["a", "b"], vec![], Some(80)).0, "a | b\n--+--\n");
    let (text, written) = table(&[], vec![vec![], vec![]], Some(80));
    assert_eq!((text.as_str(), written.rows), ("\n\n\n\n", 2));
}

#[test]
fn two_thousand_columns_fit_a_terminal_or_are_shown_whole() {
    let names: Vec<String> = (0..2000).map(|n| format!("c{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row = || (0..2000).map(Value::I64).collect::<Vec<_>>();
    let (text, written) = table(&names, vec![row()], Some(80));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert_eq!(written.columns, Some((14, 2000)));
    assert_eq!(table(&names, vec![row()], None).1.columns, None);
}

#[test]
fn what_came_before_a_failure_is_shown() {
    let failing = || Made {
        failure: Some(aludel::Error::operational("gone").into()),
        ..made(vec![vec![Value::I64(1)]])
    };
    let columns = columns(&["a"]);
    let mut out = Vec::new();
    table::write(&columns, &mut failing(), &mut out, &style(None)).unwrap_err();
    assert_eq!(String::from_utf8(out).unwrap(), "a\n-\n1\n");
    let mut out = Vec::new();
    json::write_array(&columns, &mut failing(), &mut out).unwrap_err();
    assert_eq!(String::from_utf8(out).unwrap(), "[\n{\"a\":1}");
    let mut out = Vec::new();
    csv::write(&columns, &mut failing(), &mut out, &style(None)).unwrap_err();
    assert_eq!(String::from_utf8(out).unwrap(), "a\n1\n");
}

#[test]
fn csv_quotes_what_needs_it() {
    let rows = vec![
        vec![Value::from("a,b"), Value::from("say \"hi\""), Value::Null],
        vec![Value::from("two\nlines"), Value::Bytes(vec![1, 2]), Value::from("")],
    ];
    let columns = columns(&["x", "y,z", "n"]);
    let mut out = Vec::new();
    csv::write(&columns, &mut made(rows.clone()), &mut out, &style(None)).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, "x,\"y,z\",n\n\"a,b\",\"say \"\"hi\"\"\",\n\"two\nlines\",\\x0102,\n");
    let mut out = Vec::new();
    let style = Style { width: None, null: Some("\\N".to_owned()) };
    csv::write(&columns, &mut made(rows), &mut out, &style).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, "x,\"y,z\",n\n\"a,b\",\"say \"\"hi\"\"\",\\N\n\"two\nlines\",\\x0102,\n");
}

#[test]
fn json_keeps_columns_of_the_same_name() {
    let columns = columns(&["a", "a", "a_2", "a", "\"q\""]);
    let rows = vec![(1..=5).map(Value::I64).collect::<Vec<_>>(); 2];
    let object = "{\"a\":1,\"a_3\":2,\"a_2\":3,\"a_4\":4,\"\\\"q\\\"\":5}";
    let mut out = Vec::new();
    json::write_array(&columns, &mut made(rows.clone()), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("[\n{object},\n{object}\n]\n"));
    let mut out = Vec::new();
    json::write_lines(&columns, &mut made(rows), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("{object}\n{object}\n"));
}

#[test]
fn json_without_rows_is_an_empty_array_or_nothing() {
    let mut out = Vec::new();
    json::write_array(&columns(&["a"]), &mut made(vec![]), &mut out).unwrap();
    assert_eq!(out, b"[]\n");
    out.clear();
    json::write_lines(&columns(&["a"]), &mut made(vec![]), &mut out).unwrap();
    assert_eq!(out, b"");
}

#[test]
fn markdown_shows_text_as_it_is() {
    let rows = vec![
        vec![Value::I64(1), Value::from("a|b *c* <d> & \\ `e` [f] ~g~ _h_ i_j")],
        vec![Value::Null, Value::from("x\r\ny\nz\t.")],
        vec![Value::I64(-2), Value::from("NULL")],
    ];
    let mut out = Vec::new();
    let columns = columns(&["n", "t|u"]);
    markdown::write(&columns, &mut made(rows), &mut out, &style(None)).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "| n | t\\|u |\n| ---: | --- |\n\
         | 1 | a\\|b \\*c\\* &lt;d> &amp; \\\\ \\`e\\` \\[f] \\~g\\~ \\_h\\_ i_j |\n\
         | NULL | x<br>y<br>z\\\\t. |\n| -2 | 'NULL' |\n"
    );
    let mut out = Vec::new();
    markdown::write(&columns, &mut made(vec![]), &mut out, &style(None)).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "| n | t\\|u |\n| --- | --- |\n");
}
