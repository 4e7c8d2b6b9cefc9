//! Rows in columns for people, without a frame.

use unicode_width::UnicodeWidthStr;

/// Columns of a terminal between two columns.
const BETWEEN: usize = 2;

/// A line for each row, with the columns below each other; the last one ends where its text does.
pub(crate) fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + BETWEEN));
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["a", "漢字", "x"], vec!["long", "b", "y"], vec!["c"], vec!["", "d", ""]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(aligned(&rows), ["a     漢字  x", "long  b     y", "c", "      d"]);
        assert_eq!(aligned(&[]), [] as [String; 0]);
    }
}
