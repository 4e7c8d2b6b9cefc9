//! Standard output, and the format that results are written in.

use std::io::{self, BufWriter, IsTerminal, Write};

use aludel::dbapi::Column;
use terminal_size::{Width, terminal_size_of};

use super::{csv, json, markdown, table};
use crate::arguments::{Arguments, Format};
use crate::failure::Failure;
use crate::result::Rows;

/// Width of a terminal that does not tell it.
const UNKNOWN_WIDTH: usize = 80;

/// Where results are written, one after the other.
pub(crate) struct Output<W: Write> {
    out: BufWriter<W>,
    format: Format,
    style: Style,
    results: u64,
}

/// What the user chose within a format.
pub(crate) struct Style {
    /// Columns of a terminal that a line of a table may take; `None` for as many as it needs.
    pub(crate) width: Option<usize>,
    /// What stands for NULL; `None` for what the format has for it.
    pub(crate) null: Option<String>,
}

/// What was written of a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    /// Columns that are shown and that there are, when not all are.
    pub(crate) columns: Option<(usize, usize)>,
}

impl Written {
    /// All columns of this many rows.
    pub(super) fn whole(rows: u64) -> Self {
        Written { rows, columns: None }
    }

    /// What follows the number of rows.
    pub(crate) fn remark(&self) -> String {
        self.columns.map_or_else(String::new, |(shown, all)| {
            format!(", {shown} of {all} columns shown (--width 0 shows all)")
        })
    }
}

impl<W: Write> Output<W> {
    /// Writes to `out` as the command line says.
    pub(crate) fn new(arguments: &Arguments, out: W) -> Self {
        let width = arguments.width.or_else(terminal_width).filter(|width| *width > 0);
        let style = Style { width, null: arguments.null.clone() };
        Output { out: BufWriter::new(out), format: arguments.format, style, results: 0 }
    }

    /// Writes a result and flushes it.
    pub(crate) fn write(
        &mut self,
        columns: &[Column],
        rows: &mut dyn Rows,
    ) -> Result<Written, Failure> {
        let out = &mut self.out;
        let separated = !matches!(self.format, Format::Json | Format::JsonLines);
        if separated && self.results > 0 {
            out.write_all(b"\n")?;
        }
        self.results += 1;
        let written = match self.format {
            Format::Table => table::write(columns, rows, out, &self.style),
            Format::Csv => csv::write(columns, rows, out, &self.style),
            Format::Json => json::write_array(columns, rows, out),
            Format::JsonLines => json::write_lines(columns, rows, out),
            Format::Markdown => markdown::write(columns, rows, out, &self.style),
        };
        // Rows that came before a failure have been read and are shown.
        match &written {
            Err(Failure::Closed | Failure::Output(_)) => {}
            _ => self.out.flush()?,
        }
        written
    }
}

/// The width of the terminal that standard output is, if it is one. Files and pipes have none, so
/// that nothing is cut that another program reads.
fn terminal_width() -> Option<usize> {
    let size = terminal_size_of(io::stdout()).map(|(Width(columns), _)| usize::from(columns));
    size.or_else(|| io::stdout().is_terminal().then_some(UNKNOWN_WIDTH))
}
