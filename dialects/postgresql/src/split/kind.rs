//! What a statement can do, as far as its words at the top level tell.

use super::token::{Token, TokenKind};

/// What a statement can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatementKind {
    /// Only reads, functions apart: it may be stopped in the middle.
    Query,
    /// Changes rows, and returns none.
    Change,
    /// Has no plan worth keeping and returns no rows: DDL, SET, …
    Command,
    /// All others: they may return rows and change something.
    Other,
}

impl StatementKind {
    /// True when rows may come back.
    pub(crate) fn may_return_rows(self) -> bool {
        matches!(self, StatementKind::Query | StatementKind::Other)
    }

    /// True when the server plans it, and does so better once than each time.
    pub(crate) fn is_worth_keeping(self) -> bool {
        self != StatementKind::Command
    }
}

/// Commands that return no rows, whatever follows.
const COMMANDS: &[&str] = &[
    "abort",
    "alter",
    "analyse",
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
    "import",
    "listen",
    "load",
    "lock",
    "move",
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

const QUERIES: &[&str] = &["select", "values", "table"];
const CHANGES: &[&str] = &["insert", "update", "delete", "merge"];

/// Watches the words of a statement go by.
#[derive(Debug, Default)]
pub(super) struct KindReader {
    /// Byte range of the first word.
    first: Option<Token>,
    /// For WITH, the word that begins the statement after the common table expressions.
    main: Option<Token>,
    /// RETURNING of the statement itself.
    returning: bool,
    /// SELECT … INTO.
    into: bool,
    /// INSERT, UPDATE, DELETE or MERGE anywhere, for WITH.
    changes: bool,
    previous: Option<Token>,
}

impl KindReader {
    /// Takes the next token, which stands at this depth of parentheses.
    pub(super) fn read(&mut self, token: Token, depth: usize, sql: &str) {
        let previous = self.previous.replace(token);
        if token.kind != TokenKind::Word {
            return;
        }
        if self.first.is_none() {
            self.first = Some(token);
            return;
        }
        if is_label(previous, sql) {
            return;
        }
        let is_any = |words: &[&str]| words.iter().any(|word| token.is(sql, word));
        let changes = is_any(CHANGES);
        self.changes |= changes;
        if depth > 0 {
            return;
        }
        // The name of a common table expression stands after WITH or a comma, never after `)`.
        let follows_expression = previous.is_some_and(|token| token.kind == TokenKind::Close);
        if self.main.is_none() && follows_expression && (changes || is_any(QUERIES)) {
            self.main = Some(token);
        }
        self.returning |= token.is(sql, "returning");
        self.into |= token.is(sql, "into");
    }

    /// The first word as it is written, `""` without one.
    pub(super) fn keyword<'s>(&self, sql: &'s str) -> &'s str {
        self.first.map_or("", |token| token.text(sql))
    }

    /// The kind of what has been read.
    pub(super) fn kind(&self, sql: &str) -> StatementKind {
        let is_with = self.first.is_some_and(|token| token.is(sql, "with"));
        let word = if is_with { self.main } else { self.first };
        let Some(word) = word else { return StatementKind::Other };
        let is_any = |words: &[&str]| words.iter().any(|known| word.is(sql, known));
        if is_any(CHANGES) {
            return if self.returning { StatementKind::Other } else { StatementKind::Change };
        }
        if is_any(QUERIES) {
            return match (self.into, is_with && self.changes) {
                (false, false) => StatementKind::Query,
                _ => StatementKind::Other,
            };
        }
        if is_any(COMMANDS) { StatementKind::Command } else { StatementKind::Other }
    }
}

/// True after `.` and AS, where any word is a name.
pub(super) fn is_label(previous: Option<Token>, sql: &str) -> bool {
    previous.is_some_and(|token| token.kind == TokenKind::Dot || token.is(sql, "as"))
}
