//! The tables of a page, line by line.

/// The table that is being read.
#[derive(Default)]
pub(crate) struct Table {
    /// `None` between tables; then the place of the column `aludel`, if there is one.
    column: Option<Option<usize>>,
}

impl Table {
    /// Reads the next line of the page: the code in it, if it is a row that has some.
    ///
    /// # Errors
    /// The reason, when the cell holds neither code nor the reason why it holds none.
    pub(crate) fn read(&mut self, line: &str) -> Result<Vec<String>, String> {
        if !line.starts_with('|') {
            self.column = None;
            return Ok(Vec::new());
        }
        let cells = cells(line);
        let Some(column) = self.column else {
            self.column = Some(cells.iter().position(|cell| cell == "aludel"));
            return Ok(Vec::new());
        };
        let cell = column.and_then(|column| cells.get(column));
        match cell {
            Some(cell) if !cell.starts_with("---") => codes(cell),
            _ => Ok(Vec::new()),
        }
    }
}

/// The cells of a row; `\|` is a bar inside of one.
fn cells(line: &str) -> Vec<String> {
    const BAR: char = '\u{0}';
    let line = line.trim().trim_start_matches('|').replace("\\|", &BAR.to_string());
    line.trim_end_matches('|').split('|').map(|cell| cell.trim().replace(BAR, "|")).collect()
}

fn codes(cell: &str) -> Result<Vec<String>, String> {
    if cell.starts_with("not yet") || cell.starts_with('–') {
        return Ok(Vec::new());
    }
    let odd = |(index, part): (usize, &str)| (index % 2 == 1).then(|| part.to_owned());
    let codes: Vec<String> = cell.split('`').enumerate().filter_map(odd).collect();
    if codes.is_empty() {
        return Err(format!("`{cell}` is neither code nor `not yet` nor `–`"));
    }
    Ok(codes)
}
