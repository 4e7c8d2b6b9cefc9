//! Where in the SQL text an error lies, shown with its line and a caret.

use aludel::Error;
use unicode_width::UnicodeWidthStr;

use crate::escape;

/// Characters of a line that are shown on either side of the place.
const AROUND: usize = 60;
/// Lines of a statement that are shown.
const LINES: usize = 10;
/// Characters that are shown of each of them.
const LINE: usize = 2 * AROUND;

/// The place of an error in the text `sql`, whose failing statement begins at byte `from` or
/// behind white space after it. `None` when the error names no statement that stands there.
pub(crate) fn describe(sql: &str, from: usize, error: &Error) -> Option<String> {
    let statement = error.statement()?.trim_start();
    let skipped = error.statement()?.len() - statement.len();
    let start = from + sql.get(from..)?.find(statement)?;
    let Some(position) = error.position() else {
        let (line, column) = line_and_column(sql, start);
        let statement = shortened(statement.trim_end());
        return Some(format!("[SQL: {statement}]\n  at line {line}, column {column}"));
    };
    let position = usize::try_from(position).ok()?.saturating_sub(skipped);
    let at = boundary(sql, start.saturating_add(position));
    let (line, column) = line_and_column(sql, at);
    let (shown, indent) = around(sql, at);
    let caret = " ".repeat(indent);
    Some(format!("  at line {line}, column {column}:\n    {shown}\n    {caret}^"))
}

/// The last character's start that is not beyond this byte.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Line and column in characters, both from 1.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// What stands around the place on its line, and how many columns of a terminal before it.
fn around(text: &str, at: usize) -> (String, usize) {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let (before, after) = (&text[start..at], text[at..end].trim_end());
    let skip = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(byte, _)| byte);
    let take = after.char_indices().nth(AROUND).map_or(after.len(), |(byte, _)| byte);
    let left = if skip > 0 { "…" } else { "" };
    let before = format!("{left}{}", escape::in_line(&before[skip..]));
    let right = if take < after.len() { "…" } else { "" };
    let shown = format!("{before}{}{right}", escape::in_line(&after[..take]));
    (shown, before.width())
}

/// The first lines of a statement.
fn shortened(statement: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in statement.lines() {
        if lines.len() == LINES {
            lines.push("…".to_owned());
            break;
        }
        let end = line.char_indices().nth(LINE).map_or(line.len(), |(byte, _)| byte);
        let more = if end < line.len() { "…" } else { "" };
        lines.push(format!("{}{more}", escape::in_line(&line[..end])));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(statement: &str) -> Error {
        Error::operational("m").with_statement(statement)
    }

    #[test]
    fn a_caret_stands_below_the_place() {
        let sql = "select 1;\nselect *\n\tfrom missing";
        let error = error("\nselect *\n\tfrom missing").with_position(16);
        assert_eq!(
            describe(sql, 9, &error).unwrap(),
            "  at line 3, column 7:\n     from missing\n          ^"
        );
    }

    #[test]
    fn wide_characters_move_the_caret_and_not_the_column() {
        let error = error("select '漢字', x").with_position(17);
        assert_eq!(
            describe("select '漢字', x", 0, &error).unwrap(),
            "  at line 1, column 14:\n    select '漢字', x\n                   ^"
        );
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let sql = format!("select {}, x, {}", "1".repeat(200), "2".repeat(200));
        let error = error(&sql).with_position(209);
        let expected = format!(
            "  at line 1, column 210:\n    …{}, x, {}…\n    {}^",
            "1".repeat(58),
            "2".repeat(57),
            " ".repeat(61)
        );
        assert_eq!(describe(&sql, 0, &error).unwrap(), expected);
    }

    #[test]
    fn without_a_position_the_statement_is_shown_shortened() {
        let sql = "select 1; insert into t values (1)";
        assert_eq!(
            describe(sql, 9, &error("insert into t values (1)")).unwrap(),
            "[SQL: insert into t values (1)]\n  at line 1, column 11"
        );
        let many = "a\n".repeat(20);
        let expected = format!("[SQL: {}…]\n  at line 1, column 1", "a\n".repeat(10));
        assert_eq!(describe(&many, 0, &error(&many)).unwrap(), expected);
    }

    #[test]
    fn positions_beyond_the_text_and_inside_a_character_do_no_harm() {
        let beyond = error("select").with_position(u64::MAX);
        assert_eq!(
            describe("select", 0, &beyond).unwrap(),
            "  at line 1, column 7:\n    select\n          ^"
        );
        let inside = error("é").with_position(1);
        assert_eq!(describe("é", 0, &inside).unwrap(), "  at line 1, column 1:\n    é\n    ^");
        assert_eq!(describe("select", 99, &beyond), None);
        assert_eq!(describe("other", 0, &beyond), None);
    }
}
