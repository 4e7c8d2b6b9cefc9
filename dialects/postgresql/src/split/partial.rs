//! Whether a query may be run in parts, so that dropping its rows early leaves the rest undone.

use super::lexer::Lexer;
use super::token::{Token, TokenKind};

/// Calls that make one row of many.
const AGGREGATES: &[&str] = &[
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "every",
    "json_agg",
    "jsonb_agg",
    "max",
    "min",
    "stddev",
    "string_agg",
    "sum",
    "variance",
];

/// What follows FOR where rows are locked.
const LOCKS: &[&str] = &["update", "share", "no", "key"];

/// False for a query that is better run to its end at once:
///
/// - one that locks rows, since all of them are meant, also those that nobody reads;
/// - one that aggregates at its top level: it gives few rows of many, and the server uses parallel
///   workers only for a query that it runs as a whole.
///
/// A wrong guess costs time, and never changes what a query that is read to its end gives.
pub(crate) fn may_run_in_parts(sql: &str) -> bool {
    let mut depth = 0_usize;
    let mut previous: Option<Token> = None;
    for token in Lexer::new(sql) {
        match token.kind {
            TokenKind::Open => {
                let follows = |token: Token| AGGREGATES.iter().any(|name| token.is(sql, name));
                if depth == 0 && previous.is_some_and(follows) {
                    return false;
                }
                depth += 1;
            }
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Word
                if previous.is_some_and(|before| is_reason(before, token, depth, sql)) =>
            {
                return false;
            }
            _ => {}
        }
        previous = Some(token);
    }
    true
}

/// FOR UPDATE and the like anywhere, GROUP BY at the top.
fn is_reason(before: Token, token: Token, depth: usize, sql: &str) -> bool {
    let locks = before.is(sql, "for") && LOCKS.iter().any(|word| token.is(sql, word));
    locks || (depth == 0 && before.is(sql, "group") && token.is(sql, "by"))
}

#[cfg(test)]
mod tests {
    use super::may_run_in_parts;

    #[test]
    fn queries_that_lock_or_aggregate_at_the_top_run_as_a_whole() {
        for sql in [
            "select count(*) from t",
            "select a, Sum (b) from t group by a",
            "select a from t GROUP /* them */ BY a",
            "select * from t for update",
            "select * from t for no key update skip locked",
            "select * from (select * from t for share) s",
            "with c as (select 1) select max(n) from c",
        ] {
            assert!(!may_run_in_parts(sql), "{sql}");
        }
    }

    #[test]
    fn all_others_run_in_parts() {
        for sql in [
            "select * from t",
            "select (select count(*) from u where u.a = t.a) from t",
            "select \"count\"(*), 'for update', substring(a from 1 for 2) from t order by a",
            "select a from (select a, count(*) from t group by a) s",
            "table t",
            "values (1), (2)",
            "",
        ] {
            assert!(may_run_in_parts(sql), "{sql}");
        }
    }
}
