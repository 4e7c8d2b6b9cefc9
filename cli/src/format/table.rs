//! A table for people.
//!
//! The first rows decide the widths of the columns, later rows stream with these widths: memory
//! holds at most [`HEAD_ROWS`] rows or [`HEAD_BYTES`] and one row beyond.

use std::io::{self, Write};

use aludel::ValueRef;
use aludel::dbapi::Column;
use unicode_width::UnicodeWidthStr;

use super::output::{Style, Written};
use crate::failure::Failure;
use crate::layout::{BETWEEN, Layout, Need};
use crate::result::Rows;
use crate::{cell, escape};

/// Rows that decide the widths.
const HEAD_ROWS: usize = 1000;
/// Bytes of text after which fewer rows decide the widths.
const HEAD_BYTES: usize = 1 << 20;

/// What is shown of a value or of a column's name.
struct Cell {
    text: String,
    number: bool,
}

/// The first rows of a result.
struct Head {
    rows: Vec<Vec<Cell>>,
    /// Whether there are no more, or why they cannot be had.
    ended: Result<bool, Failure>,
}

/// Writes a result.
pub(super) fn write(
    columns: &[Column],
    rows: &mut dyn Rows,
    out: &mut dyn Write,
    style: &Style,
) -> Result<Written, Failure> {
    let shown = |row: &[ValueRef<'_>]| -> Vec<Cell> {
        row.iter().zip(columns).map(|(value, column)| show(value, column, style)).collect()
    };
    let head = read_head(rows, &shown);
    let names: Vec<Cell> = columns.iter().map(|column| name(&column.name, style)).collect();
    let table = Table::new(&names, &head.rows, style.width);
    table.write_names(&names, out)?;
    for row in &head.rows {
        table.write_row(row, out)?;
    }
    let mut count = head.rows.len() as u64;
    drop(head.rows);
    if head.ended? {
        return Ok(table.written(count));
    }
    while let Some(row) = rows.next_row()? {
        table.write_row(&shown(&row), out)?;
        count += 1;
    }
    Ok(table.written(count))
}

fn read_head(rows: &mut dyn Rows, shown: &dyn Fn(&[ValueRef<'_>]) -> Vec<Cell>) -> Head {
    let mut head = Head { rows: Vec::new(), ended: Ok(false) };
    let mut bytes = 0;
    while head.rows.len() < HEAD_ROWS && bytes < HEAD_BYTES {
        let cells = match rows.next_row() {
            Ok(Some(row)) => shown(&row),
            Ok(None) => return Head { ended: Ok(true), ..head },
            Err(failure) => return Head { ended: Err(failure), ..head },
        };
        bytes += cells.iter().map(|cell| size_of::<Cell>() + cell.text.len()).sum::<usize>();
        head.rows.push(cells);
    }
    head
}

/// A text that reads as NULL does is quoted.
fn show(value: &ValueRef<'_>, column: &Column, style: &Style) -> Cell {
    let null = style.null.as_deref().unwrap_or("NULL");
    let number = cell::is_number(value);
    let text = match cell::text(value, &column.sql_type) {
        None => fitting(null, style),
        Some(text) if number => text.into_owned(),
        Some(text) if text == null => fitting(&format!("'{null}'"), style),
        Some(text) => fitting(&text, style),
    };
    Cell { text, number }
}

fn name(name: &str, style: &Style) -> Cell {
    Cell { text: fitting(name, style), number: false }
}

/// The text escaped, and no more of it than a line can show.
fn fitting(text: &str, style: &Style) -> String {
    let escaped = escape::escaped(text);
    match style.width {
        Some(width) => escape::cut(&escaped, width).into_owned(),
        None => escaped.into_owned(),
    }
}

/// How the rows of a table are laid out.
struct Table {
    layout: Layout,
    /// Whether the cells of each column stand on the right.
    right: Vec<bool>,
    columns: usize,
}

impl Table {
    fn new(names: &[Cell], rows: &[Vec<Cell>], width: Option<usize>) -> Self {
        let mut needs: Vec<Need> =
            names.iter().map(|name| Need { width: name.text.width(), number: 0 }).collect();
        for row in rows {
            for (need, cell) in needs.iter_mut().zip(row) {
                let width = cell.text.width();
                need.width = need.width.max(width);
                need.number = need.number.max(if cell.number { width } else { 0 });
            }
        }
        Table {
            layout: Layout::new(&needs, width),
            right: needs.iter().map(|need| need.number > 0).collect(),
            columns: names.len(),
        }
    }

    fn is_cut(&self) -> bool {
        self.layout.widths.len() < self.columns
    }

    fn written(&self, rows: u64) -> Written {
        let columns = self.is_cut().then_some((self.layout.widths.len(), self.columns));
        Written { rows, columns }
    }

    fn write_names(&self, names: &[Cell], out: &mut dyn Write) -> io::Result<()> {
        self.write_row(names, out)?;
        let rules: Vec<String> =
            self.layout.widths.iter().map(|width| "-".repeat(*width)).collect();
        let mark = if self.is_cut() { "-+--" } else { "" };
        writeln!(out, "{}{mark}", rules.join("-+-"))
    }

    /// Writes a line. A cell wider than its column takes what the line has to spare; text beyond
    /// that is cut, a number is not.
    fn write_row(&self, cells: &[Cell], out: &mut dyn Write) -> io::Result<()> {
        let mut spare = self.layout.spare;
        let last = self.layout.widths.len().saturating_sub(1);
        for (index, (cell, width)) in cells.iter().zip(&self.layout.widths).enumerate() {
            let between = if index > 0 { BETWEEN } else { "" };
            let over = cell.text.width().saturating_sub(*width);
            let more = spare.map_or(over, |spare| if cell.number { over } else { over.min(spare) });
            spare = spare.map(|spare| spare.saturating_sub(more));
            let text = escape::cut(&cell.text, width + more);
            let pad = width.saturating_sub(text.width());
            if self.right[index] {
                write!(out, "{between}{:pad$}{text}", "")?;
            } else {
                let pad = if index < last || self.is_cut() { pad } else { 0 };
                write!(out, "{between}{text}{:pad$}", "")?;
            }
        }
        writeln!(out, "{}", if self.is_cut() { " | …" } else { "" })
    }
}
