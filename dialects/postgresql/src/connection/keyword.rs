//! What can be told of a statement from its words, before the server has seen it.

/// What a statement can do, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatementKind {
    /// Only reads: it may be stopped in the middle.
    Query,
    /// Changes rows, and returns none.
    Change,
    /// Anything that has no plan worth keeping and returns no rows: DDL, SET, …
    Command,
    /// All others: they may return rows and change something.
    Other,
}

impl StatementKind {
    /// The kind of the statement that begins here.
    pub(super) fn of(sql: &str) -> Self {
        let word = first_word(sql);
        let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        if is(&["select", "values", "table"]) && !contains_word(sql, "into") {
            return StatementKind::Query;
        }
        if is(&["insert", "update", "delete", "merge"]) && !contains_word(sql, "returning") {
            return StatementKind::Change;
        }
        if is(COMMANDS) { StatementKind::Command } else { StatementKind::Other }
    }

    /// True when rows may come back.
    pub(super) fn may_return_rows(self) -> bool {
        matches!(self, StatementKind::Query | StatementKind::Other)
    }
}

impl StatementKind {
    /// True when the server plans it, and does so better once than each time.
    pub(super) fn is_worth_keeping(self) -> bool {
        self != StatementKind::Command
    }
}

/// Commands that return no rows, whatever follows.
const COMMANDS: &[&str] = &[
    "abort",
    "alter",
    "analyze",
    "begin",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "declare",
    "discard",
    "do",
    "drop",
    "end",
    "grant",
    "listen",
    "load",
    "lock",
    "notify",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "start",
    "truncate",
    "unlisten",
    "vacuum",
];

/// The first word, after white space, comments and opening parentheses.
fn first_word(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
        } else if rest.starts_with("/*") {
            rest = after_comment(rest);
        } else {
            break;
        }
    }
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    &rest[..end]
}

/// What follows a comment that begins here; comments nest.
fn after_comment(sql: &str) -> &str {
    let bytes = sql.as_bytes();
    let (mut at, mut depth) = (0, 0);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return &sql[at..];
        }
    }
    ""
}

/// True when the text has this word, be it in a literal: then more is expected than comes.
fn contains_word(sql: &str, word: &str) -> bool {
    let (bytes, word) = (sql.as_bytes(), word.as_bytes());
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::StatementKind::{self, Change, Command, Other, Query};

    #[test]
    fn the_first_word_tells_what_a_statement_does() {
        for (sql, kind) in [
            ("select 1", Query),
            (" -- a\n /* b /* c */ */ ((SELECT 1) union select 2)", Query),
            ("select a into b from c", Other),
            ("insert into t values (1)", Change),
            ("insert into t values (1) Returning id", Other),
            ("with a as (select 1) select * from a", Other),
            ("CREATE TABLE t (a int)", Command),
            ("explain select 1", Other),
            ("/* never ends", Other),
            ("", Other),
        ] {
            assert_eq!(StatementKind::of(sql), kind, "{sql}");
        }
    }
}
