//! The pieces of SQL text.

/// A piece, with the bytes at which it begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// `"…"`, `U&"…"`
    Quoted,
    /// `'…'` with or without a prefix, `$tag$…$tag$`
    Literal,
    /// Digits and dots.
    Number,
    /// `$1`
    Parameter,
    Open,
    Close,
    Comma,
    Dot,
    Semicolon,
    /// Any other character.
    Symbol,
}

impl Token {
    pub(super) fn text(self, sql: &str) -> &str {
        &sql[self.start..self.end]
    }

    /// True for this keyword, in whatever case.
    pub(super) fn is(self, sql: &str, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text(sql).eq_ignore_ascii_case(keyword)
    }

    /// The number of a parameter; `u32::MAX` for more than fits.
    pub(super) fn parameter(self, sql: &str) -> Option<u32> {
        if self.kind != TokenKind::Parameter {
            return None;
        }
        Some(self.text(sql)[1..].parse().unwrap_or(u32::MAX))
    }
}
