//! The first statement of a text.

use super::StatementKind;
use super::kind::{KindReader, is_label};
use super::lexer::Lexer;
use super::token::{Token, TokenKind};

/// A statement and what can be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct First<'s> {
    /// From the beginning of the whole text, so that positions agree, to the end of the statement
    /// without its separator.
    pub(crate) text: &'s str,
    /// Bytes of the whole text that are done with, the separator included.
    pub(crate) consumed: usize,
    /// The first word, as it is written; `""` for a text without one.
    pub(crate) keyword: &'s str,
    pub(crate) kind: StatementKind,
    /// The highest number of a parameter `$n`, 0 without any.
    pub(crate) parameters: u32,
}

/// The first statement; `None` when there is nothing but white space, comments and separators.
///
/// A statement ends at a `;` outside of literals, comments, parentheses (CREATE RULE … DO (…; …))
/// and of a function's body (BEGIN ATOMIC …; END).
pub(crate) fn first_statement(sql: &str) -> Option<First<'_>> {
    let mut kind = KindReader::default();
    let mut body = Body::default();
    let (mut depth, mut parameters, mut begun) = (0_usize, 0, false);
    let mut end = sql.len();
    let mut consumed = sql.len();
    for token in Lexer::new(sql) {
        match token.kind {
            TokenKind::Semicolon if !begun => continue,
            TokenKind::Semicolon if depth == 0 && !body.is_open() => {
                (end, consumed) = (token.start, token.end);
                break;
            }
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Parameter => {
                parameters = parameters.max(token.parameter(sql).unwrap_or_default());
            }
            _ => {}
        }
        begun = true;
        kind.read(token, depth, sql);
        if depth == 0 {
            body.read(token, sql);
        }
    }
    begun.then(|| First {
        text: &sql[..end],
        consumed,
        keyword: kind.keyword(sql),
        kind: kind.kind(sql),
        parameters,
    })
}

/// Watches for the body of CREATE [OR REPLACE] FUNCTION or PROCEDURE that is written in SQL.
#[derive(Debug, Default)]
struct Body {
    header: Header,
    /// BEGIN ATOMIC and CASE that have not met their END.
    open: usize,
    previous: Option<Token>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Header {
    #[default]
    Nothing,
    Create,
    Or,
    Replace,
    Routine,
    /// Another statement.
    Other,
}

impl Body {
    fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Takes the next token outside of parentheses.
    fn read(&mut self, token: Token, sql: &str) {
        let previous = self.previous.replace(token);
        if self.header != Header::Routine {
            self.header = self.header.next(token, sql);
            return;
        }
        if token.kind != TokenKind::Word {
            return;
        }
        if self.open == 0 {
            let follows_begin = previous.is_some_and(|previous| previous.is(sql, "begin"));
            self.open = usize::from(follows_begin && token.is(sql, "atomic"));
        } else if is_label(previous, sql) {
            // `AS end` and `x.case` are names.
        } else if token.is(sql, "case") {
            self.open += 1;
        } else if token.is(sql, "end") {
            self.open -= 1;
        }
    }
}

impl Header {
    fn next(self, token: Token, sql: &str) -> Self {
        let is = |word| token.is(sql, word);
        match self {
            Header::Nothing if is("create") => Header::Create,
            Header::Create if is("or") => Header::Or,
            Header::Or if is("replace") => Header::Replace,
            Header::Create | Header::Replace if is("function") || is("procedure") => {
                Header::Routine
            }
            _ => Header::Other,
        }
    }
}
