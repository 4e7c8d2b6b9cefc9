//! Where the binds of a statement are: a lexer that knows what quotes, comments and casts are.
//!
//! It splits a text into pieces that together are the whole text, and never fails: what is not
//! closed goes on to the end, and the database says what it thinks of it.

use std::ops::Range;

use crate::dialect::SqlRules;

/// A piece of a statement's text; ranges are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Goes to the database as it is.
    Verbatim(Range<usize>),
    /// `:name`; the range is that of the name.
    Bind(Range<usize>),
    /// The backslash of `\:`, which goes away.
    Escape(usize),
}

/// The pieces of the text, in order.
pub(super) fn lex(sql: &str, rules: &SqlRules) -> Vec<Piece> {
    let mut lexer = Lexer::new(sql, rules);
    while let Some(&byte) = lexer.bytes.get(lexer.at) {
        lexer.step(byte);
    }
    lexer.verbatim_until(sql.len());
    lexer.pieces
}

pub(super) struct Lexer<'s> {
    pub(super) sql: &'s str,
    bytes: &'s [u8],
    rules: &'s SqlRules,
    pub(super) at: usize,
    /// Where the verbatim piece that is being read begins.
    start: usize,
    /// Where the last literal or comment ends: what stands before is part of no word.
    closed: usize,
    pub(super) pieces: Vec<Piece>,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(sql: &'s str, rules: &'s SqlRules) -> Self {
        Lexer { sql, bytes: sql.as_bytes(), rules, at: 0, start: 0, closed: 0, pieces: Vec::new() }
    }

    /// Goes past what begins with the byte that is here.
    pub(super) fn step(&mut self, byte: u8) {
        match byte {
            b'\'' if self.escape_string_here() => self.escape_string(),
            b'\'' => self.string(b'\'', self.rules.backslash_escapes),
            b'"' => {
                let escapes = self.rules.double_quoted_strings && self.rules.backslash_escapes;
                self.string(b'"', escapes);
            }
            b'`' if self.rules.backtick_quotes => self.string(b'`', false),
            b'[' if self.rules.bracket_quotes => self.skip_past(b"]"),
            b'-' if self.next_is(b'-') => self.skip_line(),
            b'#' if self.rules.hash_comments => self.skip_line(),
            b'/' if self.next_is(b'*') => self.block_comment(),
            b'$' if self.rules.dollar_quotes => self.dollar(),
            b'\\' if self.next_is(b':') => self.escaped_colon(),
            b':' => self.colon(),
            _ => self.at += 1,
        }
    }

    fn next_is(&self, byte: u8) -> bool {
        self.bytes.get(self.at + 1) == Some(&byte)
    }

    fn verbatim_until(&mut self, end: usize) {
        if self.start < end {
            self.pieces.push(Piece::Verbatim(self.start..end));
        }
        self.start = end;
    }

    /// What may be of one word with the byte that is here.
    fn before(&self) -> &'s str {
        &self.sql[self.closed..self.at]
    }

    /// True when the literal that begins here has an `E` of its own before it.
    fn escape_string_here(&self) -> bool {
        let letter = self.before().strip_suffix(['e', 'E']);
        self.rules.escape_strings
            && !self.rules.backslash_escapes
            && letter.is_some_and(|rest| !rest.chars().next_back().is_some_and(in_identifier))
    }

    /// Goes past a literal whose `E` lets `\` escape. It holds for what is after a doubled quote
    /// too, and after a line break where the literal goes on.
    fn escape_string(&mut self) {
        loop {
            self.string(b'\'', true);
            match self.bytes.get(self.at) {
                Some(b'\'') => {}
                _ => match self.continued() {
                    Some(next) => self.at = next,
                    None => return,
                },
            }
        }
    }

    /// Where the quote is with which the literal that was closed here goes on: after blanks with a
    /// line break among them.
    fn continued(&self) -> Option<usize> {
        let (mut at, mut line_break) = (self.at, false);
        loop {
            match self.bytes.get(at..)? {
                [b'\n' | b'\r', ..] => {
                    line_break = true;
                    at += 1;
                }
                [b' ' | b'\t' | 0x0b | 0x0c, ..] => at += 1,
                [b'-', b'-', ..] => at += self.bytes[at..].iter().position(|b| is_line_end(*b))?,
                [b'\'', ..] if line_break => return Some(at),
                _ => return None,
            }
        }
    }

    /// Goes past a literal or a quoted identifier. A doubled quote begins the next one at once,
    /// which comes to the same where the first character says nothing about the rules.
    fn string(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == quote {
                self.closed = self.at;
                return;
            }
            if escapes && byte == b'\\' {
                self.at += 1;
            }
        }
        self.at = self.bytes.len();
    }

    fn skip_past(&mut self, end: &[u8]) {
        let rest = &self.bytes[self.at..];
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.bytes.len(), |offset| self.at + offset + end.len());
        self.closed = self.at;
    }

    /// Goes past a comment up to the end of the line, which is a carriage return too where the
    /// scanner is PostgreSQL's.
    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let returns = self.rules.escape_strings;
        let end = rest.iter().position(|&byte| byte == b'\n' || (returns && byte == b'\r'));
        self.at = end.map_or(self.bytes.len(), |end| self.at + end + 1);
        self.closed = self.at;
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.next_is(b'*'), self.next_is(b'/')) {
                (b'/', true, _) if depth == 0 || self.rules.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', _, true) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        self.closed = self.at;
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Goes past `$tag$ … $tag$`, or past a `$` that begins no such literal.
    fn dollar(&mut self) {
        let preceded = self.before().chars().next_back().is_some_and(in_identifier);
        let rest = &self.sql[self.at + 1..];
        let in_tag = |c: char| c != '$' && in_identifier(c);
        let tag_len = rest.find(|c: char| !in_tag(c)).unwrap_or(rest.len());
        let tagged = rest[tag_len..].starts_with('$')
            && !rest.starts_with(|first: char| first.is_ascii_digit());
        if preceded || !tagged {
            self.at += 1;
            return;
        }
        let tag = &self.bytes[self.at..self.at + tag_len + 2];
        self.at += tag.len();
        self.skip_past(tag);
    }

    /// `\:` stands for a colon that begins no bind.
    fn escaped_colon(&mut self) {
        let word = self.word_at(self.at + 2, |c| is_word(c) || c == '$');
        self.at = if self.bytes.get(word.end) == Some(&b':') {
            // `\::` is no escape: the colons belong together.
            word.start - 1
        } else {
            self.verbatim_until(self.at);
            self.pieces.push(Piece::Escape(self.at));
            self.start = self.at + 1;
            word.end
        };
        self.skip_colons();
    }

    fn skip_colons(&mut self) {
        while self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
        }
    }

    /// A bind, a cast, or a colon that means nothing here.
    fn colon(&mut self) {
        let preceded = self.sql[..self.at].chars().next_back().is_some_and(is_word);
        let name = self.word_at(self.at + 1, is_word);
        if name.is_empty() {
            // `::`, `:=`, `: `; what follows a cast is a type.
            self.skip_colons();
            self.at = self.word_at(self.at, is_word).end;
            return;
        }
        let after = &self.bytes[name.end..];
        let glued = after.starts_with(b":") && !is_cast(after);
        if preceded || glued {
            self.at = name.end;
            if glued {
                self.at += 1;
                self.at = self.word_at(self.at, is_word).end;
            }
            return;
        }
        self.verbatim_until(self.at);
        self.start = name.end;
        self.at = name.end;
        self.pieces.push(Piece::Bind(name));
    }

    fn word_at(&self, start: usize, belongs: impl Fn(char) -> bool) -> Range<usize> {
        let rest = &self.sql[start..];
        start..start + rest.find(|c| !belongs(c)).unwrap_or(rest.len())
    }
}

/// True when a cast begins here. `:a::int` is the bind `a`, cast; PostgreSQL's users write it so.
fn is_cast(bytes: &[u8]) -> bool {
    bytes.starts_with(b"::") && bytes.get(2) != Some(&b':')
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Databases take every character that is not ASCII for a letter of a name.
fn in_identifier(character: char) -> bool {
    is_word(character) || character == '$' || !character.is_ascii()
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::{Piece, lex};
    use crate::dialect::SqlRules;
    use proptest::prelude::*;

    const POSTGRESQL: SqlRules = SqlRules {
        escape_strings: true,
        dollar_quotes: true,
        nested_comments: true,
        ..SqlRules::STANDARD
    };
    const MYSQL: SqlRules = SqlRules {
        backslash_escapes: true,
        hash_comments: true,
        backtick_quotes: true,
        double_quoted_strings: true,
        ..SqlRules::STANDARD
    };
    const SQLITE: SqlRules =
        SqlRules { backtick_quotes: true, bracket_quotes: true, ..SqlRules::STANDARD };
    const ALL: [SqlRules; 4] = [SqlRules::STANDARD, POSTGRESQL, MYSQL, SQLITE];

    fn binds<'s>(sql: &'s str, rules: &SqlRules) -> Vec<&'s str> {
        lex(sql, rules)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Bind(name) => Some(&sql[name]),
                Piece::Verbatim(_) | Piece::Escape(_) => None,
            })
            .collect()
    }

    #[test]
    fn names_after_a_colon_are_binds() {
        for rules in &ALL {
            assert_eq!(binds("select :a+:b_1, :1", rules), ["a", "b_1", "1"]);
            assert_eq!(binds("x = :größe;", rules), ["größe"]);
        }
    }

    #[test]
    fn colons_of_casts_slices_and_assignments_are_no_binds() {
        for sql in ["x::int", "a[1:n]", "9:a", ":::a", ":a:b", ":a:=1", "@x := 1", ":", ": a"] {
            assert_eq!(binds(sql, &POSTGRESQL), [""; 0], "{sql}");
        }
    }

    #[test]
    fn a_bind_that_is_cast_is_a_bind() {
        assert_eq!(binds("select :a::int, :b ::text", &POSTGRESQL), ["a", "b"]);
    }

    #[test]
    fn quotes_and_comments_hide_binds() {
        for rules in &ALL {
            for sql in ["':a'", "'it''s :a'", "\":a\"", "-- :a", "/* :a */", "'open :a", "/* :a"] {
                assert_eq!(binds(sql, rules), [""; 0], "{sql}");
            }
            assert_eq!(binds("-- :a\n:b /* :c */ :d", rules), ["b", "d"]);
        }
    }

    #[test]
    fn each_database_has_quotes_of_its_own() {
        assert_eq!(binds(r"E'\' :a', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds(r"'\', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds(r"name'\', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds(r"E'it''s \' :a', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds("E'a' -- ' :a\n '\\' :a', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds(r"E'a' '\', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds(r"$$a$$E'\' :a', :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds("-- '\r:b", &POSTGRESQL), ["b"]);
        assert_eq!(binds("-- '\r:b", &SQLITE), [""; 0]);
        assert_eq!(binds("$$ :a $$, $x$ :a $$ $x$, :b, a$b$:c", &POSTGRESQL), ["b", "c"]);
        assert_eq!(binds("/* /* */ :a */ :b", &POSTGRESQL), ["b"]);
        assert_eq!(binds("/* /* */ :a", &SQLITE), ["a"]);
        assert_eq!(binds(r#"'\' :a', "\" :a", `:a`, :b # :c"#, &MYSQL), ["b"]);
        assert_eq!(binds("[:a] `:a` :b", &SQLITE), ["b"]);
        assert_eq!(binds("a[:i]", &POSTGRESQL), ["i"]);
    }

    #[test]
    fn an_escaped_colon_begins_no_bind() {
        assert_eq!(binds(r"\:a, :b", &POSTGRESQL), ["b"]);
        assert!(lex(r"\:a", &POSTGRESQL).contains(&Piece::Escape(0)));
        assert!(!lex(r"\::a", &POSTGRESQL).contains(&Piece::Escape(0)));
    }

    proptest! {
        #[test]
        fn the_pieces_of_any_text_are_the_text(sql in r#"([a:'"`$\[\]#\-/*\\ \n=eE1é]|\PC){0,60}"#) {
            for rules in &ALL {
                let mut at = 0;
                for piece in lex(&sql, rules) {
                    let range = match piece {
                        Piece::Verbatim(range) => range,
                        Piece::Bind(name) => {
                            prop_assert_eq!(&sql[name.start - 1..name.start], ":");
                            prop_assert!(!name.is_empty());
                            name.start - 1..name.end
                        }
                        Piece::Escape(place) => {
                            prop_assert_eq!(&sql[place..=place], "\\");
                            place..place + 1
                        }
                    };
                    prop_assert_eq!(range.start, at);
                    at = range.end;
                }
                prop_assert_eq!(at, sql.len());
            }
        }
    }
}
