//! The words and signs of a statement, without what is between them.

use std::ops::Range;

use super::lexer::{Lexer, Piece};
use crate::dialect::SqlRules;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword, a name, a number.
    Word,
    /// `:name`
    Bind,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A literal or a quoted identifier.
    Quoted,
    /// Any other character.
    Other,
}

/// A token of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// Parentheses that are open around it.
    pub(super) depth: usize,
}

impl Token {
    /// True for this keyword, which is given in lower case.
    pub(super) fn is(&self, sql: &str, keyword: &str) -> bool {
        self.kind == Kind::Word && sql[self.range.clone()].eq_ignore_ascii_case(keyword)
    }
}

/// The tokens of the text, in order; comments and blanks are none. What is quoted, a comment or a
/// bind is decided by the lexer that finds the binds.
pub(super) fn tokens(sql: &str, rules: &SqlRules) -> Vec<Token> {
    let mut lexer = Lexer::new(sql, rules);
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    while let Some(character) = sql[lexer.at..].chars().next() {
        let start = lexer.at;
        let Some(kind) = next(&mut lexer, character) else { continue };
        depth = depth.saturating_sub(usize::from(kind == Kind::Close));
        tokens.push(Token { kind, range: start..lexer.at, depth });
        depth += usize::from(kind == Kind::Open);
    }
    tokens
}

/// Goes past what begins with this character; `None` when it is no token.
fn next(lexer: &mut Lexer<'_>, character: char) -> Option<Kind> {
    let start = lexer.at;
    if character.is_alphanumeric() || character == '_' {
        let rest = &lexer.sql[start..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        lexer.at += end.unwrap_or(rest.len());
        return Some(Kind::Word);
    }
    let other = (!character.is_whitespace()).then_some(Kind::Other);
    if !character.is_ascii() {
        lexer.at += character.len_utf8();
        return other;
    }
    let byte = character as u8;
    let pieces = lexer.pieces.len();
    lexer.step(byte);
    let is_long = lexer.at > start + 1;
    match byte {
        b'(' => Some(Kind::Open),
        b')' => Some(Kind::Close),
        b',' => Some(Kind::Comma),
        b';' => Some(Kind::Semicolon),
        b'-' | b'#' | b'/' if is_long => None,
        b'\'' | b'"' => Some(Kind::Quoted),
        b'`' | b'[' | b'$' if is_long => Some(Kind::Quoted),
        b':' if matches!(lexer.pieces[pieces..], [.., Piece::Bind(_)]) => Some(Kind::Bind),
        _ => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};
    use crate::dialect::SqlRules;
    use crate::text::lexer::{Piece, lex};
    use proptest::prelude::*;

    const POSTGRESQL: SqlRules = SqlRules {
        escape_strings: true,
        dollar_quotes: true,
        nested_comments: true,
        ..SqlRules::STANDARD
    };
    const SQLITE: SqlRules =
        SqlRules { backtick_quotes: true, bracket_quotes: true, ..SqlRules::STANDARD };
    const MYSQL: SqlRules =
        SqlRules { backslash_escapes: true, hash_comments: true, ..SqlRules::STANDARD };
    const ALL: [SqlRules; 4] = [SqlRules::STANDARD, POSTGRESQL, SQLITE, MYSQL];

    #[test]
    fn words_signs_and_quotes_are_told_apart() {
        let sql = "a1 /* ( */ ('b)', \"c\", :d) -- )\n, $$)$$; x::é";
        let kinds: Vec<_> =
            tokens(sql, &POSTGRESQL).iter().map(|token| (token.kind, token.depth)).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Word, 0),
                (Kind::Open, 0),
                (Kind::Quoted, 1),
                (Kind::Comma, 1),
                (Kind::Quoted, 1),
                (Kind::Comma, 1),
                (Kind::Bind, 1),
                (Kind::Close, 0),
                (Kind::Comma, 0),
                (Kind::Quoted, 0),
                (Kind::Semicolon, 0),
                (Kind::Word, 0),
                (Kind::Other, 0),
            ]
        );
    }

    proptest! {
        #[test]
        fn tokens_and_pieces_agree_on_what_is_a_bind(
            sql in r#"([a:'"`$\[\]#\-/*\\ \n=eE1é(),;]|\PC){0,60}"#
        ) {
            for rules in &ALL {
                let of_tokens: Vec<_> = tokens(&sql, rules)
                    .into_iter()
                    .filter(|token| token.kind == Kind::Bind)
                    .map(|token| token.range)
                    .collect();
                let of_pieces: Vec<_> = lex(&sql, rules)
                    .into_iter()
                    .filter_map(|piece| match piece {
                        Piece::Bind(name) => Some(name.start - 1..name.end),
                        Piece::Verbatim(_) | Piece::Escape(_) => None,
                    })
                    .collect();
                prop_assert_eq!(of_tokens, of_pieces);
            }
        }
    }
}
