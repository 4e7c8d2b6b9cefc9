//! What a statement changes, by its first word.

/// Whether a statement's count of changed rows and the rowid of its insert mean something.
///
/// SQLite keeps the counts of the last change, also while other statements run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It changes no rows: queries, DDL, pragmas.
    Nothing,
    /// UPDATE, DELETE.
    Rows,
    /// INSERT, REPLACE.
    Insert,
    /// WITH before any of them: an insert when the last rowid changes.
    With,
}

impl Change {
    /// What a statement that is not read-only changes.
    pub(crate) fn of(sql: &str) -> Self {
        let word = first_word(sql);
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        if is("INSERT") || is("REPLACE") {
            Change::Insert
        } else if is("UPDATE") || is("DELETE") {
            Change::Rows
        } else if is("WITH") {
            Change::With
        } else {
            Change::Nothing
        }
    }
}

/// The first word after white space, empty statements and comments.
fn first_word(mut sql: &str) -> &str {
    loop {
        sql = sql
            .trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ';' || c == '\u{feff}');
        if let Some(comment) = sql.strip_prefix("--") {
            sql = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(comment) = sql.strip_prefix("/*") {
            sql = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            let end = sql.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql.len());
            return &sql[..end];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_statements_before_the_first_word_are_skipped() {
        for (sql, change) in [
            ("insert into t values (1)", Change::Insert),
            ("  -- a comment\n/* another; -- */ ;REPLACE into t", Change::Insert),
            ("update t set a = 1", Change::Rows),
            ("Delete from t", Change::Rows),
            ("with a as (select 1) insert into t select * from a", Change::With),
            ("create table t (insert_ int)", Change::Nothing),
            ("inserted", Change::Nothing),
            ("-- only a comment", Change::Nothing),
            ("/* unfinished", Change::Nothing),
            ("", Change::Nothing),
        ] {
            assert_eq!(Change::of(sql), change, "{sql}");
        }
    }
}
