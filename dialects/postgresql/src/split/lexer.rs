//! From text to tokens, by the rules of PostgreSQL's scanner with `standard_conforming_strings` on.

use super::token::{Token, TokenKind};

/// The tokens of a text; white space and comments are left out. What is not closed ends with the
/// text.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'s> {
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(sql: &'s str) -> Self {
        Lexer { bytes: sql.as_bytes(), at: 0 }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The first byte from here on that is one of these, or the end.
    fn until(&self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        rest.iter().position(|byte| wanted(*byte)).map_or(self.bytes.len(), |found| from + found)
    }

    /// Past white space and comments.
    fn skip_space(&mut self) {
        loop {
            match self.bytes[self.at..] {
                [b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, ..] => self.at += 1,
                [b'-', b'-', ..] => self.at = self.until(self.at, is_line_end),
                [b'/', b'*', ..] => self.at = self.after_comment(self.at),
                _ => return,
            }
        }
    }

    /// What follows the comment that begins here; comments nest.
    fn after_comment(&self, start: usize) -> usize {
        let (mut at, mut depth) = (start, 0_usize);
        while at < self.bytes.len() {
            match self.bytes[at..] {
                [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
                [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
                _ => at += 1,
            }
            if depth == 0 {
                return at;
            }
        }
        at
    }

    /// What follows text whose quote was opened before `at`; a doubled quote stands for one.
    fn after_quoted(&self, mut at: usize, quote: u8) -> usize {
        loop {
            at = self.until(at, |byte| byte == quote) + 1;
            match self.byte(at) {
                Some(byte) if byte == quote => at += 1,
                _ => return at.min(self.bytes.len()),
            }
        }
    }

    /// What follows the string whose quote was opened before `at`, in which `\` escapes. A string
    /// that goes on after a line break keeps its rules.
    fn after_escaped(&self, mut at: usize) -> usize {
        loop {
            at = self.until(at, |byte| matches!(byte, b'\'' | b'\\'));
            match self.bytes.get(at..) {
                None | Some([] | [b'\\']) => return self.bytes.len(),
                Some([b'\\', _, ..] | [b'\'', b'\'', ..]) => at += 2,
                Some(_) => match self.continued(at + 1) {
                    Some(next) => at = next,
                    None => return at + 1,
                },
            }
        }
    }

    /// Where a string that ended before `at` goes on: after white space with a line break in it
    /// and another quote.
    fn continued(&self, mut at: usize) -> Option<usize> {
        let mut line_break = false;
        loop {
            match self.bytes.get(at..)? {
                [b'\n' | b'\r', ..] => {
                    line_break = true;
                    at += 1;
                }
                [b' ' | b'\t' | 0x0b | 0x0c, ..] => at += 1,
                [b'-', b'-', ..] => at = self.until(at, is_line_end),
                [b'\'', ..] if line_break => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// What follows `$1`, or `$tag$…$tag$`, or a lone `$`.
    fn dollar(&self) -> (TokenKind, usize) {
        let start = self.at + 1;
        if self.byte(start).is_some_and(|byte| byte.is_ascii_digit()) {
            return (TokenKind::Parameter, self.until(start, |byte| !byte.is_ascii_digit()));
        }
        let tag_end = match self.byte(start) {
            Some(byte) if is_word_start(byte) => {
                self.until(start, |byte| !is_word_start(byte) && !byte.is_ascii_digit())
            }
            _ => start,
        };
        if self.byte(tag_end) != Some(b'$') {
            return (TokenKind::Symbol, start);
        }
        let tag = &self.bytes[self.at..=tag_end];
        let mut at = tag_end + 1;
        loop {
            at = self.until(at, |byte| byte == b'$');
            match self.bytes.get(at..) {
                None | Some([]) => return (TokenKind::Literal, self.bytes.len()),
                Some(rest) if rest.starts_with(tag) => {
                    return (TokenKind::Literal, at + tag.len());
                }
                Some(_) => at += 1,
            }
        }
    }

    /// A word, or what its letters are the prefix of.
    fn word(&self) -> (TokenKind, usize) {
        let end = self.until(self.at, |byte| !is_word_part(byte));
        let word = &self.bytes[self.at..end];
        match (word, self.bytes.get(end..)) {
            (b"e" | b"E", Some([b'\'', ..])) => (TokenKind::Literal, self.after_escaped(end + 1)),
            (b"b" | b"B" | b"x" | b"X" | b"n" | b"N", Some([b'\'', ..])) => {
                (TokenKind::Literal, self.after_quoted(end + 1, b'\''))
            }
            (b"u" | b"U", Some([b'&', b'\'', ..])) => {
                (TokenKind::Literal, self.after_quoted(end + 2, b'\''))
            }
            (b"u" | b"U", Some([b'&', b'"', ..])) => {
                (TokenKind::Quoted, self.after_quoted(end + 2, b'"'))
            }
            _ => (TokenKind::Word, end),
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let one = |kind| (kind, start + 1);
        let (kind, end) = match self.byte(start)? {
            b'\'' => (TokenKind::Literal, self.after_quoted(start + 1, b'\'')),
            b'"' => (TokenKind::Quoted, self.after_quoted(start + 1, b'"')),
            b'$' => self.dollar(),
            b'(' => one(TokenKind::Open),
            b')' => one(TokenKind::Close),
            b',' => one(TokenKind::Comma),
            b'.' => one(TokenKind::Dot),
            b';' => one(TokenKind::Semicolon),
            b'0'..=b'9' => {
                let is_end = |byte: u8| !byte.is_ascii_digit() && byte != b'.';
                (TokenKind::Number, self.until(start, is_end))
            }
            byte if is_word_start(byte) => self.word(),
            _ => one(TokenKind::Symbol),
        };
        self.at = end;
        Some(Token { kind, start, end })
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Every byte of a character that is not ASCII is a letter to PostgreSQL.
fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word_part(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

#[cfg(test)]
mod tests {
    use super::super::token::TokenKind::{self, *};
    use super::Lexer;

    fn tokens(sql: &str) -> Vec<(TokenKind, &str)> {
        Lexer::new(sql).map(|token| (token.kind, token.text(sql))).collect()
    }

    fn only(kind: TokenKind, sql: &str) {
        assert_eq!(tokens(&format!(" {sql} ;")), [(kind, sql), (Semicolon, ";")], "{sql}");
    }

    #[test]
    fn literals_of_every_kind_hold_semicolons_quotes_and_backslashes() {
        for literal in [
            "'a;b'",
            "'it''s;'",
            r"'ends in \'",
            r"E'a\';b'",
            r"e'\\'",
            r"E'''\''';'",
            "E'a'\n  '\\';'",
            "E'a' -- comment '\n'\\';'",
            r"U&'\0041;'",
            r"U&'d!0061' ",
            "B'01'",
            "x'1F;'",
            "N'a;'",
            "$$a;'$b$$",
            "$tag$ $$;$tag $ $tag$",
            "$Ä1_$;$Ä1_$",
        ] {
            only(Literal, literal.trim());
        }
        for name in ["\"a;b\"", "\"a\"\";\"\"b\"", "U&\"d\\0061;\""] {
            only(Quoted, name);
        }
    }

    #[test]
    fn a_string_without_e_goes_on_as_a_literal_of_its_own() {
        assert_eq!(tokens("'a'\n'b'"), [(Literal, "'a'"), (Literal, "'b'")]);
        assert_eq!(tokens(r"E'a' '\'"), [(Literal, "E'a'"), (Literal, r"'\'")]);
    }

    #[test]
    fn comments_nest_and_line_comments_end_with_the_line() {
        let sql = "a /* ; /* ; */ ' */ b -- ; '\n c --;\r d /**/ e";
        let words: Vec<&str> = tokens(sql).into_iter().map(|(_, text)| text).collect();
        assert_eq!(words, ["a", "b", "c", "d", "e"]);
        assert_eq!(tokens("1 /* never closed ;"), [(Number, "1")]);
        assert_eq!(tokens("a-/b*/c").len(), 7);
    }

    #[test]
    fn dollars_are_parts_of_names_parameters_or_quotes() {
        assert_eq!(tokens("a$b$c"), [(Word, "a$b$c")]);
        assert_eq!(tokens("$12+$3"), [(Parameter, "$12"), (Symbol, "+"), (Parameter, "$3")]);
        assert_eq!(tokens("$a b"), [(Symbol, "$"), (Word, "a"), (Word, "b")]);
        assert_eq!(tokens("$1$a$;$a$"), [(Parameter, "$1"), (Literal, "$a$;$a$")]);
        assert_eq!(tokens("$"), [(Symbol, "$")]);
    }

    #[test]
    fn names_hold_letters_of_any_script() {
        assert_eq!(tokens("größe_2.日本"), [(Word, "größe_2"), (Dot, "."), (Word, "日本")]);
        assert_eq!(tokens("note'x'"), [(Word, "note"), (Literal, "'x'")]);
    }

    #[test]
    fn what_is_not_closed_reaches_to_the_end() {
        for sql in ["'a", "\"a", "E'a\\", "E'a\\'", "$$a$", "$a$ $b$", "U&'", "x'"] {
            let found = tokens(sql);
            assert_eq!(found.len(), 1, "{sql}");
            assert_eq!(found[0].1, sql);
        }
    }
}
