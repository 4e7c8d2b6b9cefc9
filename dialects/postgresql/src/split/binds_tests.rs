//! What hides a bind from `text()` is what hides it from PostgreSQL's scanner.

use aludel::dialect::Dialect;
use aludel::text::text;
use proptest::prelude::*;

use super::lexer::Lexer;
use super::token::TokenKind;
use crate::Postgresql;

/// Pieces that open, close or go on with something, whole or not.
const PIECES: [&str; 30] = [
    "'",
    "''",
    "E'",
    "e'",
    "E'it''s \\",
    "'\n'",
    "' -- '\n '",
    "'\r'",
    "\\",
    "\\\\",
    "\\'",
    "\"",
    "U&'",
    "U&\"",
    "B'",
    "note",
    "_E",
    "é",
    "€",
    "$$",
    "$t$",
    "a$b$",
    "--",
    "\n",
    "\r",
    "/*",
    "*/",
    "(",
    "]",
    "#",
];

/// A text with binds between blanks, and where the scanner sees a colon that is not quoted.
fn with_binds(pieces: &[Option<&str>]) -> (String, Vec<String>) {
    let (mut sql, mut places) = (String::new(), Vec::new());
    for piece in pieces {
        match piece {
            Some(piece) => sql += piece,
            None => {
                sql.push(' ');
                places.push(sql.len());
                sql += &format!(":bind{} ", places.len());
            }
        }
    }
    let colons: Vec<usize> = Lexer::new(&sql)
        .filter(|token| token.kind == TokenKind::Symbol)
        .map(|token| token.start)
        .collect();
    let seen = places.iter().enumerate().filter(|(_, place)| colons.contains(place));
    let names = seen.map(|(number, _)| format!("bind{}", number + 1)).collect();
    (sql, names)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn binds_are_where_the_scanner_sees_them(
        pieces in prop::collection::vec(
            prop::option::weighted(0.7, prop::sample::select(PIECES.to_vec())),
            0..14,
        )
    ) {
        let (sql, names) = with_binds(&pieces);
        let compiled = text(&sql).compile(&Postgresql::INFO.rules);
        prop_assert_eq!(compiled.names().collect::<Vec<_>>(), names, "{:?}", sql);
    }
}

#[test]
fn both_know_what_goes_on_as_a_literal_and_what_does_not() {
    for (pieces, seen) in [
        ([Some("E'it''s \\'"), None, Some("'"), None], &["bind2"][..]),
        ([Some("E'a'\n'\\'"), None, Some("'"), None], &["bind2"]),
        ([Some("E'a' '\\'"), None, Some(""), None], &["bind1", "bind2"]),
        ([Some("-- '"), Some("\r"), None, None], &["bind1", "bind2"]),
    ] {
        let (sql, names) = with_binds(&pieces);
        assert_eq!(names, seen, "{sql:?}");
        let compiled = text(&sql).compile(&Postgresql::INFO.rules);
        assert_eq!(compiled.names().collect::<Vec<_>>(), seen, "{sql:?}");
    }
}
