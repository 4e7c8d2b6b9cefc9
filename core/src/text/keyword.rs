//! What a statement does, as far as its first word tells.

/// Statements that programs execute again and again. Others are prepared each time: they seldom
/// come back, and some do their work while they are prepared (SQLite's PRAGMA).
const KEPT: [&str; 8] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "MERGE", "REPLACE"];

/// Longest text that a cache keeps, in bytes. The caches count their texts and not their bytes;
/// this bounds what they hold.
pub(crate) const LONGEST_KEPT: usize = 64 * 1024;

/// True for queries and for statements that change rows, unless they are very long.
pub(crate) fn is_worth_keeping(sql: &str) -> bool {
    sql.len() <= LONGEST_KEPT && begins_with(sql, &KEPT)
}

/// True for statements that end a transaction, or a part of it, in SQL text.
pub(crate) fn ends_transaction(sql: &str) -> bool {
    begins_with(sql, &["ROLLBACK", "ABORT", "COMMIT", "END"])
}

/// The first word, as it is written, also of a query in brackets; empty where there is none.
pub(crate) fn first_word(sql: &str) -> &str {
    let mut sql = skip_comments(sql);
    while let Some(inner) = sql.strip_prefix('(') {
        sql = skip_comments(inner);
    }
    let end = sql.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql.len());
    &sql[..end]
}

fn begins_with(sql: &str, keywords: &[&str]) -> bool {
    let word = first_word(sql);
    keywords.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn skip_comments(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_start();
        let (rest, end) = match (sql.strip_prefix("--"), sql.strip_prefix("/*")) {
            (Some(rest), _) => (rest, "\n"),
            (_, Some(rest)) => (rest, "*/"),
            (None, None) => return sql,
        };
        sql = rest.split_once(end).map_or("", |(_, after)| after);
    }
}

#[cfg(test)]
mod tests {
    use super::{ends_transaction, first_word, is_worth_keeping};

    #[test]
    fn queries_and_changes_are_kept_and_the_rest_is_not() {
        for sql in ["select 1", " \n(SELECT 1)", "-- a\n/* b */ with x as (select 1) select 1"] {
            assert!(is_worth_keeping(sql), "{sql}");
        }
        for sql in ["", "pragma foreign_keys=on", "create table t (x)", "selection", "/* select"] {
            assert!(!is_worth_keeping(sql), "{sql}");
        }
    }

    #[test]
    fn the_first_word_is_found_behind_brackets_and_comments() {
        for sql in
            ["(select 1)", "( select 1)", "(\n\t(select 1))", "( /* why */ (-- a\nselect 1))"]
        {
            assert_eq!(first_word(sql), "select", "{sql}");
            assert!(is_worth_keeping(sql), "{sql}");
        }
        assert_eq!(first_word("( 1 )"), "");
    }

    #[test]
    fn the_ends_of_transactions_are_known_by_their_first_word() {
        for sql in ["rollback", "-- why\nROLLBACK TO a", "commit;", "end", "abort"] {
            assert!(ends_transaction(sql), "{sql}");
        }
        for sql in ["select 'rollback'", "begin", "", "ending"] {
            assert!(!ends_transaction(sql), "{sql}");
        }
    }
}
