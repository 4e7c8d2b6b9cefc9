//! Inserts of one tuple of parameters, which can be sent as one insert of many.

use super::lexer::Lexer;
use super::token::{Token, TokenKind};

/// `INSERT INTO t (a, b) VALUES ($1, $2)` in pieces: `head` + any query of as many columns + `tail`
/// is an insert into the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SingleInsert<'s> {
    /// From INSERT to before VALUES.
    pub(crate) head: &'s str,
    /// The name of the table as `to_regclass` reads it.
    pub(crate) table: String,
    /// The numbers of the parameters in the order of the tuple, each once.
    pub(crate) parameters: Vec<u32>,
    /// What follows the tuple; it holds no parameters and no RETURNING.
    pub(crate) tail: &'s str,
    pub(crate) on_conflict: OnConflict,
}

/// What happens to rows that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnConflict {
    /// An error.
    Fail,
    /// They are left alone: many rows in one insert behave as one by one.
    DoNothing,
    /// They are updated. In one insert a row cannot be updated twice, one by one it can.
    DoUpdate,
}

/// Recognises a statement as a single insert.
///
/// `None` for anything else: a source that is no tuple of plain, different parameters, RETURNING,
/// parameters after the tuple, WITH, columns with subscripts.
pub(crate) fn single_insert(sql: &str) -> Option<SingleInsert<'_>> {
    let mut reader = Reader { sql, tokens: Lexer::new(sql).peekable() };
    reader.word("insert")?;
    reader.word("into")?;
    let table = reader.target()?;
    if reader.peek_is("overriding") {
        reader.word("overriding")?;
        reader.take(TokenKind::Word)?;
        reader.word("value")?;
    }
    let values = reader.word("values")?;
    let (parameters, end) = reader.tuple()?;
    let on_conflict = reader.rest()?;
    let tail = &sql[end..];
    Some(SingleInsert { head: &sql[..values.start], table, parameters, tail, on_conflict })
}

struct Reader<'s> {
    sql: &'s str,
    tokens: std::iter::Peekable<Lexer<'s>>,
}

impl Reader<'_> {
    fn take(&mut self, kind: TokenKind) -> Option<Token> {
        self.tokens.next_if(|token| token.kind == kind)
    }

    fn word(&mut self, keyword: &str) -> Option<Token> {
        let sql = self.sql;
        self.tokens.next_if(|token| token.is(sql, keyword))
    }

    fn peek_is(&mut self, keyword: &str) -> bool {
        let sql = self.sql;
        self.tokens.peek().is_some_and(|token| token.is(sql, keyword))
    }

    fn identifier(&mut self) -> Option<Token> {
        self.tokens.next_if(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted))
    }

    /// Table, alias and columns; the table's name is what is returned.
    fn target(&mut self) -> Option<String> {
        let mut table = self.name_part()?.to_owned();
        while self.take(TokenKind::Dot).is_some() {
            table.push('.');
            table.push_str(self.name_part()?);
        }
        if self.word("as").is_some() {
            self.identifier()?;
        }
        if self.take(TokenKind::Open).is_none() {
            return Some(table);
        }
        loop {
            self.identifier()?;
            if self.take(TokenKind::Comma).is_none() {
                self.take(TokenKind::Close)?;
                return Some(table);
            }
        }
    }

    /// An identifier without escapes, which only the parser of statements knows.
    fn name_part(&mut self) -> Option<&str> {
        let part = self.identifier()?.text(self.sql);
        let is_escaped = part.ends_with('"') && !part.starts_with('"');
        (!is_escaped).then_some(part)
    }

    /// The parameters of the tuple, and where it ends.
    fn tuple(&mut self) -> Option<(Vec<u32>, usize)> {
        self.take(TokenKind::Open)?;
        let mut numbers = Vec::new();
        loop {
            let number = self.take(TokenKind::Parameter)?.parameter(self.sql)?;
            if numbers.contains(&number) {
                return None;
            }
            numbers.push(number);
            if self.take(TokenKind::Comma).is_none() {
                break;
            }
        }
        let close = self.take(TokenKind::Close)?;
        Some((numbers, close.end))
    }

    /// Nothing, or ON CONFLICT without parameters and RETURNING.
    fn rest(&mut self) -> Option<OnConflict> {
        if self.tokens.peek().is_none() {
            return Some(OnConflict::Fail);
        }
        self.word("on")?;
        self.word("conflict")?;
        let mut action = None;
        let mut after_do = false;
        for token in self.tokens.by_ref() {
            if matches!(token.kind, TokenKind::Parameter | TokenKind::Semicolon) {
                return None;
            }
            if token.is(self.sql, "returning") {
                return None;
            }
            if after_do && action.is_none() {
                action = [("nothing", OnConflict::DoNothing), ("update", OnConflict::DoUpdate)]
                    .into_iter()
                    .find_map(|(word, action)| token.is(self.sql, word).then_some(action));
            }
            after_do = token.is(self.sql, "do");
        }
        action
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(sql: &str) -> (String, Vec<u32>, String, OnConflict) {
        let found = single_insert(sql).unwrap_or_else(|| panic!("{sql} is a single insert"));
        (found.head.to_owned(), found.parameters, found.tail.to_owned(), found.on_conflict)
    }

    #[test]
    fn a_tuple_of_plain_parameters_is_taken_out() {
        let insert = |head: &str, numbers: &[u32]| {
            (head.to_owned(), numbers.to_vec(), String::new(), OnConflict::Fail)
        };
        assert_eq!(
            pieces("insert into t (a, b) values ($1, $2)"),
            insert("insert into t (a, b) ", &[1, 2])
        );
        assert_eq!(
            pieces("/* x */ INSERT INTO s.\"T;\" AS u VALUES($2,$1)"),
            insert("/* x */ INSERT INTO s.\"T;\" AS u ", &[2, 1])
        );
        let overriding = "insert into t (a) overriding system value ";
        assert_eq!(pieces(&format!("{overriding}values ($1)")), insert(overriding, &[1]));
    }

    #[test]
    fn the_table_is_named() {
        let table = |sql| single_insert(sql).map(|insert| insert.table);
        assert_eq!(table("insert into T values ($1)").as_deref(), Some("T"));
        let sql = "insert into a /* x */ . \"B \"\".c\" as t (d) values ($1)";
        assert_eq!(table(sql).as_deref(), Some("a.\"B \"\".c\""));
        assert_eq!(table("insert into U&\"d\\0061t\" values ($1)"), None, "which is escaped");
    }

    #[test]
    fn what_follows_the_tuple_is_kept() {
        let (head, _, tail, on_conflict) =
            pieces("insert into t values ($1) on conflict (a) do nothing -- end");
        assert_eq!(
            (head.as_str(), tail.as_str()),
            ("insert into t ", " on conflict (a) do nothing -- end")
        );
        assert_eq!(on_conflict, OnConflict::DoNothing);
        let update = "insert into t values ($1) on conflict (a) do update set b = excluded.b";
        assert_eq!(pieces(update).3, OnConflict::DoUpdate);
    }

    #[test]
    fn anything_else_is_no_single_insert() {
        for sql in [
            "",
            "select 1",
            "insert into t values ($1), ($2)",
            "insert into t values ($1, 2)",
            "insert into t values ($1 + 1)",
            "insert into t values ($1::int)",
            "insert into t values ($1, $1)",
            "insert into t values ()",
            "insert into t values (default)",
            "insert into t default values",
            "insert into t select $1",
            "insert into t (a[1]) values ($1)",
            "insert into t (a.b) values ($1)",
            "insert into t values ($1) returning a",
            "insert into t values ($1) on conflict do nothing returning a",
            "insert into t values ($1) on conflict (a) do update set b = $2",
            "insert into t values ($1) on conflict (a) where b > $1 do nothing",
            "insert into t values ($1); select 1",
            "insert into t values ($1) on conflict do nothing; select 1",
            "with a as (select 1) insert into t values ($1)",
            "explain insert into t values ($1)",
        ] {
            assert_eq!(single_insert(sql), None, "{sql}");
        }
    }
}
