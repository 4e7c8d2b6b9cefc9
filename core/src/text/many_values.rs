//! INSERT … VALUES (…) RETURNING as one insert of many rows: SQLAlchemy's insertmanyvalues.

use std::fmt::Write;
use std::ops::Range;

use super::compiled::{Compiled, Part};
use super::lexer::{Piece, lex};
use super::tokens::{Kind, Token, tokens};
use crate::dialect::ParamStyle;

/// What an execution with many sets of parameters is to do about rows that come back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Returning {
    /// The statement gives none.
    Nothing,
    /// One statement can insert many rows.
    Batches(ManyValues),
    /// Each set needs an execution of its own; this is why.
    RowByRow(&'static str),
}

/// An insert whose row of values can be repeated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ManyValues {
    /// From the beginning to before the row of values.
    head: Box<str>,
    /// The row, with its parentheses.
    row: Box<[Part]>,
    /// What follows the row; it holds no binds.
    tail: Box<str>,
}

impl Returning {
    /// Looks at the text that `compiled` was made from.
    pub(super) fn of(sql: &str, compiled: &Compiled) -> Self {
        let tokens = tokens(sql, &compiled.rules);
        if !tokens.iter().any(|token| token.depth == 0 && token.is(sql, "returning")) {
            return Returning::Nothing;
        }
        let reader = Reader { sql, tokens: &tokens };
        match reader.row() {
            Ok(row) => Returning::Batches(ManyValues::new(sql, compiled, &row)),
            Err(why) => Returning::RowByRow(why),
        }
    }
}

impl ManyValues {
    fn new(sql: &str, compiled: &Compiled, row: &Range<usize>) -> Self {
        let (mut head, mut tail, mut text) = (String::new(), String::new(), String::new());
        let mut parts = Vec::new();
        for piece in lex(sql, &compiled.rules) {
            match piece {
                Piece::Escape(_) => {}
                Piece::Verbatim(range) => {
                    let clip = |of: Range<usize>| {
                        let start = range.start.max(of.start).min(range.end);
                        &sql[start..range.end.min(of.end).max(start)]
                    };
                    compiled.append(&mut head, clip(0..row.start));
                    compiled.append(&mut text, clip(row.clone()));
                    compiled.append(&mut tail, clip(row.end..sql.len()));
                }
                Piece::Bind(range) => {
                    let name = &sql[range];
                    let bind = compiled.names().position(|known| known == name);
                    parts.push(Part::Text(std::mem::take(&mut text).into()));
                    parts.push(Part::Bind(bind.expect("invariant: every bind was compiled")));
                }
            }
        }
        parts.push(Part::Text(text.into()));
        ManyValues { head: head.into(), row: parts.into(), tail: tail.into() }
    }

    /// The insert of this many rows. The values of a row follow those of the row before, each in
    /// the order in which `compiled` wants them.
    pub(crate) fn insert_of(&self, compiled: &Compiled, rows: usize) -> String {
        let mut sql = String::with_capacity(self.len_of(rows));
        sql.push_str(&self.head);
        for row in 0..rows {
            if row > 0 {
                sql.push_str(", ");
            }
            for part in &self.row {
                match part {
                    Part::Text(text) => sql.push_str(text),
                    Part::Bind(bind) => placeholder(&mut sql, compiled, row, *bind),
                }
            }
        }
        sql.push_str(&self.tail);
        sql
    }

    /// About how many bytes the insert of this many rows has.
    pub(crate) fn len_of(&self, rows: usize) -> usize {
        let part = |part: &Part| match part {
            Part::Text(text) => text.len(),
            Part::Bind(_) => 6,
        };
        let row: usize = self.row.iter().map(part).sum();
        self.head.len() + self.tail.len() + (row + 2).saturating_mul(rows)
    }
}

fn placeholder(sql: &mut String, compiled: &Compiled, row: usize, bind: usize) {
    let number = || row * compiled.binds.len() + bind + 1;
    let name = &compiled.binds[bind].name;
    let _ = match compiled.paramstyle {
        ParamStyle::Qmark => write!(sql, "?"),
        ParamStyle::Format => write!(sql, "%s"),
        ParamStyle::Numeric => write!(sql, ":{}", number()),
        ParamStyle::NumericDollar => write!(sql, "${}", number()),
        ParamStyle::Named => write!(sql, ":{name}__{row}"),
        ParamStyle::Pyformat => write!(sql, "%({name}__{row})s"),
    };
}

struct Reader<'t> {
    sql: &'t str,
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn is(&self, at: usize, keyword: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(self.sql, keyword))
    }

    fn holds(&self, keyword: &str) -> bool {
        (0..self.tokens.len()).any(|at| self.is(at, keyword))
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Where the row of values is that can be repeated.
    ///
    /// # Errors
    /// Why there is none. Each reason is something that would make one insert of many rows another
    /// thing than many inserts of one.
    fn row(&self) -> Result<Range<usize>, &'static str> {
        if !self.inserts_plainly() {
            return Err("it is not a plain INSERT INTO");
        }
        // A query sees what the rows before have changed only where they were inserted before it.
        if self.holds("select") || self.holds("table") {
            return Err("it holds a query");
        }
        let last = self.tokens.len() - 1;
        if self.tokens[..last].iter().any(|token| token.kind == Kind::Semicolon) {
            return Err("it is more than one statement");
        }
        let (open, close) = self.tuple()?;
        if self.kind(close + 1) == Some(Kind::Comma) {
            return Err("it has several rows of VALUES");
        }
        let outside = self.tokens[..open].iter().chain(&self.tokens[close..]);
        if outside.clone().any(|token| token.kind == Kind::Bind) {
            return Err("it has parameters outside of the row of VALUES");
        }
        // One insert does not update a row twice, or says that it must not; many do.
        if self.tokens[close..].iter().any(|token| token.depth == 0 && token.is(self.sql, "update"))
        {
            return Err("it updates rows that are there already");
        }
        Ok(self.tokens[open].range.start..self.tokens[close].range.end)
    }

    /// `INSERT INTO`, or `INSERT OR IGNORE INTO`; no other `OR`, no REPLACE, no WITH.
    fn inserts_plainly(&self) -> bool {
        let ignores = self.is(1, "or") && self.is(2, "ignore");
        self.is(0, "insert") && self.is(if ignores { 3 } else { 1 }, "into")
    }

    /// The parentheses of the row after the only VALUES.
    fn tuple(&self) -> Result<(usize, usize), &'static str> {
        let mut at = (0..self.tokens.len())
            .filter(|at| self.tokens[*at].depth == 0 && self.is(*at, "values"));
        let open = match (at.next(), at.next()) {
            (Some(values), None) => values + 1,
            _ => return Err("it has not exactly one VALUES"),
        };
        let close = (open..self.tokens.len())
            .find(|at| self.tokens[*at].depth == 0 && self.kind(*at) == Some(Kind::Close));
        match close {
            Some(close) if self.kind(open) == Some(Kind::Open) => Ok((open, close)),
            _ => Err("it has no row of VALUES"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Returning;
    use crate::dialect::{ParamStyle, SqlRules};
    use crate::text::text;

    fn returning(sql: &str, style: ParamStyle) -> (Returning, String) {
        let rules = SqlRules { paramstyle: style, ..SqlRules::STANDARD };
        let compiled = text(sql).compile(&rules);
        let returning = compiled.returning(sql).clone();
        let two = match &returning {
            Returning::Batches(many) => many.insert_of(&compiled, 2),
            _ => String::new(),
        };
        (returning, two)
    }

    #[test]
    fn the_row_is_repeated_in_every_paramstyle() {
        let sql = "insert into t (a, b) values (:a, lower(:b) || :a) returning '%', \"values\"";
        for (style, expected) in [
            (ParamStyle::Qmark, "(?, lower(?) || ?), (?, lower(?) || ?) returning '%'"),
            (ParamStyle::Numeric, "(:1, lower(:2) || :1), (:3, lower(:4) || :3) returning '%'"),
            (
                ParamStyle::NumericDollar,
                "($1, lower($2) || $1), ($3, lower($4) || $3) returning '%'",
            ),
            (ParamStyle::Format, "(%s, lower(%s) || %s), (%s, lower(%s) || %s) returning '%%'"),
            (
                ParamStyle::Named,
                "(:a__0, lower(:b__0) || :a__0), (:a__1, lower(:b__1) || :a__1) returning '%'",
            ),
            (
                ParamStyle::Pyformat,
                "(%(a__0)s, lower(%(b__0)s) || %(a__0)s), (%(a__1)s, lower(%(b__1)s) || %(a__1)s) \
                 returning '%%'",
            ),
        ] {
            let expected = format!("insert into t (a, b) values {expected}, \"values\"");
            assert_eq!(returning(sql, style).1, expected);
        }
    }

    #[test]
    fn comments_quotes_and_what_follows_stay_as_they_are() {
        for (sql, two) in [
            (
                "/* values (:x) */ INSERT INTO t VALUES/**/(:a,')')RETURNING(id)--;\n",
                "/* values (:x) */ INSERT INTO t VALUES/**/(?,')'), (?,')')RETURNING(id)--;\n",
            ),
            (
                r"insert into t values ('\:a', :a, '\:') on conflict (a) do nothing returning a;",
                r"insert into t values ('\:a', ?, '\:'), ('\:a', ?, '\:') on conflict (a) do nothing returning a;",
            ),
            (
                "insert or ignore into t values (:a) returning a",
                "insert or ignore into t values (?), (?) returning a",
            ),
            ("insert into t values (1) returning a", "insert into t values (1), (1) returning a"),
        ] {
            assert_eq!(returning(sql, ParamStyle::Qmark).1, two);
        }
    }

    #[test]
    fn what_one_insert_would_do_otherwise_is_done_row_by_row() {
        for (sql, why) in [
            ("insert into t select :a returning a", "it holds a query"),
            ("insert into t values ((select max(a) from t)) returning a", "it holds a query"),
            ("insert into t values ((table u)) returning a", "it holds a query"),
            ("insert into t values (:a) returning (select count(*) from t)", "it holds a query"),
            ("insert into t values (:a), (:b) returning a", "it has several rows of VALUES"),
            (
                "insert into t values (:a) returning a + :b",
                "it has parameters outside of the row of VALUES",
            ),
            (
                "insert into t values (:a) on conflict (a) do update set b = 1 returning a",
                "it updates rows that are there already",
            ),
            (
                "insert into t values (:a) on duplicate key update b = 1 returning a",
                "it updates rows that are there already",
            ),
            ("insert into t default values returning a", "it has no row of VALUES"),
            ("insert into t set a = :a returning a", "it has not exactly one VALUES"),
            ("replace into t values (:a) returning a", "it is not a plain INSERT INTO"),
            ("insert or replace into t values (:a) returning a", "it is not a plain INSERT INTO"),
            (
                "with x as (select 1) insert into t values (:a) returning a",
                "it is not a plain INSERT INTO",
            ),
            ("update t set a = :a returning a", "it is not a plain INSERT INTO"),
            (
                "insert into t values (:a) returning a; delete from t",
                "it is more than one statement",
            ),
        ] {
            assert_eq!(returning(sql, ParamStyle::Qmark).0, Returning::RowByRow(why), "{sql}");
        }
    }

    #[test]
    fn a_statement_without_returning_gives_nothing() {
        for sql in ["", "insert into t values (:a)", "select ':a returning'", "select (returning)"]
        {
            assert_eq!(returning(sql, ParamStyle::Qmark).0, Returning::Nothing, "{sql}");
        }
    }
}
